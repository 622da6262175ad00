"""Buttons for confirmations that only the asker may give."""

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    SectionBlock,
)

from agent.types import Language
from connectors.slack.blocks.parts import section
from connectors.slack.blocks.sealing import Press, Seal
from connectors.slack.phrases import say
from connectors.slack.rendering import clip

CONFIRM = "parley_confirm"
"""Action ids begin so, and go on with `_` and the answer, as Slack wants each once in a block."""

YES, NO = "yes", "no"


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
