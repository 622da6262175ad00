"""Makes a Reply of what others send: its JSON as CONTRACT.md words it, or a bare text."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from agent.types import DecisionKind, Language, Reply, Understanding
from evals.targets.target import TargetFailed

_REPLY = TypeAdapter(Reply)


def plain_reply(text: str, question: str, language: str, timings_ms: Mapping[str, float], generator: str) -> Reply:
    """Of a bare text, which says nothing of decisions: an empty one declines, any other answers."""
    spoken: Language = "zh" if language == "zh" else "en"
    return Reply(
        text=text,
        language=spoken,
        decision=DecisionKind.ANSWER if text.strip() else DecisionKind.DECLINE,
        understanding=Understanding(text=question, question=question, language=spoken),
        generator=generator,
        timings_ms=dict(timings_ms),
    )


def reply_of_json(value: Mapping[str, Any], question: str, timings_ms: Mapping[str, float]) -> Reply:
    """Of a Reply's JSON. timings_ms: as seen from here, which stand before the server's own. Raises TargetFailed."""
    try:
        understood = {**value["understanding"], "text": question, "language": value["language"]}
        understood["entities"] = [{**one, "span": tuple(one["span"])} for one in understood.get("entities", ())]
        fields: dict[str, Any] = {
            **value,
            "understanding": understood,
            "facts": [dict(zip(("head", "relation", "tail"), fact, strict=True)) for fact in value.get("facts", ())],
            "evidence": [_evidence(one) for one in value.get("evidence", ())],
            "timings_ms": {**value.get("timings_ms", {}), **timings_ms},
            "usage": _usage(value.get("usage")),
        }
        return _REPLY.validate_python(fields)
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise TargetFailed(f"the server's reply is none of Parley's: {error}", again=False) from error


def usage_of(reply: Reply) -> dict[str, int]:
    """Tokens read and written, as servers of OpenAI's form name them; empty where no model was asked."""
    if reply.usage is None:
        return {}
    return {"prompt_tokens": reply.usage.prompt, "completion_tokens": reply.usage.completion}


def _usage(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not told:
        return None
    names = {"prompt_tokens": "prompt", "completion_tokens": "completion", "cached_tokens": "cached"}
    return {names.get(name, name): value for name, value in told.items()}


def _evidence(one: Mapping[str, Any]) -> dict[str, Any]:
    """Evidence without its text, which the wire does not carry."""
    source = one["source_id"]
    passage = {"id": source, "source_id": source, "title": one["title"], "section": (), "text": "", "position": 0}
    return {"passage": passage, "score": one["score"]}
