"""Suites and the files of other tools."""

import json
from pathlib import Path

import pytest

from agent.errors import CallerError
from evals.cases import Case
from evals.running.job import Wanted, jobs_of_suites
from evals.suites.contamination import contaminated, texts_of, training_of
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


HI = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
LANGCHAIN = {
    "lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", "HumanMessage"],
    "kwargs": {"content": [{"type": "text", "text": "When?"}], "type": "human"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        # LangSmith: a data set as it is exported, of key-value and of chat examples; its runs for fine-tuning.
        ("a.jsonl", json.dumps({"id": "e1", "created_at": "2026-01-01", "dataset_id": "d", "inputs": {"messages": [LANGCHAIN]}, "outputs": {"generations": [], "output": {"type": "ai", "data": {"content": "Now."}}}, "metadata": {"dataset_split": ["base"]}}), ("When?", "Now.", 0)),
        ("b.jsonl", json.dumps({"messages": [{"role": "system", "content": "Be brief."}, *HI, {"role": "user", "content": "何时？"}, {"role": "assistant", "content": "现在"}]}, ensure_ascii=False), ("何时？", "现在", 2)),
        ("c.csv", 'id,inputs,outputs\ne1,"{""question"": ""When?""}","{""answer"": ""Now.""}"\n', ("When?", "Now.", 0)),
        # Langfuse: items of a data set from its API, from its page as csv; archived ones are left out.
        ("d.json", json.dumps({"data": [{"id": "i0", "status": "ARCHIVED", "input": "Old?"}, {"id": "i1", "status": "ACTIVE", "input": [*HI, {"role": "user", "content": "When?"}], "expectedOutput": "Now.", "metadata": None, "sourceTraceId": None, "datasetName": "faq"}], "meta": {"page": 1}}), ("When?", "Now.", 2)),
        ("e.csv", 'id,input,expected_output,metadata\ni1,"""何时？""","{""content"": ""现在""}",null\n', ("何时？", "现在", 0)),
        # RAGAS: a sample of one turn, of several, and as its first versions wrote them.
        ("f.jsonl", json.dumps({"user_input": "When?", "retrieved_contexts": ["Now, of course."], "reference_contexts": ["x"], "response": "Never.", "reference": "Now.", "synthesizer_name": "single_hop"}), ("When?", "Now.", 0)),
        ("g.jsonl", json.dumps({"user_input": [{"content": "Hi", "type": "human"}, {"content": "Hello", "type": "ai", "tool_calls": []}, {"content": "When?", "type": "human"}], "reference": "Now.", "reference_topics": []}), ("When?", "Now.", 2)),
        ("h.jsonl", json.dumps({"question": "When?", "contexts": ["x"], "answer": "Never.", "ground_truth": "Now."}), ("When?", "Now.", 0)),
        ("i.jsonl", json.dumps({"question": "When?", "contexts": ["x"], "answer": "Never."}), ("When?", "", 0)),
        ("j.jsonl", json.dumps({"inputs": {"question": "When?", "chat_history": HI}, "outputs": {"answer": "Now."}}), ("When?", "Now.", 2)),
    ],
)  # fmt: skip
def test_files_as_other_tools_write_them(tmp_path: Path, name: str, text: str, found: tuple[str, str, int]) -> None:
    (tmp_path / name).write_text(text + "\n", "utf-8")
    (case,) = read_cases(tmp_path / name)
    assert (case.question, case.reference, len(case.history)) == found
    assert case.lang == ("zh" if "何" in case.question else "en")


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


def test_a_split_keeps_conversations_together_and_tells_of_near_copies_across_it(tmp_path: Path) -> None:
    cases = [{"id": f"{n}", "question": f"Question number {n}, 问题{n}？"} for n in range(400)]
    talks = [
        {"id": f"t{n}-{turn}", "question": f"And {turn}?", "history": [{"role": "user", "content": f"Begin {n}"}]}
        for n in range(40) for turn in range(3)
    ]  # fmt: skip
    (tmp_path / "set.jsonl").write_text("".join(json.dumps(one) + "\n" for one in (*cases, *talks)), "utf-8")
    parts = {}
    for part in ("dev", "test"):
        file = tmp_path / f"{part}.yaml"
        file.write_text(f"name: {part}\ncases: [{{file: set.jsonl, split: {part}, test_share: 0.3}}]\n", "utf-8")
        (job,) = jobs_of_suites([str(file)], tmp_path / "out", Wanted())
        parts[part] = {case.id for case in job.cases}
    assert not parts["dev"] & parts["test"] and len(parts["dev"] | parts["test"]) == 520
    assert 0.2 < len(parts["test"]) / 520 < 0.4
    for n in range(40):
        assert len({name for name, ids in parts.items() for turn in range(3) if f"t{n}-{turn}" in ids}) == 1
    loaded = load_suite(str(tmp_path / "dev.yaml"))
    assert loaded.suite.trains
    other = Case(id="x", question=next(one["question"] for one in cases if one["id"] in parts["test"]) + " ")
    assert contaminated([other], training_of(loaded))["x"].startswith("set.jsonl: ")


def test_thresholds_hold_at_their_ends() -> None:
    limit = Threshold(min=0.5, max=0.9)
    assert [limit.holds(value) for value in (0.49, 0.5, 0.9, 0.91)] == [False, True, True, False]
    assert limit.words() == "≥ 0.5, ≤ 0.9"
