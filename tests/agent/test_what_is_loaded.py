"""A server loads what it uses: memory and its start would be doubled by libraries that only training or a model needs."""

import subprocess
import sys
from pathlib import Path

import pytest

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
_OF_TOOLS = {"langchain", "langchain_openai", "openai"}
_OF_MODELS = {*_OF_TOOLS, "langchain_core"}
_AWAY = {"PARLEY_MODEL__BASE_URL": "http://127.0.0.1:9/v1"}


@pytest.mark.parametrize(
    ("settings", "unused"),
    [({}, _OF_TRAINING | _OF_MODELS | {"chromadb"}), (_AWAY, _OF_TRAINING | _OF_TOOLS | {"chromadb"})],
)
def test_a_server_loads_no_training_no_tools_that_it_lacks_and_no_chroma_for_few_passages(
    corpus_shop: Path, settings: dict[str, str], unused: set[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ANSWERS, str(corpus_shop)],
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {"agent", "numpy"} <= (loaded := set(done.stdout.split()))
    assert not loaded & unused
