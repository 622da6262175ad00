"""Tells a message that only says what has happened with a thing: "I bought the Calder and its gears slip" asks for no number."""

import re

from agent.understand.asking import asks

_WANTS_TO_KNOW = r"(?:look|interest|wonder|search|curious|think|ask|enquir|inquir|after\b|consider|plan|hop|shop|try)"
_TELLS = re.compile(
    rf"\W*(?:(?:hi|hello|hey|ok(?:ay)?|so|well|sorry)\W+)*(?:(?:i|we)(?!['’]?d\b)(?:['’](?:m|ve|re)| am| are| have| just| recently| was| were)*+\s+(?!{_WANTS_TO_KNOW})[a-z]"
    r"|(?:my|our|the)\b[^?]*\b(?:is|are|was|were|has|have|keeps?|won['’]?t|broke\w*|stopped|stops|fell|came|makes|slips?|got|\w+n['’]t)\b)"
    r"|\W*我(?:们|家)?(?=.*[买收了坏不老总])(?:的|这[个台辆件]|买|刚|前[天几]|昨|上[周个]|在你们|收到)(?!.*[几多哪谁何])",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(r"\b(?:what|how|which|where|when|who)\b", re.IGNORECASE)


def only_tells(text: str) -> bool:
    """Whether a message tells of something and asks nothing; a mere name or a keyword is a question."""
    return bool(_TELLS.match(text)) and not (asks(text) or _QUESTION_WORD.search(text))
