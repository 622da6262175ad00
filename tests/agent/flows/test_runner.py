"""A flow that interrupted another leads back to it, unless its file has changed meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.flows.definition import Flow, FlowFile
from agent.flows.runner import FlowRunner
from agent.ports import FlowTurn
from agent.store.actions import ActionsWhenNeeded
from agent.types import Decision, DecisionKind, Draft, InboundMessage, Understanding, Utterance
from tests.support.scripted_runner import EchoPhrases

BEGIN = {name: Decision(kind=DecisionKind.FLOW, rule="r", flow=name) for name in ("outer", "inner")}
NOTHING = Decision(kind=DecisionKind.ANSWER, rule="r")


def flow(name: str, version: str = "1") -> Flow:
    slot = {"type": "text", "label": {"en": name, "zh": name}, "ask": {"en": f"{name}?", "zh": f"{name}？"}}
    form = {"title": {"en": name, "zh": name}, "slots": {"what": slot}, "steps": [{"ask": "what"}, {"end": True}]}
    return Flow(name=name, version=version, file=FlowFile.model_validate(form))


async def hear(flows: Sequence[Flow], decision: Decision, text: str, before: Draft | None, sent: str = "") -> Draft:
    turn = await taken(flows, decision, text, before, sent)
    assert turn is not None
    assert turn.draft is not None
    return turn.draft


async def taken(
    flows: Sequence[Flow], decision: Decision, text: str, before: Draft | None, sent: str = ""
) -> FlowTurn | None:
    runner = FlowRunner(
        {one.name: one for one in flows},
        {},
        ActionsWhenNeeded(""),
        EchoPhrases(),
        Path(),
        lambda: datetime(2026, 11, 26, 10, tzinfo=UTC),
    )
    history = (Utterance(role="assistant", content=before.text, flow=before.flow),) if before else ()
    message = InboundMessage(conversation_id="", channel="t", channel_message_id="1", text=text)
    understanding = Understanding(text=text, question=text, language="en", sent=sent)
    return await runner.take(decision, understanding, history, message)


@pytest.mark.parametrize("changed", [False, True])
async def test_an_interrupted_flow_goes_on_unless_it_has_changed(changed: bool) -> None:
    outer, inner = flow("outer"), flow("inner")
    first = await hear([outer, inner], BEGIN["outer"], "I want this", None)
    second = await hear([outer, inner], BEGIN["inner"], "I want that", first)
    assert second.text == "inner?"
    now = [flow("outer", "2"), inner] if changed else [outer, inner]
    over = await hear(now, NOTHING, "never mind", second)
    assert (over.flow is None) == changed
    assert ("outer?" in over.text) == (not changed)


def sums() -> Flow:
    form = {
        "title": {"en": "sum", "zh": "计算"},
        "slots": {
            "amount": {"type": "amount", "min": 200, "max": 5000, **_asked("amount", "金额")},
            "months": {
                "type": "choice",
                "choices": {"12": {"en": "12 months", "zh": "12个月"}, "24": {"en": "24 months", "zh": "24个月", "words": ["2 years"]}},
                **_asked("months", "期限"),
            },
        },
        "steps": [{"ask": "amount"}, {"ask": "months"}, {"say": {"en": "{amount}/{months}", "zh": "{amount}/{months}"}}],
    }  # fmt: skip
    return Flow(name="sums", version="1", file=FlowFile.model_validate(form))


def _asked(en: str, zh: str) -> dict[str, object]:
    texts = {"en": f"{en}?", "zh": f"{zh}？"}
    return {"label": {"en": en, "zh": zh}, "ask": texts, "invalid": {"en": f"bad {en}", "zh": f"{zh}错"}}


SUMS = Decision(kind=DecisionKind.FLOW, rule="r", flow="sums")


async def test_a_value_out_of_bounds_is_told_and_the_right_one_kept() -> None:
    first = await hear([sums()], SUMS, "a loan of 10000 over 2 years", None)
    assert first.text == "bad amount\n\namount?"
    assert (await hear([sums()], NOTHING, "2000", first)).text == "$2,000/24 months"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("what if its 1500 instead", "$1,500/12 months"),
        ("and over 24 months?", "$900/24 months"),
        ("no, make it $3,000", "$3,000/12 months"),
        ("how much would it be over 2 years?", "$900/24 months"),
        ("那24个月呢", "$900/24 months"),
        ("如果是1500呢", "$1,500/12 months"),
    ],
)
async def test_a_flow_that_has_just_ended_is_run_again_with_another_value(said: str, text: str) -> None:
    over = await hear([sums()], SUMS, "a loan of $900 over 12 months", None)
    assert over.text == "$900/12 months"
    assert (await hear([sums()], NOTHING, said, over)).text == text


@pytest.mark.parametrize(
    "said",
    [
        "thanks",
        "can a student get $1500?",
        "is the P5 cheaper than 1500?",
        "LO-10488",
        "what about delivery?",
        "学生能贷1500吗",
    ],
)
async def test_whatever_else_is_said_runs_nothing_again(said: str) -> None:
    over = await hear([sums()], SUMS, "a loan of $900 over 12 months", None)
    assert await taken([sums()], NOTHING, said, over) is None


async def test_a_number_that_went_wrong_is_no_reason_to_guess_at_something_else() -> None:
    slot = {"type": "phone", **_asked("phone", "电话")}
    form = {"title": {"en": "call", "zh": "来电"}, "slots": {"phone": slot}, "steps": [{"ask": "phone"}, {"end": True}]}
    calls = Flow(name="call", version="1", file=FlowFile.model_validate(form))
    asked = await hear([calls], Decision(kind=DecisionKind.FLOW, rule="r", flow="call"), "call me", None)
    guess = Decision(kind=DecisionKind.HANDOFF, rule="r", template="handoff", guessed=True)
    assert "bad phone" in (await hear([calls], guess, "0301 55", asked)).text
    assert await taken([calls], Decision(kind=DecisionKind.HANDOFF, rule="r"), "0301 55", asked) is None
    lacking = await hear([calls], guess, "I don't have a phone number", asked)
    assert "phone?" in lacking.text
    assert "bad phone" not in lacking.text


@pytest.mark.parametrize(("sent", "kept"), [("放在門口　多謝", "放在門口　多謝"), ("", "放在门口 多谢")])
async def test_what_is_asked_for_in_words_is_kept_as_it_was_sent(sent: str, kept: str) -> None:
    form = {"steps": [{"ask": "what"}, {"say": {"en": "Noted: {what}", "zh": "{what}"}}, {"end": True}]}
    noting = flow("outer")
    noting = noting.model_copy(update={"file": FlowFile.model_validate({**noting.file.model_dump(), **form})})
    first = await hear([noting], BEGIN["outer"], "note", None)
    assert kept in (await hear([noting], NOTHING, "放在门口 多谢", first, sent)).text


async def test_a_flow_whose_file_has_changed_begins_again_and_says_so() -> None:
    first = await hear([flow("outer")], BEGIN["outer"], "I want this", None)
    now = [flow("outer", "2")]
    again = await hear(now, NOTHING, "blue", first)
    assert "flow_begins_again" in again.text or "begin again" in again.text
    assert again.text.endswith("outer?")
    assert (await hear(now, NOTHING, "never mind", first)).flow is None
    assert await taken(now, NOTHING, "how long does it take?", first) is None


def tables() -> Flow:
    form = {
        "title": {"en": "table", "zh": "订位"},
        "slots": {
            "party": {"type": "number", "unit": ["people", "人"], "min": 1, "max": 30, **_asked("party", "人数")},
            "seat": {
                "type": "choice",
                "choices": {"in": {"en": "Inside", "zh": "室内"}, "out": {"en": "Terrace", "zh": "露台"}},
                **_asked("seat", "座位"),
            },
            "chair": {"type": "boolean", **_asked("chair", "儿童椅")},
            "name": {"type": "text", "min": 2, **_asked("name", "姓名")},
            "phone": {"type": "phone", "lacking": {"en": "call us", "zh": "请致电"}, "words": ["手机"], **_asked("phone", "电话")},
        },
        "steps": [{"ask": slot} for slot in ("party", "seat", "chair", "name", "phone")],
    }  # fmt: skip
    return Flow(name="tables", version="1", file=FlowFile.model_validate(form))


TABLES = Decision(kind=DecisionKind.FLOW, rule="r", flow="tables")


async def at(slot: str) -> Draft:
    """The reply that asks for a slot."""
    asked = await hear([tables()], TABLES, "table", None)
    for name, said in {"party": "2", "seat": "inside", "chair": "no", "name": "Bo"}.items():
        if name == slot:
            return asked
        asked = await hear([tables()], NOTHING, said, asked)
    return asked


@pytest.mark.parametrize(
    ("slot", "said", "text"),
    [
        ("party", "8pm", "party?"),
        ("party", "between 4 and 6", "party?"),
        ("party", "five", "seat?"),
        ("seat", "can we have the terrace?", "chair?"),
        ("chair", "no need", "name?"),
        ("chair", "不需要儿童椅", "name?"),
        ("name", "Will", "phone?"),
        ("name", "Am Hafen", "phone?"),
        ("phone", "no phone", "call us\n\nphone?"),
        ("phone", "手机号我没有", "call us\n\nphone?"),
    ],
)
async def test_what_answers_is_taken_and_what_does_not_is_asked_about(slot: str, said: str, text: str) -> None:
    assert (await hear([tables()], NOTHING, said, await at(slot))).text.endswith(text)


@pytest.mark.parametrize(
    ("slot", "said", "then"),
    [
        ("seat", "is the terrace heated?", "seat?"),
        ("name", "how long are vouchers valid?", "name?"),
        ("name", "对了，停车要钱吗", "name?"),
        ("chair", "no, but what does parking cost?", "name?"),
        ("party", "4 people, and is there parking?", "seat?"),
    ],
)
async def test_a_question_is_left_to_the_articles_and_the_value_beside_it_kept(slot: str, said: str, then: str) -> None:
    turn = await taken([tables()], NOTHING, said, await at(slot))
    assert turn is not None
    assert turn.reminder is not None
    assert turn.reminder.text.endswith(then)


async def test_a_name_is_kept_without_its_sentence_and_beside_other_values() -> None:
    said = await hear([tables()], NOTHING, "my name is Bo Smith, 555 123 4567", await at("name"))
    assert said.flow is None or said.flow["values"]["name"] == "Bo Smith"  # type: ignore[index,call-overload]
    given = await hear([tables()], NOTHING, "我叫王小明", await at("name"))
    assert given.flow is not None
    assert given.flow["values"]["name"] == "王小明"  # type: ignore[index,call-overload]
