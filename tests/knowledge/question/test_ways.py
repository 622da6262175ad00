"""From where to where."""

import pytest

from knowledge.question.ways import is_that_way, places_said


@pytest.mark.parametrize(
    ("question", "column", "value", "expected"),
    [
        ("a flight from Oslo to Lisbon", "to", "Lisbon", True),
        ("a flight from Oslo to Lisbon", "from", "Lisbon", False),
        ("a flight from Oslo to Lisbon", "from", "Oslo", True),
        ("a flight from Oslo to Lisbon", "Destination", "Oslo", False),
        ("Oslo to Lisbon", "destination", "Oslo", False),
        ("the Oslo flight", "to", "Oslo", True),
        ("a flight to Oslo", "city", "Oslo", True),
        ("火车站到机场", "起点", "机场", False),
        ("火车站到机场", "终点站", "火车站", False),
        ("从火车站去机场", "终点", "机场", True),
    ],
)
def test_a_column_that_says_a_way(question: str, column: str, value: str, expected: bool) -> None:
    assert is_that_way(question, column, value) is expected


def test_places_said() -> None:
    assert places_said("from Oslo to the north") == ["Oslo", "north"]
    assert places_said("火车站到西湖多少钱") == ["西湖"]
