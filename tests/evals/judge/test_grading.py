"""A chat model grades a run: its columns are those of the fitted judge, with how far it agrees with people."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import orjson

from agent.types import Citation, Reply
from evals.comparing.preference import Preference, preferences
from evals.comparing.runs import read_run
from evals.judge.endpoint import open_judge
from evals.judge.rubric import load_rubric
from evals.targets.replies import plain_reply
from tests.support.commands import parley_here
from tests.support.openai_server import Behaviour, Connection, answered, fails, in_turn, model_server

RATED = [
    {"question": "How long?", "answer": "30 days.", "human": [5, 4]},
    {"question": "多久？", "answer": "30天。", "human": [5, 5], "lang": "zh"},
    {"question": "How long?", "answer": "Who knows.", "human": [1, 2]},
    {"question": "How long?", "answer": "30 years or none.", "human": [2, 1]},
]


async def spoken(question: str) -> str:
    """A bot that knows one answer, in two languages."""
    return "" if "nothing" in question else "Who knows." if "?" in question else "30天内。"


def likes_numbers(connection: Connection) -> dict[str, object]:
    """Grades 5 what holds 30, else 1; of two prefers the one that does, else the first."""
    shown = str(connection.body["messages"][1]["content"])
    if "\nA: <<<" in shown:
        first, second = (shown.split(f"\n{name}: <<<")[1].split(">>>", maxsplit=1)[0] for name in "AB")
        return {"reason": "numbers", "better": "B" if "30" in second and "30" not in first else "A"}
    answer = shown.split("\nanswer: <<<")[1].split(">>>", maxsplit=1)[0]
    return {"reason": "它有数字" if "30" in answer else "no number", "grade": 5 if "30" in answer else 1}


def judging() -> Behaviour:
    async def behave(connection: Connection) -> None:
        whole = json.loads(answered(json.dumps(likes_numbers(connection), ensure_ascii=False)))
        usage = {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100}
        await connection.answer(json.dumps({**whole, "usage": usage}).encode())

    return behave


def written(path: Path, rows: Sequence[object]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


async def test_a_run_is_graded_once_and_says_how_far_to_trust_it(tmp_path: Path) -> None:
    cases = [{"id": text, "question": text, "must_include": [["30"]]} for text in ("a?", "多久？", "nothing", "b?")]
    given = [
        "eval", "run", "--cases", written(tmp_path / "cases.jsonl", cases), "--function", f"{__name__}:spoken",
        "--out", str(tmp_path / "out"), "--rubric", "helpful", "--rubric", written_rubric(tmp_path),
        "--rated", written(tmp_path / "rated.jsonl", RATED), "--judge-model", "tiny-model",
    ]  # fmt: skip
    async with model_server(in_turn(fails(400), judging())) as server:
        first = await parley_here(tmp_path, *given, "--judge", server.url, "--json")
        asked = len(server.requests)
        again = await parley_here(tmp_path, *given, "--judge", server.url)
    assert (first.status, again.status) == (0, 0), first.err + again.err
    # Three replies have a text, by two rubrics, and four are people's; three votes each. One request was refused.
    assert asked == 3 * (3 * 2 + 4 - 1) + 1
    assert len(server.requests) == asked + 3  # the one that was refused, alone
    summary = json.loads(first.out)
    card = summary["model_judge"]
    assert (card["name"], card["votes"], card["failed"], card["unread"]) == ("tiny-model", 3, 1, 0)
    assert card["tokens"] == 100 * (asked - 1)
    assert card["rubrics"]["polite"] is None
    assert card["rubrics"]["helpful"]["n"] == 4 and card["rubrics"]["helpful"]["spearman"] > 0.5
    rows = [orjson.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_bytes().splitlines()]
    assert [row["scores"].get("judged_helpful") for row in rows] == [0.0, 1.0, None, 0.0]
    assert "它有数字" in rows[1]["notes"]["judged_helpful"]
    for said in (again.out, (tmp_path / "out" / "report.html").read_text("utf-8")):
        assert "judged_helpful: by the model tiny-model, 3 votes; with people, on 4 answers: kappa" in said
        assert "judged_polite: by the model tiny-model, 3 votes; how far it agrees with people was not measured" in said


def written_rubric(folder: Path) -> str:
    file = folder / "polite.yaml"
    file.write_text(
        json.dumps(
            {
                "name": "polite",
                "ask": {"en": "Polite?", "zh": "礼貌吗？"},
                "grades": {"en": list("abcde"), "zh": list("abcde")},
            }
        )
    )
    return str(file)


async def test_a_model_gives_the_columns_that_the_judge_without_one_gives(tmp_path: Path) -> None:
    cases = [
        {"id": "1", "question": "How long for 30 products?", "reference": "30 days"},
        {"id": "2", "question": "nothing", "reference": "x"},
    ]
    given = ["eval", "run", "--cases", written(tmp_path / "cases.jsonl", cases), "--function", f"{__name__}:cites"]
    fitted, graded = tmp_path / "fitted", tmp_path / "graded"
    async with model_server(judging()) as server:
        plain = await parley_here(tmp_path, *given, "--out", str(fitted))
        judged = await parley_here(
            tmp_path, *given, "--out", str(graded), "--judge", server.url, "--judge-model", "tiny-model"
        )
    assert (plain.status, judged.status) == (0, 0), judged.err
    told = [json.loads((folder / "summary.json").read_text("utf-8")) for folder in (fitted, graded)]
    columns = [{name for name in summary if name.startswith("judged_")} for summary in told]
    assert columns[0] == columns[1] == {"judged_helpful", "judged_groundedness", "judged_answerability"}
    assert ["judge" in summary for summary in told] == [True, False]
    assert told[1]["model_judge"]["name"] == "tiny-model"
    for name in columns[0]:
        assert f"{name}: by the judge fitted (no model)" in plain.out
        assert f"{name}: by the model tiny-model" in judged.out
        assert [name in (folder / "cases.csv").read_text("utf-8-sig") for folder in (fitted, graded)] == [True, True]
    # What two judges gave is not taken for a difference of the runs.
    apart = await parley_here(tmp_path, "eval", "compare", str(fitted), str(graded), "--json")
    compared = json.loads(apart.out)
    assert not {name for name in compared["metrics"] if name.startswith("judged_")}
    assert "these are not compared: judged_answerability, judged_groundedness, judged_helpful" in compared["judges"][-1]
    alike = await parley_here(tmp_path, "eval", "compare", str(fitted), str(fitted), "--json")
    assert {name for name in json.loads(alike.out)["metrics"] if name.startswith("judged_")} == columns[0]


async def test_without_a_model_the_fitted_judge_is_held_to_the_same_people(tmp_path: Path) -> None:
    told = ["You can return a product within 30 days of delivery.", "Delivery costs $4.50."]
    rated = [
        {"question": f"How many days do I have for a return ({n})?", "answer": answer, "evidence": told, "rubric": rubric, "human": human}
        for n, (answer, human) in enumerate([("You have 30 days for a return.", 5), ("You have 90 days for it.", 1)] * 3)
        for rubric in ("groundedness", "helpful")
    ]  # fmt: skip
    case = {"id": "1", "question": "How long?", "reference": "30 days"}
    given = [
        "eval", "run", "--cases", written(tmp_path / "cases.jsonl", [case]), "--function", f"{__name__}:cites",
        "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    plain = await parley_here(tmp_path, *given)
    found = await parley_here(tmp_path, *given, "--rated", written(tmp_path / "rated.jsonl", rated))
    assert (plain.status, found.status) == (0, 0), found.err
    assert "kappa" in plain.out and "with your own people not measured" in plain.out
    card = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["judge"]
    assert (card["own"]["judged_groundedness"]["groundedness"]["n"], card["name"]) == (6, "fitted (no model)")
    assert card["own"]["judged_groundedness"]["groundedness"]["spearman"] > 0.9
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    for said in (found.out, page):
        assert "groundedness: with people, on 6 answers: kappa" in said
    assert "在 6 条回答上与人相比" in page
    # The comparison says it, too, beside the columns of the judge.
    compared = await parley_here(
        tmp_path, "eval", "compare", str(tmp_path / "out"), str(tmp_path / "out"), "--lang", "zh"
    )
    assert "在 6 条回答上与人相比" in compared.out


async def cites(question: str) -> Reply:
    """A bot with evidence."""
    text = "You can return a product within 30 days."
    citation = Citation(n=1, source_id="returns", title="Returns", url=None, quote=text)
    return replace(plain_reply(f"{text} [1]", question, "en", {}, "x"), citations=(citation,))


async def test_rated_answers_of_another_rubric_are_told(tmp_path: Path) -> None:
    cases = written(tmp_path / "cases.jsonl", [{"id": "1", "question": "a?"}])
    rated = written(tmp_path / "rated.jsonl", [{**RATED[0], "rubric": "short"}])
    given = ("eval", "run", "--cases", cases, "--function", f"{__name__}:spoken", "--out", str(tmp_path / "out"))
    found = await parley_here(tmp_path, *given, "--judge", "http://127.0.0.1:9/v1", "--rated", rated)
    assert found.status == 2
    assert "the rubric short, which the judge has not: helpful" in found.err


def run_of(folder: Path, answers: dict[str, str]) -> Path:
    folder.mkdir()
    rows = [
        {
            "id": case, "case": {"question": f"{case}?", "kind": "k"}, "scores": {"right": 1.0},
            "reply": {"text": text, "language": "zh" if "天" in text else "en", "decision": "answer"},
        }
        for case, text in answers.items()
    ]  # fmt: skip
    written(folder / "results.jsonl", rows)
    return folder


async def test_two_runs_are_compared_pair_by_pair_in_both_orders(tmp_path: Path) -> None:
    old = {"a": "No.", "b": "30 days.", "c": "Maybe.", "d": "Same.", "e": "No.", "f": ""}
    new = {"a": "30 days.", "b": "Yes.", "c": "Perhaps.", "d": "Same.", "e": "30天。", "f": "30"}
    before, after = run_of(tmp_path / "before", old), run_of(tmp_path / "after", new)
    async with model_server(judging()) as server:
        async with open_judge(server.url, "tiny-model", votes=1, tries=1) as judge:
            runs = read_run(before), read_run(after)
            found = await preferences(*runs, load_rubric("helpful"), judge)
        asked = len(server.requests)
        given = ("eval", "compare", str(before), str(after), "--judge", server.url, "--judge-model", "tiny-model")
        told = await parley_here(tmp_path, *given, "--json")
        shown = await parley_here(tmp_path, *given, "--markdown", str(tmp_path / "pr.md"), "--lang", "zh")
    assert asked == 2 * 4  # equal answers, and those without words, are not shown
    assert found == Preference(by="tiny-model", rubric="helpful", before=1, after=2, ties=2, unread=0, p=1.0)
    assert (told.status, json.loads(told.out)["preference"]["after"]) == (0, 2)
    for said in (shown.out, (tmp_path / "pr.md").read_text("utf-8")):
        assert "tiny-model" in said
        assert "未测量它与人的一致程度" in said
