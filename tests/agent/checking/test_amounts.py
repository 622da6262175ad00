"""What is exactly the same amount passes, whatever words say it; what is nearly the same does not."""

import pytest

from agent.checking.agreement import stranger

HOURS = (
    "Hours\nThe counter is open from 14:00 to 19:00, on Saturday from 9:30 until noon. Parking is free for 90 minutes."
)
TERMS = "Terms\nThe pass costs $59, is valid for 3 years and can be returned within 2 weeks. The walk is 1.5 km."
HOURS_ZH = "时间\n柜台14:00至19:00办公，周六9:30至12:00。前90分钟免费停车。"
TERMS_ZH = "说明\n年票59美元，三年有效，两周内可退。步道长1.5公里。"


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("It is open from 2 pm to 7 pm.", HOURS),
        ("It is open 2–7 pm.", HOURS),
        ("On Saturday it opens at 9:30 a.m. and closes at 12:00.", HOURS),
        ("Parking is free for an hour and a half.", HOURS),
        ("The pass is valid for 36 months.", TERMS),
        ("The pass can be returned within 14 days.", TERMS),
        ("The walk is 1500 metres.", TERMS),
        ("下午2点到7点办公。", HOURS_ZH),
        ("下午两点至晚上七点办公。", HOURS_ZH),
        ("周六上午9点半到中午12点。", HOURS_ZH),
        ("前一个半小时免费停车。", HOURS_ZH),
        ("年票每周五十九美元。", TERMS_ZH),
        ("36个月有效。", TERMS_ZH),
        ("14天内可退。", TERMS_ZH),
        ("下午2点至7点办公。", HOURS),
        ("It is open from 2 pm to 7 pm.", HOURS_ZH),
    ],
)
def test_the_same_amount_in_other_words_agrees(claim: str, evidence: str) -> None:
    assert stranger(claim, evidence, names=False) == ""


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("It is open from 3 pm to 7 pm.", HOURS),
        ("It closes at 7:00 a.m. sharp.", HOURS),
        ("It is open 2–8 pm.", HOURS),
        ("Parking is free for half an hour.", HOURS),
        ("The pass is valid for 30 months.", TERMS),
        ("The pass can be returned within 20 days.", TERMS),
        ("The walk is 150 metres.", TERMS),
        ("下午3点到7点办公。", HOURS_ZH),
        ("下午八点下班。", HOURS_ZH),
        ("前半小时免费停车。", HOURS_ZH),
        ("30个月有效。", TERMS_ZH),
        ("每周五可退。", TERMS_ZH),
        ("年票95美元。", TERMS_ZH),
    ],
)
def test_another_amount_does_not(claim: str, evidence: str) -> None:
    assert stranger(claim, evidence, names=False)


def test_evidence_of_three_stations_supports_the_figure() -> None:
    assert stranger("It has 3 stations.", "It has three stations.", names=False) == ""
    assert stranger("有3个站点。", "有三个站点。", names=False) == ""
    assert stranger("It has 2 stations.", "It has three stations.", names=False)
