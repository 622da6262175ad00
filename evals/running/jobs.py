"""Runs a command's jobs: one after the other, or several at once, each in a process of its own."""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agent.cli.output import fail, progress, stderr
from agent.event_loop import run as run_loop
from agent.types import JsonValue
from evals.reporting.history import read_summary
from evals.running.conclusion import conclude
from evals.running.interrupted import Marker
from evals.running.job import Job
from evals.running.judging import graded, rated_answers
from evals.running.log import AnswerLog
from evals.running.opening import open_target
from evals.running.run import Limits, Run, run_cases
from evals.statistics.power import announcement

_LOOK_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How jobs are run. at_once: cases asked at the same time, None for what suits each job; work: folder of made homes.

    shards: into how many each job is cut for a Ray cluster; 0 for none.
    """

    limits: Limits
    work: Path
    language: str
    at_once: int | None = None
    shards: int = 0


def run_jobs(
    jobs: Sequence[Job], manner: Manner, marker: Marker, processes: int
) -> Iterator[tuple[Job, Mapping[str, JsonValue]]]:
    """Each job with its summary as it ends; those that had ended before the command was cut off as they were."""
    waiting = []
    for job in jobs:
        summary = read_summary(job.out) if marker.has_finished(job.key) else None
        if summary is None:
            waiting.append(job)
        else:
            yield job, summary
    for job, summary in _run(waiting, manner, min(processes, len(waiting))):
        if not summary["failed"] and not summary["left"]:
            marker.finish(job.key)
        yield job, summary


def _run(jobs: Sequence[Job], manner: Manner, processes: int) -> Iterator[tuple[Job, Mapping[str, JsonValue]]]:
    if processes < 2:
        for job in jobs:
            yield job, _run_one(job, manner)
        return
    # Imported here: a single suite needs no other process.
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    ordered = sorted(jobs, key=_size, reverse=True)  # what takes longest must not come last, alone
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (os.getpid(),)) as pool:
        running = {pool.submit(_run_one, job, manner): job for job in ordered}
        for ended in as_completed(running):
            try:
                yield running[ended], ended.result()
            except BrokenProcessPool as error:
                raise fail(
                    f"{running[ended].name}: its process was ended; give the same command to go on", status=1
                ) from error


def _size(job: Job) -> tuple[bool, bool, int, int]:
    """What tells which job takes longer: a home to be trained, texts compared in meaning, bytes to be read in, cases."""
    home = job.target.home
    files = [job.suite.path(one.file) for one in home.ingest] if job.suite and home else []
    read = sum(one.stat().st_size for file in files for one in (file.rglob("*") if file.is_dir() else [file]))
    return bool(home and home.train), job.meaning, read, len(job.cases)


def _run_one(job: Job, manner: Manner) -> Mapping[str, JsonValue]:
    limits = replace(manner.limits, at_once=manner.at_once or job.at_once)
    if job.rated or job.judge:
        rated_answers(job)  # what is broken in them is told before anything is asked
    if manner.shards:
        # Imported here: it is an extra.
        from evals.running.on_ray import run_on_ray

        run = run_on_ray(job, manner, manner.shards)
    else:
        run = run_loop(answered(job, limits, manner.work))
    card: Mapping[str, JsonValue] | None = None
    if job.judge is not None:
        with progress("Judging") as line:
            found = run_loop(graded(job, run.results, limits, line))
        run, card = replace(run, results=found.results), found.card
    return conclude(job, run, card, language=manner.language)


async def answered(job: Job, limits: Limits, work: Path) -> Run:
    """Every case asked, as far as the limits let it go."""
    kinds = Counter(case.kind for case in job.cases)
    stderr.print(announcement(len(job.cases), kinds if len(kinds) > 1 else None), soft_wrap=True, markup=False)
    async with open_target(job, work) as target:
        with AnswerLog(job.out) as log, progress("Answering") as line:
            return await run_cases(job.cases, target, log, line, limits, job.repeat)


def _begin(parent: int) -> None:
    """At the start of a process: it draws no bars beside its siblings', and ends with its parent, whatever ends that."""
    os.environ["TTY_COMPATIBLE"] = "0"

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
