"""Cases out of files of other tools: LangSmith and Langfuse data sets, RAGAS-style records, csv."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from agent.errors import CallerError, reason_of
from agent.learning.imports.sources import SAMPLE, encoding_of
from evals.cases import Case, load_cases
from evals.dialogues import dialogue_cases
from evals.suites.public_sets import banking77, clinc150, cmrc2018, crosswoz, mtrag
from knowledge.text.han import HAN

_QUESTION = ("question", "user_input", "input", "query", "prompt", "text", "问题")
_REFERENCE = (
    "reference", "ground_truth", "ground_truths", "answer", "output", "expectedOutput", "expected_output", "expected", "答案",
)  # fmt: skip
_INPUTS = ("inputs", "input")
_OUTPUTS = ("outputs", "expected_output", "expectedOutput", "reference_outputs")
_SAID = ("messages", "chat_history", "user_input", "input", "inputs")
_ASKED = ("question", "query")
_ROLES = {"user": "user", "human": "user", "assistant": "assistant", "ai": "assistant"}
_LEFT_OUT = "ARCHIVED"
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
            raise CallerError(f"{path}: not of the form {format}: {reason_of(error)}") from error
    if path.suffix.lower() == ".csv":
        return _table(path)
    if path.suffix.lower() == ".json":
        return _foreign(path, _document(path))
    first = _first(path)
    if {"id", "question"} <= first.keys() or not first:
        return load_cases(path)
    return _foreign(path, (json.loads(line) for line in path.read_text("utf-8-sig").split("\n") if line.strip()))


def _table(path: Path) -> list[Case]:
    """A csv by commas, semicolons or tabs, in UTF-8 or as Chinese spreadsheets write it."""
    try:
        with path.open("rb") as raw:
            encoding = encoding_of(raw.read(SAMPLE))
        text = path.read_bytes().decode(encoding).lstrip("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(f"{path}: {reason_of(error)}") from error
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    return _foreign(path, csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def case_of(record: Mapping[str, Any], number: int) -> Case:
    """One record of another tool. Raises ValueError that says what is missing.

    Its reference answer stands in `reference`, against which `token_f1`, `rouge_l` and `chrf` are counted; as it names no
    key facts, `right` says no more than whether it was answered.
    """
    record = {name: _decoded(value) for name, value in record.items()}
    inputs = {**record, **_inner(record, _INPUTS)}
    outputs = {**record, **_inner(record, _OUTPUTS)}
    history, question, followed = _asked(inputs)
    if not question:
        raise ValueError(f"no question; expected one of {', '.join(_QUESTION)}, perhaps within inputs")
    return Case.model_validate(
        {
            "id": str(record.get("id") or f"case-{number}"),
            "lang": record.get("lang") or ("zh" if len(HAN.findall(question)) * 3 > len(question) else "en"),
            "kind": str(record.get("kind") or "imported"),
            "history": history,
            "question": question,
            "reference": _text(outputs, _reference_names(record)) or followed,
        }
    )


def _asked(inputs: Mapping[str, Any]) -> tuple[list[dict[str, str]], str, str]:
    """The history, the question, and what follows it: of messages, those before the last of a user, that one, and the rest."""
    said = next((inputs[name] for name in _SAID if _are_messages(inputs.get(name))), None)
    if said is None:
        return [], _text(inputs, _QUESTION), ""
    turns = [turn for one in said if (turn := _turn(one))["role"] in {"user", "assistant"}]
    if apart := next((str(inputs[name]) for name in _ASKED if isinstance(inputs.get(name), str)), ""):
        return turns, apart, ""
    asked = max((n for n, one in enumerate(turns) if one["role"] == "user"), default=-1)
    if asked < 0:
        raise ValueError("its messages hold none of a user")
    return turns[:asked], turns[asked]["content"], "\n".join(one["content"] for one in turns[asked + 1 :])


def _reference_names(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Beside passages that were found for it, an `answer` is what some system said, not what is right."""
    found = "contexts" in record or "retrieved_contexts" in record
    return tuple(name for name in _REFERENCE if name != "answer" or not found)


def _foreign(path: Path, records: Iterable[Mapping[str, Any]]) -> list[Case]:
    cases, number = [], 0
    try:
        for number, record in enumerate(records, start=1):
            if record.get("status") != _LEFT_OUT:
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
        raise CallerError(f"{path}: {reason_of(error)}") from error
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
            value = value[-1] if _are_messages(value) else value[0]
        if isinstance(value, Mapping) and ("content" in value or "kwargs" in value or "data" in value):
            value = _turn(value)["content"]
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _decoded(value: Any) -> Any:
    """What a cell of a csv holds as JSON."""
    if not isinstance(value, str) or value[:1] + value[-1:] not in {"{}", "[]", '""'}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _are_messages(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _turn(one: Mapping[str, Any]) -> dict[str, str]:
    """A message of OpenAI's form, or of LangChain's: `type` and `content`, these in `data`, or a constructor's `kwargs`."""
    inner = next((one[name] for name in ("data", "kwargs") if isinstance(one.get(name), Mapping)), one)
    kind = one["id"][-1] if isinstance(one.get("id"), list) and one["id"] else one.get("role") or one.get("type")
    content = inner.get("content", "")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) if isinstance(part, Mapping) else str(part) for part in content)
    role = _ROLES.get(str(kind).lower().removesuffix("message").removesuffix("messagechunk"), str(kind))
    return {"role": role, "content": str(content or "")}
