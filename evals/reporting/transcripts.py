"""What `parley eval conversations` leaves in its folder: a page with every conversation, Markdown, a spreadsheet, JUnit's XML."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

import orjson
from markupsafe import Markup

from agent.types import JsonValue
from evals.markdown import markdown_table, shortened
from evals.metrics.conversation import Said
from evals.metrics.registry import titles_of
from evals.reporting.cells import spreadsheet_cell, xml_text
from evals.reporting.figures_drawn import course_of_moods
from evals.reporting.files import markdown, write_summary
from evals.reporting.page import MOST_TRACES, environment, figures, script_data
from evals.scoring.transcripts import Transcript
from evals.statistics.extremes import MOST, worst
from evals.suites.suite import Threshold

_SHOWN = ("resolved", "repeated_answers", "contradictions", "sentiment_course", "turns")
"""Scores that are told of the worst conversations, as far as any conversation has them."""

_SPEAKERS = {"user": "customer", "assistant": "bot", "agent": "colleague"}
_FALLEN = -0.3


def write_transcripts(
    out: Path, transcripts: Sequence[Transcript], summary: Mapping[str, JsonValue],
    thresholds: Mapping[str, Threshold], language: str = "en",
) -> None:  # fmt: skip
    """results.jsonl, report.html, report.md, conversations.csv, junit.xml where there are thresholds; summary.json last."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.jsonl").write_bytes(b"".join(map(_line, transcripts)))
    (out / "report.html").write_text(transcripts_page(transcripts, summary, thresholds, language), "utf-8")
    (out / "report.md").write_text(_markdown(transcripts, summary, thresholds), "utf-8")
    (out / "conversations.csv").write_text(_table(transcripts), "utf-8-sig")
    if thresholds:
        (out / "junit.xml").write_bytes(_junit(summary, thresholds))
    else:
        (out / "junit.xml").unlink(missing_ok=True)
    write_summary(out, summary)


def transcripts_page(
    transcripts: Sequence[Transcript], summary: Mapping[str, JsonValue],
    thresholds: Mapping[str, Threshold], language: str,
) -> str:  # fmt: skip
    """The page, with a switch between languages; `language` is what it opens in."""
    ordered = _worst_first(transcripts)
    course = course_of_moods(_moods(transcripts), language)
    return (
        environment()
        .get_template("transcripts.html")
        .render(
            language=language,
            figures=figures(summary, thresholds),
            slices=_slices(summary),
            course=Markup(course),  # noqa: S704 - its words are escaped
            shown=list(map(titles_of, _shown(summary))),
            worst=[(one, _cells(one, _shown(summary))) for one in ordered[:MOST]],
            version=summary.get("version", ""),
            data=script_data([_row(one, whole=place < MOST_TRACES) for place, one in enumerate(ordered)]),
        )
    )


def _worst_first(transcripts: Sequence[Transcript]) -> list[Transcript]:
    by_id = {one.id: one for one in transcripts}
    return [by_id[name] for name in worst({one.id: one.scores for one in transcripts}, most=len(by_id))]


def _shown(summary: Mapping[str, JsonValue]) -> list[str]:
    return [name for name in _SHOWN if name in summary]


def _moods(transcripts: Sequence[Transcript]) -> Mapping[int, list[float]]:
    """Place among the customer's messages, from 1, to the polarity of each there."""
    places: dict[int, list[float]] = defaultdict(list)
    for one in transcripts:
        for place, mood in enumerate((said.polarity for said in one.said if said.polarity is not None), start=1):
            places[place].append(mood)
    return places


def _slices(summary: Mapping[str, JsonValue]) -> list[dict[str, JsonValue]]:
    found = summary["slices"]
    assert isinstance(found, list)
    return [{**one, **titles_of(str(one["metric"]))} | {"name": one["name"]} for one in found if isinstance(one, dict)]


def _cells(one: Transcript, names: Sequence[str]) -> list[str]:
    return [f"{one.scores[name]:.2f}".removesuffix(".00") if name in one.scores else "" for name in names]


def _signs(one: Transcript) -> list[str]:
    """What was seen in it, as words of the page that its cases can be filtered by."""
    scores = one.scores
    seen = {
        "repeats": scores.get("repeated_answers", 0) > 0,
        "contradicts": scores["contradictions"] > 0,
        "taken_over": scores.get("containment", 1) < 1,
        "mood_fell": scores.get("sentiment_course", 0) < _FALLEN,
    }
    return [name for name, found in seen.items() if found]


def _row(one: Transcript, *, whole: bool) -> dict[str, JsonValue]:
    signs: list[JsonValue] = list(_signs(one))
    row: dict[str, JsonValue] = {"id": one.id, **one.parts, "q": one.first, "signs": signs, "marks": signs}
    if not whole:
        return row
    scores = ", ".join(f"{name} {value:.2f}" for name, value in one.scores.items())
    pairs: list[JsonValue] = [["contradicts", f"{before} ↔ {after}", ""] for before, after in one.contradicting]
    return {**row, "trace": [*map(_spoken, one.said), *pairs, ["scores", scores, ""]]}


def _spoken(said: Said) -> list[JsonValue]:
    """A word for who speaks, the words, and the mood."""
    return [_SPEAKERS[said.role], said.text, "" if said.polarity is None else f"{said.polarity:+.2f}"]


def _line(one: Transcript) -> bytes:
    case = {"question": one.first, "kind": "transcript", "lang": one.parts["lang"]}
    line = {"id": one.id, "channel": one.parts["channel"], "case": case, "scores": dict(one.scores)}
    return orjson.dumps(line) + b"\n"


def _markdown(
    transcripts: Sequence[Transcript], summary: Mapping[str, JsonValue], thresholds: Mapping[str, Threshold]
) -> str:
    names = _shown(summary)
    rows = [[one.id, shortened(one.first), *_cells(one, names)] for one in _worst_first(transcripts)[:MOST]]
    return "\n".join([markdown(summary, thresholds), *markdown_table(["worst", "began with", *names], rows)]) + "\n"


def _table(transcripts: Sequence[Transcript]) -> str:
    """A csv with a row a conversation."""
    names = list(dict.fromkeys(name for one in transcripts for name in one.scores))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["id", "channel", "lang", "length", "first_message", *names])
    for one in transcripts:
        texts = (one.id, one.parts["channel"], one.parts["lang"], one.parts["length"], one.first)
        writer.writerow([*map(spreadsheet_cell, texts), *(one.scores.get(name, "") for name in names)])
    return written.getvalue()


def _junit(summary: Mapping[str, JsonValue], thresholds: Mapping[str, Threshold]) -> bytes:
    """JUnit's XML: a test for each threshold, as no conversation is right or wrong by itself."""
    held = [one for one in figures(summary, thresholds) if one["holds"] is not None]
    broken = str(sum(not one["holds"] for one in held))
    suite = ElementTree.Element("testsuite", name="parley", tests=str(len(held)), failures=broken, errors="0")
    for one in held:
        case = ElementTree.SubElement(suite, "testcase", classname="thresholds", name=xml_text(str(one["name"])))
        if not one["holds"]:
            ElementTree.SubElement(case, "failure", message=f"{one['value']}, must be {one['limit']}")
    return bytes(ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True))
