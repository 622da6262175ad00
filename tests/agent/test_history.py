"""The order of what was said, and what an answer that was asked for again takes out of it."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from agent.conversations.history import TELLING, first_asked, for_others, spoken, taken_over, utterances
from agent.learning.event_log import conversation_of
from agent.types import Event, EventType


def event(n: int, type: EventType, **data: object) -> Event:
    return Event(conversation_id="c", n=n, type=type, at=datetime.now(UTC), data=data)  # type: ignore[arg-type]


def asked(n: int, text: str, again: int | None = None) -> Event:
    return event(n, EventType.MESSAGE_RECEIVED, text=text, **({"again": again} if again else {}))


def answered(n: int, message: int, text: str) -> Event:
    return event(n, EventType.REPLY_COMPLETED, text=text, message=message)


def test_the_last_answer_takes_the_place_of_the_first_and_the_model_sees_neither_while_it_answers_again() -> None:
    events = [
        asked(1, "Q1"),
        answered(2, 1, "A1"),
        asked(3, "Q2"),
        answered(4, 3, "A2"),
        asked(5, "Q1", again=1),
        answered(6, 5, "A1 anew"),
        asked(7, "Q1", again=5),
        event(8, EventType.MESSAGE_AGENT, text="hello"),
    ]
    assert first_asked(events) == {1: 1, 3: 3, 5: 1, 7: 1}
    assert [said.content for said in utterances(events, before=1)] == []
    assert [said.content for said in utterances(events, before=99)] == ["Q1", "A1 anew", "Q2", "A2", "hello"]


def test_others_do_not_see_what_only_the_customer_may_read_nor_what_was_said_after_it() -> None:
    private = event(4, EventType.REPLY_COMPLETED, text="Bo wrote: 12", message=3, private=True, choices=["12"])
    events = [asked(1, "Q1"), answered(2, 1, "A1"), asked(3, "Q2"), private, asked(5, "Q3"), answered(6, 5, "12 again")]
    assert [said.content for said in utterances(for_others(events), before=99)] == ["Q1", "A1", "Q2", "", "Q3", ""]
    assert "12" not in str([one.data for one in for_others(events)])
    assert "12 again" in str([one.data for one in events])
    assert [one.text for one in conversation_of("c", "slack", None, for_others(events)).turns] == [
        "Q1",
        "A1",
        "Q2",
        "Q3",
    ]
    assert conversation_of("c", "slack", None, events) == conversation_of("c", "slack", None, for_others(events))


def test_files_without_a_word_are_named() -> None:
    files = [{"id": "1", "name": "照片.png"}, {"id": "2", "name": "b.pdf"}]
    events = [event(1, EventType.MESSAGE_RECEIVED, text="", files=files)]
    assert [said.content for said in utterances(events, before=2)] == ["照片.png, b.pdf"]


@given(st.lists(st.one_of(st.none(), st.integers(0, 30)), max_size=30))
def test_however_often_it_is_asked_again_each_question_and_answer_stands_once(choices: list[int | None]) -> None:
    events: list[Event] = []
    questions: list[int] = []
    for choice in choices:
        n = len(events) + 1
        again = questions[choice % len(questions)] if choice is not None and questions else None
        events += [asked(n, f"Q{n}", again), answered(n + 1, n, f"A{n}")]
        questions.append(n)
    said = spoken(events)
    first = {n for n in questions if not events[n - 1].data.get("again")}
    assert {event.n for _, event in said if event.type is EventType.MESSAGE_RECEIVED} == first
    assert sum(event.type is EventType.REPLY_COMPLETED for _, event in said) == len(first)
    assert [turn for turn, _ in said] == sorted(turn for turn, _ in said)


@given(st.lists(st.tuples(st.sampled_from(list(EventType)), st.integers(1, 12)), max_size=12))
def test_a_history_is_told_by_the_events_that_a_turn_fetches(happened: list[tuple[EventType, int]]) -> None:
    events = [
        event(n, kind, text=f"{kind} {n}", message=about, event=about) for n, (kind, about) in enumerate(happened, 1)
    ]
    fetched = [one for one in events if one.type in TELLING]
    assert utterances(fetched, before=99) == utterances(events, before=99)
    assert first_asked(fetched) == first_asked(events)
    assert taken_over(fetched) == taken_over(events)


def test_a_reply_tells_of_both_ends_of_its_facts_and_of_nothing_where_it_has_none() -> None:
    def told(n: int, message: int, **data: object) -> Event:
        return event(n, EventType.REPLY_COMPLETED, text="A", message=message, **data)

    events = [
        asked(1, "Q1"),
        told(2, 1, facts=[["Pebble", "compatible_with", "P5"]]),
        asked(3, "Q2"),
        told(4, 3, facts=[]),
        asked(5, "Q3"),
        told(6, 5),
    ]
    said = [one.told for one in utterances(events, before=99)]
    assert said == [None, frozenset({"Pebble", "P5"}), None, frozenset(), None, None]
