"""Makes a follow-up stand alone, by rules: what it leaves out is carried over from the conversation."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from agent.ports import EntityLinker
from agent.types import Utterance
from agent.understand.in_place import in_place
from agent.understand.language import without_addresses
from agent.understand.pointing import (
    EN_FOLLOW,
    EN_OPENER,
    EN_POINTS,
    EN_SAME,
    EN_SWAP,
    ZH_ELLIPSIS,
    ZH_LEAD,
    ZH_LEANS,
    ZH_PRONOUN,
    ZH_SWAP,
    fragment_of,
)
from agent.understand.standing import Standing
from agent.understand.talk import Talk, types_of
from knowledge.text.folding import folded

_HAN = re.compile(r"[\u4e00-\u9fff]")
_ZH_BOTH = re.compile(r"它们|(?:这|那)?(?:两者|两个|两款|俩)|都(?!有)")
_EN_ALONE = re.compile(
    r"(?:and|or|so|but|then|ok(?:ay)?)\b[,\s]*(?:from |for |with |on |in |to )?(?:the |our |my |your )?(?P<new>[^?.!,]+)\W*",
    re.IGNORECASE,
)
_EN_SENTENCE = re.compile(
    r"(?:can|could|do|does|did|is|are|will|would|may|must|should|have|has|how|what|when|where|who|which|why)\b.*\b(?:i|you|we|my|your|the|an?|is|are)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:compare[ds]?|comparison|versus|vs\.?|than|differ(?:s|ences?|ent)?|better|worse)(?!\w)|比|区别|差别|不同|差异",
    re.IGNORECASE,
)
_ZH_JOINS = re.compile(r"(?:那|那么)?(?:它|这款|那款|这个|那个)(?=.{0,6}[配接充连用装适搭].{2,})")
_EN_JOINS = re.compile(
    r"\bit\b(?= (?:also )?(?:works?|fits?|goes?|charges?|connects?|pairs?|supports?|compatible|with)\b)", re.IGNORECASE
)
_EN_CHOOSES = re.compile(
    r"^\W*(?:(?:which|what|show me|list|any|are there|is there|do you (?:have|sell)|have you got)\b[\s:]*)+",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|that one|this one|that|this|them)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b(?:[A-Z][\w&'-]*)(?:\s+(?:of|and|[A-Z0-9][\w&'-]*))*\b")
_REFERENCE = re.compile(r"(?<![A-Za-z\d])[A-Za-z]{0,4}[- ]?\d{4,}[\d-]*(?![A-Za-z\d])")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+|\d+(?:[.,]\d+)*[%$]?")
_EN_COMPANY = re.compile(
    r"(?:do|does|did|can|could|will|would) (?:you|u|your (?:shops?|stores?|company))(?: guys| people| folks)?(?: also| even)?"
    r" (?:sell|have|stock|carry|offer|take|accept|buy|provide|deliver|ship|repair|fix|rent|hire) \w"
    r"|(?:where(?:'?s| is| are)|(?:where|how) (?:can|do) i find) (?:the|your|you)\b"
    r"|(?:what|which) (?:brands?|makes?|products?|models?|kinds? of|sorts? of|types? of|payment|stores?|shops?)\b.*\b(?:you|your)\b"
    r"|(?:what|when)(?:'?s| is| are) your \w|when (?:do|are) you (?:open|clos)|what (?:time|days?) (?:do|are) you\b",
    re.IGNORECASE,
)
_ZH_COMPANY = re.compile(
    r"^(?:那|那么|请问)?(?:你们|您们|贵(?:店|公司)|(?:你们)?店里|(?:你们)?家)(?:这里|这儿|那里|家|店)?(?:还)?(?:有(?!货|现货|[^，,]{1,6}的[吗么嘛]?\W*$)|卖|收|做|提供|支持|送|能(?!用)|可以|是否有|的?(?:门店|店|地址|电话|客服|公司))"
    r"|^(?:那|那么|请问)?(?:你们的?)?(?:门店|店面|实体店|总部|公司|客服)在哪"
)
_ZH_AGAIN = re.compile(
    r"(?:[店家]|的话|那边|这边)?(?:也|又|还)?(?P<verb>有|能|可以|行|支持|提供|是)?(?:也)?(?:吗|么|嘛|没有|没|不|呢|怎么样|如何)?\W*"
)
_ZH_QUALITY = re.compile(r"^(?:那|那么)?([贵重大小轻厚薄沉快慢吵亮长宽高难])不\1")
_WHICH = re.compile(
    r"^\W*(?:and |but )?(?:which(?: one)?(?: of (?:them|the two|these|those|both))?(?:'?s)?|who)"
    r"(?: (?:is|has|costs?|weighs?|lasts?|looks?|runs?|would|do you|should|comes?)\b|\W*$)"
    r"|^(?:那|那么)?(?:这两|两)?(?:它们)?(?:个|款|者)?[里之]?[中间]?(?:哪一?[个款台部只种家]|谁)",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\bdiffer\w*|\b(?:price )?gap\b|\bhow much (?:more|less|cheaper|dearer)\b|\bcompare (?:them|both|the two)\b"
    r"|差(?:多少|几|价|别|距|异)|[贵轻重大长]多少|便宜多少|区别|不同|对比|(?<![较对])比(?:较|一)",
    re.IGNORECASE,
)
DULL = frozenset(
    "a about after again all also am an and any are as ask at be because been before being but by can could did do does"
    " doing for from get give go got had has have having hello hi how i if in into is it its just know like long may me"
    " might more most much my need no not of off on once one only or other our out over own please put see should so"
    " some such tell than thank thanks that the their them then there these they this those through to too up us use"
    " very want was we were what whats when where which while who why will with would yes you your i'm i've it's that's"
    " don't doesn't what's there's typically typical".split()
)


UNSAID = DULL | frozenset(
    "angry annoyed awful bad cant cheaper cheapest compare compared comparison damn didnt disappointed disappointing"
    " doesnt dont frustrated frustrating furious hm hmm horrible im isnt ive ok okay really ridiculous sad sorry terrible"
    " thats um unacceptable unhappy upset versus vs wait well whats wheres wont".split()
)
"""Words that no follow-up carries: dull ones, what somebody feels, and how something was compared."""


_FEW = 2  # words that say little
_MANY = 4  # words that say all, where none points to what was said before
_OWN_QUESTION = 3  # words from which on what follows "what about X" is a question of its own
_FEW_ZH = 9  # characters of a Chinese question that may lean on what was said without showing it
_LONGEST_ZH = 20  # characters of context
_DULL_ZH = re.compile(
    r"怎么(?:办|样)?|什么(?:时候)?|多少钱?|多久|多长时间|几(?:个|天|次|点)?|哪(?:些|里|儿|[一]?[个款台部种])?|吗|呢|吧|啊|如何|可不可以|可以|能不能|是不是|有没有"
    r"|请问|我们?|你们?|您|想|一下|大概|(?<=[\u4e00-\u9fff])[了的是有能会要](?=$|[，。？?！!])|[，,。？?！!、；;\s（）()]"
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
        return self._read(question, Talk(history, self._linker, self._known, self._read))

    def _read(self, question: str, talk: Talk) -> str:
        if not len(talk):
            return question
        if found := self._chosen(question, talk) or self._between(question, talk):
            return found
        if self._standing and not self._linker.link(question) and not self._standing.makes_sense(question):
            return question
        question = self._compared(question, talk)
        if _HAN.search(question):
            return self._chinese(question, talk)
        return self._english(question, talk)

    def _between(self, question: str, talk: Talk) -> str:
        """A choice or a comparison that names nothing ("which is cheaper?", 差多少钱) with the two things talked of last; "" for
        all else.
        """
        said = EN_OPENER.sub("", question, count=1)
        if not (_WHICH.search(said) or _DIFFERENCE.search(said)) or self._own(said) or not (pair := talk.pair):
            return ""
        if self._standing and not self._standing.compares(said, _content_words(said, "", ())):
            return ""
        return _of_both(pair, _ZH_BOTH.sub("", question))

    def _chosen(self, question: str, talk: Talk) -> str:
        """A choice that names no kind ("which is the cheapest?") with the kind that was chosen from before; "" for all else."""
        if self._standing is None or not self._standing.chooses_of_unnamed(question) or self._linker.link(question):
            return ""
        for said in map(talk.said, range(len(talk))):
            if self._standing.chooses_of_kind(said):
                if _HAN.search(said):
                    return "".join(filter(None, _DULL_ZH.split(said))) + question
                return f"{question} ({_EN_CHOOSES.sub('', said).rstrip(' ?!.')})"
            if not self._standing.chooses_of_unnamed(said):
                break
        return ""

    def _compared(self, question: str, talk: Talk) -> str:
        """A comparison of "it" with something named, or whether "it" goes with that, "it" being what was talked of last; any
        other question as it is.
        """
        if (own := self._own(question)) is None:
            return question
        compares = _COMPARES.search(question)
        joins = _ZH_JOINS.search(question) if _HAN.search(question) else _EN_JOINS.search(question)
        if not compares and not joins:
            return question
        points = joins or (ZH_PRONOUN if _HAN.search(question) else _IT).search(question)
        leads = re.match("(?:那|那么)?(?=比)", question)
        place = points or leads
        if place is None or len(self._linker.link(question)) > 1:
            return question
        topic = talk.topic
        if not topic or topic in own or self._linker.link(topic)[:1] == self._linker.link(own[1])[:1]:
            return question
        return f"{question[: place.start()]}{topic}{question[place.end() :]}"

    def _chinese(self, question: str, talk: Talk) -> str:
        swap = ZH_SWAP.match(question)
        if own := self._own(question):
            return self._asked_again(question, *own, talk) or question
        if swap and (again := in_place(ZH_LEAD.sub("", swap["new"]), self._last_asked(talk))):
            return again
        points = ZH_PRONOUN.search(question) is not None
        if not points and _ZH_COMPANY.search(question):
            return question
        topic = talk.chosen(0) or talk.topic
        leans = (
            points
            or _ZH_QUALITY.match(question)
            or (not self._alone(question, topic) and (swap is not None or _is_elliptical(question)))
        )
        if not topic:
            return self._with_context(question, talk)
        return self._leaning(question, topic, talk) if leans else question

    def _leaning(self, question: str, topic: str, talk: Talk) -> str:
        """A Chinese question with the thing that it leans on, or with both that were talked of."""
        points, swap = ZH_PRONOUN.search(question), ZH_SWAP.match(question)
        if talk.compared and (not points or _ZH_BOTH.search(question)):
            return _of_both(talk.compared, _ZH_BOTH.sub("", ZH_LEAD.sub("", question)))
        if points:
            return ZH_PRONOUN.sub(topic, question, count=1)
        if swap or self._standing is None or self._standing.asks(question):
            return f"{topic}{'的' if swap else ''}{ZH_LEAD.sub('', question)}"
        return f"{question}（{f'{topic} {self._carried(question, talk, topic)}'.strip()}）"

    def _asked_again(self, question: str, name: str, written: str, talk: Talk) -> str:
        """The last question, where a Chinese one says nothing but another name (那静安店呢, 静安店有吗), asked of that; else ""."""
        rest = ZH_LEAD.sub("", question).replace(written, "", 1)
        if not (said := _ZH_AGAIN.fullmatch(rest)):
            return ""
        if again := self._asked_of(written, name, talk):
            return again
        verb = said["verb"] or ""
        asked = next((one for one in map(talk.asked, talk.remembered) if verb in one), "") if rest.strip("?？ ") else ""
        return f"{name}{ZH_LEAD.sub('', asked)}" if asked and not self._own(asked) else ""

    def _asked_of(self, written: str, name: str, talk: Talk) -> str:
        """The last question about a thing, asked of another of the same kind; "" where there was none."""
        types = self._types([written])
        for asked in map(talk.asked, talk.remembered):
            mentions = self._linker.link(asked)
            if same := [mention for mention in mentions if mention.type in types] or (mentions if types else ()):
                start, end = same[-1].span
                return asked[:start] + name + asked[end:]
            if not types and (known := self._known(asked)):
                return asked.replace(known[0], name)
            if types and (it := (ZH_PRONOUN if _HAN.search(asked) else _IT).search(asked)):
                return asked[: it.start()] + name + asked[it.end() :]
        return ""

    def _with_context(self, question: str, talk: Talk) -> str:
        """A short Chinese question with words of the last one, where nothing was named that could be put in its place."""
        points = ZH_PRONOUN.search(question) or ZH_LEANS.match(question)
        chooses = self._standing is not None and self._standing.chooses_of_kind(question)
        alone = chooses or self._has_subject(question)
        leans = points or (len(_HAN.findall(question)) <= _FEW_ZH and not alone)
        carried = self._carried(question, talk)
        return f"{question}（{carried}）" if leans and carried else question

    def _carried(self, question: str, talk: Talk, topic: str = "") -> str:
        """Pieces of the last Chinese question that say what it was about, and are not there yet, some twenty characters."""
        said = _impersonal(self._last_asked(talk))
        said = said.replace(topic, " ") if topic else said
        pieces = dict.fromkeys(piece for piece in _DULL_ZH.split(said) if len(piece) > 1)
        return " ".join(piece for piece in pieces if piece not in question)[:_LONGEST_ZH].strip()

    def _has_subject(self, question: str) -> bool:
        """Whether a short Chinese question says what it is about, and does not lean on what was said before."""
        if self._standing is None or ZH_ELLIPSIS.search(question):
            return False
        return self._standing.has_subject([piece for piece in _DULL_ZH.split(question) if piece])

    def _english(self, question: str, talk: Talk) -> str:
        said = EN_OPENER.sub("", question, count=1) or question
        known = self._known_or_linked(said)
        own = known or _guessed(said)
        if not own and _EN_COMPANY.match(said) and not EN_POINTS.search(said):
            return question
        topic_names = self._recent_names(said, talk)
        last = self._last_asked(talk)
        if again := self._english_again(said, known, topic_names, last, talk):
            return again
        if own and not EN_FOLLOW.search(said):
            return question if known else self._about_what_was_named(question, talk)
        missing = [name for name in topic_names if name.lower() not in said.lower()]
        if own:
            missing = []
        elif self._stands(said, missing):
            return question
        if missing and tuple(missing) == talk.compared:
            return _of_both(talk.compared, question)
        carried = " ".join(self._context(last, question, own or missing, missing))
        if missing:
            carried = ", ".join(missing[:2]) + (f": {carried}" if carried else "")
        return f"{question} ({carried})" if carried else question

    def _english_again(self, said: str, known: Sequence[str], topics: Sequence[str], last: str, talk: Talk) -> str:
        """The last question, where an English one says nothing but what is other now ("what about the gold one?", "for Starter?",
        "and 20 days?", "does the Team plan?"); else "".
        """
        fragment = fragment_of(said)
        swap = EN_SWAP.match(said) or _named_alone(said, known) or (fragment if known else None)
        piece = swap or fragment or _EN_ALONE.fullmatch(said)
        if piece and not known and (again := in_place(piece["new"], last)):
            return again
        same = EN_SAME.match(said) if len(known) == 1 else None
        named = same["new"] if same else said
        if known and named.strip(" ?!.").lower() == known[0].lower() and self._types(known[:1]):
            return self._asked_of(known[0], known[0], talk)
        # "What about the limit, does it change?" asks for something else; "What about the gold one?" asks the same again.
        own = known or _guessed(said)
        if swap and last and (own or self._asks_again(said, swap, topics)):
            return self._swapped(said, swap["new"].strip(), own, last, talk)
        return ""

    def _stands(self, question: str, missing: Sequence[str]) -> bool:
        """Whether an English question that names nothing stands by itself after names that it does not say again."""
        if fragment_of(question):
            return False
        if self._alone(question, *missing) or not _leans(question, after_names=bool(missing)):
            return True
        return not missing and self._says_its_subject(question)

    def _says_its_subject(self, question: str) -> bool:
        """Whether a short English question is a sentence about what articles are entitled with: "Can I pay in instalments?"."""
        said = _content_words(question, "", ())
        if self._standing is None or len(said) < _FEW or EN_FOLLOW.search(question) or not _EN_SENTENCE.match(question):
            return False
        return all(self._standing.has_subject([word]) for word in said)

    def _about_what_was_named(self, question: str, talk: Talk) -> str:
        """With what the documents call what was talked of: a capital alone ("What does Acme charge?") names no product."""
        names = next((names for names in map(talk.named, range(len(talk))) if names), [])
        return f"{question} ({', '.join(names[:2])})" if names and not self._types(names) else question

    def _last_asked(self, talk: Talk) -> str:
        """The customer's last message that says anything, with what it leaves out in turn."""
        for n in talk.remembered:
            if _content_words(talk.said(n), "", ()) or _HAN.search(talk.said(n)):
                return talk.asked(n)
        return talk.said(0)

    def _context(self, last: str, question: str, about: Sequence[str], missing: Sequence[str]) -> Sequence[str]:
        """Words of the last question; of one about a thing that the graph holds only what the graph does not read in it, and
        none where this question asks for something else of the thing.
        """
        for mention in reversed(self._linker.link(last)):
            last = f"{last[: mention.span[0]]} {last[mention.span[1] :]}"
        if self._standing is None or not self._types(about):
            return _content_words(last, question, missing)
        if self._standing.asks(question):
            return ()
        unread = self._standing.unread(last)
        return [word for word in _content_words(last, question, missing) if word.lower() in unread]

    def _alone(self, question: str, *topics: str) -> bool:
        """Whether the question needs nothing of these topics."""
        types = self._types(topics)
        return self._standing is not None and self._standing.alone(question, types)

    def _types(self, names: Sequence[str]) -> frozenset[str]:
        return types_of(self._linker, names)

    def _asks_again(self, question: str, swap: re.Match[str], topics: Sequence[str]) -> bool:
        """Whether nothing follows "what about X" that is a question of its own."""
        if self._types(topics) and self._standing and self._standing.asks(question):
            return False
        return len(question[swap.end() :].split()) < _OWN_QUESTION and not self._alone(question, *topics)

    def _swapped(self, question: str, new: str, own: Sequence[str], last: str, talk: Talk) -> str:
        """ "What about the gold one?": the last question, asked of something else."""
        topics = self._recent_names(question, talk)
        if own and self._types(own[:1]) and (again := self._asked_of(own[0], own[0], talk)):
            more = " ".join(_content_words(new, again, own[:1]))
            return f"{again} ({more})" if more else again
        bare = own[0] if own else re.sub(r"^(?:the|our|my|your|an?)\s+|\s+ones?$", "", new, flags=re.IGNORECASE)
        for topic in topics:
            replacement = bare if " " in bare else self._like(topic, bare)
            if topic.lower() in last.lower() and topic.lower() != replacement.lower():
                return re.sub(re.escape(topic), replacement, last, flags=re.IGNORECASE)
        return f"{question} ({' '.join(_content_words(last, question, ()))})"

    def _like(self, topic: str, new: str) -> str:
        """What "the gold one" is beside "Silver Saver": the name that differs by that word alone, if there is one."""
        words, terms = topic.split(), {term.lower() for term in self._terms()}
        made = (" ".join([*words[:place], new, *words[place + 1 :]]) for place in range(len(words)))
        return next((name for name in made if name.lower() in terms), new)

    def _own(self, question: str) -> tuple[str, str] | None:
        """The last thing of the graph that a question names, else a name of the documents: its name, and as written."""
        if mentions := self._linker.link(question):
            return mentions[-1].name, question[slice(*mentions[-1].span)]
        return next(((name, name) for name in self._known(question)), None)

    def _recent_names(self, question: str, talk: Talk) -> list[str]:
        """Names said in the last question that has any, and what the graph answered to one that has none; else those of an
        answer that may be anybody's. Of things that a reply chose from, the chosen one is "it".
        """
        for n in range(len(talk)):
            if _IT.search(question) and (chosen := talk.chosen(n)):
                return [chosen]
            if names := self._names(talk.said(n)):
                return names
            if names := (list(talk.compared) if n == 0 else []) or talk.answered(n):
                return names
            if talk.ends(n):
                return []
        # What an answer writes with a capital may begin a line of a list.
        return next((names for names in map(talk.told, range(len(talk))) if names), [])

    def _names(self, text: str) -> list[str]:
        return self._known_or_linked(text) or _guessed(text)

    def _known_or_linked(self, text: str) -> list[str]:
        linked = [text[slice(*mention.span)] for mention in self._linker.link(text)]
        return list(dict.fromkeys([*linked, *self._known(text)]))

    def _known(self, text: str) -> list[str]:
        """Names of the documents in a text, as they are written there, the most specific only."""
        lowered = text.lower()
        said = (term for term, low in _as_read(tuple(self._terms())) if low in lowered)
        known = [found.group() for term in said if (found := re.search(_bounded(term), text, re.IGNORECASE))]
        return [name for name in known if not any(len(name) < len(other) and name in other for other in known)]


@lru_cache(maxsize=8)
def _as_read(terms: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Names as messages are read, and in lower case."""
    return tuple((term, term.lower()) for term in map(folded, terms))


def _guessed(text: str) -> list[str]:
    """What is written with a capital within a sentence."""
    return [
        m.group() for m in _NAME.finditer(_impersonal(text)) if m.group().lower() not in UNSAID and len(m.group()) > 1
    ]


def _named_alone(question: str, names: Sequence[str]) -> re.Match[str] | None:
    """ "And the Gold Saver?": a name and nothing else."""
    found = _EN_ALONE.fullmatch(question)
    said = found["new"].lower().removesuffix(" one") if found else ""
    return found if said in {name.lower() for name in names} else None


def _leans(question: str, *, after_names: bool) -> bool:
    """Whether it may need what was said before: it points there, says little, or, after names, does not say all."""
    if EN_FOLLOW.search(question) or fragment_of(question):
        return True
    own = len(_content_words(question, "", ()))
    return own <= _FEW or (after_names and own < _MANY)


def _bounded(term: str) -> str:
    """A regular expression for a term: no part of a longer word, but between Chinese characters, which know no gaps."""
    edge = r"[^\W\u3400-\u9fff]"
    before = rf"(?<!{edge})" if not _HAN.match(term[0]) else ""
    after = rf"(?!{edge})" if not _HAN.match(term[-1]) else ""
    return f"{before}{re.escape(term)}{after}"


def _is_elliptical(question: str) -> bool:
    """A short Chinese question without a subject of its own, or one that begins by leaning on what was said."""
    return bool(ZH_LEAD.match(question)) or len(_HAN.findall(question)) <= 12


def _of_both(pair: Sequence[str], question: str) -> str:
    """A question that is asked of two things."""
    if not _HAN.search(question):
        return f"{question} ({' vs '.join(pair)})"
    question = re.sub(r"(差|[贵便]宜?)多少(?=\W*$)", r"\1多少钱", question)
    if _WHICH.search(question) or _DIFFERENCE.search(question):
        return f"{'和'.join(pair)}{ZH_LEAD.sub('', question)}"
    return f"比较{'和'.join(pair)}：{question}"


def _impersonal(text: str) -> str:
    """A message without addresses and the numbers of orders, which are no subject that a conversation goes on with."""
    return _REFERENCE.sub(" ", without_addresses(text))


def _content_words(text: str, question: str, names: Sequence[str]) -> list[str]:
    """Words of the last question that say what it was about and are not there yet, at most eight."""
    there = {word.lower() for word in _WORD.findall(" ".join((question, *names)))}
    words = (
        word for word in _WORD.findall(_impersonal(text)) if word.lower() not in UNSAID and word.lower() not in there
    )
    return list(dict.fromkeys(words))[:8]
