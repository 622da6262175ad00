"""Makes a Chinese follow-up stand alone: with the thing that it leans on, or in place of what the last question asked of."""

import re

from agent.understand.content_words import content_pieces, impersonal
from agent.understand.in_place import in_place
from agent.understand.pointing import ZH_ELLIPSIS, ZH_LEAD, ZH_LEANS, ZH_PRONOUN, ZH_SWAP
from agent.understand.rewriting.another import asked_of_another
from agent.understand.rewriting.both import of_both, says_both, without_both
from agent.understand.rewriting.names import KnownNames
from agent.understand.same_head import with_its_object, with_same_head
from agent.understand.standing import Standing
from agent.understand.talk import Talk
from knowledge.text.han import HAN
from knowledge.text.openers import THEN_ZH

_ZH_COMPANY = re.compile(
    rf"^(?:{THEN_ZH}|请问)(?:你们|您们|贵(?:店|公司)|(?:你们)?店里|(?:你们)?家)(?:这里|这儿|那里|家|店)?(?:还)?(?:有(?!货|现货|[^，,]{{1,6}}的[吗么嘛]?\W*$)|卖|收|做|提供|支持|送|能(?!用)|可以|是否有|的?(?:门店|店|地址|电话|客服|公司))"
    rf"|^(?:{THEN_ZH}|请问)(?:你们的?)?(?:门店|店面|实体店|总部|公司|客服)在哪"
)
_ZH_AGAIN = re.compile(
    r"(?:[店家]|的话|那边|这边)?(?:也|又|还)?(?P<verb>有|能|可以|行|支持|提供|是)?(?:也)?(?:吗|么|嘛|没有|没|不|呢|怎么样|如何)?\W*"
)
_ZH_QUALITY = re.compile(rf"^{THEN_ZH}([贵重大小轻厚薄沉快慢吵亮长宽高难])不\1")
_ASKS = re.compile(r"什么|怎么|多少|多久|几|哪|谁|[能会可要有不没了过]")
_FEW_ZH = 9  # characters of a Chinese question that may lean on what was said without showing it
_LONGEST_ZH = 20  # characters of context


class ChineseFollowUps:
    """Gives Chinese questions what they leave out.

    standing: tells what leans on what was said from what does not; without it every short question leans.
    """

    def __init__(self, names: KnownNames, standing: Standing | None) -> None:
        self._names = names
        self._standing = standing

    def standalone(self, question: str, talk: Talk) -> str:
        """The question with what it leaves out; one that stands alone is returned untouched."""
        swap = ZH_SWAP.match(question)
        if own := self._names.own(question):
            return self._asked_again(question, *own, talk) or question
        new = ZH_LEAD.sub("", swap["new"]) if swap else ""
        if new and (again := in_place(new, talk.last_asked) or with_same_head(new, talk.last_asked)):
            return again
        if (
            new
            and not self._names.own(new)
            and not self._says_more(new)
            and (again := with_its_object(new, talk.last_asked))
        ):
            return again
        points = ZH_PRONOUN.search(question) is not None
        if not points and _ZH_COMPANY.search(question):
            return question
        topic = talk.chosen(0) or talk.topic
        leans = (
            points
            or _ZH_QUALITY.match(question)
            or ((swap is not None or _is_elliptical(question)) and not self._alone(question, topic))
        )
        if not topic:
            return self._with_context(question, talk)
        return self._leaning(question, topic, talk) if leans else question

    def _leaning(self, question: str, topic: str, talk: Talk) -> str:
        """A Chinese question with the thing that it leans on, or with both that were talked of."""
        points, swap = ZH_PRONOUN.search(question), ZH_SWAP.match(question)
        if talk.compared and (not points or says_both(question)):
            return of_both(talk.compared, without_both(ZH_LEAD.sub("", question)))
        if points:
            return ZH_PRONOUN.sub(topic, question, count=1)
        if swap or self._standing is None or self._standing.asks(question):
            return f"{topic}{'的' if swap else ''}{ZH_LEAD.sub('', question)}"
        return f"{question}（{f'{topic} {self._carried(question, talk, topic)}'.strip()}）"

    def _says_more(self, new: str) -> bool:
        """Whether what is named next is a subject of its own, or a question."""
        return bool(_ASKS.search(new)) or self._has_subject(new)

    def _asked_again(self, question: str, name: str, written: str, talk: Talk) -> str:
        """The last question, where a Chinese one says nothing but another name (那静安店呢, 静安店有吗), asked of that; else ""."""
        rest = ZH_LEAD.sub("", question).replace(written, "", 1)
        if not (said := _ZH_AGAIN.fullmatch(rest)):
            return ""
        if again := asked_of_another(written, name, talk, self._names):
            return again
        verb = said["verb"] or ""
        asked = next((one for one in map(talk.asked, talk.remembered) if verb in one), "") if rest.strip("?？ ") else ""
        return f"{name}{ZH_LEAD.sub('', asked)}" if asked and not self._names.own(asked) else ""

    def _with_context(self, question: str, talk: Talk) -> str:
        """A short Chinese question with words of the last one, where nothing was named that could be put in its place."""
        points = ZH_PRONOUN.search(question) or ZH_LEANS.match(question)
        chooses = self._standing is not None and self._standing.chooses_of_kind(question)
        alone = chooses or self._has_subject(question)
        leans = points or (len(HAN.findall(question)) <= _FEW_ZH and not alone)
        carried = self._carried(question, talk)
        return f"{question}（{carried}）" if leans and carried else question

    def _carried(self, question: str, talk: Talk, topic: str = "") -> str:
        """Pieces of the last Chinese question that say what it was about, and are not there yet, some twenty characters."""
        said = impersonal(talk.last_asked)
        said = said.replace(topic, " ") if topic else said
        pieces = dict.fromkeys(piece for piece in content_pieces(said) if len(piece) > 1)
        return " ".join(piece for piece in pieces if piece not in question)[:_LONGEST_ZH].strip()

    def _alone(self, question: str, topic: str) -> bool:
        """Whether the question needs nothing of the topic."""
        return self._standing is not None and self._standing.alone(question, self._names.types([topic]))

    def _has_subject(self, question: str) -> bool:
        """Whether a short Chinese question says what it is about, and does not lean on what was said before."""
        if self._standing is None or ZH_ELLIPSIS.search(question):
            return False
        return self._standing.has_subject(content_pieces(question))


def _is_elliptical(question: str) -> bool:
    """A short Chinese question without a subject of its own, or one that begins by leaning on what was said."""
    return bool(ZH_LEAD.match(question)) or len(HAN.findall(question)) <= 12
