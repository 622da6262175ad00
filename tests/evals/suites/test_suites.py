"""Suites and the files of other tools."""

import json
from pathlib import Path

import pytest

from agent.errors import CallerError
from evals.cases import Case
from evals.suites.contamination import contaminated, texts_of
from evals.suites.importing import read_cases
from evals.suites.suite import Threshold, load_suite, shipped


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_suite_loads(name: str) -> None:
    assert load_suite(name).suite.name == name


@pytest.mark.parametrize(
    ("text", "said"), [("name: x", "cases"), ("name: x\ncases: [{file: a}]\ncolour: red", "colour"), (": [", "no YAML")]
)
def test_a_wrong_suite_is_told_by_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "suite.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(CallerError, match=said):
        load_suite(str(file))


@pytest.mark.parametrize(
    ("record", "question", "reference", "history"),
    [
        ({"inputs": {"question": "When?"}, "outputs": {"answer": "Now."}}, "When?", "Now.", 0),
        ({"id": "9", "input": {"query": "何时？"}, "expectedOutput": {"output": "现在"}}, "何时？", "现在", 0),
        ({"user_input": "When?", "reference": "Now.", "retrieved_contexts": ["x"]}, "When?", "Now.", 0),
        ({"question": "When?", "ground_truths": ["Now."]}, "When?", "Now.", 0),
        ({"inputs": {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "When?"}]}, "outputs": {"answer": "Now."}}, "When?", "Now.", 2),
    ],
)  # fmt: skip
def test_records_of_other_tools_become_cases(
    tmp_path: Path, record: dict[str, object], question: str, reference: str, history: int
) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
    (case,) = read_cases(file)
    assert (case.question, case.reference, len(case.history)) == (question, reference, history)
    assert case.lang == ("zh" if "何" in question else "en")


@pytest.mark.parametrize("named", ["question", "user_input"])
def test_a_separator_of_lines_within_a_text_ends_no_record(tmp_path: Path, named: str) -> None:
    file = tmp_path / "set.jsonl"
    records = [{"id": "1", named: "多久\u2028可以退货？"}, {"id": "2", named: "When?\x85Now?"}]
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n\n" for one in records), "utf-8")
    assert [case.question for case in read_cases(file)] == [one[named] for one in records]


def test_a_csv_becomes_cases_and_what_asks_nothing_is_told(tmp_path: Path) -> None:
    file = tmp_path / "set.csv"
    file.write_text("question,answer\nWhen?,Now.\n多久？,三天\n", "utf-8")
    assert [(case.lang, case.reference) for case in read_cases(file)] == [("en", "Now."), ("zh", "三天")]
    file.write_text("colour\nred\n", "utf-8")
    with pytest.raises(CallerError, match=r"record 1: no question"):
        read_cases(file)


def test_near_copies_of_training_data_are_told(tmp_path: Path) -> None:
    file = tmp_path / "train.csv"
    file.write_text("text,label\nwhere is my new card please,card\n怎么查询我的订单物流信息呢,order\n", "utf-8")
    cases = [
        Case(id="1", question="Where is my new card, please?"),
        Case(id="2", question="怎么查询我的订单物流信息呢？", lang="zh"),
        Case(id="3", question="How do I close my account?"),
    ]
    assert contaminated(cases, texts_of(file)) == {"1": "train.csv:1", "2": "train.csv:2"}


def test_thresholds_hold_at_their_ends() -> None:
    limit = Threshold(min=0.5, max=0.9)
    assert [limit.holds(value) for value in (0.49, 0.5, 0.9, 0.91)] == [False, True, True, False]
    assert limit.words() == "≥ 0.5, ≤ 0.9"
