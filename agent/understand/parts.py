"""The questions of a message that asks several, each as it stands alone: as if they had been asked one after the other."""

import re
from collections.abc import Sequence

from agent.ports import QuestionRewriter
from agent.types import Utterance
from agent.understand.asking import asks
from knowledge.question.asked_clauses import clauses_of
from knowledge.text.han import HAN

_LONGEST = 400
"""Characters of a message that is taken apart; longer ones are stories."""
_MOST = 3
_LISTED = re.compile(r"^\s*(?:\d{1,2}[.)、．]|[-*•])?\s*")
"""What stands before a point of a list."""


def questions_in(text: str, history: Sequence[Utterance], rewriter: QuestionRewriter) -> tuple[str, ...]:
    """Two or three questions; () for one, or for more than can be answered in one reply."""
    if len(text) > _LONGEST:
        return ()
    clauses = [(_LISTED.sub("", one.text), one.asks or asks(one.text)) for one in clauses_of(text)]
    if not 2 <= sum(asked for _, asked in clauses) <= _MOST:
        return ()
    said, found = list(history), list[str]()
    for clause, asked in clauses:
        told = f"{clause.rstrip('.。')}{'？' if HAN.search(clause) else '?'}" if asked else clause
        if asked:
            found.append(rewriter.standalone(told, said))
        said.append(Utterance(role="user", content=told))
    return tuple(found)
