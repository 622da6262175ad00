"""Lays out what the model reads, for a server that caches prefixes: what changes least comes first.

    system     fixed instructions, then the company's manners        the same in every request
    user       numbered evidence, what was shown before first,
               then what the customer said long ago                  grows at its end, until its room is used up
    …          history, oldest first                                 grows at its end
    user       tone, and the question                                new each time

Every block stands between lines that carry a key, and the key is taken out of every text: no evidence and no customer
can close a block or open another (Hines et al. 2024, "spotlighting" by delimiting).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.generate.arranging import PASSAGE_CHARS, ShownBefore, arranged
from agent.generate.citing import fact_line
from agent.generate.messages import Message
from agent.generate.prompt_files import PromptFiles
from agent.generate.remembering import bare, latest, summary
from agent.ports import GenerationRequest
from agent.types import Fact, Understanding, Utterance
from knowledge.types import Passage

NO_ANSWER = "NO_ANSWER"
"""What the model writes, alone, where the evidence does not answer."""

_FACTS = 20
_QUESTION_CHARS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much a prompt may hold, in tokens: of history, and of evidence."""

    history: int = 800
    evidence: int = 3_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Messages for a chat model, and what its numbers [1], [2], … stand for, in order. label: files and versions."""

    messages: tuple[Message, ...]
    evidence: tuple[Passage | Fact, ...]
    label: str = ""


def prompt_for(
    request: GenerationRequest, prompts: PromptFiles, room: Room = Room(), before: Sequence[Passage] = ()
) -> Prompt:
    """The prompt of one turn; its `evidence` is empty when there is nothing to answer from.

    before: the passages that the conversation's last prompt showed.
    """
    understanding = request.understanding
    language, key = understanding.language, prompts.key(understanding.language)
    found = request.retrieval.readable
    passages = arranged(found, before, language, room.evidence) if found else ()
    facts = request.retrieval.graph_facts[:_FACTS]
    evidence: tuple[Passage | Fact, ...] = (*passages, *facts)
    start = latest(request.history, room.history)
    first = [_block("evidence", "\n\n".join(map(_shown, range(1, len(evidence) + 1), evidence)), key)]
    if earlier := summary(request.history[:start], language):
        first.append(_block("earlier", earlier, key))
    last = [_block("question", _asked(understanding), key)]
    if tone := prompts.tone(understanding.sentiment, language, acknowledged=bool(request.opening)):
        last.insert(0, tone)
    conversation = (
        Message("user", "\n\n".join(first)),
        *_messages(request.history[start:], key),
        Message("user", "\n\n".join(last)),
    )
    return Prompt(
        messages=(Message("system", prompts.instructions(language)), *_alternating(conversation)),
        evidence=evidence,
        label=prompts.label(language),
    )


def next_prompt(request: GenerationRequest, prompts: PromptFiles, shown: ShownBefore, room: Room = Room()) -> Prompt:
    """The prompt of a conversation's next turn, which begins as its last one did; what it shows is kept for the one after."""
    talk = request.conversation_id, request.understanding.language
    prompt = prompt_for(request, prompts, room, shown.of(*talk))
    shown.keep(*talk, tuple(item for item in prompt.evidence if isinstance(item, Passage)))
    return prompt


def _asked(understanding: Understanding) -> str:
    asked, question = understanding.as_sent[-_QUESTION_CHARS:], understanding.question
    return asked if question == understanding.text else f"{asked}\n({question[-_QUESTION_CHARS:]})"


def _shown(number: int, item: Passage | Fact) -> str:
    if isinstance(item, Fact):
        return f"[{number}] {fact_line(item)}"
    title = " › ".join(" ".join(part.split()) for part in (item.title, *item.section) if part.strip())
    return f"[{number}] {title}\n{item.text[:PASSAGE_CHARS].strip()}"


def _block(name: str, text: str, key: str) -> str:
    return f"<{name} {key}>\n{_without(text, key)}\n</{name} {key}>"


def _without(text: str, key: str) -> str:
    """The text without the key, also where taking it out once would put another together."""
    while key in text:
        text = text.replace(key, "")
    return text


def _messages(history: Sequence[Utterance], key: str) -> list[Message]:
    found: list[Message] = []
    for utterance in history:
        user = utterance.role == "user"
        if content := _without(utterance.content.strip() if user else bare(utterance.content), key):
            found.append(Message("user" if user else "assistant", content))
    return found


def _alternating(messages: Sequence[Message]) -> list[Message]:
    """Turn by turn: many chat templates refuse anything else."""
    found: list[Message] = []
    for message in messages:
        if found and found[-1].role == message.role:
            found[-1] = Message(message.role, f"{found[-1].text}\n\n{message.text}")
        else:
            found.append(message)
    return found
