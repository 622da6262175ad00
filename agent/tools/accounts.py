"""Accounts that people have connected, by which Parley may read elsewhere what they themselves may read."""

from collections.abc import Sequence

from agent.ports import Account, Accounts


class KnownAccounts:
    """Implements `agent.ports.Accounts` by asking whoever knows of some, such as a connector."""

    def __init__(self, known: Sequence[Accounts] = ()) -> None:
        self._known = list(known)

    def add(self, known: Accounts) -> None:
        """Asks these, too."""
        self._known.append(known)

    async def account(self, conversation_id: str, customer_id: str) -> Account | None:
        """The first that is known."""
        for one in self._known:
            if (found := await one.account(conversation_id, customer_id)) is not None:
                return found
        return None
