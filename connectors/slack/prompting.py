"""A question pressed in the Home tab: it is asked in the app's messages, in a thread that begins with it."""

from agent.types import Language
from connectors.slack.inbox import Item
from connectors.slack.phrases import language_of, say
from connectors.slack.questions import Asked, Questions
from connectors.slack.rendering import quiet
from connectors.slack.showing import Page
from connectors.slack.threads import Surface
from connectors.slack.workspaces import Workspace


class Prompting:
    """What pressing does."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    async def pressed(self, item: Item, workspace: Workspace) -> None:
        """Says in the messages what was pressed, and has it answered there. Raises what Slack refuses."""
        question, user = item.text("value"), item.text("user")
        page = Page(text=_said(question, language_of(question)))
        posted = await workspace.sure.chat_postMessage(channel=user, text=page.note, blocks=page.blocks)
        await self._questions.take(
            Asked(
                workspace=workspace,
                channel=str(posted["channel"]),
                thread=str(posted["ts"]),
                id=str(posted["ts"]),
                user=user,
                text=question,
                surface=Surface.DIRECT,
            )
        )


def _said(question: str, language: Language) -> str:
    return quiet(f"{say('home_asked', language)}\n> {question}")
