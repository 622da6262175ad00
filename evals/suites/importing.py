"""Cases out of files of other tools: LangSmith and Langfuse data sets, RAGAS-style records, csv."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from agent.errors import CallerError
from evals.cases import Case, load_cases
from evals.dialogues import dialogue_cases
from evals.suites.public_sets import banking77, clinc150, cmrc2018, crosswoz, mtrag
from knowledge.han import HAN

_QUESTION = ("question", "user_input", "input", "query", "prompt", "text", "问题")
_REFERENCE = ("reference", "ground_truth", "ground_truths", "answer", "output", "expected_output", "expected", "答案")
_INPUTS = ("inputs", "input")
_OUTPUTS = ("outputs", "expected_output", "expectedOutput", "reference_outputs")
_SETS: dict[str, Callable[[Path], Iterable[Case]]] = {
    "dialogues": dialogue_cases,
    "cmrc2018": cmrc2018, "mtrag": mtrag, "crosswoz": crosswoz, "banking77": banking77, "clinc150": clinc150,
}  # fmt: skip


def read_cases(path: Path, format: str = "auto") -> list[Case]:
    """Cases of a file whose form is told by what it holds. Raises CallerError that names the place that is not understood."""
    if format in _SETS:
        try:
            return list(_SETS[format](path))
        except CallerError:
            raise
        except (OSError, KeyError, IndexError, ValueError) as error:
            raise CallerError(f"{path}: not of the form {format}: {error}") from error
    if path.suffix.lower() == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _foreign(path, csv.DictReader(file))
    if path.suffix.lower() == ".json":
        return _foreign(path, _document(path))
    first = _first(path)
    if {"id", "question"} <= first.keys() or not first:
        return load_cases(path)
    return _foreign(path, (json.loads(line) for line in path.read_text("utf-8-sig").split("\n") if line.strip()))


def case_of(record: Mapping[str, Any], number: int) -> Case:
    """One record of another tool. Raises ValueError that says what is missing.

    Its reference answer stands in `reference`, against which `token_f1`, `rouge_l` and `chrf` are counted; as it names no
    key facts, `right` says no more than whether it was answered.
    """
    inputs = {**record, **_inner(record, _INPUTS)}
    outputs = {**record, **_inner(record, _OUTPUTS)}
    said = inputs.get("messages") or inputs.get("user_input")
    history: list[dict[str, str]] = []
    question = _text(inputs, _QUESTION)
    if isinstance(said, list):
        turns = [_turn(one) for one in said]
        asked = max((n for n, one in enumerate(turns) if one["role"] == "user"), default=-1)
        if asked < 0:
            raise ValueError("its messages hold none of a user")
        history, question = turns[:asked], turns[asked]["content"]
    if not question:
        raise ValueError(f"no question; expected one of {', '.join(_QUESTION)}, perhaps within inputs")
    return Case.model_validate(
        {
            "id": str(record.get("id") or f"case-{number}"),
            "lang": record.get("lang") or ("zh" if len(HAN.findall(question)) * 3 > len(question) else "en"),
            "kind": str(record.get("kind") or "imported"),
            "history": history,
            "question": question,
            "reference": _text(outputs, _REFERENCE),
        }
    )


def _foreign(path: Path, records: Iterable[Mapping[str, Any]]) -> list[Case]:
    cases, number = [], 0
    try:
        for number, record in enumerate(records, start=1):
            cases.append(case_of(record, number))
    except (ValueError, AttributeError, TypeError) as error:
        raise CallerError(f"{path}: record {max(number, 1)}: {error}") from error
    if not cases:
        raise CallerError(f"{path}: no cases")
    return cases


def _document(path: Path) -> list[Mapping[str, Any]]:
    try:
        document = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CallerError(f"{path}: {error}") from error
    found = next(
        (document[name] for name in ("examples", "items", "data") if isinstance(document, dict) and name in document),
        document,
    )
    if not isinstance(found, list):
        raise CallerError(f"{path}: no list of records")
    return found


def _first(path: Path) -> Mapping[str, Any]:
    """The first record of a file of lines; empty where it is broken, which the reader of cases then tells."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            found = json.loads(next((line for line in lines if line.strip()), "{}"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _inner(record: Mapping[str, Any], names: Iterable[str]) -> Mapping[str, Any]:
    return next((record[name] for name in names if isinstance(record.get(name), dict)), {})


def _text(record: Mapping[str, Any], names: Iterable[str]) -> str:
    for name in names:
        value = record.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _turn(one: Mapping[str, Any]) -> dict[str, str]:
    role = one.get("role") or one.get("type")
    return {"role": "user" if role in {"user", "human"} else "assistant", "content": str(one.get("content", ""))}
