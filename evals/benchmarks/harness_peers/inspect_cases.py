"""The cases as a task of inspect_ai, scored without a model: run by `evals.benchmarks.harness_throughput` with inspect_ai's own Python."""

import json
import sys
from pathlib import Path

from inspect_ai import Task
from inspect_ai import eval as evaluated
from inspect_ai.dataset import Sample
from inspect_ai.scorer import exact, f1, includes
from inspect_ai.solver import generate

cases, at_once, logs = sys.argv[1], int(sys.argv[2]), sys.argv[3]
rows = [json.loads(line) for line in Path(cases).read_text("utf-8").splitlines()]
task = Task(
    dataset=[Sample(id=row["id"], input=row["question"], target=row["must_include"][0][0]) for row in rows],
    solver=generate(),
    scorer=[includes(), exact(), f1()],
)
(log,) = evaluated(
    task,
    model="openai-api/scripted/scripted",
    max_connections=at_once,
    max_samples=at_once,
    display="none",
    log_dir=logs,
)
scores = {
    score.name: score.metrics["accuracy" if "accuracy" in score.metrics else "mean"].value
    for score in log.results.scores
}
print(json.dumps({"cases": log.results.completed_samples, "right": scores["includes"]}))
