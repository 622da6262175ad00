"""What a model that acted may say: no more than its tools gave and the customer said. Pure functions.

Without a result nothing may be stated, only asked; with one, every number with its unit, date, name, link and address must
stand there. That a sentence gives the sense of the result is beyond words, as in `agent.checking.agreement`.
"""

import json
import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from agent.checking.agreement import in_language
from agent.checking.grounding import Sentence, calmed, is_upset, lines_of, matches, rest_of, stands_in
from agent.checking.numbers import is_unit
from agent.ports import GenerationRequest
from agent.types import Draft, JsonValue

_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_WEEKDAYS = (
    "Monday 星期一",
    "Tuesday 星期二",
    "Wednesday 星期三",
    "Thursday 星期四",
    "Friday 星期五",
    "Saturday 星期六",
    "Sunday 星期日",
)
_WORD = re.compile(r"\w")
_NEAR = {-1: "yesterday 昨天", 0: "today 今天", 1: "tomorrow 明天", 2: "后天"}


def result_text(result: str, today: date) -> str:
    """A tool's result (JSON, mostly) as evidence: `total_usd: 9.5` says dollars, a date also its weekday and "tomorrow"."""
    try:
        told = "\n".join(_lines("", json.loads(result)))
    except ValueError:
        told = result
    return _ISO_DATE.sub(lambda found: _day(found[0], today), told)


def _lines(name: str, value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _lines(key, one)
    elif isinstance(value, list):
        for one in value:
            yield from _lines(name, one)
    else:
        words = re.split(r"[_\W]+", name)
        unit = next((word for word in reversed(words) if is_unit(word)), "")
        number = isinstance(value, int | float | str) and str(value).replace(".", "", 1).isdigit()
        yield f"{' '.join(words)}: {value}{f' {unit}' if number and unit else ''}"


def _day(found: str, today: date) -> str:
    """A date with the units of its numbers, so that the 27th is no proof of 27 hours."""
    try:
        day = date.fromisoformat(found)
    except ValueError:
        return found
    near = _NEAR.get((day - today) // timedelta(days=1), "")
    return f"{day.year}年{day.month}月{day.day}日 {month_name[day.month]} {_WEEKDAYS[day.weekday()]} {near}"


def acted(draft: Draft, request: GenerationRequest) -> Draft:
    """The draft without the sentences that its tools do not support; without text where nothing is left."""
    understanding = request.understanding
    given = draft.given or ()
    said = (
        understanding.as_sent,
        understanding.text,
        understanding.question,
        *(one.content for one in request.history),
    )
    evidence = "\n".join((*given, *said))
    upset = is_upset(understanding.sentiment)

    def stays(sentence: Sentence) -> bool:
        if not _WORD.search(sentence.written):
            return True
        states = not sentence.claim.rstrip("\"'”」*_ ").endswith(("?", "？")) and not matches("courtesy", sentence)
        return (
            (bool(given) or not states)
            and stands_in(sentence, evidence)
            and in_language(sentence.claim, understanding.language)
            and not (upset and matches("cheer", sentence))
        )

    lines = lines_of(calmed(draft.text) if upset else draft.text)
    kept = [sentence for line in lines for sentence in line if stays(sentence)]
    left = "\n".join(rest for line in lines if (rest := rest_of(line, kept)) is not None).strip()
    withheld = "".join(one.written for line in lines for one in line if not any(one is other for other in kept))
    return replace(draft, text=left if _WORD.search(left) else "", withheld=withheld.strip())
