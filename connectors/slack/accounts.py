"""Whose own Slack may be read for them: the token of who asks, where nobody else reads the answer."""

from typing import Protocol

from agent.ports import Account
from connectors.slack.questions import customer_of
from connectors.slack.threads import Surface, Threads


class UserTokens(Protocol):
    """Tokens of people who let the app read as them."""

    async def token(self, enterprise: str | None, team: str, user: str) -> str | None:
        """This person's token that holds now; None where they have given none."""
        ...

    async def forget(self, enterprise: str | None, team: str, user: str) -> None:
        """They have taken it back."""
        ...


class SlackAccounts:
    """Implements `agent.ports.Accounts`: of who began a conversation, in direct messages and private answers alone."""

    def __init__(self, threads: Threads, tokens: UserTokens, connect_url: str) -> None:
        self._threads = threads
        self._tokens = tokens
        self._connect_url = connect_url

    async def account(self, conversation_id: str, customer_id: str) -> Account | None:
        """None also where somebody else writes in the conversation than who began it."""
        thread = await self._threads.get(conversation_id)
        if thread is None or thread.surface is Surface.CHANNEL:
            return None
        if customer_id != customer_of(thread.team, thread.asker):
            return None
        token = await self._tokens.token(thread.enterprise, thread.team, thread.asker)
        return Account(token=token or "", connect=self._connect_url)

    async def page_for(self, enterprise: str | None, team: str, user: str) -> str:
        """Where somebody may connect their account; "" where they have."""
        return "" if await self._tokens.token(enterprise, team, user) else self._connect_url

    async def forget(self, enterprise: str | None, team: str, user: str) -> None:
        """Somebody has taken back what they granted."""
        await self._tokens.forget(enterprise, team, user)
