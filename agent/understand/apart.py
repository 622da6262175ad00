"""The questions that one message asks, each as it stands alone."""

from agent.ports import EntityLinker, QuestionRewriter
from agent.types import EntityMention, Utterance
from knowledge.question.asked_clauses import asked_clauses
from knowledge.question.chinese_clauses import each_that_asks

_MOST = 3  # questions: who writes more tells a story


class SeveralQuestions:
    """Takes a message apart; a later question leaves out what a follow-up would: "how much is the P5, and is it waterproof"."""

    def __init__(self, rewriter: QuestionRewriter, linker: EntityLinker) -> None:
        self._rewriter = rewriter
        self._linker = linker

    def apart(self, message: str) -> list[tuple[str, tuple[EntityMention, ...]]]:
        """Each question with the things that it names; none where the message asks but one, or tells something as well."""
        told, asked = asked_clauses(message)
        if len(asked) < 2:
            told, asked = "", each_that_asks(message)
        if told or not 1 < len(asked) <= _MOST:
            return []
        first = Utterance(role="user", content=asked[0])
        alone = [asked[0], *(self._rewriter.standalone(one, [first]) for one in asked[1:])]
        return [(one, tuple(self._linker.link(one))) for one in alone]
