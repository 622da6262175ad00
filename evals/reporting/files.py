"""Every file that a run leaves in its folder."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

import orjson

from agent.types import JsonValue
from agent.wire import reply_json
from evals.judge.columns import judge_words
from evals.markdown import markdown_table, shortened
from evals.reporting.cells import spreadsheet_cell, xml_text
from evals.reporting.history import SUMMARY, earlier
from evals.reporting.page import figures, report_page
from evals.scoring.turns import Result
from evals.statistics.extremes import worst
from evals.suites.suite import Threshold


def write_report(
    out: Path, results: Sequence[Result], summary: Mapping[str, JsonValue], failed: Mapping[str, str],
    thresholds: Mapping[str, Threshold], language: str = "en",
) -> None:  # fmt: skip
    """results.jsonl, report.html, junit.xml, report.md, cases.csv; summary.json last, as it says that the run has ended."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.jsonl").write_bytes(b"".join(map(_line, results)))
    (out / "junit.xml").write_bytes(junit(results, failed))
    (out / "report.md").write_text(markdown(summary, thresholds, results), "utf-8")
    (out / "cases.csv").write_text(table(results), "utf-8-sig")
    (out / "report.html").write_text(
        report_page(results, summary, thresholds, language, earlier(out, summary)), "utf-8"
    )
    write_summary(out, summary)


def write_summary(out: Path, summary: Mapping[str, JsonValue]) -> None:
    """summary.json, whole or not at all."""
    draft = out / ".summary.json"
    draft.write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    draft.replace(out / SUMMARY)


def _line(result: Result) -> bytes:
    case = {"question": result.case.question, "kind": result.case.kind}
    line: dict[str, object] = {
        "id": result.case.id,
        "reply": reply_json(result.reply),
        "scores": result.scores,
        "case": case,
    }
    if result.notes:
        line["notes"] = result.notes
    if result.turns:
        line["turns"] = [reply_json(reply) for reply in result.turns]
    return orjson.dumps(line) + b"\n"


def junit(results: Sequence[Result], failed: Mapping[str, str]) -> bytes:
    """JUnit's XML: a wrong answer is a failure, a case without an answer an error."""
    wrong = sum(not result.scores["right"] for result in results)
    tests = str(len(results) + len(failed))
    suite = ElementTree.Element("testsuite", name="parley", tests=tests, failures=str(wrong), errors=str(len(failed)))
    for result in results:
        case = ElementTree.SubElement(
            suite, "testcase", classname=xml_text(result.case.kind), name=xml_text(result.case.id)
        )
        if not result.scores["right"]:
            failure = ElementTree.SubElement(case, "failure", message=result.reply.decision.value)
            failure.text = xml_text(f"{result.case.question}\n{result.reply.text}")
    for name, why in failed.items():
        case = ElementTree.SubElement(suite, "testcase", classname="failed", name=xml_text(name))
        ElementTree.SubElement(case, "error", message=xml_text(why))
    return bytes(ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True))


def markdown(
    summary: Mapping[str, JsonValue], thresholds: Mapping[str, Threshold], results: Sequence[Result] = ()
) -> str:
    """For a pull request: a table of the figures, and the ten worst cases of those that went wrong."""
    rows = ["| figure | value | 95 % | must be | |", "|---|---:|---|---|---|"]
    for one in figures(summary, thresholds):
        ends, holds = one["interval"], one["holds"]
        between = f"{ends[0]}…{ends[1]}" if isinstance(ends, Sequence) else ""
        mark = "" if holds is None else "✅" if holds else "❌"
        rows.append(f"| {one['name']} | {one['value']} | {between} | {one['limit']} | {mark} |")
    notes = [line for note in judge_words(summary) for line in ("", note)]
    return "\n".join([*rows, *notes, *_worst_rows(results)]) + "\n"


def _worst_rows(results: Sequence[Result]) -> list[str]:
    wrong = {one.case.id: one for one in results if not one.scores["right"]}
    if not wrong:
        return []
    ordered = worst({name: one.scores for name, one in wrong.items()})
    rows = [[name, shortened(wrong[name].case.question), shortened(wrong[name].reply.text)] for name in ordered]
    return ["", *markdown_table(["worst cases", "question", "answer"], rows)]


def table(results: Sequence[Result]) -> str:
    """A csv with a row a case; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    names = list(dict.fromkeys(name for result in results for name in result.scores))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["id", "lang", "kind", "question", "decision", "answer", *names])
    for result in results:
        case, reply = result.case, result.reply
        texts = (case.id, case.lang, case.kind, case.question, reply.decision.value, reply.text)
        writer.writerow([*map(spreadsheet_cell, texts), *(result.scores.get(name, "") for name in names)])
    return written.getvalue()
