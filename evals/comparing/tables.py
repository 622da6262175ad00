"""A comparison in words: for the terminal, for a pull request (Markdown), for programs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from agent.types import JsonValue, Language
from evals.comparing.comparison import Comparison, Row, Verdict
from evals.comparing.runs import Outcome
from evals.judge.columns import judge_words, judges_of
from evals.judge.grades import trust_in_words
from evals.markdown import markdown_table, shortened
from evals.metrics.registry import titles_of
from evals.statistics.bootstrap import Interval
from evals.statistics.power import detectable

if TYPE_CHECKING:
    from evals.comparing.preference import Preference

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "Comparison of two runs",
        "head": "metric|cases|before|after|change [95 %]|p|corrected p|verdict",
        "slices": "In slices",
        "moved": "Most changed cases",
        "moved_head": "case|question|before|after",
        "stop": "Regression",
        "go": "No regression seen.",
        "seen": "With {n} cases in common, a difference of {least:.1%} of right answers would be seen (power 80 %).",
        "judges": "The first run was judged by another judge, so that these are not compared: {columns}.",
        "apart": "Not in both runs: {old} cases of the first, {new} of the second.",
        **{verdict.value: verdict.value for verdict in Verdict},
    },
    "zh": {
        "title": "两次运行的比较",
        "head": "指标|用例数|之前|之后|差异 [95 %]|p|校正后 p|结论",
        "slices": "分组",
        "moved": "变化最大的用例",
        "changed": "有变化",
        "moved_head": "用例|问题|之前|之后",
        "stop": "退步",
        "go": "未见退步。",
        "seen": "共有 {n} 个相同用例，正确率的差异达到 {least:.1%} 才看得出来（检验力 80 %）。",
        "judges": "前一次运行由另一评判器评分，因此未比较：{columns}。",
        "apart": "只在一次运行中：前者 {old} 个用例，后者 {new} 个。",
        "better": "变好",
        "worse": "变差",
        "no difference seen": "未见差异",
    },
}


def cells_of(row: Row, speech: Language = "en") -> list[str]:
    """The cells of a row of the table, as `headings` names them."""
    title = titles_of(row.name)["zh"] if speech == "zh" else row.name
    mark = {Verdict.BETTER: "▲ ", Verdict.WORSE: "▼ "}.get(row.verdict, "")
    return [
        title,
        str(row.n),
        f"{row.before.value:.3f}",
        f"{row.after.value:.3f}",
        _apart(row.difference),
        f"{row.p:.4f}",
        f"{row.corrected:.4f}",
        mark + _WORDS[speech][row.verdict.value],
    ]


def headings(speech: Language = "en") -> list[str]:
    """Of the columns."""
    return _WORDS[speech]["head"].split("|")


def markdown(
    comparison: Comparison, before: Mapping[str, Outcome], after: Mapping[str, Outcome], speech: Language = "en",
    preferred: "Preference | None" = None, judges: Sequence[str] = (),
) -> str:  # fmt: skip
    """For a pull request. preferred: what a chat model said of the pairs, where one was asked; judges: as `judges_in_words`."""
    words = _WORDS[speech]
    parts = [f"## {words['title']}", "", *_stated(comparison, speech), ""]
    parts += [preferred.words(speech), ""] if preferred else []
    parts += [*markdown_table(headings(speech), [cells_of(row, speech) for row in comparison.rows]), ""]
    parts += [line for note in judges for line in (note, "")]
    if comparison.slices:
        parts += [f"### {words['slices']}: {comparison.primary}", ""]
        parts += [*markdown_table(headings(speech), [cells_of(row, speech) for row in comparison.slices]), ""]
    if comparison.changed:
        rows = [
            [case, before[case].question, _answer(before[case]), _answer(after[case])] for case in comparison.changed
        ]
        parts += [f"### {words['moved']}", "", *markdown_table(words["moved_head"].split("|"), rows), ""]
    return "\n".join(parts)


def notes(comparison: Comparison, speech: Language = "en") -> list[str]:
    """What to know beside the table: what could be seen, and what was not compared."""
    first = next((row for row in comparison.rows if row.name == comparison.primary), None)
    words, found = _WORDS[speech], []
    if first is not None:
        found.append(words["seen"].format(n=first.n, least=detectable(first.n).paired))
    if comparison.only_before or comparison.only_after:
        found.append(words["apart"].format(old=len(comparison.only_before), new=len(comparison.only_after)))
    return found


def judges_in_words(
    before: Mapping[str, JsonValue], after: Mapping[str, JsonValue], speech: Language = "en"
) -> list[str]:
    """Of the columns that a judge gave: who it was, and how far it agrees with people, as the second run says. before, after:
    summaries of the runs; another judge in the first is told.
    """
    found = judge_words(after, speech)
    apart = sorted(judged_apart(before, after))
    return [*found, _WORDS[speech]["judges"].format(columns=", ".join(apart))] if apart else found


def judged_apart(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> frozenset[str]:
    """The columns that another judge gave in the one run than in the other: their difference says nothing of the runs."""
    old, new = judges_of(before), judges_of(after)
    return frozenset(column for column in old if column in new and old[column] != new[column])


def trust_in_preference(summary: Mapping[str, JsonValue], model: str, rubric: str, speech: Language = "en") -> str:
    """How far the judge that was shown both answers agrees with people, as far as the run itself measured that."""
    card = summary.get("model_judge")
    rubrics = card.get("rubrics") if isinstance(card, Mapping) and card.get("name") == model else None
    return f"{model}: {trust_in_words(rubrics.get(rubric) if isinstance(rubrics, Mapping) else None, speech)}"


def as_json(comparison: Comparison) -> dict[str, JsonValue]:
    """For programs."""
    return {
        "primary": comparison.primary,
        "regression": bool(comparison.regressions),
        "regressions": list(comparison.regressions),
        "metrics": {row.name: _row_json(row) for row in comparison.rows},
        "slices": {row.name: _row_json(row) for row in comparison.slices},
        "unsafe": [{"case": case, "metric": metric} for case, metric in comparison.unsafe],
        "changed": list(comparison.changed),
        "only_before": list(comparison.only_before),
        "only_after": list(comparison.only_after),
    }


def _row_json(row: Row) -> JsonValue:
    apart = row.difference
    return {
        "n": row.n,
        "before": round(row.before.value, 6),
        "after": round(row.after.value, 6),
        "difference": round(apart.value, 6),
        "interval": [apart.low, apart.high],
        "p": row.p,
        "corrected_p": row.corrected,
        "verdict": row.verdict.value,
    }


def _stated(comparison: Comparison, speech: Language) -> list[str]:
    words = _WORDS[speech]
    found = [f"**{words['stop']}:** {reason}" for reason in comparison.regressions] or [f"**{words['go']}**"]
    return [line for part in (*found, *notes(comparison, speech)) for line in (part, "")][:-1]


def _apart(interval: Interval) -> str:
    if interval.low is None or interval.high is None:
        return f"{interval.value:+.3f}"
    return f"{interval.value:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]"


def _answer(outcome: Outcome) -> str:
    right = {1.0: "✓ ", 0.0: "✗ "}.get(outcome.scores.get("right", -1.0), "")
    return f"{right}{shortened(outcome.answer)}"
