"""Which passages a prompt shows, and in which order, over the turns of a conversation."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agent.generate.arranging import PASSAGE_CHARS, ShownBefore, arranged
from agent.generate.remembering import estimated_tokens
from knowledge.types import Passage, PassageEvidence
from tests.support.evidence import passage

LONG = "word " * 300
TURNS = st.lists(st.lists(st.integers(0, 12), unique=True, min_size=1, max_size=5), min_size=1, max_size=8)


def found(*numbers: int) -> list[PassageEvidence]:
    return [PassageEvidence(passage=passage(f"{LONG} {number}", number), score=1.0) for number in numbers]


def ids(passages: tuple[Passage, ...]) -> list[str]:
    return [one.id for one in passages]


def test_what_is_found_new_stands_behind_what_was_shown() -> None:
    first = arranged(found(7, 4), (), "en", 3_400)
    assert ids(first) == ["p4", "p7"]
    assert ids(arranged(found(2, 7, 1), first, "en", 3_400)) == ["p4", "p7", "p1", "p2"]


def test_the_list_begins_anew_where_its_room_is_used_up() -> None:
    first = arranged(found(7, 4), (), "en", 1_000)
    assert ids(arranged(found(2, 7, 1), first, "en", 1_000)) == ["p2", "p7"]


def test_a_passage_that_has_changed_since_is_shown_as_it_is_now_alone() -> None:
    first = arranged(found(7, 4), (), "en", 3_400)
    changed = [replace(found(7)[0], passage=passage("Now it is free.", 7))]
    assert [one.text for one in arranged(changed, first, "en", 3_400)] == ["Now it is free."]


@given(TURNS, st.integers(1, 4_000))
def test_all_that_fits_is_there_once_and_within_the_room(turns: list[list[int]], budget: int) -> None:
    before: tuple[Passage, ...] = ()
    for numbers in turns:
        alone = arranged(found(*numbers), (), "en", budget)
        now = arranged(found(*numbers), before, "en", budget)
        assert set(ids(alone)) <= set(ids(now))
        assert len(set(ids(now))) == len(now)
        assert len(now) == 1 or sum(estimated_tokens(one.text[:PASSAGE_CHARS]) for one in now) <= budget
        assert now[: len(before)] == before or ids(now) == ids(alone)
        before = now


def test_what_was_shown_is_kept_for_some_minutes_and_for_its_conversation_and_language_alone() -> None:
    now = 1_000.0
    shown = ShownBefore(clock=lambda: now)
    shown.keep("c1", "en", (passage("Free.", 1),))
    shown.keep("", "en", (passage("Free.", 1),))
    assert ids(shown.of("c1", "en")) == ["p1"]
    assert shown.of("c2", "en") == shown.of("c1", "zh") == shown.of("", "en") == ()
    now += 601
    assert shown.of("c1", "en") == ()


def test_the_conversations_silent_longest_are_forgotten_first() -> None:
    shown = ShownBefore()
    for number in range(5_000):
        shown.keep(str(number), "en", (passage("Free.", 1),))
        shown.keep("0", "en", (passage("Free.", 1),))
    assert shown.of("0", "en")
    assert shown.of("4999", "en")
    assert not shown.of("1", "en")
