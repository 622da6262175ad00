"""Names learnt from titles, and ordinary words that are none."""

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
