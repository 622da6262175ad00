"""A server loads what it uses: memory and its start would be doubled by libraries that only training or a model needs."""

import subprocess
import sys
from pathlib import Path

from tests.support.commands import environment

_ANSWERS = """
import asyncio, sys
from pathlib import Path
import connectors.web.app
from agent.build import open_agent
from agent.settings import load_settings

async def answers(home):
    async with open_agent(load_settings(home), warm=True) as agent:
        assert (await agent.answer("How many days do I have to return an item?")).citations
    print(*sys.modules)

asyncio.run(answers(Path(sys.argv[1])))
"""
_OF_TRAINING = {"torch", "transformers", "sentence_transformers", "sklearn", "matplotlib", "pandas"}
_OF_MODELS = {"langchain", "langchain_core", "langchain_openai", "openai"}


def test_a_server_without_a_model_loads_neither_training_nor_model_clients(corpus_shop: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ANSWERS, str(corpus_shop)],
        env=environment({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {"agent", "numpy"} <= (loaded := set(done.stdout.split()))
    assert not loaded & (_OF_TRAINING | _OF_MODELS)
