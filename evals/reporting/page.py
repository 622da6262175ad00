"""report.html: one file that asks for nothing else, with every case and what led to its answer."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files

import orjson
import yaml
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from pydantic import TypeAdapter

from agent.types import JsonValue, Reply
from evals.cases import Case, Wanted
from evals.judge.columns import judge_words
from evals.metrics.registry import titles_of
from evals.metrics.risk import RiskPoint
from evals.reporting.figures_drawn import calibration, confusions, latency, mood, price, risk_by_coverage, trend
from evals.reporting.history import Earlier
from evals.reporting.verdict import SHOWN, failures, verdict
from evals.scoring.turns import Result
from evals.statistics.extremes import goodness
from evals.suites.suite import Threshold, figure_of

_FOLDER = files("evals.reporting") / "templates"
MOST_TRACES = 2_000
"""Cases of which the page holds evidence and timings; wrong ones come first. Of the others it holds question and answer."""
_EVIDENCE = 5
_CURVE = TypeAdapter(list[RiskPoint])


def report_page(
    results: Sequence[Result],
    summary: Mapping[str, JsonValue],
    thresholds: Mapping[str, Threshold],
    language: str,
    runs: Sequence[Earlier] = (),
) -> str:
    """The page, with a switch between languages; `language` is what it opens in; runs: of the same suite, this one last."""
    missed = failures(results)
    curve = _CURVE.validate_python(summary.get("risk_curve", []))
    return (
        environment()
        .get_template("report.html")
        .render(
            language=language,
            verdict=verdict(results),
            failures=missed[:SHOWN],
            further=len(missed) - SHOWN,
            figures=figures(summary, thresholds),
            judge=list(zip(judge_words(summary), judge_words(summary, "zh"), strict=True)),
            kinds=summary.get("by_kind", {}),
            slices=summary.get("slices", []),
            latency=summary.get("latency_ms", {}),
            latency_ends=_latency_ends(summary),
            drawn=_drawn(results, runs, language),
            confusions=confusions(results),
            version=summary.get("version", ""),
            curve=curve,
            risk=Markup(price(curve, language)),  # noqa: S704 - its words are escaped
            data=_data(results),
        )
    )


def _latency_ends(summary: Mapping[str, JsonValue]) -> dict[str, list[str]]:
    """p50, p95 and p99 to the ends of their intervals."""
    intervals = summary.get("intervals")
    found = intervals.items() if isinstance(intervals, Mapping) else ()
    stem = "latency_ms."
    return {
        name.removeprefix(stem): [f"{end:.1f}" for end in one if isinstance(end, int | float)]
        for name, one in found
        if name.startswith(stem) and isinstance(one, list)
    }


def _drawn(results: Sequence[Result], runs: Sequence[Earlier], language: str) -> dict[str, Markup]:
    """Name of a heading to a picture, of those that there is something to draw for."""
    pictures = {
        "calibration": calibration(results, language),
        "risk_coverage": risk_by_coverage(results, language),
        "latency": latency(results, language),
        "mood_course": mood(results, language),
        "trend": trend(runs, language),
    }
    return {name: Markup(svg) for name, svg in pictures.items() if svg}  # noqa: S704 - its words are escaped


def environment() -> Environment:
    """Templates of the reports; all that goes in is escaped.

    They share their head: words (what pages say, by name: English, Chinese), the style sheet, the switch between languages,
    and a policy that allows these and what the report's own script is.
    """
    made = Environment(loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined)
    made.globals |= {
        "words": yaml.safe_load(_read("words.yaml")),
        "style": Markup(_read("report.css")),  # noqa: S704 - shipped
        "switch": Markup(_read("switch.js")),  # noqa: S704 - shipped
        "script": Markup(_read("report.js")),  # noqa: S704 - shipped
        "policy": _policy(),
    }
    return made


def _policy() -> str:
    """A Content-Security-Policy of a page that fetches nothing, with that style sheet and these scripts."""
    scripts = " ".join(_hashed(_read(name)) for name in ("switch.js", "report.js"))
    style = _hashed(_read("report.css"))
    return f"default-src 'none'; style-src {style}; script-src {scripts}; base-uri 'none'; form-action 'none'"


def script_data(rows: Sequence[Mapping[str, JsonValue]]) -> Markup:
    """Cases as JSON that no reader of HTML can take for markup."""
    text = orjson.dumps(rows).decode()
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - see there


def _data(results: Sequence[Result]) -> Markup:
    ordered = sorted(results, key=lambda result: goodness(result.scores))
    return script_data([_row(result, traced=place < MOST_TRACES) for place, result in enumerate(ordered)])


def _row(result: Result, *, traced: bool) -> dict[str, JsonValue]:
    case, reply = result.case, result.reply
    row: dict[str, JsonValue] = {
        "id": case.id, "lang": case.lang, "kind": case.kind, "q": case.question, "a": reply.text,
        "verdict": "right" if result.scores["right"] else "wrong", "marks": [reply.decision.value],
    }  # fmt: skip
    return {**row, "trace": _trace(result)} if traced else row


def _trace(result: Result) -> list[JsonValue]:
    """Pairs of a word of words.yaml and what stands beside it."""
    reply, understood = result.reply, result.reply.understanding
    intents = ", ".join(f"{one.name} {one.confidence:.2f}" for one in understood.intents[:3])
    found = "\n".join(
        f"{one.score:.3f} {one.passage.title or one.passage.source_id}" for one in reply.evidence[:_EVIDENCE]
    )
    held = [result.notes["dialogue"]] if "dialogue" in result.notes else []
    pairs = [
        ("history", "\n".join([*(f"{said.role}: {said.content}" for said in result.case.history), *held])),
        ("understood", understood.question),
        ("intents", intents),
        ("mood", f"{understood.sentiment.emotion.value} {understood.sentiment.polarity:+.2f}"),
        ("rule", f"{reply.rule} ({reply.generator}, {reply.support:.2f})"),
        ("turns", "\n".join(_turn(n, turn) for n, turn in enumerate(result.turns, start=1))),
        ("facts", "\n".join(f"{fact.head} — {fact.relation} — {fact.tail}" for fact in reply.facts)),
        ("evidence", found),
        ("expected", "\n".join(_expected(result.case))),
        ("withheld", reply.withheld),
        ("reasons", "\n".join(f"{name}: {why}" for name, why in result.notes.items() if why and name != "dialogue")),
        ("scores", ", ".join(f"{name} {value:.2f}" for name, value in result.scores.items())),
        ("timings", ", ".join(f"{name} {ms:.0f}" for name, ms in reply.timings_ms.items())),
    ]
    return [[name, text] for name, text in pairs if text]


def _expected(case: Case) -> Iterator[str]:
    """What a right answer holds, and what the policy wants; of a dialogue, turn by turn, and what must be done in it."""
    yield from _wanted(case.must_include, case.policy)
    for n, turn in enumerate(case.dialogue.turns if case.dialogue else (), start=1):
        yield from (f"{n}. {line}" for line in _wanted(turn.must_include, turn.wanted))
    yield from (f"{one.tool} × {one.times}" for one in (case.dialogue.outcome if case.dialogue else ()))


def _wanted(groups: Sequence[Sequence[str]], wanted: Wanted | None) -> Iterator[str]:
    yield from (" | ".join(group) for group in groups)
    if wanted:
        decisions = " | ".join(one.value for one in wanted.decisions)
        yield "→ " + " · ".join(filter(None, [decisions, " | ".join(wanted.rules)]))


def _turn(number: int, reply: Reply) -> str:
    """What led to one reply of a dialogue."""
    understood = reply.understanding
    intents = ", ".join(f"{one.name} {one.confidence:.2f}" for one in understood.intents[:2])
    mood = f"{understood.sentiment.emotion.value} {understood.sentiment.polarity:+.2f}"
    parts = [
        reply.decision.value,
        reply.rule,
        reply.generator,
        mood,
        intents,
        f"{reply.timings_ms.get('total', 0):.0f} ms",
    ]
    return f"{number}. {' · '.join(part for part in parts if part)}"


def figures(summary: Mapping[str, JsonValue], thresholds: Mapping[str, Threshold]) -> list[dict[str, object]]:
    """Every figure with its titles, interval and threshold; thresholds on figures that are not there do not hold."""
    intervals = summary.get("intervals")
    names = [name for name, value in summary.items() if isinstance(value, int | float)]
    found: list[dict[str, object]] = []
    for name in [*names, *(name for name in thresholds if name not in names)]:
        limit, value = thresholds.get(name), figure_of(summary, name)
        found.append(
            {
                **titles_of(name),
                "value": "–" if value is None else f"{value:g}",
                "interval": _ends(intervals.get(name)) if isinstance(intervals, Mapping) else None,
                "limit": limit.words() if limit else "",
                "holds": value is not None and limit.holds(value) if limit else None,
            }
        )  # fmt: skip
    return found


def _ends(interval: JsonValue) -> list[str] | None:
    return [f"{end:g}" for end in interval if isinstance(end, int | float)] if isinstance(interval, list) else None


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")
