"""Whole turns with a model behind them: `Agent` over a home, `parley ask` and `parley doctor`, a server that misbehaves."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.build import open_agent
from agent.closing import closing
from agent.diagnosis import Finding, Health, diagnose
from agent.errors import SettingsError
from agent.homes import new_home
from agent.loop import Agent
from agent.ports import Retract
from agent.settings import ModelSettings, OtherModel, load_settings
from agent.types import DecisionKind, InboundMessage, Reply
from tests.support.commands import parley, parley_here
from tests.support.homes import QUESTION, small_home
from tests.support.openai_server import (
    MODEL,
    Behaviour,
    babbles,
    dies,
    fails,
    hangs,
    model_server,
    says,
)

GOOD = "You can send it back within 30 days [1]."
NOTE = "(Our writing assistant can't be reached at the moment; here is what our articles say.)"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_home(tmp_path_factory.mktemp("small"))


@asynccontextmanager
async def agent_at(home: Path, url: str, *, patience_s: float = 20.0) -> AsyncIterator[Agent]:
    settings = load_settings(home)
    model = settings.model.model_copy(update={"base_url": url, "first_token_timeout_s": patience_s})
    async with open_agent(settings.model_copy(update={"model": model})) as agent:
        yield agent


async def turn(agent: Agent, question: str = QUESTION) -> tuple[list[str | Retract], Reply]:
    message = InboundMessage(conversation_id="", channel="test", channel_message_id="", text=question)
    steps = [step async for step in agent.run(message, ())]
    assert isinstance(steps[-1], Reply)
    return [step for step in steps if isinstance(step, str | Retract)], steps[-1]


async def test_a_model_answers_with_citations_as_it_writes(home: Path) -> None:
    async with model_server(says(GOOD)) as server, agent_at(home, server.url) as agent:
        said, reply = await turn(agent)
    assert (reply.text, reply.generator, reply.decision) == (GOOD, MODEL, DecisionKind.ANSWER)
    assert [citation.title for citation in reply.citations] == ["Returns"]
    assert said == [GOOD]
    assert reply.timings_ms["first_token"] < reply.timings_ms["total"]
    assert "You can send a product back within 30 days." in server.requests[0]["messages"][-1]["content"]


async def test_a_prompt_without_a_version_is_told_before_the_first_question(tmp_path: Path) -> None:
    prompts = new_home(tmp_path / "home").root / "prompts"
    prompts.mkdir()
    (prompts / "policy.en.md").write_text("Always mention the loyalty card.", "utf-8")
    with pytest.raises(SettingsError, match=r"policy\.en\.md: the first line must say the prompt's version"):
        async with agent_at(prompts.parent, "http://127.0.0.1:9/v1"):
            pass


async def test_what_the_model_made_up_is_never_seen(home: Path) -> None:
    async with model_server(says(f"You also get $99 [1]. {GOOD}")) as server, agent_at(home, server.url) as agent:
        said, reply = await turn(agent)
    assert said == [GOOD]
    assert (reply.text, reply.withheld) == (GOOD, "You also get $99.")


async def test_an_answer_that_nothing_supports_gives_way_to_the_composers(home: Path) -> None:
    async with model_server(says("It is $99 [1]. Ask Maria Lopez [1].")) as server, agent_at(home, server.url) as agent:
        said, reply = await turn(agent)
    assert reply.text.startswith("You can send a product back within 30 days.")
    assert "".join(step for step in said if isinstance(step, str)) == reply.text
    assert (reply.generator, reply.decision) == ("extractive", DecisionKind.ANSWER)


async def test_a_model_that_declines_becomes_a_polite_refusal(home: Path) -> None:
    async with model_server(says("NO_ANSWER")) as server, agent_at(home, server.url) as agent:
        said, reply = await turn(agent)
    assert reply.decision is DecisionKind.DECLINE
    assert reply.text == "".join(step for step in said if isinstance(step, str))
    assert "NO_ANSWER" not in reply.text
    assert "contact details" in reply.text  # nobody can take over here


@pytest.mark.parametrize(
    "behave", [hangs(), hangs(f"{GOOD} You can"), dies(), dies(f"{GOOD} You can"), fails(500), babbles("<html>")]
)
async def test_a_model_that_fails_leaves_the_composers_answer_with_a_note(home: Path, behave: Behaviour) -> None:
    async with model_server(behave) as server, agent_at(home, server.url, patience_s=0.5) as agent:
        said, reply = await turn(agent)
    assert reply.text.startswith(f"{NOTE}\n\nYou can send a product back within 30 days. [1]")
    assert (reply.generator, reply.decision) == ("extractive", DecisionKind.ANSWER)
    shown = "".join("\0" if isinstance(step, Retract) else step for step in said).split("\0")
    assert shown[-1] == reply.text
    assert shown[:-1] in ([], [GOOD])


async def test_a_server_that_is_down_is_left_alone_after_two_turns(home: Path) -> None:
    async with model_server(fails(500)) as server, agent_at(home, server.url) as agent:
        for _ in range(4):
            _, reply = await turn(agent)
            assert reply.text.startswith(NOTE)
    assert len(server.requests) == 4  # two turns, each tried twice


async def test_a_smaller_model_answers_for_a_larger_one_that_fails_until_it_is_back(home: Path) -> None:
    async with model_server(fails(500)) as large, model_server(says(GOOD)) as small:
        settings = load_settings(home)
        other = OtherModel(base_url=small.url, name="small", key="small")
        model = ModelSettings(base_url=large.url, retries=0, fallbacks=[other], keys={"small": SecretStr("sesame")})
        async with open_agent(settings.model_copy(update={"model": model})) as agent:
            assert (await turn(agent))[1].generator == "small"
            assert small.headers[0]["authorization"] == "Bearer sesame"
            small.behave = fails(500)
            assert (await turn(agent))[1].generator == "extractive"
            assert (await turn(agent))[1].generator == "extractive"
            large.behave = small.behave = says(GOOD)
            assert len(large.requests) == 2  # it rests
            assert (await turn(agent))[1].generator == "extractive"


async def test_a_turn_that_is_left_ends_the_servers_work(home: Path) -> None:
    async with model_server(hangs(f"{GOOD} And then")) as server, agent_at(home, server.url) as agent:
        message = InboundMessage(conversation_id="", channel="test", channel_message_id="", text=QUESTION)
        async with closing(agent.run(message, ())) as steps:
            async for step in steps:
                if isinstance(step, str):
                    break
        await server.until_abandoned()


async def test_ask_says_what_the_model_says_and_who_it_was(home: Path) -> None:
    async with model_server(says(GOOD)) as server:
        reply = json.loads((await parley_here(home, "ask", QUESTION, "--json", MODEL__BASE_URL=server.url)).out)
    assert (reply["text"], reply["generator"]) == (GOOD, MODEL)
    assert reply["timings_ms"]["first_token"] > 0


async def test_ask_answers_without_the_model_when_it_dies_and_says_why_to_the_operator(home: Path) -> None:
    async with model_server(dies("You can send it back within 30 days [1]. And then")) as server:
        finished = await parley(home, "ask", QUESTION, MODEL__BASE_URL=server.url)
    assert finished.status == 0
    assert finished.out.startswith(f"You can send it back within 30 days [1]. —\n{NOTE}")
    assert "model server" in finished.err
    assert "Traceback" not in finished.err


async def test_doctor_tells_the_state_of_the_model_server(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def doctor(url: str, name: str = "") -> Finding:
        monkeypatch.setenv("PARLEY_MODEL__BASE_URL", url)
        monkeypatch.setenv("PARLEY_MODEL__NAME", name)
        return next(finding for finding in await diagnose(home) if finding.name == "model")

    assert (await doctor("")).health is Health.ABSENT
    async with model_server() as server:
        good = await doctor(server.url)
        bad = [await doctor(server.url, "other")]
        server.models = ()
        bad += [await doctor(server.url)]
    bad += [await doctor(server.url)]
    assert (good.health, good.detail) == (Health.GOOD, f"{MODEL} at {server.url}")
    assert bad[0].mend == f"set [model] name to one of: {MODEL}"
    for finding in bad:
        assert finding.health is Health.BAD
        assert "the extractive composer answers" in finding.detail
        assert finding.mend
