"""Who waits for the model server is served conversation by conversation."""

import asyncio

import pytest

from agent.generate.queueing import FairQueue


async def use(queue: FairQueue, conversation: str, served: list[str], *, turns: int = 1) -> None:
    async with queue.place(conversation) as waited:
        assert waited >= 0
        served.append(conversation)
        for _ in range(turns):
            await asyncio.sleep(0)


async def test_a_conversation_that_asks_much_does_not_hold_up_the_others() -> None:
    queue, served = FairQueue(1), list[str]()
    greedy = [asyncio.create_task(use(queue, "greedy", served)) for _ in range(5)]
    await asyncio.sleep(0)
    modest = [asyncio.create_task(use(queue, name, served)) for name in ("a", "b")]
    await asyncio.gather(*greedy, *modest)
    assert sorted(served) == ["a", "b", *["greedy"] * 5]
    assert served[-2:] == ["greedy", "greedy"]


async def test_no_more_than_the_limit_run_at_once() -> None:
    queue, running, most = FairQueue(3), 0, 0

    async def one(n: int) -> None:
        nonlocal running, most
        async with queue.place(str(n % 4)):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1

    await asyncio.gather(*(one(n) for n in range(40)))
    assert (most, running, queue.waiting) == (3, 0, 0)


@pytest.mark.parametrize("served_first", [False, True])
async def test_a_request_that_is_given_up_leaves_its_place_to_others(served_first: bool) -> None:
    queue, served = FairQueue(1), list[str]()
    async with queue.place("first"):
        waiting = [asyncio.create_task(use(queue, name, served)) for name in ("left", "stays")]
        await asyncio.sleep(0)
        assert queue.waiting == 2
        if not served_first:
            waiting[0].cancel()
            await asyncio.sleep(0)
    if served_first:
        waiting[0].cancel()  # at the moment when its place came
    await asyncio.gather(*waiting, return_exceptions=True)
    assert served == ["stays"]
    async with asyncio.timeout(1), queue.place(""):
        pass
