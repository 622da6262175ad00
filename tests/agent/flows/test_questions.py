"""The question of a message is told from the answer beside it."""

import time

import pytest

from agent.flows.questions import parted, requests


@pytest.mark.parametrize(
    ("said", "rest", "asked"),
    [
        ("is the sauna open?", "", "is the sauna open?"),
        ("when do you open", "", "when do you open"),
        ("no, but what does it cost?", "no", "but what does it cost?"),
        ("it's 555 010 2233, and do you take cards?", "it's 555 010 2233", "and do you take cards?"),
        ("LO-10482. How long does it take?", "LO-10482.", "How long does it take?"),
        ("hm, by the way, is there a lift?", "", "hm, by the way, is there a lift?"),
        ("电话是13811112222，对了几点关门？", "电话是13811112222", "对了几点关门？"),
        ("不用，早餐多少钱？", "不用", "早餐多少钱？"),
        ("对了，能带狗吗", "", "对了，能带狗吗"),
    ],
)
def test_a_question_is_cut_out(said: str, rest: str, asked: str) -> None:
    told = parted(said)
    assert (told.rest, told.asked) == (rest, asked)


@pytest.mark.parametrize(
    "said",
    "Am Hafen 3, Millford|Will|Will Adams Lane 3|Do Vale 4, Lisbon|Which Road 9|May Is|St. John's Road 4|call 650-253-0001"
    "|何小明|人民路1号|Dr. Who".split("|"),
)
def test_an_answer_that_looks_like_a_question_is_none(said: str) -> None:
    assert parted(said).asked == ""


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("can we have the terrace?", "terrace"),
        ("could I get a terrace table please?", "terrace"),
        ("how about the terrace?", "terrace"),
        ("is the terrace possible?", "terrace"),
        ("可以坐露台吗", "露台"),
        ("露台行吗？", "露台"),
    ],
)
def test_a_value_asked_for_politely_is_an_answer(said: str, value: str) -> None:
    start = said.index(value)
    assert requests(said, [(start, start + len(value))])


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("is the terrace heated?", "terrace"),
        ("do you have heaters on the terrace?", "terrace"),
        ("can we bring a dog to the terrace?", "terrace"),
        ("露台有暖气吗", "露台"),
        ("露台可以带狗吗", "露台"),
    ],
)
def test_a_question_about_a_value_gives_none(said: str, value: str) -> None:
    start = said.index(value)
    assert not requests(said, [(start, start + len(value))])


@pytest.mark.parametrize("said", ["so well ", "is it, ", "but ", "what, ", "对了，", "请问吗", "a.b ", "- "])
def test_a_long_message_takes_no_time(said: str) -> None:
    began = time.perf_counter()
    parted(said * 300 + "x")
    requests("can we " + said * 300, [])
    assert time.perf_counter() - began < 0.5
