"""Conditions on what a thing is or is not: "waterproof", "not in stock", 不防水."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from knowledge.graph.lexicon import Lexicon

TRUTH: Mapping[str, bool] = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}
"""How sources state that something holds or does not."""

_NOT = re.compile(
    r"(?:\b(?:not|non|no|without|never|neither|nor|lack(?:s|ing)?|except(?: for)?|excluding|other than)\b|n['’]t\b)[\s-]*"
    r"(?:(?:a|an|any|the|be|being|really|fully|very|even|currently|also|yet|ones?|that|which|are|is)\b[\s-]*){0,3}$"
    r"|(?:不|没有|没|非|无|未|除了|除)(?:是|支持|具备|具有|带|能|会|可以|可|够|怎么|太)?\s*$",
    re.IGNORECASE,
)
_WAIVED = re.compile(
    r"(?:\b(?:need|have|has|must)\s*(?:not|n['’]t)|\b(?:do|does)(?:\s*not|n['’]t) (?:need|have|has|care|mind))\b[^,.;]{0,20}$"
    r"|(?:不用|不必|无需|不(?:需|一定)?要|不在乎)(?:能|会|是)?\s*$",
    re.IGNORECASE,
)
_A_NOT_A = re.compile(r"([\u3400-\u9fff]{1,2})[不没](?=\1)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A condition: the relation holds of a thing, or it does not."""

    relation: str
    holds: bool


class FlagReader:
    """Reads conditions on the relations of one graph that only hold or do not."""

    def __init__(self, lexicon: Lexicon, relations: Collection[str]) -> None:
        affirming = [(cue, meant, True) for cue, meant in lexicon.relation_cues]
        denying = [(cue, meant, False) for cue, meant in lexicon.opposite_cues]
        self._cues = [
            (cue, relation, holds)
            for cue, meant, holds in (*denying, *affirming)
            if (relation := next((r for r in meant if r in relations), ""))
        ]

    def read(self, text: str) -> tuple[tuple[Flag, ...], str]:
        """The conditions, and the text without them."""
        # 防不防水 denies nothing.
        text = _A_NOT_A.sub(lambda match: "　" * len(match.group()), text)
        found: dict[str, Flag] = {}
        for cue, relation, holds in self._cues:
            while match := cue.search(text):
                before = text[: match.start()]
                start = match.start()
                if _WAIVED.search(before):
                    pass
                elif denied := _NOT.search(before):
                    found.setdefault(relation, Flag(relation=relation, holds=not holds))
                    start = denied.start()
                else:
                    found.setdefault(relation, Flag(relation=relation, holds=holds))
                text = text[:start] + "　" * (match.end() - start) + text[match.end() :]
        return tuple(found.values()), text


def is_truth(value: object) -> bool:
    """Whether a value says just that something holds or does not."""
    return isinstance(value, str) and value.lower() in TRUTH
