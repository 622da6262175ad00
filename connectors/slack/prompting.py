"""A question pressed or written in the Home tab: it is asked in the app's messages, in a thread that begins with it."""

from collections.abc import Mapping
from typing import Any

from agent.types import Language
from connectors.slack.inbox import Item
from connectors.slack.phrases import language_of, say
from connectors.slack.questions import Asked, Questions
from connectors.slack.rendering import quiet
from connectors.slack.showing import Page
from connectors.slack.surfaces import open_form, question_form
from connectors.slack.threads import Surface
from connectors.slack.workspaces import People, Workspace


class Prompting:
    """What pressing, and sending the form, does."""

    def __init__(self, questions: Questions, people: People) -> None:
        self._questions = questions
        self._people = people

    async def offer(self, body: Mapping[str, Any], workspace: Workspace, callback_id: str) -> None:
        """Opens the form for a question of one's own; the trigger holds for three seconds."""
        language = (await self._people.who(workspace, str(body["user"]["id"]))).language or "en"
        await open_form(body, workspace, question_form(language, callback_id))

    async def pressed(self, item: Item, workspace: Workspace) -> None:
        """Says in the messages what was asked, and has it answered there. Raises what Slack refuses."""
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
