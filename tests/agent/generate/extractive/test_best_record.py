"""Which record has most of something is computed from all of them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from agent.generate.extractive.best_record import asks_for_the_best_record, best_records
from knowledge.question.parts import QuestionPart
from knowledge.types import Passage
from tests.support.evidence import passage

COLUMNS = ("tour", "start", "tours per week", "takes", "duration", "price", "weight")
ROWS = (
    "Dunes, Ober, 3, coach, 1 h 20 min, 20 EUR, 5 kg",
    "Lakes, Nieder, 1, boat, 55 min, 35 EUR, 9 kg",
    "Caves, Ober, 5, coach, 2 h, 12 EUR, 700 g",
    "Woods, Ober, 5, foot, 45 min, 12 EUR, 2 kg",
)


def records(rows: Sequence[str], columns: Sequence[str] = COLUMNS) -> list[Passage]:
    return [
        replace(
            passage(
                "\n".join(f"- {name}: {value}" for name, value in zip(columns, row.split(", "), strict=True)),
                number,
                title=f"tour: {row.split(', ')[0]}",
            ),
            row=number,
            source_id=f"tours.csv#{number}",
        )
        for number, row in enumerate(rows, start=1)
    ]


class Source:
    def __init__(self, records: Sequence[Passage]) -> None:
        self._records = {record.source_id: record for record in records}

    def passages_shown(self, source_ids: Sequence[str]) -> list[Passage]:
        return [self._records[id_] for id_ in source_ids if id_ in self._records]


def best(question: str, rows: Sequence[Passage] | None = None) -> list[str]:
    found = rows or records(ROWS)
    quoted = best_records(QuestionPart(text=question, names=()), found[0], Source(found))
    return list(dict.fromkeys(one.passage.title.removeprefix("tour: ") for one in quoted))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("which tour is the longest", ["Caves"]),
        ("what is your shortest tour", ["Woods"]),
        ("which tour is the most expensive", ["Lakes"]),
        ("which tour costs the least", ["Caves", "Woods"]),
        ("which tour has the fewest tours per week", ["Lakes"]),
        ("which tour runs most often", ["Caves", "Woods"]),
        ("which is the cheapest tour by coach", ["Caves"]),
        ("what is the longest tour from nieder", ["Lakes"]),
    ],
)
def test_of_all_that_are_meant(question: str, expected: list[str]) -> None:
    assert best(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "which tour is the cheapest in winter",
        "which tour is the heaviest",  # in two units
        "which tour is the best",
        "which tour is the most popular",
        "what is the longest tour to Rome",
    ],
)
def test_what_is_not_sure_is_not_said(question: str) -> None:
    assert best(question) == []


def test_a_value_that_cannot_be_read_leaves_it_open() -> None:
    assert best("which tour is the cheapest", records([*ROWS, "Moors, Ober, 1, boat, 1 h, on request, 1 kg"])) == []


def test_the_field_that_is_compared_is_quoted_with_what_tells_the_record() -> None:
    found = records(ROWS)
    quoted = best_records(QuestionPart(text="which tour is the longest", names=()), found[0], Source(found))
    assert [one.span.text.strip("- ") for one in quoted] == [
        "tour: Caves",
        "start: Ober",
        "tours per week: 5",
        "duration: 2 h",
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [("which tour is the longest", True), ("how long is the tour", False), ("what is the most I can bring", False)],
)
def test_it_asks_which_has_most(question: str, expected: bool) -> None:
    assert asks_for_the_best_record(QuestionPart(text=question, names=()), records(ROWS)[0]) is expected
    assert not asks_for_the_best_record(QuestionPart(text=question, names=()), passage("It takes 2 h."))
