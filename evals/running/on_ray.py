"""Runs a job's cases on a Ray cluster (Moritz et al. 2018): in shards, each with a target of its own, for millions of cases."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from zlib import crc32

import ray

from evals.cases import Case
from evals.running.job import Job
from evals.running.jobs import Manner, answered
from evals.running.log import SHARDS
from evals.running.run import Run
from evals.scoring.turns import Result


def run_on_ray(job: Job, manner: Manner, shards: int) -> Run:
    """All shards' runs as one, results in the order of the cases. Each shard keeps its answers in a folder of its own within
    the job's, which all machines must see; given again with as many shards, a run goes on where it was.

    Limits of tokens and cost are shared out evenly. Connects to the cluster of RAY_ADDRESS, or starts one on this machine.
    """
    ray.init(ignore_reinit_error=True, logging_level="ERROR", include_dashboard=False)
    run_shard = ray.remote(_run_shard)
    parts = [
        replace(job, cases=cases, out=job.out / SHARDS / f"{number}-of-{shards}")
        for number, cases in enumerate(_split(job.cases, shards))
        if cases
    ]
    own = replace(manner, limits=manner.limits.shared(len(parts)))
    return _joined(job.cases, ray.get([run_shard.remote(part, own) for part in parts]))


def _run_shard(job: Job, manner: Manner) -> Run:
    return asyncio.run(answered(job, replace(manner.limits, at_once=manner.at_once or job.at_once), manner.work))


def _split(cases: Sequence[Case], shards: int) -> list[list[Case]]:
    """By a hash of the id, so that a case stays where it was answered whatever else is added."""
    found: list[list[Case]] = [[] for _ in range(shards)]
    for case in cases:
        found[crc32(case.id.encode()) % shards].append(case)
    return found


def _joined(cases: Sequence[Case], runs: Sequence[Run]) -> Run:
    by_case: dict[str, list[Result]] = {}
    for run in runs:
        for one in run.results:
            by_case.setdefault(one.case.id, []).append(one)
    return Run(
        results=[one for name in dict.fromkeys(case.id for case in cases) for one in by_case.get(name, ())],
        failed={name: why for run in runs for name, why in run.failed.items()},
        left=sum(run.left for run in runs),
        asked=sum(run.asked for run in runs),
        tokens=sum(run.tokens for run in runs),
        cost=sum(run.cost for run in runs),
    )
