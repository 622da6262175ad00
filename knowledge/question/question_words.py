"""How English questions begin and turn: question words with what stands before them, and verbs before their subjects."""

import re

_HOW = r"how\s+(?:many|much|long|far|soon|old|big|late|often|high|low|fast|quick(?:ly)?|early|hot|large|small|wide)"
BEFORE_WH = (
    r"(?:by|until|till|up\s+to|from|within|in|under|over|at|after|for|on|with|to|of|above|below|since|into|through"
    r"|beyond)"
)
WH = (
    rf"(?:{BEFORE_WH}\s+(?:about\s+)?(?:what|which|whom|when|{_HOW})|{_HOW}"
    r"|what|whats|how|which|who|where|why|whens|hows|wheres)\b"
)
SUBJECT = (
    r"(?:i|we|you|it|they|he|she|there|this|that|those|these|the|an?|my|your|our|his|her|their|its|any|some|someone"
    r"|anyone|somebody|anybody|everyone|everything|all|both)\b"
)
_NO_SUBJECT = r"(?:be|like|also|not|still|need|have|get|only|then|prefer|rather|never)"
VERB_FIRST = (
    rf"(?:(?:do|does|did|can)\s+\w|(?:would|will|could|should)\s+(?!{_NO_SUBJECT}\b)\w"
    rf"|(?:is|are|was|were|am|has|have|must|could|will|would|should|may)(?:n['’]?t)?\s+{SUBJECT}"
    r"|(?:is|are)\s+(?!(?:still|not|now|then|also|\w+(?:ed|en))\b)\w)"
)
WHEN = r"when(?:['’]s|\s+(?:is|are|do|does|did|can|will|must|should))\b"
AUX = r"(?:do|does|did|is|are|am|was|were|can|could|must|will|would|should|may|might|has|have)\b|(?:i|we|you|they|he|she|it)\b"
ASKED = re.compile(rf"\b(?:{WH}|{WHEN})", re.IGNORECASE)
