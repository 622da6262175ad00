"""Makes a follow-up stand alone, by rules: what it leaves out is carried over from the conversation."""

import re
from collections.abc import Callable, Sequence

from agent.ports import EntityLinker
from agent.types import Utterance
from agent.understand.standing import Standing

_HAN = re.compile(r"[\u4e00-\u9fff]")
_ZH_PRONOUN = re.compile(
    r"(?:那|那么)?(?:它们|它|他们|她们|该店|这家(?:店|酒店|餐厅|餐馆)?|那家(?:店|酒店|餐厅|餐馆)?|这款|那款|这里|那里|那儿|这个地方|那个地方|这个|那个)(?!人|月|星期|周|时候)"
)
_ZH_SWAP = re.compile(r"^(?:那么?|然后|还有)?(?P<new>.{1,40}?)(?:呢|怎么样|如何)[?？!！。]*$")
_ZH_LEAD = re.compile(r"^(?:那么?|还有|另外|然后|请问)[，,]?")
_EN_SWAP = re.compile(
    r"^(?:and|ok(?:ay)?|so|but|oh|then)?[,\s]*(?:what|how) about\s+(?:from |for |with |on |in |to )?(?P<new>[^?.!,]+)",
    re.IGNORECASE,
)
_EN_FOLLOW = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|one|ones|he|she|him|her|same|there|then|either|else)\b"
    r"|^(?:and|but|so|or|ok(?:ay)?|ouch|also|what about|how about|then)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b(?:[A-Z][\w&'-]*)(?:\s+(?:of|and|[A-Z0-9][\w&'-]*))*\b")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+|\d[\d,.%$]*")
_DULL = frozenset(
    "a about after again all also am an and any are as ask at be because been before being but by can could did do does"
    " doing for from get give go got had has have having hello hi how i if in into is it its just know like long may me"
    " might more most much my need no not of off on once one only or other our out over own please put see should so"
    " some such tell than thank thanks that the their them then there these they this those through to too up us use"
    " very want was we were what whats when where which while who why will with would yes you your i'm i've it's that's"
    " don't doesn't what's there's typically typical".split()
)


class RuleRewriter:
    """Implements `agent.ports.QuestionRewriter`.

    linker: finds the graph's entities; the one talked of last stands for "it".
    terms:  names that the documents use (product names from titles), longest first, for what the graph does not hold.
    standing: tells what leans on the graph's entities from what does not; without it every short question leans.
    """

    def __init__(
        self, linker: EntityLinker, terms: Callable[[], Sequence[str]] = tuple, standing: Standing | None = None
    ) -> None:
        self._linker = linker
        self._terms = terms
        self._standing = standing

    def standalone(self, question: str, history: Sequence[Utterance]) -> str:
        """The question with what it leaves out; one that stands alone is returned untouched."""
        if not history or not question.strip():
            return question
        if self._standing and not self._linker.link(question) and not self._standing.makes_sense(question):
            return question
        if _HAN.search(question):
            return self._chinese(question, history)
        return self._english(question, history)

    def _chinese(self, question: str, history: Sequence[Utterance]) -> str:
        topic, asked = self._topic(history)
        if own := self._own(question):
            name, written = own
            swap = _ZH_SWAP.match(question)
            if swap and topic and asked and _covers(swap["new"], name, written):
                return asked.replace(topic, name)
            return question
        points = _ZH_PRONOUN.search(question) is not None
        swap = _ZH_SWAP.match(question)
        leans = points or (not self._alone(question, topic) and (swap is not None or _is_elliptical(question)))
        if not topic or not leans:
            return question
        if points:
            return _ZH_PRONOUN.sub(topic, question, count=1)
        return f"{topic}{'的' if swap else ''}{_ZH_LEAD.sub('', question)}"

    def _english(self, question: str, history: Sequence[Utterance]) -> str:
        own = self._names(question)
        topic_names = self._recent_names(history)
        last = _last_user(history)
        swap = _EN_SWAP.match(question)
        if swap and last and (own or not self._alone(question, *topic_names)):
            return self._swapped(question, swap["new"].strip(), own, last, topic_names)
        if own and not _EN_FOLLOW.search(question):
            return question
        missing = [name for name in topic_names if name.lower() not in question.lower()]
        if own:
            missing = []
        elif self._alone(question, *missing) or not (_EN_FOLLOW.search(question) or missing):
            return question
        carried = " ".join(self._context(last, question, own or missing, missing))
        if missing:
            carried = ", ".join(missing[:2]) + (f": {carried}" if carried else "")
        return f"{question} ({carried})" if carried else question

    def _context(self, last: str, question: str, about: Sequence[str], missing: Sequence[str]) -> Sequence[str]:
        """Words of the last question; none where this one asks for something else of a thing that the graph holds."""
        if self._standing and self._types(about) and self._standing.asks(question):
            return ()
        return _content_words(last, question, missing)

    def _alone(self, question: str, *topics: str) -> bool:
        """Whether the question needs nothing of these topics."""
        types = self._types(topics)
        return self._standing is not None and self._standing.alone(question, types)

    def _types(self, names: Sequence[str]) -> frozenset[str]:
        """Types of the graph's things among names."""
        return frozenset(mention.type for name in names for mention in self._linker.link(name))

    def _swapped(self, question: str, new: str, own: Sequence[str], last: str, topics: Sequence[str]) -> str:
        """ "What about the gold one?": the last question, asked of something else."""
        replacement = own[0] if own else re.sub(r"^(?:the|our|my|your|an?)\s+|\s+ones?$", "", new, flags=re.IGNORECASE)
        for topic in topics:
            if topic.lower() in last.lower() and topic.lower() != replacement.lower():
                return re.sub(re.escape(topic), replacement, last, flags=re.IGNORECASE)
        return f"{question} ({' '.join(_content_words(last, question, ()))})"

    def _own(self, question: str) -> tuple[str, str] | None:
        """The last thing of the graph that a question names, else a name of the documents: its name, and as written."""
        if mentions := self._linker.link(question):
            return mentions[-1].name, question[slice(*mentions[-1].span)]
        return next(((name, name) for name in self._known(question)), None)

    def _topic(self, history: Sequence[Utterance]) -> tuple[str, str]:
        """Name of what was talked of last, as it was written, and the last question that named it."""
        for utterance in reversed(history):
            linked = [utterance.content[slice(*mention.span)] for mention in self._linker.link(utterance.content)]
            for name in (*linked, *self._known(utterance.content)):
                asked = next((u.content for u in reversed(history) if u.role == "user" and name in u.content), "")
                return name, asked
        return "", ""

    def _recent_names(self, history: Sequence[Utterance]) -> list[str]:
        """Names said in the last question, else in the last answer, else earlier ones; most specific first."""
        for utterance in reversed([u for u in history if u.role == "user"]):
            if names := self._names(utterance.content):
                return names
        for utterance in reversed(history):
            if names := self._names(utterance.content):
                return names
        return []

    def _names(self, text: str) -> list[str]:
        linked = [text[slice(*mention.span)] for mention in self._linker.link(text)]
        found = list(dict.fromkeys([*linked, *self._known(text)]))
        if found:
            return found
        return [m.group() for m in _NAME.finditer(text) if m.group().lower() not in _DULL and len(m.group()) > 1]

    def _known(self, text: str) -> list[str]:
        """Names of the documents in a text, as they are written there, the most specific only."""
        lowered = text.lower()
        said = (term for term in self._terms() if term.lower() in lowered)
        known = [found.group() for term in said if (found := re.search(_bounded(term), text, re.IGNORECASE))]
        return [name for name in known if not any(len(name) < len(other) and name in other for other in known)]


def _bounded(term: str) -> str:
    """A regular expression for a term: no part of a longer word, but between Chinese characters, which know no gaps."""
    edge = r"[^\W\u3400-\u9fff]"
    before = rf"(?<!{edge})" if not _HAN.match(term[0]) else ""
    after = rf"(?!{edge})" if not _HAN.match(term[-1]) else ""
    return f"{before}{re.escape(term)}{after}"


def _covers(new: str, name: str, written: str) -> bool:
    """Whether the new part of "那X呢" is the name and nothing else (那X的电话呢 is a question of its own)."""
    rest = new.replace(written, "").replace(name, "")
    return len(rest.strip(" 那么的")) == 0


def _is_elliptical(question: str) -> bool:
    """A short Chinese question without a subject of its own, or one that begins by leaning on what was said."""
    return bool(_ZH_LEAD.match(question)) or len(_HAN.findall(question)) <= 12


def _last_user(history: Sequence[Utterance]) -> str:
    return next((u.content for u in reversed(history) if u.role == "user"), "")


def _content_words(text: str, question: str, names: Sequence[str]) -> list[str]:
    """Words of the last question that say what it was about and are not there yet, at most eight."""
    there = {word.lower() for word in _WORD.findall(" ".join((question, *names)))}
    words = (word for word in _WORD.findall(text) if word.lower() not in _DULL and word.lower() not in there)
    return list(dict.fromkeys(words))[:8]
