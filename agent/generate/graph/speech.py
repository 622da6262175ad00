"""Says a graph's names, relations and values in the customer's language, by the wording that comes with an answer."""

import re
from collections.abc import Sequence

from agent.types import Fact, Language
from knowledge.graph.truth import TRUTH
from knowledge.graph.unit_names import bare_label, unit_of
from knowledge.types import IS_A, Wording

MOST_NAMED = 20
"""Things that an answer names, and cites; of more it says how many."""
_SHOWN = 8
_PREPOSITIONS = {"with", "in", "from", "for", "by", "to", "at", "of", "on", "as", "into", "until", "after", "before"}
_OF_ONE = re.compile(r"(?<=ch)es$|(?<=[a-z])(?<!s)s$")
"""What the unit of one lacks: 1 minute, 1 inch."""


class Speech:
    """What a graph holds, as it is said in one language."""

    def __init__(self, wording: Wording, language: Language) -> None:
        self._wording = wording
        self.language = language

    def term(self, name: str) -> str:
        """A name, a type or a value."""
        return self._wording.terms.get(name, name)

    def label(self, relation: str) -> str:
        """A relation: price_usd → price, 价格."""
        if relation == IS_A:
            return self._wording.labels.get(relation, "类型" if self.language == "zh" else "type")
        return self._wording.labels.get(relation, bare_label(relation))

    def value(self, fact: Fact) -> str:
        """A value with its unit; a number has one where the wording knows it."""
        pattern = self._wording.values.get(fact.relation) or unit_of(fact.relation, self.language)
        numeric = fact.tail.replace(".", "", 1).isdigit()
        if numeric and fact.tail == "1" and self.language == "en":
            pattern = _OF_ONE.sub("", pattern)
        return pattern.replace("{}", fact.tail) if numeric and pattern else self.term(fact.tail)

    def verdict(self, relation: str, *, holds: bool) -> str:
        """What is said of a thing that a relation holds of or not (防水, 不防水), "" where no words are known."""
        return self._wording.verdicts.get((relation, holds), "")

    def stated(self, facts: Sequence[Fact]) -> str:
        """Facts about one thing on one line, as a citation quotes them."""
        said = dict.fromkeys(map(self._stated, facts))
        return f"{self.term(facts[0].head)} " + ("；" if self.language == "zh" else "; ").join(said)

    def sentence(self, fact: Fact) -> str:
        """One fact as a clause (故宫的门票是60元; the rating of A is 4.5; A is compatible with B)."""
        return self.clause([fact])

    def clause(self, facts: Sequence[Fact], *, more: bool = False) -> str:
        """Facts of one thing and one relation as a clause; more: whether these are not all that is stated."""
        head, relation = self.term(facts[0].head), facts[0].relation
        holds = truth(facts[0].tail)
        verdict = self.verdict(relation, holds=holds is not False)
        values = self.listed([] if holds is not None and verdict else [self.value(fact) for fact in facts])
        if self.language == "zh":
            return (
                f"{head}{verdict}{values}"
                if verdict
                else f"{head}的{self.label(relation)}{'包括' if more else '是'}{values}"
            )
        if verdict:
            return f"{head} is {verdict} {values}".rstrip()
        if relation == IS_A and relation not in self._wording.labels:
            return f"{head} is listed under {values}"
        if ends_open(self.label(relation)):
            return f"{head} – {self.label(relation)}: {values}"
        several = len(facts) > 1 or is_plural(self.label(relation))
        verb = "include" if more else "are" if several else "is"
        return f"the {self.label(relation)} of {head} {verb} {values}"

    def listed(self, items: Sequence[str], *, shown: int = _SHOWN) -> str:
        """Several things within a sentence ("A, B and C")."""
        if self.language == "zh" or len(items) < 2 or len(items) > shown:
            return self.joined(items, shown=shown)
        return f"{', '.join(items[:-1])} and {items[-1]}"

    def joined(self, items: Sequence[str], *, shown: int = _SHOWN, total: int = 0) -> str:
        """Several things, the first few by name; total: how many there are, where not all of them were given."""
        named = list(items[:shown])
        total = max(total, len(items))
        more = total - len(named)
        if self.language == "zh":
            return "、".join(named) + (f"等，共{total}个" if more > 0 else "")
        return ", ".join(named) + (f" and {more} more" if more > 0 else "")

    def _stated(self, fact: Fact) -> str:
        holds = truth(fact.tail)
        verdict = self.verdict(fact.relation, holds=holds) if holds is not None else ""
        return verdict or f"{self.label(fact.relation)} {self.value(fact)}"


def truth(value: str) -> bool | None:
    """Whether a value says that something holds or does not; None for any other value."""
    return TRUTH.get(value.lower())


def is_plural(label: str) -> bool:
    """Whether an English label is of several things ("colours")."""
    return label.endswith("s") and not label.endswith("ss")


def ends_open(label: str) -> bool:
    """Whether an English label is no noun that something could have, but waits for what it leads to ("made in")."""
    return label.rpartition(" ")[2].lower() in _PREPOSITIONS
