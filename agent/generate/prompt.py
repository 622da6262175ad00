"""Lays out what the model reads: fixed instructions, trimmed history, then numbered evidence and the question.

What never changes comes first, so that the server can keep its prefix cached. Every block of the last message is fenced
by a key made from the content of all of them: no text can carry the key of a whole that it is a part of, so no evidence
and no customer can close a block or open another (Hines et al. 2024, "spotlighting" by delimiting).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agent.generate.facts import fact_line
from agent.ports import GenerationRequest
from agent.types import Fact, Language, PassageEvidence, Utterance
from knowledge.types import Passage

NO_ANSWER = "NO_ANSWER"
"""What the model writes, alone, where the evidence does not answer."""

_PASSAGE_CHARS = 3_000
_EVIDENCE_CHARS = 12_000
_FACTS = 20
_HISTORY_MESSAGES = 8
_HISTORY_CHARS = 2_400
_QUESTION_CHARS = 4_000
_MARKER = re.compile(r"\s?\[\d{1,3}\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Messages for a chat model, and what its numbers [1], [2], … stand for, in order."""

    messages: tuple[BaseMessage, ...]
    evidence: tuple[Passage | Fact, ...]


def prompt_for(request: GenerationRequest) -> Prompt:
    """The prompt of one turn; its `evidence` is empty when there is nothing to answer from."""
    understanding = request.understanding
    passages = _within_budget(request.retrieval.passages)
    facts = request.retrieval.graph.facts[:_FACTS] if request.retrieval.graph is not None else ()
    evidence: tuple[Passage | Fact, ...] = (*passages, *facts)
    asked = understanding.text[-_QUESTION_CHARS:]
    if understanding.question != understanding.text:
        asked = f"{asked}\n({understanding.question[-_QUESTION_CHARS:]})"
    last = _fenced({"evidence": "\n\n".join(map(_shown, range(1, len(evidence) + 1), evidence)), "question": asked})
    conversation = _alternating([*_recent(request.history), HumanMessage(last)])
    return Prompt(messages=(SystemMessage(instructions(understanding.language)), *conversation), evidence=evidence)


@cache
def instructions(language: Language) -> str:
    """The fixed instructions in the language of the answer."""
    return (files("agent.generate") / "prompts" / f"answer.{language}.md").read_text("utf-8")


def _within_budget(found: Sequence[PassageEvidence]) -> list[Passage]:
    """The best passages that fit; the first always does, cut."""
    chosen: list[Passage] = []
    left = _EVIDENCE_CHARS
    for item in found:
        left -= min(len(item.passage.text), _PASSAGE_CHARS)
        if left < 0 and chosen:
            break
        chosen.append(item.passage)
    return chosen


def _shown(number: int, item: Passage | Fact) -> str:
    if isinstance(item, Fact):
        return f"[{number}] {fact_line(item)}"
    title = " › ".join(" ".join(part.split()) for part in (item.title, *item.section) if part.strip())
    return f"[{number}] {title}\n{item.text[:_PASSAGE_CHARS].strip()}"


def _fenced(blocks: dict[str, str]) -> str:
    key = hashlib.sha256("\0".join(blocks.values()).encode("utf-8", "replace")).hexdigest()[:16]
    return "\n\n".join(f"<{name} {key}>\n{text}\n</{name} {key}>" for name, text in blocks.items())


def _recent(history: Sequence[Utterance]) -> list[BaseMessage]:
    """The last messages that fit, oldest first; old citation marks would be read as new ones, so they go."""
    kept: list[BaseMessage] = []
    left = _HISTORY_CHARS
    for utterance in reversed(history[-_HISTORY_MESSAGES:]):
        content = utterance.content.strip()
        if utterance.role != "user":
            content = _MARKER.sub("", content)
        left -= len(content)
        if left < 0:
            break
        if content:
            kept.append(HumanMessage(content) if utterance.role == "user" else AIMessage(content))
    return kept[::-1]


def _alternating(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The customer first, then turn by turn: many chat templates refuse anything else."""
    found: list[BaseMessage] = []
    for message in messages:
        if not found and isinstance(message, AIMessage):
            continue
        if found and found[-1].type == message.type:
            found[-1] = type(message)(f"{found[-1].text}\n\n{message.text}")
        else:
            found.append(message)
    return found
