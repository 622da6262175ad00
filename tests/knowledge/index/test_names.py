"""Names learnt from titles, and ordinary words that are none."""

from pathlib import Path

import pytest

from knowledge.index.learnt_names import load_names, save_names
from knowledge.index.names import Names, spoken
from knowledge.types import Passage

TOPICS = ("fees", "limits", "closing", "opening")


def passage(source: str, title: str, text: str) -> Passage:
    return Passage(id=f"{source}#0", source_id=source, title=title, section=(), text=text, position=0, language="en")


def corpus() -> list[Passage]:
    """Two accounts and cards of the EcoCard, among forty articles on other things."""
    under = [
        passage(f"{name}-{topic}.md", f"{name}: {topic}", f"The {name} account has {topic}.")
        for name in ("Gold", "Gold Plus", "EcoCard", "Credit")
        for topic in TOPICS
    ]
    others = [
        passage(
            f"{n}.md",
            f"Question {chr(97 + n % 26)}{n}",
            "You may give credit to our EcoCard customers." if n < 10 else "Nothing.",
        )
        for n in range(40)
    ]
    return under + others


def test_what_titles_begin_with_is_a_name_the_longest_first() -> None:
    names = Names.learn(corpus())
    assert names.in_question("Is gold plus better than gold?") == (("gold", "plus"), ("gold",))


def test_a_word_that_is_written_small_everywhere_is_no_name() -> None:
    names = Names.learn(corpus())
    assert names.in_question("Do you give credit?") == ()


def test_a_name_said_everywhere_stays_one_as_it_is_written_with_a_capital() -> None:
    names = Names.learn(corpus())
    assert names.in_question("what does the ecocard cost") == (("ecocard",),)


def test_names_are_spoken_as_they_are_written() -> None:
    chinese = [passage(f"{n}.md", f"白金会员：{topic}", "内容。") for n, topic in enumerate(("年费", "权益", "退订"))]
    others = [passage(f"other{n}.md", f"问题{n}{n}", "内容。") for n in range(20)]
    assert "白金会员" in Names.learn(chinese + others).spoken()
    assert "gold plus" in Names.learn(corpus()).spoken()
    assert spoken(("plus", "会", "员")) == "plus会员"


def test_a_name_is_known_with_words_left_out_where_it_can_only_mean_one() -> None:
    names = Names(
        {
            ("green",): 9,
            ("green", "account", "savings"): 3,
            ("green", "account", "checking"): 3,
            ("green", "rewards", "card"): 3,
            ("绿", "卡"): 3,
            ("绿", "卡", "储", "蓄", "户"): 3,
        },
        {
            "savings": frozenset({("green", "account", "savings")}),
            "card": frozenset({("green", "rewards", "card")}),
            "储蓄": frozenset({("绿", "卡", "储", "蓄", "户")}),
        },
    )
    (name,) = names.in_question("What do Green savings pay?")
    assert name == ("green", "account", "savings")
    assert (names.match("savings", [name]), names.match("card", [name])) == (1.0, 0.0)
    assert names.in_question("Is there a green account?") == (("green",),)
    assert names.in_question("绿卡户有利息吗？") == (("绿", "卡", "储", "蓄", "户"),)


def test_a_passage_is_about_another_where_its_title_says_so() -> None:
    passages = corpus()
    names = Names.learn(passages)
    gold, plus, general = (
        next(p for p in passages if p.title.startswith(t)) for t in ("Gold:", "Gold Plus", "Question")
    )
    assert names.is_about_another(plus, [("ecocard",)])
    assert not names.is_about_another(plus, [("gold", "plus")])
    assert not names.is_about_another(gold, [("gold",)])
    assert not names.is_about_another(general, [("gold",)])
    assert not names.is_about_another(plus, [])


def bank() -> list[Passage]:
    """Five savings accounts, five cards and the same cards for companies, three articles on each, among forty others."""
    folders = {
        "savings_accounts": "{}_account",
        "credit_cards": "{}_rewards_card",
        "business_credit_cards": "business_{}_rewards_card",
    }
    tiers = ("gold", "silver", "gold_plus", "bronze", "platinum")
    under = [
        passage(
            f"{folder}_{name.format(tier)}_{n:03}",
            f"{name.format(tier).replace('_', ' ').title()}: {topic}",
            f"The {topic}.",
        )
        for folder, name in folders.items()
        for tier in tiers
        for n, topic in enumerate(("fees", "limits", "closing"), start=1)
    ]
    others = [
        passage(f"general_{chr(97 + n % 26) * 3}{chr(97 + n // 26)}", f"On {chr(97 + n) * 4}", "-") for n in range(40)
    ]
    return under + others


def test_what_ends_like_a_longer_name_does_not_stand_under_the_shorter_one() -> None:
    names = Names.learn(bank())
    card = names.in_question("how many visits has the gold rewards card")
    assert card == (("gold", "rewards", "card"),)
    assert names.match("credit_cards_gold_rewards_card_001#0", card) == 1
    assert names.match("business_credit_cards_business_gold_rewards_card_001#0", card) == 0
    company = names.in_question("how many visits has the business gold card")
    assert names.match("business_credit_cards_business_gold_rewards_card_001#0", company) == 1


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("gold savings", "gold account"),
        ("my Gold Plus savings account", "gold plus account"),
        ("gold-plus savings", "gold plus account"),
        ("silver credit card", "silver rewards card"),
        ("bronze savings", "bronze account"),
        ("Gold Savings的利率", "gold account"),
    ],
)
def test_a_name_is_known_by_its_folder(said: str, name: str) -> None:
    assert [*map(spoken, Names.learn(bank()).in_question(said))] == [name]


@pytest.mark.parametrize("said", ["my savings", "a credit card", "savings account", "is gold a good investment"])
def test_a_folder_alone_is_no_name(said: str) -> None:
    assert Names.learn(bank()).in_question(said) == ()


@pytest.mark.parametrize("said", ["crypto-cash back", "Crypto cash back", "crypto cash-back"])
def test_a_hyphen_makes_no_other_name(said: str) -> None:
    names = Names({("crypto-cash", "back"): 3, ("pay", "later"): 3}, {})
    assert names.in_question(f"what does {said} cost") == (("crypto-cash", "back"),)
    assert names.in_question("the pay-later plan") == (("pay", "later"),)
    assert names.called("crypto cash back") == ("crypto-cash", "back")
    assert names.called("crypto cash back fee") is None


def test_names_are_kept_with_what_they_are_called(tmp_path: Path) -> None:
    names = Names.learn(bank())
    save_names(tmp_path / "names.json", names, 7)
    loaded = load_names(tmp_path / "names.json")
    assert loaded is not None
    assert loaded[0] == 7
    assert loaded[1].in_question("gold savings") == (("gold", "account"),)
