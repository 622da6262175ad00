"""`parley serve` is killed in mid-turn, ten times over: nothing is lost, nothing is said twice."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.commands import parley_here
from tests.support.customer import ENDS, Customer, SeenEvent
from tests.support.openai_server import ModelServer, model_server, writes
from tests.support.parley_process import ParleyServer

QUESTION = "How long do I have to return a laptop?"
SENTENCES = (
    "You have 30 days to return a laptop.",
    "The laptop may have been opened, but it must be complete.",
    "Put everything back into the box that it came in.",
    "A return is free of charge in all of our shops.",
    "The money is back on your card within a week.",
)
Moment = Callable[[Customer, str], Awaitable[None]]


def sent(after_s: float) -> Moment:
    """So long after the message left, whether or not anyone heard it."""

    async def moment(_customer: Customer, _id: str) -> None:
        await asyncio.sleep(after_s)

    return moment


async def accepted(customer: Customer, client_id: str) -> None:
    """As soon as the message has its 202."""
    async with asyncio.timeout(30):
        while client_id not in customer.accepted:
            await asyncio.sleep(0.002)


def seen(type: str, count: int = 1) -> Moment:
    """As soon as the customer sees the count-th such event of the message's turn."""

    async def moment(customer: Customer, client_id: str) -> None:
        await accepted(customer, client_id)
        await customer.sees(type, customer.accepted[client_id], count)

    return moment


MOMENTS: list[Moment] = [
    sent(0.0),
    sent(0.01),
    accepted,
    seen("turn.started"),
    seen("turn.understood"),
    seen("turn.retrieved"),
    seen("reply.delta"),
    seen("reply.delta", 3),
    seen("reply.delta", 5),
    seen("reply.completed"),
]


async def home_with_one_article(folder: Path) -> Path:
    article, home = folder / "returns.md", folder / "home"
    article.write_text("# Returning a laptop\n\n" + " ".join(SENTENCES) + "\n", "utf-8")
    assert (await parley_here(home, "init", "--empty")).status == 0
    assert (await parley_here(home, "ingest", str(article), KNOWLEDGE__EMBEDDER="corpus")).status == 0
    return home


async def check_whole(customer: Customer) -> list[SeenEvent]:
    """What must hold at any time, however often the server died; the transcript."""
    seen_before = list(customer.seen)
    events = await customer.transcript()
    assert seen_before == events[: len(seen_before)]
    assert [event.n for event in events] == list(range(1, len(events) + 1))
    received = {event.data["client_id"]: event.n for event in events if event.type == "message.received"}
    assert len(received) == sum(event.type == "message.received" for event in events)
    assert customer.accepted.items() <= received.items()
    ended = [event.data["message"] for event in events if event.type in ENDS]
    assert ended == sorted(set(ended)), "a message was answered twice, or out of turn"
    for number, event in enumerate(events):
        if event.type == "turn.started":
            earlier = {e.n for e in events if e.type == "message.received" and e.n < event.data["message"]}
            assert earlier <= {e.data["message"] for e in events[:number] if e.type in ENDS}
    return events


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_server_killed_ten_times_loses_no_message_and_answers_none_twice(tmp_path: Path) -> None:
    words = " ".join(f"{sentence[:-1]} [1]." for sentence in SENTENCES).split(" ")
    home = await home_with_one_article(tmp_path)
    async with model_server(writes([f"{word} " for word in words], pause_s=0.01)) as model:
        model.models = ("slow",)
        settings = {"PARLEY_KNOWLEDGE__EMBEDDER": "corpus", "PARLEY_MODEL__BASE_URL": model.url}
        server = ParleyServer(home, settings)
        await server.start()
        customers = [Customer(server.url) for _ in range(3)]
        try:
            for customer in customers:
                await customer.begin()
            await kill_at_each_moment(server, customers)
            for customer in customers:
                await customer.sees_all_answered()
                await check_ended(customer)
            check_was_worth_it(customers, model)
        finally:
            for customer in customers:
                await customer.leave()
            await server.kill()
    assert b"Traceback" not in server.printed


async def kill_at_each_moment(server: ParleyServer, customers: list[Customer]) -> None:
    """In each round all customers write; the first one's turn says when the server dies."""
    for number, moment in enumerate(MOMENTS):
        async with asyncio.TaskGroup() as sending:
            for customer in customers:
                sending.create_task(customer.send(QUESTION, f"round-{number}"))
            await moment(customers[0], f"round-{number}")
            await server.kill()
            await server.start()
        for customer in customers:
            await check_whole(customer)


async def check_ended(customer: Customer) -> None:
    """At the end: every message has one answer, or the apology, and the screen shows exactly that."""
    events = await check_whole(customer)
    assert set(customer.accepted) == {f"round-{number}" for number in range(len(MOMENTS))}
    ends = {event.data["message"]: event.data["text"] for event in events if event.type in ENDS}
    assert set(ends) == set(customer.accepted.values())
    assert {n: text.strip() for n, text in customer.reads().items()} == {n: t.strip() for n, t in ends.items()}


def check_was_worth_it(customers: list[Customer], model: ModelServer) -> None:
    """The kills did cut turns off in their middle, and most turns were answered all the same."""
    events = [event for customer in customers for event in customer.seen]
    again = [event for event in events if event.type == "turn.started" and event.data["attempt"] > 1]
    answered = [event for event in events if event.type == "reply.completed"]
    assert len(again) >= len(MOMENTS)
    assert len(answered) >= len(MOMENTS) * len(customers) * 3 // 4
    assert all(event.data["generator"] == "slow" and event.data["citations"] for event in answered)
    assert len(model.requests) > len(answered)
    assert all(customer.interrupted for customer in customers)
