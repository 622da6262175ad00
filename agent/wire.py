"""The JSON of replies and of what a turn finds on its way, as CONTRACT.md words it."""

from agent.types import (
    Citation,
    Decision,
    FormField,
    JsonValue,
    PassageEvidence,
    Reply,
    Retrieval,
    TokenUse,
    Understanding,
)


def understanding_json(understanding: Understanding) -> dict[str, JsonValue]:
    """The `understanding` of a Reply."""
    sentiment = understanding.sentiment
    return {
        "question": understanding.as_sent if understanding.question == understanding.text else understanding.question,
        "intents": [{"name": intent.name, "confidence": intent.confidence} for intent in understanding.intents],
        "said": [
            {"name": intent.name, "confidence": intent.confidence, "text": intent.text} for intent in understanding.said
        ],
        "out_of_scope": understanding.out_of_scope,
        "sentiment": {
            "polarity": sentiment.polarity,
            "emotion": sentiment.emotion.value,
            "confidence": sentiment.confidence,
        },
        "entities": [
            {"id": entity.id, "name": entity.name, "type": entity.type, "span": list(entity.span)}
            for entity in understanding.entities
        ],
        "versions": dict(understanding.versions),
    }


def decision_json(decision: Decision) -> dict[str, JsonValue]:
    """What was decided before anything was looked up."""
    return {"decision": decision.kind.value, "rule": decision.rule}


def retrieval_json(retrieval: Retrieval) -> dict[str, JsonValue]:
    """The evidence found, without its text, and the arms that failed."""
    return {
        "evidence": [_evidence_json(evidence) for evidence in retrieval.passages],
        "facts": [[fact.head, fact.relation, fact.tail] for fact in retrieval.graph_facts],
        "failed_arms": dict(retrieval.failed_arms),
    }


def reply_json(reply: Reply) -> dict[str, JsonValue]:
    """A Reply as `parley ask --json` prints it."""
    return {
        "text": reply.text,
        "language": reply.language,
        "decision": reply.decision.value,
        "citations": [_citation_json(citation) for citation in reply.citations],
        "facts": [[fact.head, fact.relation, fact.tail] for fact in reply.facts],
        "understanding": understanding_json(reply.understanding),
        "generator": reply.generator,
        "trace_id": reply.trace_id,
        "timings_ms": dict(reply.timings_ms),
        "evidence": [_evidence_json(evidence) for evidence in reply.evidence],
        "rule": reply.rule,
        "support": reply.support,
        "choices": list(reply.choices),
        **_asked_json(reply),
        "usage": _usage_json(reply.usage) if reply.usage else None,
        **({"private": True} if reply.private else {}),
    }


def _usage_json(usage: TokenUse) -> dict[str, JsonValue]:
    return {
        "model": usage.model,
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "cached_tokens": usage.cached,
        "estimated": usage.estimated,
        "cost": usage.cost,
        "prompts": usage.prompts,
        "waited_ms": usage.waited_ms,
    }


def _asked_json(reply: Reply) -> dict[str, JsonValue]:
    """What a flow shows and where it stands; nothing outside of one."""
    asked: dict[str, JsonValue] = {}
    if reply.fields:
        asked["fields"] = [_field_json(one) for one in reply.fields]
    if reply.confirm:
        rows = [list(row) for row in reply.confirm.rows]
        asked["confirm"] = {
            "title": reply.confirm.title,
            "rows": rows,
            "yes": reply.confirm.yes,
            "no": reply.confirm.no,
        }
    if reply.flow is not None:
        asked["flow"] = dict(reply.flow)
    return asked


def _field_json(field: FormField) -> dict[str, JsonValue]:
    bounds = {"min": field.min, "max": field.max}
    return {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        **{name: bound for name, bound in bounds.items() if bound is not None},
    }


def _citation_json(citation: Citation) -> dict[str, JsonValue]:
    return {
        "n": citation.n,
        "source_id": citation.source_id,
        "title": citation.title,
        "url": citation.url,
        "quote": citation.quote,
        "page": citation.page,
        "link": citation.link,
    }


def _evidence_json(evidence: PassageEvidence) -> dict[str, JsonValue]:
    passage = evidence.passage
    return {"source_id": passage.source_id, "title": passage.title, "score": round(evidence.score, 4)}
