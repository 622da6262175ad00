"""Who does not have what was asked for, in whatever words; who has it, or lacks something else, does not say so."""

import pytest

from agent.understand.lacking import says_lacking


@pytest.mark.parametrize(
    "said",
    "I dont have the number|I can't find it|I lost the e-mail|no idea what it is|I never got a confirmation|can't remember which address I used"
    "|I don't have an order number|haven't got it|I don't know|I forgot my email|I don't want to give my number"
    "|我没有订单号|订单号忘了|我没存订单号|邮箱想不起来了|不记得用哪个邮箱了|确认邮件找不到了|我不知道订单号|单号丢了|忘了|我不想留电话".split(
        "|"
    ),
)
def test_it_is_lacking(said: str) -> None:
    assert says_lacking(said)


@pytest.mark.parametrize(
    "said",
    "I don't have time|I don't want that|it's LO-10488|I can't wait|I have the number here|do you have the number?|I never received my parcel"
    "|I don't know when it will come|I forgot to say hello|没有问题|没有其他问题了|我有订单号|我的包裹没收到|忘了说，我要两个".split(
        "|"
    ),
)
def test_it_is_not(said: str) -> None:
    assert not says_lacking(said)
