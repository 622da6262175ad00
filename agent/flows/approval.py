"""What a model wants to do, as a flow of one step: it is confirmed, cancelled, kept and run as in any other flow."""

import hashlib
import json
import re
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from agent.flows.definition import Flow, FlowFile, Texts
from agent.flows.speaking import FlowSpeech
from agent.flows.state import FlowState, state_json
from agent.phrases import Phrases
from agent.tools.operation import Operation
from agent.tools.wording import Wording
from agent.types import Draft, JsonValue, Language

_NAMED = "tool:"
_OUTCOME = "outcome"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LONGEST = 600  # characters of an outcome
_SAID = 8  # values of an outcome that has no words of its own

ACTING = Flow(
    name="model",
    version="1",
    file=FlowFile.model_validate({"title": {"en": "request", "zh": "请求"}, "steps": [{"end": True}]}),
)
"""Where a model has asked something back: what the customer answers is for the model, whatever its words are like."""


def approved_operation(flow: str) -> str:
    """The operation that a flow asks for; "" for a flow of the home."""
    return flow.removeprefix(_NAMED) if flow.startswith(_NAMED) else ""


def approval_flow(operation: Operation, given: Collection[str]) -> Flow:
    """The flow that asks for this operation, with these arguments given."""
    words = operation.words or Wording()
    name = operation.name.replace("_", " ")
    names = [one for one in operation.arguments if one in given]
    labels = {one: words.labels.get(one) or Texts(en=one, zh=one) for one in names}
    title, texts = words.title or Texts(en=name, zh=name), {"en": "x", "zh": "x"}
    form = FlowFile.model_validate(
        {
            "title": title,
            "slots": {one: {"type": "text", "label": labels[one], "ask": texts} for one in names},
            "steps": [
                {
                    "tool": operation.name,
                    "with": {one: one for one in names},
                    "confirm": words.confirm or _asked(operation, words, labels),
                },
                {"say": words.done or {"en": f"Done. {{{_OUTCOME}}}", "zh": f"已办理。{{{_OUTCOME}}}"}},
                {"end": True},
            ],
        }
    )
    version = hashlib.sha256(json.dumps(dict(operation.schema), sort_keys=True).encode()).hexdigest()[:12]
    return Flow(name=f"{_NAMED}{operation.name}", version=version, file=form)


def _asked(operation: Operation, words: Wording, labels: Mapping[str, Texts]) -> Texts:
    """The question where tools.yaml gives none: in each language with what there is in it, and no other's words."""
    purpose = operation.description.splitlines()[0]
    zh = words.title.zh if words.title else purpose if _CHINESE.search(purpose) else "请确认"
    en = words.title.en if words.title else operation.name.replace("_", " ") if _CHINESE.search(purpose) else purpose
    told_en = "; ".join(f"{_safe(label.en)}: {{{one}}}" for one, label in labels.items())
    told_zh = "；".join(
        f"{_safe(label.zh)}：{{{one}}}" if _CHINESE.search(label.zh) else f"{{{one}}}" for one, label in labels.items()
    )
    return Texts(
        en=f"{_safe(en).rstrip('.')}{': ' if told_en else ''}{told_en}. Shall I go ahead?",
        zh=f"{_safe(zh).rstrip('。')}{'：' if told_zh else ''}{told_zh}。确认办理吗？",
    )


def given_by(found: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """What an operation gave, by name, for the words after it; under `outcome` in words of its own, where it has some."""
    given = {name: value for name, value in found.items() if isinstance(value, str | int | float) and value != ""}
    text = given.get("result")
    if isinstance(text, str) and text.lstrip()[:1] in {"{", "["}:  # structured: not for customers
        given.pop("result")
    alone = given.get("result", given.get("number"))
    said = str(alone) if alone is not None else "; ".join(f"{name}: {one}" for name, one in [*given.items()][:_SAID])
    return {**given, _OUTCOME: said[:_LONGEST]}


def approval_of(
    operation: Operation, arguments: Mapping[str, JsonValue], now: datetime, phrases: Phrases, language: Language
) -> Draft:
    """The question for the customer's agreement."""
    values = {name: value for name, value in arguments.items() if value is not None}
    flow = approval_flow(operation, values)
    state = FlowState(
        id=uuid.uuid4().hex,
        flow=flow.name,
        version=flow.version,
        at=now.isoformat(),
        values=values,
        confirming=True,
    )
    return FlowSpeech(phrases).question(flow, state, language, ())


def asked_back(now: datetime) -> dict[str, JsonValue]:
    """Where it stands after a model has asked something back."""
    return state_json(FlowState(id=uuid.uuid4().hex, flow=ACTING.name, version=ACTING.version, at=now.isoformat()))


def _safe(words: str) -> str:
    return words.replace("{", "(").replace("}", ")")
