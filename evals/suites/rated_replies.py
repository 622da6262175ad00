"""Replies that customers rated, as answers that people graded: what a judge's agreement with them is measured on.

Only of conversations whose customers agreed to be learned from; private data is masked.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from agent.privacy import mask
from agent.settings import Settings
from agent.types import Event, EventType
from evals.judge.rated import RatedAnswer
from evals.judge.rubric import load_rubric
from evals.logged_cases import agreed_conversations, cited_in, question_of, verdicts_of

_RUBRIC = "helpful"


async def rated_replies(settings: Settings) -> list[RatedAnswer]:
    """Of all conversations of a home."""
    return [one for name, events in await agreed_conversations(settings) for one in rated_of(name, events)]


def rated_of(conversation: str, events: Sequence[Event]) -> Iterator[RatedAnswer]:
    """The replies of one conversation that got a thumb up, the best grade, or down, the worst."""
    rubric, verdicts = load_rubric(_RUBRIC), verdicts_of(events)
    for event in events:
        if event.type is EventType.REPLY_COMPLETED and event.n in verdicts:
            language: Literal["en", "zh"] = "zh" if event.data.get("language") == "zh" else "en"
            yield RatedAnswer(
                id=f"{conversation}#{event.n}",
                question=mask(question_of(event.data)).text,
                answer=mask(str(event.data.get("text", ""))).text,
                evidence=[mask(quote).text for quote in cited_in(event.data, "quote")],
                lang=language,
                rubric=_RUBRIC,
                human=rubric.highest if verdicts[event.n] else rubric.lowest,
            )
