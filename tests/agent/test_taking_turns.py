"""Who goes first when several want to write."""

import asyncio

from agent.taking_turns import TakingTurns


async def test_those_who_must_not_wait_go_before_the_others_and_who_gives_up_holds_up_nobody() -> None:
    turns, order = TakingTurns(), list[str]()

    async def write(name: str, *, first: bool = False) -> None:
        async with turns.turn(first=first):
            order.append(name)
            await asyncio.sleep(0)

    async with turns.turn():
        names = ("a", "b", "gives up", "c")
        waiting = [asyncio.create_task(write(name)) for name in names]
        waiting += [asyncio.create_task(write(name, first=True)) for name in ("x", "y")]
        await asyncio.sleep(0)
        waiting[2].cancel()
        await asyncio.sleep(0)
    waiting[0].cancel()  # while it is still in line
    await asyncio.gather(*waiting, return_exceptions=True)
    assert order == ["x", "y", "b", "c"]
    await write("at once")
    assert order[-1] == "at once"


async def test_as_many_hold_it_as_there_are_places() -> None:
    turns, inside, most = TakingTurns(2), 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with turns.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(5)))
    assert (inside, most) == (0, 2)
