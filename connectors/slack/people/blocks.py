"""The first message of a thread for people, with its buttons, and what is written under it."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    MarkdownBlock,
    MarkdownTextObject,
    SectionBlock,
)

from agent.types import Event, EventType, Language
from connectors.slack.blocks.parts import context, header, raw_section
from connectors.slack.blocks.sealing import Press, Seal
from connectors.slack.people.cases import Case
from connectors.slack.phrases import say
from connectors.slack.rendering import clip, escape, mrkdwn, quiet

CLAIM, SEND, RETURN, CLOSE = "claim", "send", "return", "close"
PRESSED = "parley_people"
"""Action ids of the buttons begin so, and go on with `_` and the step."""

_UTTERANCE = 300
_SUGGESTED = 2500
_NAME = 80
_TEXT = 11_000
_FACES = ((-0.3, "🙁"), (0.3, "😐"), (2.0, "🙂"))
_MOODS = 12


def first_blocks(case: Case, suggested: str, seal: Seal, *, team: str, conversation: str) -> list[dict[str, Any]]:
    """The message that begins the thread; made again whenever the case stands otherwise."""
    language = case.language
    blocks: list[Block] = [
        header(_title(case)),
        SectionBlock(fields=[MarkdownTextObject(text=text, verbatim=True) for text in _fields(case)]),
        raw_section(_about(case)),
    ]
    if case.state in {"waiting", "with"}:
        shown = escape(clip(suggested, _SUGGESTED)) if suggested else say("people_no_suggestion", language)
        quoted = "\n".join(f"> {line}" for line in shown.splitlines())
        blocks += [
            raw_section(f"*{say('people_suggested', language)}*\n{quoted}"),
            _buttons(case, suggested, seal, team, conversation),
        ]
        blocks.append(context(say("people_how", language)))
    return [block.to_dict() for block in blocks]


def first_text(case: Case) -> str:
    """The same for notifications."""
    last = next((text for who, _, text in reversed(case.said) if who == "user"), "")
    return f"{escape(_title(case))}: {escape(clip(last, _UTTERANCE))}"


def _title(case: Case) -> str:
    match case.state:
        case "with":
            return say("people_with", case.language, name=clip(case.colleague, _NAME))
        case "back":
            return say("people_back", case.language)
        case "closed":
            return say("people_closed", case.language)
        case _:
            return say("people_waiting", case.language)


def _fields(case: Case) -> list[str]:
    language = case.language
    course = case.course
    faces = "".join(next(face for most, face in _FACES if mood <= most) for mood in case.moods[-_MOODS:]) or "—"
    unhappy = say("people_unhappy", language, count=course.unhappy_turns, all=len(case.moods))
    mood = f"{faces} {say(f'people_mood_{course.trend.value}', language)}, {unhappy}"
    name = escape(clip(case.asking.name, _NAME)) or say("people_unknown", language)
    return [
        f"*{say('people_customer', language)}*\n{name}",
        f"*{say('people_channel', language)}*\n{escape(case.asking.channel)}",
        f"*{say('people_language', language)}*\n{escape(case.asking.language or case.language)}",
        f"*{say('people_mood', language)}*\n{mood}",
    ]


def _about(case: Case) -> str:
    topics = ", ".join(escape(topic) for topic in case.topics[:3])
    title = f"*{say('people_about', case.language)}*" + (f" ({topics})" if topics else "")
    lines = [f"*{_who(who, name, case.language)}:* {_line(text)}" for who, name, text in case.said]
    # The last utterances count most: where all have no room, the first ones go.
    while sum(len(line) + 1 for line in lines) > _SUGGESTED:
        lines.pop(0)
    return "\n".join([title, *lines])


def _line(text: str) -> str:
    return escape(clip(" ".join(text.split()), _UTTERANCE))


def _who(who: str, name: str, language: Language) -> str:
    if who == "user":
        return say("people_says", language)
    return escape(clip(name, _NAME)) or say("people_parley_says", language)


def _buttons(case: Case, suggested: str, seal: Seal, team: str, conversation: str) -> ActionsBlock:
    language = case.language

    def button(name: str, step: str, style: str | None = None, confirm: ConfirmObject | None = None) -> ButtonElement:
        value = seal.close(Press(team=team, conversation=conversation, what=step))
        return ButtonElement(
            text=say(name, language), action_id=f"{PRESSED}_{step}", value=value, style=style, confirm=confirm
        )

    sure = ConfirmObject(
        title=say("confirm_title", language),
        text=say("people_close_sure", language),
        confirm=say("people_close", language),
        deny=say("cancel", language),
    )
    buttons = [button("people_claim", CLAIM, "primary")] if case.state == "waiting" else []
    if suggested:
        buttons.append(button("people_send_suggested", SEND))
    buttons += [button("people_return", RETURN), button("people_close", CLOSE, "danger", sure)]
    return ActionsBlock(elements=buttons)


def said_blocks(event: Event, language: Language, *, client: str = "") -> tuple[list[dict[str, Any]], str] | None:
    """What happened, as a message of the thread, and its text for notifications; None for what is not told there.

    client: what the ids of messages begin with that colleagues wrote in Slack, where they stand already.
    """
    text = str(event.data.get("text", ""))
    match event.type:
        case EventType.MESSAGE_RECEIVED:
            return _spoken(say("people_says", language), text, _files(event, language))
        case EventType.REPLY_COMPLETED:
            private = bool(event.data.get("private"))
            return _spoken(
                say("people_parley_says", language), say("people_private", language) if private else text, ""
            )
        case EventType.MESSAGE_AGENT:
            if str(event.data.get("client_id", "")).startswith(client):
                return None
            return _spoken(str(event.data.get("name", "")), text, "")
        case EventType.HANDOFF_REQUESTED:
            line = say("people_waiting", language)
        case EventType.HANDOFF_ACCEPTED:
            line = say("people_with", language, name=escape(clip(str(event.data.get("name", "")), _NAME)))
        case EventType.HANDOFF_CLOSED:
            line = say("people_back", language)
        case EventType.CONVERSATION_CLOSED:
            line = say("people_closed", language)
        case EventType.CONVERSATION_RATED:
            line = say("people_rated", language, score=event.data.get("score", ""))
        case _:
            return None
    return [context(line).to_dict()], line


def _spoken(who: str, text: str, files: str) -> tuple[list[dict[str, Any]], str]:
    said: Sequence[Block] = [MarkdownBlock(text=quiet(clip(text, _TEXT)))] if text else []
    name: ContextBlock = context(f"*{escape(clip(who, _NAME))}*" + (f"  {files}" if files else ""))
    return [
        name.to_dict(),
        *(block.to_dict() for block in said),
    ], f"{escape(clip(who, _NAME))}: {mrkdwn(clip(text, _UTTERANCE))}"


def _files(event: Event, language: Language) -> str:
    files = event.data.get("files")
    names = [str(file.get("name", "")) for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    return escape(say("people_files", language, names=clip(", ".join(names), _UTTERANCE))) if names else ""
