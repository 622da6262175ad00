"""Columns of judges, one for each rubric, and what a report says of those that a chat model gave."""

from collections.abc import Mapping

from agent.types import JsonValue, Language

JUDGED = "judged_"
"""Before a rubric's name, that of the score, whoever judged."""


def column_of(rubric: str) -> str:
    """The score that a judge gives by a rubric."""
    return f"{JUDGED}{rubric}"


_FIGURES: Mapping[str, tuple[str, str]] = {
    "kappa": ("kappa", "kappa"),
    "weighted_kappa": ("weighted kappa", "加权 kappa"),
    "people": ("people among themselves", "人与人之间"),
    "spearman": ("Spearman", "Spearman"),
}
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "by": "{name}: by the model {judge}, {votes} votes; {trust}",
        "lost": "without a grade: {failed} that the judge's server refused{why}; {unread} no verdict",
        "first": ", the first so: ",
        "untold": "how far it agrees with people was not measured (name answers that people graded: rated)",
        "told": "with people, on {n} answers: {figures}",
        "few": "too few grades",
    },
    "zh": {
        "by": "{name}：由模型 {judge} 评分，每题 {votes} 票；{trust}",
        "lost": "没有评分：{failed} 条被评分服务器拒绝{why}；{unread} 条未得出结论",
        "first": "，第一条原因：",
        "untold": "未测量它与人的一致程度（请用 rated 给出人工评分的回答）",
        "told": "在 {n} 条回答上与人相比：{figures}",
        "few": "评分太少",
    },
}


def grades_in_words(card: Mapping[str, JsonValue], speech: Language = "en") -> list[str]:
    """A line for each rubric: who graded, and how far it agrees with people."""
    rubrics, words = card["rubrics"], _WORDS[speech]
    assert isinstance(rubrics, Mapping)
    lines = [
        words["by"].format(
            name=column_of(name), judge=card["name"], votes=card["votes"], trust=trust_in_words(found, speech)
        )
        for name, found in rubrics.items()
    ]
    if card["failed"] or card["unread"]:
        why = f"{words['first']}{card['first_failure']}" if card.get("first_failure") else ""
        lines.append(words["lost"].format(failed=card["failed"], why=why, unread=card["unread"]))
    return lines


def trust_in_words(found: JsonValue, speech: Language = "en") -> str:
    """How far a judge agrees with people, or that nobody measured it. found: an `Agreement` of `evals.judge.agreement`."""
    words = _WORDS[speech]
    if not isinstance(found, Mapping):
        return words["untold"]
    said = [
        f"{titles[speech == 'zh']} {value:.2f}"
        for name, titles in _FIGURES.items()
        if isinstance(value := found.get(name), float)
    ]
    low, high = found.get("low"), found.get("high")
    between = f" [{low:.2f}, {high:.2f}]" if isinstance(low, float) and isinstance(high, float) else ""
    return words["told"].format(n=found["n"], figures=(", ".join(said) or words["few"]) + between)
