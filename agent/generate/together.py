"""Puts the answers to several questions together in one reply."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.types import Citation, Draft, Fact

_MARK = re.compile(r"\[(\d{1,3})\](?!\()")


def together(drafts: Sequence[Draft]) -> Draft:
    """One after the other, a paragraph each, their citations numbered through; what is said twice is said once."""
    once = list({draft.text: draft for draft in reversed(drafts)}.values())[::-1]
    texts, citations, facts = list[str](), list[Citation](), list[Fact]()
    for draft in once:
        texts.append(_renumbered(draft.text, len(citations)))
        citations += [replace(citation, n=citation.n + len(citations)) for citation in draft.citations]
        facts += draft.facts
    return Draft(
        text="\n\n".join(filter(None, texts)),
        citations=tuple(citations),
        facts=tuple(dict.fromkeys(facts)),
        support=max(draft.support for draft in once),
        parts=tuple(once),
    )


def _renumbered(text: str, by: int) -> str:
    return _MARK.sub(lambda mark: f"[{int(mark[1]) + by}]", text)
