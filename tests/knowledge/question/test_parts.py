"""What a question asks for, part by part."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.index.names import Names
from knowledge.question.parts import take_apart

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
        "My dad died, and how long do you hold his money?",
        "Can I have the cheap rate tomorrow, or how far ahead does that one stop?",
        "Is the pool warm? What degrees?",
        "Can I cancel, and what does it cost?",
        "Do you deliver and how much is it?",
        "Can I pay cash on gold, and what's the fee?",
        "Is there a charge, and until when?",
        "能退吗，要押多少钱？",
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
            ["Gold card: what is the fee", "Gold card: how many cards can be active"],
        ),
        (
            "For the gold card, how much interest is there and when do you send statements?",
            ["For the gold card, how much interest is there", "gold card: when do you send statements"],
        ),
        (
            "Can I close it after two weeks, and what does it cost?",
            ["Can I close it after two weeks", "close it after two weeks: what does it cost"],
        ),
        (
            "Is there an age limit on the gold card, and how much is it per month?",
            ["Is there an age limit on the gold card", "there an age limit on the gold card: how much is it per month"],
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
        "三月开的户，没多久就销了，奖励怎么算？",
    ],
)
def test_what_asks_one_thing_is_not_taken_apart(question: str) -> None:
    assert parts(question) == []


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "How much must my friend put in, and by when?",
            ["How much must my friend put in", "by when must my friend put in"],
        ),
        ("How much must I spend and how quickly?", ["How much must I spend", "how quickly must I spend"]),
        (
            "What do I get for a friend, and what does he?",
            ["What do I get for a friend", "what does he get for a friend"],
        ),
        ("What is the fee, and when is it due?", ["What is the fee", "the fee: when is it due"]),
        (
            "Which houses have studios and how big are they?",
            ["Which houses have studios", "houses have studios: how big are they"],
        ),
        ("周末几点关门 停车要钱吗", ["周末几点关门", "停车要钱吗"]),
        ("年费多少，能不能免", ["年费多少", "年费，能不能免"]),
        ("输错取件码几次会锁，锁多久", ["输错取件码几次会锁", "输错取件码，锁多久"]),
        ("寄新疆首重多少，续重呢", ["寄新疆首重多少", "续重多少"]),
    ],
)
def test_a_clause_gets_what_it_leaves_out_or_points_to(question: str, asked: list[str]) -> None:
    assert parts(question) == asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Gold: fee abroad, and when is it waived?", ["Gold: fee abroad", "Gold: fee abroad: when is it waived"]),
        (
            "Price of the biggest bundle and how much data is in it",
            ["Price of the biggest bundle", "Price of the biggest bundle: how much data is in it"],
        ),
        ("Silver plus: interest rate and late fee please", ["Silver plus: interest rate", "Silver plus: late fee"]),
        (
            "Price of a wire inside the country and one abroad",
            ["Price of a wire inside the country", "Price of a wire abroad"],
        ),
        (
            "Free wires each month: sending and receiving?",
            ["Free wires each month: sending", "Free wires each month: receiving"],
        ),
        ("Trip 30 and trip 100, how much is each?", ["Trip 30, how much is it", "trip 100, how much is it"]),
        ("Weekday and Sunday price of a visit", ["Weekday price of a visit", "Sunday price of a visit"]),
        ("Tax with and without the form?", ["Tax with the form", "Tax without the form"]),
        (
            "I am in a hurry. What's the difference in price between a quick parcel and a slow one?",
            ["I am in a hurry. What's the price: a quick parcel", "I am in a hurry. What's the price: a slow one"],
        ),
        ("What's the cap a trip, and must I pay by card?", ["What's the cap a trip", "must I pay by card"]),
        ("松枝卡和松冠卡多少钱", ["松枝卡多少钱", "松冠卡多少钱"]),
    ],
)
def test_things_named_without_a_question_word_are_parts(question: str, asked: list[str]) -> None:
    assert parts(question) == asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Silver or Gold, which pays more?", ["Silver, which pays more?", "Gold, which pays more?"]),
        ("What is the difference between Silver and Silver Plus?", ["What is Silver?", "What is Silver Plus?"]),
        ("Compare the fee on Silver Plus and Silver", ["the fee on Silver Plus", "the fee on Silver"]),
        ("Daily cash for Silver Plus and gold?", ["Daily cash for Silver Plus?", "Daily cash for gold?"]),
        ("银行卡 silver和gold的年费", ["银行卡 silver的年费", "银行卡 gold的年费"]),
    ],
)
def test_names_set_beside_each_other_are_parts(question: str, asked: list[str]) -> None:
    assert parts(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "What extra yield do I get on silver plus when it's linked with the gold card?",
        "I hold the gold card. What do I get on silver plus then?",
        "I have both silver and gold. Do both bonuses count?",
        "My purse is gone with debit and gold cards from you. Can you swap the gold card too?",
    ],
)
def test_names_that_belong_together_are_no_comparison(question: str) -> None:
    assert parts(question) == []


@pytest.mark.parametrize(
    "question",
    [
        "Compare the gold and the platinum card's fees",
        "what are the fees of gold and platinum cards?",
        "Which has the lower fee, the gold or the platinum card?",
    ],
)
def test_names_that_share_their_last_word_are_spelled_out(question: str) -> None:
    cards = Names({("gold", "rewards", "card"): 3, ("platinum", "rewards", "card"): 3}, {})
    gold, platinum = take_apart(question, cards)[1:]
    assert (gold.names, platinum.names) == ((("gold", "rewards", "card"),), (("platinum", "rewards", "card"),))
    assert "fee" in gold.text
    assert "gold" not in platinum.text


def test_a_part_about_another_thing_does_not_bear_the_name_that_it_replaces() -> None:
    first, second = take_apart("Which score do I need for the gold card, which for family?", NAMES)[1:]
    assert first.names == (("gold", "card"),)
    assert second.text == "Which score do I need for family"
    assert second.names == ()


@given(
    st.lists(
        st.sampled_from("what how much by when is the fee and or , ? : gold silver each it 多少 和 呢 ，".split()),
        max_size=40,
    )
)
def test_any_words_come_back_whole_first_and_in_few_parts_that_say_something(said: list[str]) -> None:
    found = take_apart(" ".join(said), NAMES)
    assert len(found) in {1, 3, 4}
    assert all(part.text.strip() for part in found[1:])


@given(st.text(max_size=300))
def test_any_text_comes_back_whole_first_and_in_few_parts(question: str) -> None:
    found = take_apart(question, NAMES)
    assert found[0].text == question
    assert len(found) != 2
    assert len(found) <= 4


@pytest.mark.parametrize("text", [" ", "\n", "and ", "what ", "a, ", "if ", "price of ", "gold: ", "和", "多少", "? "])
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    take_apart(text * (8000 // len(text)) + "x", NAMES)
    assert time.process_time() - started < 1


BANK = Names(
    {("gold", "account"): 3, ("gold", "plus", "account"): 3, ("silver", "account"): 3, ("crypto-cash", "back"): 3},
    {},
    {
        ("gold", "savings"): ("gold", "account"),
        ("gold", "plus", "savings"): ("gold", "plus", "account"),
        ("silver", "savings"): ("silver", "account"),
    },
)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "gold savings and silver savings, how much to open each?",
            ["gold savings, how much to open?", "silver savings, how much to open?"],
        ),
        ("gold vs gold plus savings?", ["gold savings?", "gold plus savings?"]),
        (
            "which is dearer, the silver or the gold plus savings",
            ["which is dearer, the silver savings", "which is dearer, the gold plus savings"],
        ),
        (
            "gold savings or crypto cash back, which pays more",
            ["gold savings, which pays more", "crypto cash back, which pays more"],
        ),
        ("gold savings和silver savings开户各要多少钱", ["gold savings开户各要多少钱", "silver savings开户各要多少钱"]),
    ],
)
def test_names_by_folder_and_with_hyphens_are_set_side_by_side(question: str, asked: list[str]) -> None:
    found = take_apart(question, BANK)[1:]
    assert [" ".join(part.text.split()) for part in found] == asked
    assert len({part.names for part in found}) == 2


@pytest.mark.parametrize(
    "question",
    [
        "gold savings and a junior plan, how much to open each?",
        "what is the rate on gold savings and what is the rate on a junior plan",
    ],
)
def test_what_stands_for_a_name_takes_none(question: str) -> None:
    first, second = take_apart(question, BANK)[1:]
    assert (first.names, second.names) == ((("gold", "account"),), ())


@pytest.mark.parametrize(
    "question", ["silver and gold coins", "gold or plus sizes?", "black and white and gold savings"]
)
def test_what_shares_no_kind_is_not_spelled_out(question: str) -> None:
    assert take_apart(question, BANK)[0].text == question
    assert not any(part.compared for part in take_apart(question, BANK)[1:])
