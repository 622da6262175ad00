"""Processes that share an SQLite file tell each other; the dead, the slow and the far do not hold them."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from agent.store.neighbours import Neighbours

Heard = list[tuple[str, str]]


@contextmanager
def _some(folder: Path, count: int) -> Iterator[tuple[list[Neighbours], list[Heard]]]:
    with ExitStack() as stack:
        heard: list[Heard] = [[] for _ in range(count)]
        opened = []
        for each in heard:
            one = Neighbours(folder, lambda conversation_id, word, each=each: each.append((conversation_id, word)))
            stack.enter_context(one.listening())
            opened.append(one)
        yield opened, heard


async def _until(heard: Heard, count: int) -> None:
    async with asyncio.timeout(5):
        while len(heard) < count:
            await asyncio.sleep(0.001)


@pytest.mark.parametrize("name", ["near", "far" * 60])
async def test_all_others_hear_what_one_tells(tmp_path: Path, name: str) -> None:
    with _some(tmp_path / name, 3) as ((one, two, _), (first, second, third)):
        one.tell("c1")
        one.tell("c1")
        one.tell("c2", "停")
        await _until(second, 2)
        await _until(third, 2)
        assert second == third == [("c1", ""), ("c2", "停")]
        two.tell("c3")
        await _until(first, 1)
        assert first == [("c3", "")]
    assert not list((tmp_path / name).iterdir())


async def test_what_is_told_last_is_still_heard(tmp_path: Path) -> None:
    with _some(tmp_path / "news", 1) as (_, (heard,)):
        with _some(tmp_path / "news", 1) as ((short,), _):
            short.tell("c", "bye")
        await _until(heard, 1)
    assert heard == [("c", "bye")]


async def test_a_slow_one_hears_all_in_the_end_and_holds_nobody(tmp_path: Path) -> None:
    with _some(tmp_path / "news", 2) as ((one, _), (_, heard)):
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for number in range(5_000):  # more than its socket takes
            one.tell(str(number))
        assert loop.time() - begun < 2
        await _until(heard, 5_000)
    assert heard == [(str(number), "") for number in range(5_000)]


async def test_one_that_died_is_forgotten(tmp_path: Path) -> None:
    with _some(tmp_path / "news", 2) as ((one, _), (_, heard)):
        dead = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        dead.bind(str(tmp_path / "news" / "1-dead"))
        dead.close()
        one.tell("c")
        await _until(heard, 1)
        assert not (tmp_path / "news" / "1-dead").exists()


async def test_nobody_else_on_the_machine_can_listen(tmp_path: Path) -> None:
    with _some(tmp_path / "news", 1):
        assert (tmp_path / "news").stat().st_mode & 0o777 == 0o700


async def test_where_a_file_is_in_the_way_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "news").write_text("", "utf-8")
    with _some(tmp_path / "news", 1) as ((one,), _):
        one.tell("c")
