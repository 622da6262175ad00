"""`parley serve` with a model behind it, followed over its event stream."""

from contextlib import aclosing
from pathlib import Path

import pytest

from tests.support.commands import serving
from tests.support.homes import QUESTION, small_home
from tests.support.openai_server import MODEL, dies, hangs, model_server, writes
from tests.support.web_client import ask, events, follow, heard

FIRST = "You can send it back within 30 days [1]."
GOOD = f"{FIRST} Shipping it back is free, so nothing is to be paid [1]."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_home(tmp_path_factory.mktemp("small"))


async def test_answers_arrive_as_they_are_written_and_outlive_the_server(home: Path) -> None:
    async with (
        model_server(writes([GOOD[:60], GOOD[60:]], pause_s=0.2)) as model,
        serving(home, MODEL__BASE_URL=model.url) as client,
    ):
        written = await events(client, *await ask(client, QUESTION))
        deltas = [event["data"] for event in written if event["type"] == "reply.delta"]
        assert len(deltas) > 1
        assert not any(delta.get("reset") for delta in deltas)
        assert heard(written) == written[-1]["data"]["text"] == GOOD
        assert written[-1]["data"]["generator"] == MODEL

        model.behave = dies(f"{FIRST} And then")
        quoted = await events(client, *await ask(client, QUESTION))
        reply = quoted[-1]["data"]
        assert any(event["data"].get("reset") for event in quoted if event["type"] == "reply.delta")
        assert heard(quoted) == reply["text"]
        assert reply["text"].startswith("(Our writing assistant can't be reached")
        assert "within 30 days. [1]" in reply["text"]
        assert reply["generator"] == "extractive"


async def test_a_stopped_turn_ends_the_servers_work(home: Path) -> None:
    async with model_server(hangs(f"{FIRST} And then")) as model, serving(home, MODEL__BASE_URL=model.url) as client:
        path, headers = await ask(client, QUESTION)
        stopped = False  # more of it may be on its way
        async with aclosing(follow(client, path, headers)) as stream:
            async for event in stream:
                if event["type"] == "reply.delta" and not stopped:
                    stopped = True
                    assert (await client.post(f"{path}/stop", headers=headers)).json() == {"stopped": True}
        assert event["type"] == "turn.stopped"
        await model.until_abandoned()
