"""Makes a follow-up stand alone, by rules: what it leaves out is carried over from the conversation."""

from collections.abc import Callable, Sequence

from agent.ports import EntityLinker
from agent.types import Utterance
from agent.understand.rewriting.another import asked_of_another
from agent.understand.rewriting.chinese import ChineseFollowUps
from agent.understand.rewriting.comparing import Comparisons
from agent.understand.rewriting.correcting import correction_in
from agent.understand.rewriting.english import EnglishFollowUps
from agent.understand.rewriting.listed import Listed
from agent.understand.rewriting.names import KnownNames
from agent.understand.rewriting.within import within_price
from agent.understand.same_head import with_same_head
from agent.understand.standing import Standing
from agent.understand.talk import Talk
from knowledge.text.han import HAN


class RuleRewriter:
    """Implements `agent.ports.QuestionRewriter`.

    linker: finds the graph's entities; the one talked of last stands for "it".
    terms:  names that the documents use (product names from titles), longest first, for what the graph does not hold.
    standing: tells what leans on the graph's entities from what does not; without it every short question leans.
    """

    def __init__(
        self, linker: EntityLinker, terms: Callable[[], Sequence[str]] = tuple, standing: Standing | None = None
    ) -> None:
        self._names = KnownNames(linker, terms)
        self._standing = standing
        self._comparisons = Comparisons(self._names, standing)
        self._listed = Listed(self._names, standing)
        self._chinese = ChineseFollowUps(self._names, standing)
        self._english = EnglishFollowUps(self._names, standing)

    def standalone(self, question: str, history: Sequence[Utterance]) -> str:
        """The question with what it leaves out; one that stands alone is returned untouched."""
        if not history or not question.strip():
            return question
        return self._read(question, Talk(history, self._names.linker, self._names.documented, self._read))

    def _corrected(self, question: str, talk: Talk) -> str:
        """The last question, with what the customer puts right in it; "" where nothing is, or nobody can tell what was wrong."""
        correction, asked = correction_in(question), talk.last_asked
        if correction is None:
            return ""
        wrong = correction.wrong.lower()
        if wrong and (place := asked.lower().find(wrong)) >= 0:
            return f"{asked[:place]}{correction.right}{asked[place + len(wrong) :]}"
        written = self._names.own(correction.right)
        again = asked_of_another(written[1], written[0], talk, self._names) if written else ""
        return again or with_same_head(correction.right, asked, surely=True)

    def _read(self, question: str, talk: Talk) -> str:
        if not len(talk):
            return question
        if corrected := self._corrected(question, talk):
            return corrected
        if self._standing and (within := within_price(question, talk, self._standing.kind)):
            return within
        if found := (
            self._listed.asked_of(question, talk)
            or self._comparisons.chosen(question, talk)
            or self._comparisons.between(question, talk)
        ):
            return found
        if self._standing and not self._names.link(question) and not self._standing.makes_sense(question):
            return question
        question = self._comparisons.with_topic(question, talk)
        follow_ups = self._chinese if HAN.search(question) else self._english
        return follow_ups.standalone(question, talk)
