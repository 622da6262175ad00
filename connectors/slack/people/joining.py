"""People first: what is said in one of their threads goes to the customer, and is no question to Parley."""

from connectors.slack.inbox import Item
from connectors.slack.people.acting import PeopleActing
from connectors.slack.people.desks import Desk
from connectors.slack.questions import Questions
from connectors.slack.threads import Threads
from connectors.slack.workspaces import Workspace, Workspaces


class PeopleFirst:
    """Handles what is said, changed and taken back, in place of `Questions` where people have a support channel."""

    def __init__(self, acting: PeopleActing, questions: Questions, threads: Threads, workspaces: Workspaces) -> None:
        self._acting = acting
        self._questions = questions
        self._threads = threads
        self._workspaces = workspaces

    async def asked(self, item: Item, workspace: Workspace) -> None:
        """Something was said."""
        if not await self._acting.said(item, workspace):
            await self._questions.asked(item, workspace)

    async def edited(self, item: Item, workspace: Workspace) -> None:
        """Something was changed."""
        if not await self._acting.edited(item, workspace):
            await self._questions.edited(item, workspace)

    async def deleted(self, item: Item, workspace: Workspace) -> None:
        """Something was taken back; by a customer: people no longer see it either."""
        if await self._acting.deleted(item, workspace):
            return
        thread = await self._threads.find(item.team, item.text("channel"), item.text("thread"))
        await self._questions.deleted(item, workspace)
        if thread is not None:
            await self._acting.customer_took_back(thread.conversation_id, item.text("ts"), self._of)

    async def _of(self, desk: Desk) -> Workspace | None:
        return await self._workspaces.of(desk.enterprise, desk.team)
