"""Whole dialogues as a suite: each is really held, flow and all, and right only where every turn of it was."""

import json
from pathlib import Path

import pytest

import evals
from agent.build import open_conversations
from agent.settings import load_settings
from evals.cases import Outcome
from evals.scoring.dialogues import dialogue_result
from evals.suites.importing import read_cases
from evals.targets.openai import OpenAITarget
from evals.targets.served import ServedTarget
from tests.support.commands import in_process
from tests.support.homes import flow_home
from tests.support.web_server import KEY, serving_desk

FLOWS = Path(evals.__file__).parent / "suites" / "flows"


def test_a_suite_of_dialogues_holds_them_with_the_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_UNDERSTANDING__SENTIMENT", "words")
    monkeypatch.setenv("PARLEY_HOME", str(flow_home(tmp_path / "shop")))
    lines = (FLOWS / "refund.jsonl").read_text("utf-8").splitlines()
    some = [json.loads(line) for line in (lines[1], lines[11])]
    handed = {"decisions": ["handoff"], "rules": ["wants a person"]}
    some[0]["turns"][0]["policy"], some[1]["turns"][0]["policy"] = handed, {"decisions": ["flow"], "rules": ["refund"]}
    wrong = {
        **some[0],
        "id": "wrong",
        "turns": [{**some[0]["turns"][0], "must_include": [["never said"]]}, some[0]["turns"][1]],
    }
    (tmp_path / "talks.jsonl").write_text("".join(json.dumps(one) + "\n" for one in (*some, wrong)), "utf-8")
    suite = tmp_path / "talks.yaml"
    suite.write_text("name: talks\ncases: [{file: talks.jsonl, format: dialogues}]\n", "utf-8")
    cases = read_cases(tmp_path / "talks.jsonl", "dialogues")
    assert (cases[0].lang, cases[0].question) == ("en", "yes please")
    given = ("eval", "run", "--suite", str(suite), "--out", str(tmp_path / "out"), "--json", "--at-once", "1")
    summary = json.loads(in_process(*given).splitlines()[-1])
    assert (summary["cases"], summary["right"], summary["outcome"]) == (3, 0.6667, 1.0)
    assert summary["policy_obedience"] == 0.3333  # a third of the dialogues keeps to it
    assert "outcome_untold" not in summary
    rows = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines()]
    assert [row["scores"]["right"] for row in rows] == [1.0, 1.0, 0.0]
    assert "turn 1" in rows[2]["notes"]["right"] and "never said" in rows[2]["notes"]["right"]
    assert rows[1]["notes"]["dialogue"].count("assistant:") == len(some[1]["turns"])
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "the policy wants handoff" in page and "wants a person" in page
    # Of a text alone, words are all that can be judged.
    bare = json.loads(in_process(*given, "--function", f"{__name__}:promises").splitlines()[-1])
    assert (bare["cases"], bare["outcome_untold"]) == (3, 3)
    assert not {"policy_obedience", "outcome", "resolved"} & bare.keys()


def promises(question: str) -> str:
    """Says that it is done, and does nothing."""
    return f"Done: RF-10488. {question}"


async def test_the_same_dialogue_is_held_over_http_and_its_outcome_read_there(tmp_path: Path) -> None:
    root = flow_home(tmp_path / "shop")
    (case,) = [one for one in read_cases(FLOWS / "refund.jsonl", "dialogues") if one.id == "refund-zh-02"]
    assert case.dialogue
    async with open_conversations(load_settings(root)) as conversations, serving_desk(conversations) as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        served = ServedTarget(client)
        for _ in range(2):  # what the first left behind is gone before the second
            result = dialogue_result(case, await served.answer(case), served.score)
            assert (result.scores["right"], result.scores["outcome"], result.notes.get("right")) == (1.0, 1.0, None)
        twice = case.dialogue.model_copy(update={"outcome": [Outcome(tool="request_refund", times=2)]})
        wrong = case.model_copy(update={"dialogue": twice})
        result = dialogue_result(wrong, await served.answer(wrong), served.score)
        assert (result.scores["right"], result.scores["outcome"]) == (0.0, 0.0)
        openai = OpenAITarget(client=client, model="parley", path="v1/chat/completions")
        result = dialogue_result(case, await openai.answer(case), openai.score)
        assert result.scores["right"] == 1.0
        assert "outcome" not in result.scores
