"""What a question asks for, part by part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.index.names import Names
from knowledge.retrieval.parts import take_apart

NAMES = Names({("silver",): 3, ("silver", "plus"): 3, ("gold",): 3, ("gold", "card"): 4, ("bank",): 3}, {})


def parts(question: str) -> list[str]:
    """The parts, as words without the gaps that other names leave."""
    return [" ".join(part.text.split()) for part in take_apart(question, NAMES)[1:]]


@pytest.mark.parametrize(
    "question",
    [
        "What is the fee?",
        "When I ring the gold card line, how long do I wait?",
        "If I move abroad, can I keep it?",
        "What is the fee, and when is it due?",
        "How much must I spend and how quickly?",
        "What about spending power, what range of limits do you give?",
        "Do you lend to students? I already bank with you on Silver.",
        "金卡的年费是多少？",
    ],
)
def test_one_question_stays_whole(question: str) -> None:
    assert parts(question) == []


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What is the fee and how do I close an account?", ["What is the fee", "how do I close an account"]),
        (
            "Gold card: what is the fee, and how many cards can be active?",
            ["Gold card: what is the fee", "gold card: how many cards can be active"],
        ),
        (
            "For the gold card, how much interest is there and when do you send statements?",
            ["For the gold card how much interest is there", "For the gold card when do you send statements"],
        ),
        ("what do i get, what does my friend get", ["what do i get", "what does my friend get"]),
        ("年费是多少，还有怎么注销？", ["年费是多少", "还有怎么注销"]),
        ("我要退手机，几天内退，运费谁出多少？", ["我要退手机，几天内退", "运费谁出多少"]),
    ],
)
def test_clauses_are_parts_and_keep_the_name_they_are_asked_of(question: str, asked: list[str]) -> None:
    assert parts(question) == asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "What's the charge on a short trip and what on a long one?",
            ["What's the charge on a short trip", "What's the charge on a long trip"],
        ),
        (
            "How long does cash take by wire, and how long for points?",
            ["How long does cash take by wire", "How long does cash take for points"],
        ),
        (
            "Deadline to write about a bag that came late, and about one that broke?",
            ["Deadline to write about a bag that came late", "Deadline to write about a bag that broke"],
        ),
        (
            "What does a new battery cost, phone versus laptop?",
            ["What does a new battery cost, phone", "What does a new battery cost, laptop"],
        ),
        (
            "How much room does the front row give compared with an ordinary one?",
            ["How much room does the front row give", "How much room does an ordinary row give"],
        ),
        (
            "What are the monthly fee and the smallest deposit of the gold card?",
            ["What are the monthly fee of the gold card", "What are the smallest deposit of the gold card"],
        ),
        ("分3期和分12期利率分别多少", ["分3期利率分别多少", "分12期利率分别多少"]),
        ("手机电池跟笔记本电池，换一块各多少钱？", ["手机电池，换一块各多少钱", "笔记本电池，换一块各多少钱"]),
    ],
)
def test_what_is_said_once_of_two_things_is_said_of_each(question: str, asked: list[str]) -> None:
    assert parts(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "How do I object against being banned?",
        "Do I pay from when I order or from when it starts?",
        "What is the difference between a fee and a charge?",
        "What are your terms and conditions?",
        "What does the seat for my cello cost compared to mine?",
        "我换了好几次密码，还是登不上，怎么办？",
        "包裹会放哪儿，放几天？",
    ],
)
def test_what_asks_one_thing_is_not_taken_apart(question: str) -> None:
    assert parts(question) == []


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Silver or Gold, which pays more?", ["Silver or , which pays more?", "or Gold, which pays more?"]),
        (
            "What is the difference between Silver and Silver Plus?",
            [
                "What is the difference between Silver and ?",
                "What is the difference between Silver and Silver Plus?",
            ],
        ),
    ],
)
def test_things_compared_are_parts_also_where_one_word_names_them(question: str, asked: list[str]) -> None:
    assert parts(question) == asked


@given(st.text(max_size=300))
def test_any_text_comes_back_whole_first_and_in_few_parts(question: str) -> None:
    found = take_apart(question, NAMES)
    assert found[0].text == question
    assert len(found) != 2
    assert len(found) <= 4
