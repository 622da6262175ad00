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
    """One case for each reply of the event log that helped."""
    return [case for name, events in await agreed_conversations(settings) for case in cases_of(name, events)]


async def agreed_conversations(settings: Settings) -> list[tuple[str, Sequence[Event]]]:
    """Those that may be learned from, by their names; read anew each time, so that who withdrew is no longer in."""
    engine = await open_engine(settings.database_url)
    try:
        consents, log = Consents(engine, digests_of(Home(settings.home))), SqlEventLog(engine)
        found = [(name, await log.read(name)) for name, _, _ in await consents.agreed()]
        agreed = {name for name, _, _ in await consents.agreed()}
        return [(name, events) for name, events in found if name in agreed]
    finally:
        await close_engine(engine)


def cases_of(conversation: str, events: Sequence[Event]) -> Iterator[Case]:
    """The replies of one conversation that answered from articles and were said to help."""
    helped = verdicts_of(events)
    for event in events:
        answered = event.type is EventType.REPLY_COMPLETED and event.data.get("decision") == DecisionKind.ANSWER.value
        question, sources = question_of(event.data), cited_in(event.data, "source_id")
        if answered and helped.get(event.n) and question and sources:
            yield Case(
                id=f"{conversation}#{event.n}",
                lang=str(event.data.get("language", "en")),
                kind="logged",
                question=mask(question).text,
                gold_docs=sources,
            )


def verdicts_of(events: Sequence[Event]) -> dict[JsonValue, bool]:
    """Number of a reply to whether the customer said that it helped; the last word on each counts."""
    return {
        event.data.get("event"): value > 0
        for event in events
        if event.type is EventType.FEEDBACK_GIVEN and isinstance(value := event.data.get("value"), int)
    }


def question_of(reply: Mapping[str, JsonValue]) -> str:
    """What a completed reply was asked, standing alone; "" where it does not tell."""
    understood = reply.get("understanding")
    return str(understood.get("question", "")) if isinstance(understood, Mapping) else ""


def cited_in(reply: Mapping[str, JsonValue], part: str) -> list[str]:
    """That part of each citation of a completed reply, each once; what is empty is left out."""
    cited = reply.get("citations")
    rows = [one for one in cited if isinstance(one, Mapping)] if isinstance(cited, list) else []
    return list(dict.fromkeys(str(one[part]) for one in rows if one.get(part)))
