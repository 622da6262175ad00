"""Gold documents that name nothing in the home are told, and nothing is measured by them."""

import json
from pathlib import Path

import pytest

from evals.cases import Case
from evals.gold_docs import about_missing, without
from tests.support.commands import Finished, parley_here
from tests.support.homes import QUESTION, small_home

HELD = ["articles/cancellation.md", "articles/zh/押金.md", "articles/a/faq.md", "articles/b/faq.md", "stations.xlsx"]


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (
            {"cancellation.md"},
            "1 of gold_docs names nothing in this home, e.g. cancellation.md; did you mean articles/cancellation.md?",
        ),
        ({"docs/cancellation.md"}, "did you mean articles/cancellation.md?"),
        ({"押金.md"}, "did you mean articles/zh/押金.md?"),
        (
            {"zh/押金.md", "nowhere.md"},
            "2 gold_docs name nothing in this home, e.g. zh/押金.md; did you mean articles/zh/押金.md?",
        ),
        ({"stations.csv"}, "did you mean stations.xlsx?"),
        ({"faq.md"}, "e.g. faq.md."),
        ({"nowhere.md"}, "e.g. nowhere.md."),
    ],
)
def test_the_document_that_was_meant_is_named_where_one_is_alike(missing: set[str], said: str) -> None:
    assert said in about_missing(missing, HELD)


def test_only_what_is_missing_is_left_out() -> None:
    case = Case(id="1", question="?", gold_docs=["a.md", "b.md"])
    assert without(case, {"a.md"}).gold_docs == ["b.md"]
    assert without(case, {"c.md"}) is case


async def measured(folder: Path, *commands: str, gold: list[str]) -> Finished:
    root, cases = small_home(folder), folder / "cases.jsonl"
    lines = [
        {"id": str(n), "question": QUESTION, "gold_docs": [name], "must_include": [["30"]]}
        for n, name in enumerate(gold)
    ]
    cases.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    return await parley_here(root, "eval", *commands, "--cases", str(cases), "--json")


async def test_a_run_shows_no_figures_of_documents_that_are_not_there(tmp_path: Path) -> None:
    done = await measured(tmp_path, "run", "--out", str(tmp_path / "run"), gold=["returns.md"])
    assert "e.g. returns.md; did you mean articles/returns.md?" in done.err
    summary = json.loads(done.out)
    assert not {"recall@5", "mrr", "ndcg@10", "doc@5"} & summary.keys()
    assert summary["verdict"] == "1 of 1 right, 0 wrong, 0 declined"


async def test_a_run_measures_what_is_there(tmp_path: Path) -> None:
    done = await measured(tmp_path, "run", "--out", str(tmp_path / "run"), gold=["articles/returns.md", "returns.md"])
    assert "1 of gold_docs names nothing" in done.err
    assert json.loads(done.out)["recall@5"] == 1


async def test_retrieval_refuses_where_nothing_is_there_and_measures_the_rest(tmp_path: Path) -> None:
    none = await measured(tmp_path / "a", "retrieval", gold=["returns.md"])
    assert (none.status, none.out) == (2, "")
    assert "did you mean articles/returns.md?" in none.err
    some = await measured(tmp_path / "b", "retrieval", gold=["articles/returns.md", "returns.md"])
    assert json.loads(some.out)["fusion"]["recall@5"] == 1
    assert "1 of gold_docs names nothing" in some.err
