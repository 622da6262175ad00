"""Buttons: for feedback, for choices, for confirmations that only the asker may give."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextActionsBlock,
    FeedbackButtonObject,
    FeedbackButtonsElement,
    SectionBlock,
)

from agent.types import Language
from connectors.slack.blocks.parts import section
from connectors.slack.blocks.sealing import Press, Seal
from connectors.slack.phrases import say
from connectors.slack.rendering import clip

FEEDBACK = "parley_feedback"
CHOICE = "parley_choice"
CONFIRM = "parley_confirm"
"""Action ids. Those of choices and confirmations go on with `_` and a number, as Slack wants each once in a block."""

YES, NO = "yes", "no"
_BUTTON = 75
_VALUE = 2000
_SHORT = 80  # sealed, this fits into a value whatever it is written in
_ROW = 25


def feedback_block(seal: Seal, *, team: str, conversation: str, event: int, language: Language) -> Block:
    """Thumbs under a reply. event: the reply's number in the log; the values' `what` is `EVENT:1` or `EVENT:-1`."""

    def button(name: str, verdict: int) -> FeedbackButtonObject:
        text = say(name, language)
        value = seal.close(Press(team=team, conversation=conversation, what=f"{event}:{verdict}"))
        return FeedbackButtonObject(text=text, accessibility_label=text, value=value)

    buttons = FeedbackButtonsElement(
        action_id=FEEDBACK, positive_button=button("feedback_good", 1), negative_button=button("feedback_bad", -1)
    )
    return ContextActionsBlock(elements=[buttons])


def verdict_of(press: Press) -> tuple[int, int]:
    """The reply's number, and 1 or -1."""
    event, _, verdict = press.what.partition(":")
    return int(event), int(verdict)


def choice_block(choices: Sequence[str], seal: Seal, *, team: str, conversation: str, user: str) -> Block:
    """Short replies to press, the first 25; `what` is the reply itself. Only the asker may press."""

    def value(choice: str) -> str:
        return seal.close(Press(team=team, conversation=conversation, what=choice, user=user))

    buttons = []
    for n, choice in enumerate(choices[:_ROW]):
        whole = value(choice)
        sealed = whole if len(whole) <= _VALUE else value(clip(choice, _SHORT))
        buttons.append(ButtonElement(text=clip(choice, _BUTTON), action_id=f"{CHOICE}_{n}", value=sealed))
    return ActionsBlock(elements=buttons)


def confirmation_blocks(
    action: str, seal: Seal, *, team: str, conversation: str, user: str, step: str, language: Language, final: bool
) -> list[Block]:
    """What is about to be done, and two buttons that only the asker may press.

    action: Markdown; step: of which flow or tool, `what` is `STEP:yes` or `STEP:no`; final: it can't be undone, so Slack
    asks once more.
    """

    def button(name: str, answer: str, style: str | None, sure: ConfirmObject | None) -> ButtonElement:
        press = Press(team=team, conversation=conversation, what=f"{step}:{answer}", user=user)
        return ButtonElement(
            text=say(name, language),
            action_id=f"{CONFIRM}_{answer}",
            value=seal.close(press),
            style=style,
            confirm=sure,
        )

    sure = ConfirmObject(
        title=say("confirm_title", language),
        text=say("confirm_sure", language),
        confirm=clip(say("confirm_yes", language), 30),
        deny=clip(say("confirm_no", language), 30),
    )
    yes = button("confirm_yes", YES, "danger" if final else "primary", sure if final else None)
    asked: SectionBlock = section(f"{action}\n\n{say('confirm_ask', language)}")
    return [asked, ActionsBlock(elements=[yes, button("confirm_no", NO, None, None)])]


def answer_of(press: Press) -> tuple[str, bool]:
    """The step, and whether it was confirmed."""
    step, _, answer = press.what.rpartition(":")
    return step, answer == YES
