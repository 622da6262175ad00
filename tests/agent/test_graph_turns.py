"""Conversations over a graph: asked back and answered, asked why, said with the disclaimer of its source."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from agent.build import open_agent
from agent.homes import new_home, open_graph
from agent.loop import Agent
from agent.settings import load_settings
from agent.types import STAFF_CHANNEL, Audience, DecisionKind, InboundMessage, Reply, Utterance
from tests.support.commands import parley_here as parley

GRAPHS = Path(__file__).parents[2] / "docs" / "graphs"
HOTELS = """name,name_zh,city,address,phone
Hilton,希尔顿,Shanghai,1 Pudong Avenue,111
Hilton,希尔顿,Beijing,9 Chaoyang Road,222
Plaza,广场酒店,Beijing,2 Long Street,444
Castle Inn,城堡旅馆,Chengdu,4 Wall Street,555
"""


@pytest.fixture
async def hotels(tmp_path: Path) -> AsyncIterator[Agent]:
    home = new_home(tmp_path / "home")
    (tmp_path / "hotels.csv").write_text(HOTELS, "utf-8")
    home.settings_file.write_text('[knowledge]\nembedder = "corpus"\n', "utf-8")
    open_graph(home).import_file(tmp_path / "hotels.csv")
    async with open_agent(load_settings(home.root)) as agent:
        yield agent


async def talk(agent: Agent, said: Sequence[str]) -> list[Reply]:
    history: list[Utterance] = []
    replies = []
    for text in said:
        reply = await agent.answer(text, history)
        history += [Utterance(role="user", content=text), Utterance(role="assistant", content=reply.text)]
        replies.append(reply)
    return replies


@pytest.mark.parametrize(
    ("said", "phone"),
    [
        (["What is the phone number of the Hilton?", "the one in Pudong"], "111"),
        (["What is the phone number of the Hilton?", "the second"], "222"),
        (["What is the phone number of the Hilton?", "Hilton (Shanghai)"], "111"),
        (["希尔顿的电话是多少？", "第二个"], "222"),
        (["希尔顿的电话是多少？", "Beijing的"], "222"),
    ],
)
async def test_which_one_is_asked_and_the_choice_answers_the_question(
    hotels: Agent, said: list[str], phone: str
) -> None:
    first, second = await talk(hotels, said)

    assert first.decision is DecisionKind.CLARIFY
    assert "Shanghai" in first.text
    assert "Beijing" in first.text
    assert (second.decision, phone in second.text) == (DecisionKind.ANSWER, True)


async def test_facts_for_the_staff_reach_no_customer(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    home.settings_file.write_text('[knowledge]\nembedder = "corpus"\n', "utf-8")
    for name, text in (("hotels", HOTELS), ("rates", "name,commission\nPlaza,17 percent\nCastle Inn,12 percent\n")):
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    graph = open_graph(home)
    graph.import_file(tmp_path / "hotels.csv")
    graph.import_file(tmp_path / "rates.csv", audience="internal")
    said: dict[Audience, Reply] = {}
    for audience in ("public", "internal"):
        async with open_agent(load_settings(home.root), audience=audience) as agent:
            message = InboundMessage(
                conversation_id="",
                channel=STAFF_CHANNEL if audience == "internal" else "direct",
                channel_message_id="",
                text="What is the commission of the Plaza?",
            )
            (said[audience],) = [step async for step in agent.run(message, ()) if isinstance(step, Reply)]
    assert "17 percent" in said["internal"].text
    assert "17 percent" not in repr(said["public"])
    assert said["public"].decision is not DecisionKind.ANSWER


@pytest.mark.parametrize("why", ["why?", "How do you know that?", "为什么？"])
async def test_why_shows_the_edges(hotels: Agent, why: str) -> None:
    first, second = await talk(hotels, ["What is the address of the Plaza?", why])

    assert "2 Long Street" in first.text
    assert second.decision is DecisionKind.ANSWER
    assert "2 Long Street" in second.text
    assert second.facts == first.facts
    assert second.citations


@pytest.mark.parametrize(("graph", "file"), [("medical", "medicines.csv"), ("finance", "funds.csv")])
async def test_the_commands_of_the_example_graphs(tmp_path: Path, graph: str, file: str) -> None:
    home = new_home(tmp_path / "home")
    home.settings_file.write_text('[knowledge]\nembedder = "corpus"\n', "utf-8")
    open_graph(home).import_file(GRAPHS / graph / file, GRAPHS / graph / "mapping.yaml")
    page = (GRAPHS / graph / "README.md").read_text("utf-8")
    notes = ("not medical advice", "不构成医疗建议", "investment advice", "不构成投资建议")
    async with open_agent(load_settings(home.root)) as agent:
        for question in re.findall(r'ask "(.+)"', page):
            reply = await agent.answer(question)
            if "loratadine interact" in question:
                assert reply.decision is DecisionKind.DECLINE
                continue
            assert reply.decision is DecisionKind.ANSWER, question
            assert sum(reply.text.count(note) for note in notes) == 1, reply.text
            assert reply.facts


async def test_show_draws_into_a_file_and_says_the_nearest_of_an_unknown_name(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    open_graph(home).import_file(GRAPHS / "medical" / "medicines.csv", GRAPHS / "medical" / "mapping.yaml")
    drawn = await parley(
        home.root, "graph", "show", "Ibuprofen", "--hops", "2", "--out", str(tmp_path / "i.svg"), "--json"
    )

    assert ["Ibuprofen", "interacts_with", "Warfarin", "medicines.csv"] in json.loads(drawn.out)["edges"]
    assert (tmp_path / "i.svg").read_text("utf-8").startswith("<svg")
    unknown = await parley(home.root, "graph", "show", "Ibuprofin")
    assert (unknown.status, "Ibuprofen" in unknown.err) == (0 if unknown.out else 2, True) or "Ibuprofen" in unknown.out
    wrong = await parley(home.root, "graph", "show", "Ibuprofen", "--out", str(tmp_path / "i.doc"))
    assert (wrong.status, ".svg" in wrong.err) == (2, True)


async def test_build_reads_the_articles_of_a_home(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    home.settings_file.write_text('[knowledge]\nembedder = "corpus"\n', "utf-8")
    articles = tmp_path / "onyx-saver"
    articles.mkdir()
    for n, (key, value) in enumerate({"Monthly fee": "$5", "Wire fee": "$9", "Limit": "$100"}.items()):
        (articles / f"{n}.md").write_text(
            f"# Onyx Saver {key}\n\nThe Onyx Saver is yours.\n\n- {key}: {value}\n", "utf-8"
        )
    for n in range(40):
        (articles / f"other-{n}.md").write_text(f"# Topic{n} word{n}\n\nSomething else {n}.\n", "utf-8")
    assert (await parley(home.root, "ingest", str(articles))).status == 0

    built = await parley(home.root, "graph", "build", "--json")
    assert json.loads(built.out)["facts"] == 3
    assert open_graph(home).answer("What is the monthly fee of Onyx Saver?").results == ("$5",)
    assert json.loads((await parley(home.root, "graph", "build", "--json")).out)["changed"] == 0
    await parley(home.root, "graph", "build", "--clear")
    assert open_graph(home).stats().entities == 0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What is the phone number of the Plaza, and in which city is it?", ["444", "Beijing"]),
        ("What's the address of the Castle Inn? What's the phone number of the Plaza?", ["4 Wall Street", "444"]),
        ("广场酒店的电话是多少？地址在哪？", ["444", "2 Long Street"]),
    ],
)
async def test_of_two_questions_each_is_answered(hotels: Agent, asked: str, told: list[str]) -> None:
    reply = await hotels.answer(asked)
    assert reply.decision is DecisionKind.ANSWER
    assert all(one in reply.text for one in told)
    assert [citation.n for citation in reply.citations] == [1, 2]


async def test_of_two_questions_one_is_answered_and_the_other_said_to_be_unknown(hotels: Agent) -> None:
    reply = await hotels.answer("What is the phone number of the Plaza, and do you wash cars?")
    assert reply.decision is DecisionKind.ANSWER
    assert "444" in reply.text
    assert "On the rest of your question I have no reliable answer." in reply.text
