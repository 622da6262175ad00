"""The cases by deepeval, with metrics of it that need no model: run by `evals.benchmarks.harness_throughput` with deepeval's own Python.

deepeval asks nobody itself: the replies come by the OpenAI client, as its documentation shows, so many at once.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from deepeval import evaluate
from deepeval.evaluate import AsyncConfig, CacheConfig, DisplayConfig
from deepeval.metrics import ExactMatchMetric, PatternMatchMetric
from deepeval.test_case import LLMTestCase
from openai import AsyncOpenAI

cases, at_once = sys.argv[1], int(sys.argv[2])
rows = [json.loads(line) for line in Path(cases).read_text("utf-8").splitlines()]
client = AsyncOpenAI(base_url=os.environ["SCRIPTED_BASE_URL"], api_key="none")


async def replies() -> list[str]:
    """Of the scripted model, in order."""
    slots = asyncio.Semaphore(at_once)

    async def one(question: str) -> str:
        async with slots:
            said = await client.chat.completions.create(
                model="scripted", messages=[{"role": "user", "content": question}]
            )
            return said.choices[0].message.content or ""

    return await asyncio.gather(*(one(row["question"]) for row in rows))


said = asyncio.run(replies())
tests = [
    LLMTestCase(name=row["id"], input=row["question"], actual_output=text, expected_output=row["reference"])
    for row, text in zip(rows, said, strict=True)
]
found = evaluate(
    tests,
    [ExactMatchMetric(), PatternMatchMetric(pattern=r".*30.*")],
    async_config=AsyncConfig(max_concurrent=at_once),
    cache_config=CacheConfig(write_cache=False, use_cache=False),
    display_config=DisplayConfig(show_indicator=False, print_results=False),
)
right = sum(
    metric.success for one in found.test_results for metric in one.metrics_data or [] if "Pattern" in metric.name
)
print(json.dumps({"cases": len(found.test_results), "right": right / len(rows)}))
