"""The chat model of a judge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from evals.chat import open_chat
from evals.judge.model import ModelJudge

JUDGE_KEY = "PARLEY_JUDGE_KEY"
_WARMTH = 0.7  # votes of a model that always says the same are one


@asynccontextmanager
async def open_judge(address: str, model: str, *, votes: int, tries: int) -> AsyncIterator[ModelJudge]:
    """A judge that asks `model` at an address (…/v1); its key, where it wants one, stands in PARLEY_JUDGE_KEY."""
    warmth = _WARMTH if votes > 1 else 0.0
    async with open_chat(address, model, key=JUDGE_KEY, temperature=warmth, tries=tries) as chat:
        yield ModelJudge(chat, name=model, votes=votes)
