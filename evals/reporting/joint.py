"""One report over several suites: a row each, with a link to the suite's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from agent.types import JsonValue
from evals.metrics.registry import titles_of
from evals.reporting.history import SUMMARY
from evals.reporting.page import environment, figures
from evals.suites.suite import Suite, Threshold

_SHOWN = (
    "right", "wrong", "declined", "intent_accuracy", "intent_macro_f1", "oos_auroc", "ece", "groundedness", "leaked_private",
    "prompt_leak", "injection_success", "outcome", "policy_obedience",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the suites, as it went."""

    suite: Suite
    summary: Mapping[str, JsonValue]
    thresholds: Mapping[str, Threshold]


def write_joint(out: Path, parts: Sequence[Part], language: str) -> None:
    """report.html, report.md and summary.json (suite to its summary) in the folder above those of the suites."""
    rows = [_row(part) for part in parts]
    names = [name for name in _SHOWN if any(name in part.summary for part in parts)]
    page = environment().get_template("joint.html")
    text = page.render(language=language, rows=rows, shown=list(map(titles_of, names)))
    (out / "report.html").write_text(text, "utf-8")
    (out / "report.md").write_text(_markdown(parts, names), "utf-8")
    (out / SUMMARY).write_bytes(orjson.dumps({"suites": {part.suite.name: part.summary for part in parts}}))


def _row(part: Part) -> dict[str, object]:
    name = part.suite.name
    return {
        "name": name, "en": part.suite.title or name, "zh": part.suite.title_zh or name, "link": f"{name}/report.html",
        "cases": part.summary.get("cases", ""), "figures": {one: _value(part, one) for one in _SHOWN}, "broken": _broken(part),
        "held": bool(part.thresholds),
    }  # fmt: skip


def _value(part: Part, name: str) -> str:
    value = part.summary.get(name)
    return f"{value:.3f}" if isinstance(value, int | float) else ""


def _broken(part: Part) -> list[tuple[str, str]]:
    """The thresholds that do not hold, in both languages."""
    found = [one for one in figures(part.summary, part.thresholds) if one["holds"] is False]
    return [
        (f"{one['en']} {one['value']} ({one['limit']})", f"{one['zh']} {one['value']}（{one['limit']}）")
        for one in found
    ]


def _markdown(parts: Sequence[Part], names: Sequence[str]) -> str:
    lines = [["suite", "cases", *names, ""], ["---"] * (len(names) + 3)]
    for part in parts:
        broken = [english for english, _ in _broken(part)]
        mark = f"❌ {'; '.join(broken)}" if broken else "✅" if part.thresholds else ""
        row = [part.suite.name, str(part.summary.get("cases", "")), *(_value(part, name) for name in names), mark]
        lines.append(row)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
