"""Reads a question put to the graph: what is asked, of what, under which conditions."""

import re
from collections.abc import Collection, Mapping, Sequence

from knowledge.graph.reading.asides import AsideReader
from knowledge.graph.reading.blanks import BLANK, blank, blanked, without_names
from knowledge.graph.reading.bounds import BoundReader
from knowledge.graph.reading.conditions import Conditions
from knowledge.graph.reading.cues import asked_relations, named_type, names_anything
from knowledge.graph.reading.days import days_in
from knowledge.graph.reading.denial import denial, without_choices
from knowledge.graph.reading.flags import FlagReader
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.reading.named_values import ValueReader
from knowledge.graph.reading.nearness import NearnessReader
from knowledge.graph.reading.phrasing import Phrasing, without_comparison
from knowledge.graph.reading.qualifiers import Qualifiers
from knowledge.graph.reading.ranking import ScaleReader
from knowledge.graph.reading.reading import Reading
from knowledge.graph.reading.rest import RestReader
from knowledge.graph.reading.scales import DISTANCE
from knowledge.graph.reading.units import Units
from knowledge.graph.reading.variants import goes_on, kind_gone_beyond, variants_in
from knowledge.types import EntityMention

_YES_NO = re.compile(
    r"(?:有没有|有无|提不提供|是否有?|能不能|可不可以|带不带)(?P<a>[^吗？?，,。]{1,60})|(?:有|提供|带|支持|含)(?P<b>[^吗？?，,。]{0,60}?)(?:吗|么|没有|不)[?？]?"
    r"|(?:does|do|is|are|has|have|can)\b.{0,80}?\b(?:have|has|offer|provide|support|with|be|it)?\b\s*(?P<c>[\w -]{1,60})\?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![a-z\d.])\d+(?:[.,]\d+)?(?![\da-z])", re.IGNORECASE)


class Reader:
    """Reads questions with the lexicon of one graph.

    categories: relation → values by which things may be chosen; flags: relations that only hold or do not;
    spoken: other words for values; units: the units of its numbers; qualifiers: what it says of its prices.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        categories: Mapping[str, Sequence[str]],
        flags: Collection[str],
        spoken: Mapping[str, Sequence[str]],
        units: Units,
        qualifiers: Qualifiers,
    ) -> None:
        self._lexicon = lexicon
        self._flags = FlagReader(lexicon, flags)
        self._bounds = BoundReader(lexicon, units, flags)
        self._values = ValueReader(categories, spoken)
        self._qualifiers = qualifiers
        self._scales = ScaleReader(lexicon)
        self._nearness = NearnessReader(lexicon)
        self._rest = RestReader(lexicon, qualifiers)
        self._asides = AsideReader(lexicon, qualifiers)

    def read(self, question: str, mentions: Sequence[EntityMention]) -> Reading:
        """The question without its entities, taken apart."""
        text = without_names(question, mentions)
        # Values first: 免费停车场 is a value, and not for free; 收费停车位 asks for no price.
        named = self._values.read(text)
        bounds, left = self._bounds.read(named.left)
        superlative = self._scales.superlative(text, left, mentions)
        # A superlative's own words ("评分最高") ask for no value.
        plain = blanked(left, superlative.span) if superlative else left
        near = bool(self._lexicon.near.search(plain))
        type_, without_type = named_type(self._lexicon.near.sub(blank, plain), self._lexicon)
        left = self._lexicon.near.sub(blank, left)
        said, _ = self._qualifiers.read(text)
        asked = sorted(asked_relations(plain, self._lexicon), key=lambda r: self._qualifiers.deny(r, said))
        comparative = self._scales.comparative(text, asked)
        beside: tuple[str, ...] = ()
        if not (mentions or (superlative and superlative.concept == DISTANCE)):
            beside = self._nearness.beside(plain, asked, near, comparative)
        placed = not mentions and any(relation in self._lexicon.places for relation, _ in named.equals)
        flags, without_flags = self._flags.read(without_type)
        conditions = Conditions(
            superlative=superlative,
            bounds=bounds,
            equals=named.equals,
            excluded=named.excluded,
            beside=beside,
            flags=flags,
        )
        unclear = any(not bound.relations for bound in bounds) or bool(_NUMBER.search(left))
        rest = self._rest.read(without_comparison(without_flags), unclear=unclear)
        return Reading(
            asked=self._nearness.further(asked, text, conditions),
            near=near and not beside and not placed,
            type=type_,
            anything=not type_ and names_anything(left),
            boolean=_asked_to_be_there(left),
            comparative=comparative,
            conditions=conditions,
            denied=bool(mentions) and denial(without_choices(question[: min(m.span[0] for m in mentions)])) is not None,
            aside=self._asides.is_aside(without_flags, rest.unread),
            said=said,
            days=days_in(text),
            variants=variants_in(text),
            goes_on=goes_on(text, rest.left),
            beyond=kind_gone_beyond(question, mentions, rest.unread),
            phrasing=Phrasing.of(text),
            rest=rest,
        )


def _asked_to_be_there(text: str) -> str:
    """The thing of which it is asked whether it is there, "" for none."""
    match = _YES_NO.search(text)
    thing = next((group for group in match.groups() if group), "") if match else ""
    return thing.strip(f" {BLANK}的?？").removesuffix("服务") if thing else ""
