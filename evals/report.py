"""Writes a run down: results.jsonl, summary.json, junit.xml, report.html."""

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

import orjson

from agent.types import JsonValue
from agent.wire import reply_json
from evals.metrics.risk import RiskPoint, risk_curve
from evals.risk_plot import risk_svg
from evals.runner import Result

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem}table{border-collapse:collapse;"
    "width:100%}td,th{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:start;vertical-align:top}"
    "tr.wrong{background:#c002}.bar,.dot{fill:#0b5d57}.line{fill:none;stroke:#0b5d57;stroke-width:2}"
    ".grid{stroke:#8884}.wrap{overflow-x:auto}"
)


def write_report(out: Path, results: Sequence[Result], summary: Mapping[str, JsonValue]) -> None:
    """All four files into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    lines = [orjson.dumps({"id": r.case.id, "reply": reply_json(r.reply), "scores": r.scores}) + b"\n" for r in results]
    (out / "results.jsonl").write_bytes(b"".join(lines))
    (out / "summary.json").write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    (out / "junit.xml").write_bytes(_junit(results))
    (out / "report.html").write_text(_html(results, summary), "utf-8")


def _junit(results: Sequence[Result]) -> bytes:
    wrong = [result for result in results if not result.scores["right"]]
    suite = ElementTree.Element("testsuite", name="parley", tests=str(len(results)), failures=str(len(wrong)))
    for result in results:
        case = ElementTree.SubElement(suite, "testcase", classname=result.case.kind, name=result.case.id)
        if not result.scores["right"]:
            failure = ElementTree.SubElement(case, "failure", message=result.reply.decision.value)
            failure.text = f"{result.case.question}\n{result.reply.text}"
    return bytes(ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True))


def _html(results: Sequence[Result], summary: Mapping[str, JsonValue]) -> str:
    by_kind = summary["by_kind"]
    assert isinstance(by_kind, Mapping)
    numbers = "".join(
        f"<tr><th>{html.escape(name)}<td>{value}" for name, value in summary.items() if isinstance(value, int | float)
    )
    ordered = sorted(results, key=lambda result: result.scores["right"])
    return (
        f'<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Parley evaluation</title><style>{_STYLE}</style><h1>Evaluation</h1><table>{numbers}</table>"
        f"<h2>Right, by kind</h2>{_bars({str(k): _right(v) for k, v in by_kind.items()})}"
        f"<h2>The price of a wrong answer</h2>{_risk(risk_curve(results))}<h2>Cases</h2>"
        f'<div class="wrap"><table><tr><th>id<th>question<th>answer<th>decision{"".join(map(_row, ordered))}</table></div>'
    )


def _right(of_kind: JsonValue) -> float:
    value = of_kind["right"] if isinstance(of_kind, Mapping) else 0.0
    return float(value) if isinstance(value, int | float) else 0.0


def _bars(shares: Mapping[str, float]) -> str:
    rows = "".join(
        f'<text x="0" y="{n * 28 + 18}" fill="currentColor">{html.escape(name)}</text><rect class="bar" x="130" y="{n * 28 + 4}" '
        f'width="{share * 300:.0f}" height="18"/><text x="{135 + share * 300:.0f}" y="{n * 28 + 18}" fill="currentColor">{share:.0%}</text>'
        for n, (name, share) in enumerate(shares.items())
    )
    return f'<svg role="img" aria-label="share right by kind" viewBox="0 0 500 {len(shares) * 28 + 8}" width="100%">{rows}</svg>'


def _risk(curve: Sequence[RiskPoint]) -> str:
    """The curve, and its figures: what `[guard] wrong_answer_cost` would give at other values."""
    shares = [
        (p.answerable_right, p.answerable_declined, p.unanswerable_declined, p.right_of_given, p.wrong) for p in curve
    ]
    rows = "".join(
        f"<tr><td>{point.cost:g}" + "".join(f"<td>{'–' if share is None else f'{share:.0%}'}" for share in of_point)
        for point, of_point in zip(curve, shares, strict=True)
    )
    names = ("answerable right", "answerable declined", "unanswerable declined", "right of given", "wrong of all")
    return (
        "<p>A wrong answer costs as much as so many declined ones (<code>[guard] wrong_answer_cost</code>).</p>"
        f'{risk_svg(curve)}<div class="wrap"><table><tr><th>cost{"".join(f"<th>{name}" for name in names)}{rows}</table></div>'
    )


def _row(result: Result) -> str:
    mark = "" if result.scores["right"] else ' class="wrong"'
    cells = (result.case.id, result.case.question, result.reply.text, result.reply.decision.value)
    return f"<tr{mark}>" + "".join(f"<td>{html.escape(cell)}" for cell in cells)
