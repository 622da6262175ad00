"""Facts out of articles: what is stated in so many words, under a name, with the words that state it."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.graph import KnowledgeGraph
from knowledge.graph.articles import consistent, sources_of
from knowledge.graph.subjects import Subjects
from knowledge.types import GraphStatus, Passage

TEXT = """Onyx Saver is also known as Onyx. It is a savings account.

- **Monthly fee:** $5.00
- Minimum balance: $1,000
- Overdraft limit: [not available]
- Note: ask us
- A long line: this is a whole sentence that says far more than any value would ever say

| Fee | Amount |
| --- | --- |
| Wire transfer | $12.50 |

| Account | Interest |
| --- | --- |
"""


def passage(
    text: str, title: str = "Onyx Saver: fees", source_id: str = "a1", section: tuple[str, ...] = ()
) -> Passage:
    return Passage(id=source_id, source_id=source_id, title=title, section=section, text=text, position=0)


def about(_: Passage) -> str:
    return "Onyx Saver"


def test_pairs_rows_and_aliases_are_read() -> None:
    (source,) = sources_of([passage(TEXT)], about)
    (entity,) = source.entities

    assert source.head.source_id == "article:a1"
    assert entity.aliases == ["Onyx"]
    assert dict(entity.values) == {"monthly fee": ["$5.00"], "minimum balance": ["$1,000"], "wire transfer": ["$12.50"]}
    assert entity.quotes["monthly fee", "$5.00"] == "- **Monthly fee:** $5.00"


def test_a_table_of_several_things_is_a_row_for_each() -> None:
    text = "| Account | Monthly fee | Limit |\n|---|---|---|\n| Onyx Saver | $5 | $100 |\n| Pearl Saver | $7 | $200 |\n"
    (source,) = sources_of([passage(text)], about)
    stated = {entity.name: dict(entity.values) for entity in source.entities}

    assert stated["Pearl Saver"] == {"monthly fee": ["$7"], "limit": ["$200"]}


def test_steps_stand_in_order_under_their_heading() -> None:
    text = "1. Open the app\n2. Choose Accounts\n3. Tap Close\n"
    (source,) = sources_of([passage(text, section=("How to close it",))], about)
    assert source.entities[0].values["how to close it"] == ["Open the app", "Choose Accounts", "Tap Close"]


def test_internal_articles_are_left_out() -> None:
    assert sources_of([passage("- Monthly fee: $5", title="Internal: Onyx Saver fees")], about) == []


def test_what_articles_contradict_each_other_in_is_left_out() -> None:
    one = passage("- Monthly fee: $5\n- Limit: $1", source_id="a1")
    two = passage("- Monthly fee: $6\n- Limit: $1", source_id="a2")
    kept = list(consistent(sources_of([one, two], about)))

    assert [dict(source.entities[0].values) for source in kept] == [{"limit": ["$1"]}, {"limit": ["$1"]}]


def test_the_name_in_the_title_is_the_subject_where_the_texts_write_it_as_a_name() -> None:
    passages = [
        passage(
            "The Cobalt Blue Account pays. Open a Cobalt Blue Account with a credit card.",
            title="Cobalt Blue Account: fees",
        ),
        passage("Get a credit card.", title="Credit Card basics", source_id="a2"),
    ]
    subjects = Subjects(["credit card", "cobalt blue", "blue account"], passages)

    assert [subjects.of(p) for p in passages] == ["Cobalt Blue Account", ""]


def test_answers_quote_the_article_and_know_no_more_than_it(tmp_path: Path) -> None:
    graph = KnowledgeGraph.open(tmp_path / "g")
    sources = sources_of([passage(TEXT)], about)
    assert graph.take_articles(sources) == 1
    assert graph.take_articles(sources) == 0

    answer = graph.answer("What is the monthly fee of Onyx Saver?")
    assert answer.results == ("$5.00",)
    assert (answer.facts[0].source_id, answer.facts[0].quote) == ("a1", "- **Monthly fee:** $5.00")
    assert graph.answer("What is the phone number of Onyx Saver?").status is GraphStatus.NONE
    assert graph.answer("Does Onyx Saver have a pool?").status is GraphStatus.NONE

    graph.take_articles([])
    assert graph.stats().entities == 0


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=200), st.sampled_from(["", "| a | b |\n|---|---|\n| c | ", "1. x\n2. ", "- k: "]))
def test_any_text_is_read(text: str, before: str) -> None:
    list(consistent(sources_of([passage(before + text, section=("s",))], about)))
