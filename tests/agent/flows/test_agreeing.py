"""A message that agrees, or disagrees, and says no more, in whatever words."""

import time

import pytest

from agent.flows.agreeing import agreement, says_no, says_yes


@pytest.mark.parametrize(
    "said",
    "yes|Yes, go ahead|ok|yes please|That's right|ok book it|yes book it|sounds good|perfect|go for it|fine|looks good to me"
    "|alright then|works for me|let's do it|great, thanks|yeah go on then|sure why not|that'll do|hmm ok|please do"
    "|是的|好的，谢谢|确认，请办理|对|好的就这样|行|没问题|就这个|好嘞|那就这样吧|好，提交吧|嗯嗯|就按这个来|没错，就是这个|麻烦您办理".split(
        "|"
    ),
)
def test_agreement(said: str) -> None:
    assert says_yes(said)
    assert not says_no(said)


@pytest.mark.parametrize("said", ["no", "No, change something", "nope", "不", "不对", "不，需要修改", "not yet"])
def test_disagreement(said: str) -> None:
    assert says_no(said)
    assert not says_yes(said)


@pytest.mark.parametrize(
    "said",
    "yes but make it Friday|no, the afternoon|yesterday|note|fine, how much is it?|perfect phone|good morning|right now?|ok?"
    "|great, what does it cost|sounds wrong|book it for Friday|right, the other one|fine by email|do it tomorrow|thanks"
    "|好的但是改到周五|好不好|行不行|没问题吗|好贵|就这个多少钱|不可以|确认一下时间|预约改一下|就这样算了|行程怎么安排|对面那家店".split(
        "|"
    ),
)
def test_more_than_a_yes_or_no_is_neither(said: str) -> None:
    assert not says_yes(said)
    assert not says_no(said)


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        *((said, False) for said in "no need|not needed|no thanks|no high chair|we don't need one|without|no kids|there isn't any|we're good"
          "|不需要|不用了|不要|不需要儿童椅|没有小孩|没必要|不用，谢谢".split("|")),
        *((said, True) for said in "yes please, one|we'd like one|a high chair please|we do|there is|需要一个|要的，谢谢|有的|麻烦了，要".split("|")),
        *((said, None) for said in "never mind|no idea|is it free?|you there|Anna|no problem if it rains|你好|算了|不知道|两位|I don't want to eat".split("|")),
    ],
)  # fmt: skip
def test_a_yes_or_no_to_a_part_may_name_it(said: str, agrees: bool | None) -> None:
    assert agreement(said, ("high chair", "儿童椅")) is agrees


@pytest.mark.parametrize(
    "said", ["嗯", "行的", "好的，谢谢", "可以当然可以当然", "yes ok ", "let's do it that's all good ", "okay "]
)
def test_a_long_message_takes_no_time(said: str) -> None:
    began = time.perf_counter()
    says_yes(said * 200 + "x")
    says_no(said * 200 + "x")
    assert time.perf_counter() - began < 0.5
