"""Understands what leans on the last answer as a whole: the reply to "which one?", and "why?"."""

import re
from collections.abc import Sequence
from typing import Protocol

from agent.ports import QuestionRewriter
from agent.types import Utterance

_BACK = re.compile(r"[?？]\W*$")
_WHY = re.compile(
    r"\W*(?:but |and |ok,? )?(?:why(?: is (?:that|it|this)(?: so)?| so)?|how (?:do|did|can) you know(?: that)?|how come|says who"
    r"|(?:那)?为什么(?:呢|啊|这么说)?|为啥(?:呢|啊)?|凭什么(?:呢|这么说)?|(?:你(?:是)?)?怎么知道的?(?:呢)?|(?:有什么|依据是什么|有何)(?:依据|根据)?)\W*",
    re.IGNORECASE,
)


def asks_back(said: str) -> bool:
    """Whether what was said ends with a question."""
    return bool(_BACK.search(said))


class Chooser(Protocol):
    """The graph, as far as it knows which of several things a reply means."""

    def resolved(self, question: str, reply: str) -> str: ...


class ChoiceRewriter:
    """Implements `agent.ports.QuestionRewriter` around another: a choice or a "why?" brings back the question it is about."""

    def __init__(self, inner: QuestionRewriter, graph: Chooser) -> None:
        self._inner = inner
        self._graph = graph

    def standalone(self, question: str, history: Sequence[Utterance]) -> str:
        """The question that was asked, with the choice put in, or asked why; else what the other rewriter makes of it."""
        place = next((n for n in range(len(history) - 1, -1, -1) if history[n].role == "user"), None)
        if place is None or not history[place + 1 :]:
            return self._inner.standalone(question, history)
        if _WHY.fullmatch(question):
            asked = self.standalone(history[place].content, history[:place])
            if not _WHY.fullmatch(asked):
                return f"为什么：{asked}" if re.search(r"[\u3400-\u9fff]", question) else f"why: {asked}"
        elif asks_back(history[-1].content):
            asked = self.standalone(history[place].content, history[:place])
            if chosen := self._graph.resolved(asked, question):
                return chosen
        return self._inner.standalone(question, history)
