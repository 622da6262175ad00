"""Which time a question asks about, and what may be read of it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.library import Library
from knowledge.retrieval.periods import Period, period_asked

TODAY = date(2026, 6, 15)


def days(first: str, last: str = "") -> Period:
    return Period(first=date.fromisoformat(first), last=date.fromisoformat(last or first))


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("What was the fee in 2023?", days("2023-01-01", "2023-12-31")),
        ("what was the yearly fee of the Gold Card back in 2024", days("2024-01-01", "2024-12-31")),
        ("How much did delivery cost in March 2024?", days("2024-03-01", "2024-03-31")),
        ("What was the rate on 5 May 2025?", days("2025-05-05")),
        ("Which limit was valid on Feb 29, 2024?", days("2024-02-29")),
        ("What was the limit on 2025-05-05?", days("2025-05-05")),
        ("What was the fee last year?", days("2025-01-01", "2025-12-31")),
        ("2023年的年费是多少？", days("2023-01-01", "2023-12-31")),
        ("2024年3月份运费多少", days("2024-03-01", "2024-03-31")),
        ("去年5月1日的手续费是多少", days("2025-05-01")),
        ("What is the fee in 2023?", None),
        ("What was the fee?", None),
        ("What was the fee in 2026?", None),
        ("What will the fee be in 2027?", None),
        ("What was the fee of 2023 dollars for?", None),
        ("Was 1,999.50 the price of model 2023-A?", None),
        ("I bought it in 2023, what was the warranty?", None),
        ("我2023年买的，现在能修吗", None),
        ("What was the limit on 30 February 2024?", None),
        ("2027年的年费是多少？", None),
    ],
)
def test_the_time_that_a_question_asks_about(question: str, period: Period | None) -> None:
    assert period_asked(question, TODAY) == period


@given(st.text(alphabet=st.sampled_from(list("was in 2023may-,年月日去ofthe01"))))
def test_no_time_to_come_and_none_upside_down(question: str) -> None:
    period = period_asked(question, TODAY)
    assert period is None or period.first <= period.last < TODAY


@pytest.fixture
def fees(tmp_path: Path) -> Library:
    folder = tmp_path / "docs"
    folder.mkdir()
    texts = {
        "old": ("valid_until: 2023-12-31", "ten crowns"),
        "now": ("valid_from: 2024-01-01", "twenty crowns"),
        "next": ("valid_from: 2026-07-01", "thirty crowns"),
        "staff": ("valid_until: 2023-12-31\naudience: internal", "two crowns inside"),
        "always": ("title: Fee", "due yearly"),
    }
    for name, (head, fee) in texts.items():
        (folder / f"{name}.md").write_text(f"---\n{head}\n---\n# Card fee\n\nThe yearly card fee is {fee}.\n")
    library = Library.open(tmp_path / "library", "corpus", today=lambda: TODAY)
    library.ingest([folder])
    return library


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What was the yearly card fee in 2023?", {"old", "always"}),
        ("What was the yearly card fee in 2025?", {"now", "always"}),
        ("What was the yearly card fee last year?", {"now", "always"}),
        ("What is the yearly card fee?", {"now", "always"}),
        ("What was the yearly card fee in 2027?", {"now", "always"}),
    ],
)
def test_passages_of_the_time_asked_for_are_searched(fees: Library, question: str, found: set[str]) -> None:
    assert {Path(one.passage.source_id).stem for one in fees.search(question).passages} == found
    assert {Path(one.passage.source_id).stem for one in fees.search_arm("lexical", question)} == found
    inside = {Path(one.passage.source_id).stem for one in fees.shelf("internal").search(question).passages}
    assert inside == found | ({"staff"} if "2023" in question else set())
