"""Public data sets as cases, and as articles to look them up in."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent.training.data import Labelled, read_labelled
from evals.cases import Case, CaseUtterance

_ASKED = ("电话", "地址", "门票", "评分", "价格", "人均消费", "游玩时间", "营业时间")
_ANSWERABLE = frozenset({"ANSWERABLE", "PARTIAL"})


def cmrc2018(path: Path) -> Iterator[Case]:
    """CMRC 2018 in SQuAD's form: right holds one of the annotators' answers; the paragraph is the gold document."""
    for paragraph in _paragraphs(path):
        for asked in paragraph["qas"]:
            answers = list(dict.fromkeys(answer["text"] for answer in asked["answers"]))
            yield Case(
                id=asked["id"],
                lang="zh",
                question=asked["question"],
                gold_docs=[paragraph["id"]],
                must_include=[answers],
            )


def cmrc2018_articles(path: Path) -> Iterator[dict[str, str]]:
    """Its paragraphs."""
    for paragraph in _paragraphs(path):
        yield {"id": paragraph["id"], "title": paragraph["context"][:20], "content": paragraph["context"]}


def mtrag(path: Path) -> Iterator[Case]:
    """MTRAG-UN's tasks by their answerability. No key facts are labelled, so `right` says whether it answered as it should."""
    for task in _lines(path):
        label = task["answerability"][0]
        said = [
            CaseUtterance(role="user" if one["speaker"] == "user" else "assistant", content=one["text"])
            for one in task["input"]
        ]
        yield Case(
            id=task["task_id"], kind=label.lower(), history=said[:-1], question=said[-1].content,
            answerable=label in _ANSWERABLE, gold_docs=list(dict.fromkeys(one["document_id"] for one in task["contexts"])),
            reference=task["targets"][0]["text"],
        )  # fmt: skip


def mtrag_articles(path: Path) -> Iterator[dict[str, str]]:
    """Every passage that one of its tasks was given, once."""
    passages = {one["document_id"]: one["text"] for task in _lines(path) for one in task["contexts"]}
    for source, text in passages.items():
        yield {"id": source, "title": text.strip().split("\n", 1)[0][:80], "content": text}


def crosswoz(path: Path) -> Iterator[Case]:
    """CrossWOZ: of each dialogue the last question about an attribute that the graph holds; right has what the guide told."""
    with zipfile.ZipFile(path) as archive:
        dialogues = json.loads(archive.read(archive.namelist()[0]))
    for name, dialogue in dialogues.items():
        said = dialogue["messages"]
        for at in range(len(said) - 2, -1, -1):
            wanted = {act[2] for act in said[at]["dialog_act"] if act[0] == "Request" and act[2] in _ASKED}
            told = [act[3].split() for act in said[at + 1]["dialog_act"] if act[0] == "Inform" and act[2] in wanted]
            if said[at]["role"] == "usr" and told and all(told):
                history = [
                    CaseUtterance(role="user" if one["role"] == "usr" else "assistant", content=one["content"])
                    for one in said[:at]
                ]
                yield Case(
                    id=f"crosswoz-{name}",
                    lang="zh",
                    kind="dialogue",
                    history=history,
                    question=said[at]["content"],
                    must_include=told,
                )
                break


def banking77(path: Path) -> Iterator[Case]:
    """BANKING77: an utterance and its intent a row."""
    data = read_labelled(path)
    for number, (text, label) in enumerate(zip(data.texts, data.labels, strict=True), start=1):
        yield Case(id=f"banking77-{number}", kind="intent", question=text, intent=label)


def clinc150(path: Path) -> Iterator[Case]:
    """CLINC150: the test utterances of its 150 intents, and those that none of them is for."""
    data = json.loads(path.read_text("utf-8"))
    for part, kind in (("test", "intent"), ("oos_test", "out_of_scope")):
        for number, (text, label) in enumerate(data[part], start=1):
            yield Case(id=f"clinc150-{part}-{number}", kind=kind, question=text, intent=label)


def clinc150_train(path: Path) -> Labelled:
    """What CLINC150 has to learn from, its hundred strangers included."""
    data = json.loads(path.read_text("utf-8"))
    pairs = [*data["train"], *data["oos_train"]]
    return Labelled(tuple(text for text, _ in pairs), tuple(label for _, label in pairs))


def _paragraphs(path: Path) -> Iterator[dict[str, Any]]:
    for document in json.loads(path.read_text("utf-8"))["data"]:
        yield from document["paragraphs"]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").split("\n"):
        if line.strip():
            yield json.loads(line)
