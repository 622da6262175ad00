"""Who talks in a conversation: what they proved to be, and what they said of themselves before it began."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.conversations.held import held
from agent.errors import WrongState
from agent.store.tables import ConversationRow
from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted
from agent.types import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer whom the company's own site has vouched for. id: the site's own."""

    id: str
    name: str = ""
    email: str = ""
    attributes: Mapping[str, str | int | float | bool] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """What is stored of them with the conversation."""
        return {"id": self.id, "name": self.name, "email": self.email, "attributes": dict(self.attributes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """How a conversation began. form: answers by the name of the field; consented: the customer agreed to it at all."""

    customer: Customer | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    language: Language | None = None
    site: str = ""
    consented: bool = False


class Customers:
    """Says of conversations whose they are."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @uninterrupted
    async def identify(self, conversation_id: str, customer: Customer) -> None:
        """The conversation is this customer's from now on.

        Raises UnknownConversation, and WrongState where it is another customer's.
        """
        async with writing(self._engine) as session:
            row = await held(session, conversation_id)
            if row.customer_id not in {None, customer.id}:
                raise WrongState("This conversation belongs to another customer; start a new one.")
            row.customer_id, row.customer = customer.id, customer.as_json()

    @uninterrupted
    async def known(self, conversation_id: str) -> tuple[dict[str, object] | None, dict[str, object] | None]:
        """Whom the site has vouched for, and what the customer filled in before; None for what there is not."""
        async with AsyncSession(self._engine) as session:
            row = await session.get(ConversationRow, conversation_id)
        return (row.customer, row.form) if row else (None, None)

    @uninterrupted
    async def language_of(self, conversation_id: str) -> Language | None:
        """The language in which the conversation was begun, where the page said it."""
        async with AsyncSession(self._engine) as session:
            row = await session.get(ConversationRow, conversation_id)
        language = row.language if row else None
        return "zh" if language == "zh" else "en" if language == "en" else None
