"""Why an utterance is not learned from."""

import re
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from agent.learning.clean.courtesies import is_menu, without_courtesies
from agent.learning.clean.languages import language_of
from agent.privacy.kinds import PLACEHOLDER
from agent.types import Language

LONGEST = 1_000
"""Characters; what is longer is a letter or a paste, not an utterance. `EXPLAINED` says so, too."""
_WORD = re.compile(r"[^\W\d_]")


class Reason(StrEnum):
    """Each, in the order in which they are looked at."""

    EMPTY = "empty"
    MENU = "menu"
    NO_WORDS = "no words"
    COURTESY = "courtesy"
    TOO_LONG = "too long"
    LANGUAGE = "other language"
    COPY = "copy"
    NEAR_COPY = "near-copy"


EXPLAINED = {
    Reason.EMPTY: "nothing was left once markup, quoted letters and signatures were taken away",
    Reason.MENU: "only chooses from a bot's menu",
    Reason.NO_WORDS: "only numbers, marks or private data",
    Reason.COURTESY: "only a greeting, thanks, a farewell or a word of assent",
    Reason.TOO_LONG: "longer than 1,000 characters",
    Reason.LANGUAGE: "neither English nor Chinese",
    Reason.COPY: "said before, word for word",
    Reason.NEAR_COPY: "said before in nearly the same characters (the same numbers and negations)",
}


class Dropped(BaseModel):
    """An utterance that was dropped. text: masked; original: id of the one that it is a copy of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    reason: Reason
    text: str
    original: str | None = None


def judged(text: str, *, labelled: bool) -> tuple[str, Language] | Reason:
    """What of a cleaned text is learned from, and its language; or why nothing is.

    labelled: whether a person gave it a label; then small talk is kept, as it is what that label is for.
    """
    if not text:
        return Reason.EMPTY
    if is_menu(text):
        return Reason.MENU
    if not _WORD.search(PLACEHOLDER.sub("", text)):
        return Reason.NO_WORDS
    kept = without_courtesies(text)
    if not kept and not labelled:
        return Reason.COURTESY
    kept = kept or text
    if len(kept) > LONGEST:
        return Reason.TOO_LONG
    return (kept, language) if (language := language_of(kept)) else Reason.LANGUAGE
