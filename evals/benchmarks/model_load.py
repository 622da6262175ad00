"""Many conversations at once with a model behind them: none lost, fair queueing, and what Parley adds to the model's time.

`python -m evals.benchmarks.model_load --conversations 200 --over 25` asks one question in each conversation of a fresh sample
home (or `--home`), English and Chinese by turns: first all at the same moment, then evenly over `--over` seconds. The model is scripted,
at the pace of a real one (`paced_model`). Exit status 1 where a reply is not the model's.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from agent.build import open_conversations
from agent.conversations import Conversations
from agent.event_loop import run
from agent.homes import sample_home
from agent.settings import load_settings
from agent.types import EventType, InboundMessage
from evals.benchmarks.paced_model import SAID, Asked, paced_model
from knowledge.progress import silent

QUESTIONS = ("How many days do I have to return an item?", "退货期限是多久？")
_LAST = frozenset({EventType.REPLY_COMPLETED, EventType.TURN_FAILED, EventType.TURN_STOPPED})
_PATIENCE_S = 60.0


@dataclass(slots=True)
class Turn:
    """One question; seconds of `time.perf_counter`. seen: when the customer saw the first words; generator: who spoke."""

    mark: str
    sent: float = 0.0
    seen: float = 0.0
    generator: str = "nobody"


def main() -> None:
    """Measures, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--over", type=float, default=25.0, help="seconds over which the second round is asked")
    parser.add_argument("--home", type=Path, help="a sample home to use; default: a fresh one that is removed")
    arguments = parser.parse_args()
    os.environ |= {"PARLEY_KNOWLEDGE__EMBEDDER": "corpus", "PARLEY_UNDERSTANDING__SENTIMENT": "words"}
    with tempfile.TemporaryDirectory() as folder, paced_model(SAID) as (url, asked):
        home: Path = arguments.home or sample_home(Path(folder) / "home", silent).root
        lost = run(_measure(home, url, asked, arguments.conversations, arguments.over))
    sys.exit(1 if lost else 0)


async def _measure(home: Path, url: str, asked: "Queue[Asked]", count: int, over_s: float) -> int:
    settings = load_settings(home)
    settings.model.base_url, settings.model.name = url, "paced"
    lost = 0
    async with open_conversations(settings) as conversations:
        await _round(conversations, 4, 0, 0)  # what is loaded by the first turns is loaded
        answered(asked)
        for number, span in ((1, 0.0), (2, over_s)):
            load, cpu = os.getloadavg()[0], time.process_time()
            turns = await _round(conversations, count, number, span)
            cpu_ms = 1000 * (time.process_time() - cpu) / count
            good = [turn for turn in turns if turn.generator == "paced"]
            lost += len(turns) - len(good)
            others = sorted({turn.generator for turn in turns} - {"paced"})
            title = f"{count} conversations, {f'over {span:.0f} s' if span else 'all at once'}, load {load:.1f}"
            Console().print(_table(title, good, answered(asked)))
            Console().print(f"replies {len(good)}, others {others or 'none'}; processor time a turn {cpu_ms:.0f} ms")
    return lost


async def _round(conversations: Conversations, count: int, number: int, span: float) -> list[Turn]:
    ids = [(await conversations.create("test"))[0] for _ in range(count)]
    begun = time.perf_counter()

    async def converse(n: int, conversation_id: str) -> Turn:
        turn = Turn(f"({number}-{n})")
        await asyncio.sleep(max(0.0, begun + n * span / count - time.perf_counter()))
        text = f"{QUESTIONS[n % 2]} {turn.mark}"
        turn.sent = time.perf_counter()
        await conversations.receive(
            InboundMessage(conversation_id=conversation_id, channel="test", channel_message_id="1", text=text)
        )
        try:
            async with asyncio.timeout(_PATIENCE_S):
                async for event in conversations.events.follow(conversation_id):
                    if event.type is EventType.REPLY_DELTA and not turn.seen:
                        turn.seen = time.perf_counter()
                    if event.type in _LAST:
                        turn.generator = str(event.data.get("generator", event.type))
                        break
        except TimeoutError:
            turn.generator = "late"
        return turn

    return list(await asyncio.gather(*(converse(n, one) for n, one in enumerate(ids))))


def answered(asked: "Queue[Asked]") -> list[Asked]:
    """What the model has answered since it was last looked at."""
    found: list[Asked] = []
    with suppress(Empty):
        while True:
            found.append(asked.get(timeout=0.5))
    return found


def _table(title: str, turns: Sequence[Turn], asked: Sequence[Asked]) -> Table:
    """Of each turn, where its time to the first words went. Parley's share: all but what the model took for them."""
    of = {turn.mark: one for turn in turns for one in asked if turn.mark in one.question}
    table = Table("ms", "p50", "p95", "p95 / p50", title=title)
    rows = {
        "first words": [turn.seen - turn.sent for turn in turns],
        "to the model": [of[turn.mark].arrived - turn.sent for turn in turns],
        "the model's first token": [of[turn.mark].first - of[turn.mark].arrived for turn in turns],
        "the rest of its first sentence": [of[turn.mark].sentence - of[turn.mark].first for turn in turns],
        "from there to the customer": [turn.seen - of[turn.mark].sentence for turn in turns],
        "Parley's share": [turn.seen - turn.sent - (of[turn.mark].sentence - of[turn.mark].arrived) for turn in turns],
    }
    for name, seconds in rows.items():
        if len(seconds) > 1:
            middle, late = 1000 * median(seconds), 1000 * quantiles(seconds, n=20)[-1]
            table.add_row(name, f"{middle:.0f}", f"{late:.0f}", f"{late / middle:.2f}")
    return table


if __name__ == "__main__":
    main()
