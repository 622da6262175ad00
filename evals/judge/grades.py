"""What a report says of grades that a chat model gave."""

from collections.abc import Mapping

from agent.types import JsonValue

GRADED = "graded_"
"""Before a rubric's name, that of the score."""

_NAMED = {
    "kappa": "kappa",
    "weighted kappa": "weighted_kappa",
    "people among themselves": "people",
    "Spearman": "spearman",
}


def grades_in_words(card: Mapping[str, JsonValue]) -> list[str]:
    """A line for each rubric: who graded, and how far it agrees with people."""
    rubrics = card["rubrics"]
    assert isinstance(rubrics, Mapping)
    lines = [
        f"{GRADED}{name}: by the model {card['name']}, {card['votes']} votes; {_trust(found)}"
        for name, found in rubrics.items()
    ]
    if card["failed"] or card["unread"]:
        why = f", the first so: {card['first_failure']}" if card.get("first_failure") else ""
        lines.append(
            f"without a grade: {card['failed']} that the judge's server refused{why}; {card['unread']} no verdict"
        )
    return lines


def _trust(found: JsonValue) -> str:
    if not isinstance(found, Mapping):
        return "how far it agrees with people was not measured (name answers that people graded: rated)"
    said = [f"{name} {value:.2f}" for name, label in _NAMED.items() if isinstance(value := found.get(label), float)]
    low, high = found.get("low"), found.get("high")
    between = f" [{low:.2f}, {high:.2f}]" if isinstance(low, float) and isinstance(high, float) else ""
    return f"with people, on {found['n']} answers: {', '.join(said) or 'too few grades'}{between}"
