"""What somebody wants confirmed, as one who asks plainly says it: "is it true that points expire" asks whether points expire."""

import re

_LEADS_UP = re.compile(
    r"\W*(?:(?:so|and|but|ok(?:ay)?|hi|hello)\b\W*)?(?:is it (?:really |actually |still )?(?:true|correct|right|the case)"
    r"|(?:can|could) (?:you|i) (?:please )?confirm|(?:am i|i am|i['’]m) (?:right|correct)(?: (?:in|to) (?:thinking|think|assuming|assume))?"
    r")(?: that)?\s+(?=\w)",
    re.IGNORECASE,
)
_NODS = re.compile(r"[，,]?\s*(?:对不对|是不是|对吧|对吗|是吧|是吗|没错吧)[？?。！!]*$")


def plainly(question: str) -> str:
    """The question without what only asks for a confirmation of it: "points expire?", 积分会过期吗."""
    said = _LEADS_UP.match(question)
    if said:
        return question[said.end() :]
    return _NODS.sub("吗", question)
