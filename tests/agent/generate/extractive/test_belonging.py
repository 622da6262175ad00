"""Spans that are quoted together."""

from agent.generate.extractive.belonging import with_what_belongs
from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from tests.support.evidence import passage


def spans(*texts: str) -> list[Candidate]:
    passages = [passage(text, number) for number, text in enumerate(texts, start=1)]
    return [Candidate(passage=p, facets=facets) for p in passages for facets in facets_of(p)]


def together(found: list[Candidate], place: int, *, steps: bool = False) -> list[str]:
    return [found[at].span.text for at in sorted(with_what_belongs(found, place, steps=steps))]


STEPS = """## Freezing a card

To freeze it:

1. Open the app. The card must be active.
2. Choose **Freeze**.
3. Confirm.

## Unfreezing a card

1. Call us.
2. Name the card."""


def test_a_sentence_that_leans_on_the_one_before_brings_it() -> None:
    found = spans("Laptops go back within 14 days. This holds for opened ones only.")
    assert together(found, 1) == [found[0].span.text, found[1].span.text]


def test_an_exception_is_never_cut_off() -> None:
    for text in (
        "You can cancel at any time. Unless the order has shipped, nothing is charged.",
        "Returns are free. However, opened laptops cost 10%. Thank you.",
        "订单可以随时取消。除非已经发货。",
    ):
        found = spans(text)
        assert together(found, 0)[:2] == [found[0].span.text, found[1].span.text]


def test_what_another_passage_begins_with_does_not_belong() -> None:
    found = spans("Returns are free.", "However, opened laptops cost 10%.")
    assert together(found, 0) == ["Returns are free."]
    assert together(found, 1) == ["However, opened laptops cost 10%."]


def test_one_step_calls_for_all_of_its_list() -> None:
    found = spans(STEPS)
    whole = ["Open the app.", "The card must be active.", "Choose **Freeze**.", "Confirm."]
    for place in range(4):
        assert together(found, place, steps=True) == whole
    assert together(found, 4, steps=True) == ["Call us.", "Name the card."]
    assert together(found, 2) == ["Choose **Freeze**."]


def test_a_list_too_long_to_say_is_not_said_whole() -> None:
    found = spans("\n".join(f"{number}. Do thing {number}." for number in range(1, 40)))
    assert together(found, 5, steps=True) == ["Do thing 6."]
