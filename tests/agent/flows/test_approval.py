"""What a model wants to do: nobody's no, and no other wish of theirs, leaves the old to be agreed to by the way."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.flows.approval import approval_of, asked_back, given_by
from agent.flows.runner import FlowRunner
from agent.phrases import load_phrases
from agent.ports import FlowTurn
from agent.settings import CompanySettings
from agent.store.actions import ActionsWhenNeeded
from agent.tools.functions import FunctionOperation
from agent.tools.wording import Wording
from agent.types import Decision, DecisionKind, Draft, InboundMessage, JsonValue, Language, Understanding, Utterance

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
PHRASES = load_phrases(CompanySettings())
ANSWER = Decision(kind=DecisionKind.ANSWER, rule="r")
WORDS = Wording.model_validate(
    {
        "title": {"en": "firewood", "zh": "木柴"},
        "confirm": {"en": "Deliver {cords} cords of {wood}?", "zh": "送{cords}捆{wood}吗？"},
        "done": {"en": "It comes: {outcome}.", "zh": "已安排：{outcome}。"},
        "labels": {"wood": {"en": "wood", "zh": "木种"}, "cords": {"en": "cords", "zh": "捆数"}},
    }
)


def deliver_wood(wood: str, cords: int, note: str = "") -> Mapping[str, JsonValue]:
    """Delivers firewood."""
    return {"result": f"{cords} of {wood}"}


def of(operation: FunctionOperation, language: Language = "en") -> Draft:
    return approval_of(operation, {"wood": "桦木" if language == "zh" else "birch", "cords": 3}, NOW, PHRASES, language)


@pytest.fixture
async def actions(tmp_path: Path) -> AsyncIterator[ActionsWhenNeeded]:
    opened = ActionsWhenNeeded(f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}")
    yield opened
    await opened.aclose()


async def taken(
    actions: ActionsWhenNeeded, before: Draft, text: str, *, decision: Decision = ANSWER, acts: bool = True,
    words: Wording | None = None,
) -> FlowTurn | None:  # fmt: skip
    language: Language = "zh" if any(one > "\u4e00" for one in text) else "en"
    wood = FunctionOperation("deliver_wood", deliver_wood, changes=True)
    wood.words = words
    runner = FlowRunner({}, {"deliver_wood": wood}, actions, PHRASES, Path(), lambda: NOW, acts=acts)
    said = (Utterance(role="assistant", content=before.text, flow=before.flow),)
    message = InboundMessage(conversation_id="", channel="t", channel_message_id="1", text=text)
    return await runner.take(decision, Understanding(text=text, question=text, language=language), said, message)


def kind(turn: FlowTurn | None) -> str:
    """What becomes of it: done, stopped, asked what to change, given to the model, or put again after an answer."""
    if turn is None:
        return "left"
    if turn.reminder is not None:
        return "aside" if turn.reminder.flow else "lost"
    if turn.draft is None:
        return "model" if turn.decision.kind is DecisionKind.ACT else "lost"
    if turn.draft.flow is None:
        return "stopped" if any(one in turn.draft.text for one in ("stopped", "已停止")) else "done"
    return "what" if turn.draft.confirm is None else "again"


CHANGES = [
    ("no, make it 5 cords", "model"),
    ("yes but oak please", "model"),
    ("rather four", "model"),
    ("could you make that pine instead?", "model"),
    ("5", "model"),
    ("oak", "model"),
    ("no, I said maple", "model"),
    ("不对，要5捆", "model"),
    ("换成松木", "model"),
    ("橡木", "model"),
    ("好的，不过改成两捆", "model"),
    ("yes", "done"),
    ("确认", "done"),
    ("no", "what"),
    ("No, change something", "what"),
    ("不，需要修改", "what"),
    ("never mind", "stopped"),
    ("算了", "stopped"),
    ("how long does ash burn?", "aside"),
    ("松木好烧吗？", "aside"),
    # not looked at while this was made
    ("nope, 2 is plenty", "model"),
    ("add a note: leave it by the shed", "model"),
    ("wait, I meant beech", "model"),
    ("with delivery on Tuesday please", "model"),
    ("the wood should be dry", "model"),
    ("只要一捆就行", "model"),
    ("我说的是榉木", "model"),
    ("等一下，数量写错了，是四捆", "model"),
    ("go ahead", "done"),
    ("好的，办理吧", "done"),
    ("nope", "what"),
    ("不对", "what"),
    ("forget it", "stopped"),
    ("先不要了", "stopped"),
    ("what time do you close?", "aside"),
    ("你们几点关门？", "aside"),
]


@pytest.mark.parametrize(("text", "becomes"), CHANGES)
async def test_what_is_said_to_a_wish_of_the_models(actions: ActionsWhenNeeded, text: str, becomes: str) -> None:
    wood = FunctionOperation("deliver_wood", deliver_wood, changes=True)
    assert kind(await taken(actions, of(wood), text)) == becomes


async def test_after_a_no_a_yes_does_nothing_and_what_is_said_goes_to_the_model(actions: ActionsWhenNeeded) -> None:
    wood = FunctionOperation("deliver_wood", deliver_wood, changes=True)
    no = await taken(actions, of(wood), "no")
    assert no is not None
    assert no.draft is not None
    assert "wood, cords" in no.draft.text
    assert kind(await taken(actions, no.draft, "yes")) == "again"
    assert kind(await taken(actions, no.draft, "the cords, four of them")) == "model"
    assert kind(await taken(actions, no.draft, "no")) == "stopped"


async def test_without_a_model_what_it_wanted_is_dropped_by_all_but_a_yes(actions: ActionsWhenNeeded) -> None:
    wood = FunctionOperation("deliver_wood", deliver_wood, changes=True)
    for text, becomes in (("no, make it 5", "stopped"), ("no", "stopped"), ("yes", "done")):
        assert kind(await taken(actions, of(wood), text, acts=False)) == becomes


BACK = [
    ("apple, 5 persons", "model"),
    ("no", "model"),
    ("三捆，要松木", "model"),
    ("the dry one please", "model"),
    ("never mind", "stopped"),
    ("算了不要了", "stopped"),
    ("how long does ash burn?", "aside"),
    ("no thanks, without", "model"),
    ("随便哪种都行", "model"),
    ("what are your opening hours?", "aside"),
]


@pytest.mark.parametrize(("text", "becomes"), BACK)
async def test_what_answers_a_question_of_the_models_is_for_the_model(
    actions: ActionsWhenNeeded, text: str, becomes: str
) -> None:
    asked = Draft(text="Which wood?", flow=asked_back(NOW))
    assert kind(await taken(actions, asked, text)) == becomes
    assert await taken(actions, asked, text, acts=False) is None


async def test_who_wants_a_person_gets_one(actions: ActionsWhenNeeded) -> None:
    asked, person = Draft(text="Which wood?", flow=asked_back(NOW)), Decision(kind=DecisionKind.HANDOFF, rule="r")
    assert await taken(actions, asked, "let me talk to a person", decision=person) is None


@pytest.mark.parametrize(
    ("language", "words", "asked", "yes", "done"),
    [
        ("en", None, "Delivers firewood: wood: birch; cords: 3. Shall I go ahead?", "yes", "Done. 3 of birch"),
        ("zh", None, "请确认：桦木；3。确认办理吗？", "确认", "已办理。3 of 桦木"),
        ("en", WORDS, "Deliver 3 cords of birch?", "yes", "It comes: 3 of birch."),
        ("zh", WORDS, "送3捆桦木吗？", "确认", "已安排：3 of 桦木。"),
    ],
)
async def test_each_language_has_its_own_words(
    actions: ActionsWhenNeeded, language: Language, words: Wording | None, asked: str, yes: str, done: str
) -> None:
    wood = FunctionOperation("deliver_wood", deliver_wood, changes=True)
    wood.words = words
    draft = of(wood, language)
    assert draft.text == asked
    turn = await taken(actions, draft, yes, words=words)
    assert turn is not None
    assert turn.draft is not None
    assert turn.draft.text == done


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"result": "Bay 3 is yours."}, "Bay 3 is yours."),
        ({"number": "RF-1", "status": "new"}, "RF-1"),
        ({"ticket": "T-9", "open": True, "lines": [1]}, "ticket: T-9; open: True"),
        ({"result": '{"bay": 3}', "bay": 3}, "bay: 3"),
        ({"result": ""}, ""),
        ({}, ""),
    ],
)
def test_what_was_given_is_said(found: Mapping[str, JsonValue], said: str) -> None:
    assert given_by(found)["outcome"] == said
