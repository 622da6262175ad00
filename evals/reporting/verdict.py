"""What a run comes to in one sentence, and what was not right in it: with these a report begins."""

from collections.abc import Sequence

from evals.metrics.rightness import is_declined
from evals.scoring.turns import Result

SHOWN = 50
"""Of what was not right, before the figures; all cases stand after them."""


def verdict(results: Sequence[Result]) -> tuple[str, str]:
    """In English and in Chinese. Who declined rightly is right."""
    right, declined = sum(bool(one.scores["right"]) for one in results), sum(map(_declined, results))
    wrong = len(results) - right - declined
    return (
        f"{right} of {len(results)} right, {wrong} wrong, {declined} declined",
        f"{len(results)} 题中答对 {right} 题，答错 {wrong} 题，未作答 {declined} 题",
    )


def failures(results: Sequence[Result]) -> list[dict[str, str]]:
    """What was not right, wrong answers before refusals: question, answer, what was expected, and a word of words.yaml."""
    missed = sorted((one for one in results if not one.scores["right"]), key=_declined)
    return [
        {
            "id": one.case.id,
            "question": one.case.question,
            "answer": one.reply.text,
            "expected": "; ".join(" | ".join(group) for group in one.case.must_include),
            "how": "declined" if _declined(one) else "wrong",
        }
        for one in missed
    ]


def _declined(result: Result) -> bool:
    """Whether no answer was given where one was due."""
    return not result.scores["right"] and "declined" in result.scores and is_declined(result.reply.decision)
