"""Words a quoted span so that it makes sense by itself."""

import re

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.rows import row_line
from knowledge.cutting.spans import SpanKind, plain
from knowledge.text.han import HAN
from knowledge.text.markup import cut
from knowledge.text.words import words

_SIGNS = re.compile(r"^(?:[-*•+]\s+)+")
_LETTER = r"(?:A\d*|Answer|答)\s*[:：]\s*"
_ANSWER = re.compile(rf"^(?:(\*\*|__){_LETTER}\1\s*|(?P<opening>\*\*|__|){_LETTER})(?=\S)", re.IGNORECASE)
_SHORT = 60  # characters; a list item below it is said with what stands above it
_BRIEF = 20  # characters of an answer that says little without its question: "3–5 days"
_LONGEST = 160  # characters of a question that is said with its answer
_YES_OR_NO = re.compile(
    r"\W*(?:(?:yes|no|not|never|only|sure|of course|unfortunately)\b|(?:是的?|可以|能|会|有的?|要|需要|支持|当然|不|没|无|暂不|仅|只|否)[^，,。！!]{0,6}(?:[，,。！!]|$))",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:^|[,:;]\s*|\b(?:and|or|for|to|in|at|on|by|from|with)\s+)(?:what|which|who|whose|where|when|why|how|is|are|am|was|were|do|does|did|can|could|may"
    r"|might|must|will|would|shall|should|has|have|had)\b|[吗么呢几哪谁]|什么|怎|多[久少长大远]|是否|[能可]否|为何|如何",
    re.IGNORECASE,
)
"""A question in a whole sentence; "No smartphone?" only leads up to what is told to those."""
_SUBJECT = re.compile(
    r"\b(?:you|we|they|it|i|he|she|there|is|are|was|were|has|have|can|may|will|must|should|do|does|cannot"
    r"|(?:accru|charg|expir|continu|requir|receiv|includ|us|provid|tak|mak|chang|remov|updat|creat|choos|enabl|disabl|reduc|issu"
    r"|mov|sav|clos|combin|schedul|configur|ensur|determin|releas|declin|initiat|manag|giv|arriv|rang)es?"
    r"|(?:incur|remain|earn|cost|get|begin|start|end|revert|count|last|pay|run|work|post|appear|need|grant|offer|allow|depend"
    r"|maintain|keep|set|review|verif|select|open|enter|submit|contact|check|confirm|add|visit|follow|call|report|select|click|tap"
    r"|wait|request|transfer|send|deposit|withdraw|download|upload|link|sign|log|go|return|mean|reset|block|cancel|ask|tell|bring"
    r"|show|see|read|write|track|plan|monitor|avoid|consider|redeem|spend|order|help|lead|turn|increas|let)s?"
    r"|appl(?:y|ies)|qualif(?:y|ies)|var(?:y|ies)|carr(?:y|ies)|verif(?:y|ies)|match(?:es)?|reach(?:es)?|cover(?:s)?)\b"
    r"|[您你我它]|可|需|会|能|为|是|应|须|请|将|不|有|收",
    re.IGNORECASE,
)
"""What a sentence has: a subject or a verb. "In-store purchases abroad" has neither."""
_LABELLED = re.compile(r"\w[:：]\s*\S")
_VERB = re.compile(
    r"\W*(?:must|may|can|cannot|will|should|is|are|was|has|have|do(?:es)? not|(?!access\b|business\b|process\b|address\b)"
    r"[a-z]+(?:ed|es|ts|ns|ds|rs|ks|ls|ys)\s+(?:to|for|on|by|at|in|with|the|an?|up|no|all)\b)",
    re.IGNORECASE,
)
"""A verb at the very beginning, whose subject stands above: "Applies to all cards"."""


def quoted_line(candidate: Candidate) -> str:
    """The span as it is said: a table row as a sentence, a short item with the lead or heading that gives it sense."""
    if candidate.span.kind is SpanKind.ROW:
        return row_line(candidate.span.lead, candidate.span.text.strip())
    text, above = line_alone(candidate), heading_of(candidate)
    if not above or above.endswith(("?", "？")):
        return f"{above}{'' if above.endswith('？') else ' '}{text}".strip()
    return f"{above}{'：' if HAN.search(text) else ': '}{text}"


def field_line(candidate: Candidate) -> str:
    """A field of a record as it is said: with the record's name, unless that is long, and without the marks of a column's name."""
    said = field_alone(candidate)
    name = plain(candidate.passage.title)
    if len(name) > _SHORT or name.casefold() in said.casefold():
        return said
    return f"{name}{'——' if HAN.search(said) else ' – '}{said}"


def field_alone(candidate: Candidate) -> str:
    """ "- delivery_days: 3" is said as "Delivery days: 3", "- 是否含税: 否" as "是否含税：否"."""
    line = quoted_line(candidate)
    column, colon, value = line.partition(": ")
    if not colon:
        return line
    column = column.replace("_", " ")
    return f"{column}：{value}" if HAN.search(column) else f"{column[:1].upper()}{column[1:]}: {value}"


def line_alone(candidate: Candidate) -> str:
    """The span without the signs before it, and without what stands above it."""
    text = quoted_words(candidate)
    text = _SIGNS.sub("", text) if candidate.span.kind is SpanKind.ITEM else text
    return _ANSWER.sub(r"\g<opening>", text) if _is_answer(candidate) else text


def heading_of(candidate: Candidate) -> str:
    """What stands above a span, where it says little without: an item that is short or has no subject, an answer "Yes."."""
    above, text = plain(_above(candidate).rstrip(":： ")), line_alone(candidate)
    is_item, is_answer = candidate.span.kind is SpanKind.ITEM, _is_answer(candidate)
    asks = bool(_ASKS.search(above))
    bare = not _SUBJECT.search(text) and not _LABELLED.search(text)
    needed = (is_item and (len(text) < _SHORT or bare or bool(_VERB.match(text)))) or (
        is_answer and (len(text) <= _BRIEF or (asks and (bare or bool(_YES_OR_NO.match(text)))))
    )
    longest = _LONGEST if is_answer else _SHORT
    return above if needed and len(above) <= longest and not set(words(above)) <= set(words(text)) else ""


def _above(candidate: Candidate) -> str:
    """What stands right above a span: the lead, else the heading, be that cut off from its passage, else a title that asks."""
    span, passage = candidate.span, candidate.passage
    title = passage.title if passage.title.rstrip().endswith(("?", "？")) else ""
    return span.lead or span.heading or next(iter(passage.section[-1:]), title)


def _is_answer(candidate: Candidate) -> bool:
    """Whether a question stands above it."""
    return _above(candidate).rstrip().endswith(("?", "？"))


def quoted_words(candidate: Candidate) -> str:
    """The span as it stands in its passage, without marks whose other half was not quoted with it."""
    span = candidate.span
    return cut(candidate.passage.text, span.start, span.end).strip()
