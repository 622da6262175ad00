"""What a model wants to do, as a flow of one step: it is confirmed, cancelled, kept and run as in any other flow."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import datetime

from agent.flows.definition import Flow, FlowFile
from agent.flows.speaking import FlowSpeech
from agent.flows.state import FlowState
from agent.phrases import Phrases
from agent.tools.operation import Operation
from agent.types import Draft, JsonValue, Language


def approval_flow(operation: Operation) -> Flow:
    """The flow that asks for this operation, of whichever arguments."""
    purpose = operation.description.splitlines()[0]
    names = list(operation.arguments)
    told = "; ".join(f"{name}: {{{name}}}" for name in names)
    texts = {"en": "x", "zh": "x"}
    form = FlowFile.model_validate(
        {
            "title": {"en": operation.name.replace("_", " "), "zh": operation.name.replace("_", " ")},
            "slots": {name: {"type": "text", "label": {"en": name, "zh": name}, "ask": texts} for name in names},
            "steps": [
                {
                    "tool": operation.name,
                    "with": {name: name for name in names},
                    "save": {"number": "number"},
                    "confirm": {
                        "en": f"{_safe(purpose)} {told}. Shall I go ahead?",
                        "zh": f"{_safe(purpose)} {told}。确认办理吗？",
                    },
                },
                {"say": {"en": "Done. {number}", "zh": "已办理。{number}"}},
                {"end": True},
            ],
        }
    )
    version = hashlib.sha256(json.dumps(dict(operation.schema), sort_keys=True).encode()).hexdigest()[:12]
    return Flow(name=f"tool:{operation.name}", version=version, file=form)


def approval_of(
    operation: Operation, arguments: Mapping[str, JsonValue], now: datetime, phrases: Phrases, language: Language
) -> Draft:
    """The question for the customer's agreement."""
    flow = approval_flow(operation)
    state = FlowState(
        id=uuid.uuid4().hex,
        flow=flow.name,
        version=flow.version,
        at=now.isoformat(),
        values=dict(arguments),
        confirming=True,
    )
    return FlowSpeech(phrases).question(flow, state, language, ())


def _safe(words: str) -> str:
    return words.replace("{", "(").replace("}", ")")
