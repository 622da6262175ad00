"""Cases for the search out of the home's own conversations: what customers wrote, and the articles that answered them.

Only of conversations whose customers agreed, only where the customer said that the reply helped, and without private data.
"""

from collections.abc import Iterator, Mapping, Sequence

from agent.conversations.consent import Consents
from agent.forgotten import digests_of
from agent.home import Home
from agent.privacy.masking import mask
from agent.settings import Settings
from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog
from agent.types import DecisionKind, Event, EventType, JsonValue
from evals.cases import Case


async def logged_cases(settings: Settings) -> list[Case]:
    """One case for each reply of the event log that helped; read anew each time, so that who withdrew is no longer in."""
    engine = await open_engine(settings.database_url)
    try:
        consents, events = Consents(engine, digests_of(Home(settings.home))), SqlEventLog(engine)
        found = [case for name, _, _ in await consents.agreed() for case in cases_of(name, await events.read(name))]
        agreed = {name for name, _, _ in await consents.agreed()}
        return [case for case in found if case.id.partition("#")[0] in agreed]
    finally:
        await close_engine(engine)


def cases_of(conversation: str, events: Sequence[Event]) -> Iterator[Case]:
    """The replies of one conversation that answered from articles and were said to help; the last word on each counts."""
    helped: dict[JsonValue, bool] = {}
    for event in events:
        if event.type is EventType.FEEDBACK_GIVEN and isinstance(value := event.data.get("value"), int):
            helped[event.data.get("event")] = value > 0
    for event in events:
        answered = event.type is EventType.REPLY_COMPLETED and event.data.get("decision") == DecisionKind.ANSWER.value
        question, sources = _question(event.data), _sources(event.data)
        if answered and helped.get(event.n) and question and sources:
            yield Case(
                id=f"{conversation}#{event.n}",
                lang=str(event.data.get("language", "en")),
                kind="logged",
                question=mask(question).text,
                gold_docs=sources,
            )


def _question(reply: Mapping[str, JsonValue]) -> str:
    understood = reply.get("understanding")
    return str(understood.get("question", "")) if isinstance(understood, Mapping) else ""


def _sources(reply: Mapping[str, JsonValue]) -> list[str]:
    cited = reply.get("citations")
    rows = [one for one in cited if isinstance(one, Mapping)] if isinstance(cited, list) else []
    return list(dict.fromkeys(str(one["source_id"]) for one in rows if one.get("source_id")))
