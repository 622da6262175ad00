"""What a turn is doing, as cards: retrieval, and tools. From the events of the log; the same in streams and in messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from slack_sdk.models.blocks import (
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
    TaskCardBlock,
)
from slack_sdk.models.messages.chunk import TaskUpdateChunk

from agent.types import Event, EventType, Language
from connectors.slack.phrases import say
from connectors.slack.rendering import clip

Status = Literal["pending", "in_progress", "complete", "error"]
_TITLE = 150
_DETAILS = 250
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One card; another with the same id takes its place."""

    id: str
    title: str
    status: Status
    output: str = ""


def task_of(event: Event, language: Language) -> Task | None:
    """What an event says of the turn's work; None where it says nothing worth a card."""
    turn = event.data.get("message", 0)
    match event.type:
        case EventType.TURN_DECIDED if event.data.get("decision") == "answer":
            return Task(id=f"search-{turn}", title=say("task_search", language), status="in_progress")
        case EventType.TURN_DECIDED if event.data.get("decision") == "act":
            name = str(event.data.get("rule", ""))
            return Task(id=f"tool-{turn}", title=say("task_tool", language, name=name), status="in_progress")
        case EventType.TURN_RETRIEVED:
            return _found(event, f"search-{turn}", language)
        case _:
            return None


def _found(event: Event, id: str, language: Language) -> Task:
    evidence = event.data.get("evidence")
    titles = [str(one["title"]) for one in evidence if isinstance(one, dict)] if isinstance(evidence, Sequence) else []
    failed = bool(event.data.get("failed_arms"))
    said = [say("task_found", language, count=len(titles)) if titles else say("task_nothing", language)]
    said += list(dict.fromkeys(titles))[:_SHOWN]
    if failed:
        said.append(say("task_part_failed", language))
    separator = "；" if language == "zh" else "; "
    return Task(
        id=id,
        title=say("task_search", language),
        status="error" if failed and not titles else "complete",
        output=separator.join(said),
    )


def task_chunk(task: Task) -> TaskUpdateChunk:
    """For a stream."""
    return TaskUpdateChunk(
        id=task.id,
        title=clip(task.title, _TITLE),
        status=task.status,
        output=clip(task.output, _DETAILS) if task.output else None,
    )


def task_block(task: Task) -> TaskCardBlock:
    """For a message."""
    output = None
    if task.output:
        text = RichTextElementParts.Text(text=clip(task.output, _DETAILS))
        output = RichTextBlock(elements=[RichTextSectionElement(elements=[text])])
    return TaskCardBlock(task_id=task.id, title=clip(task.title, _TITLE), status=task.status, output=output)
