"""The product that an article tells of is said where the question does not say it."""

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.products import unsaid
from knowledge.index.names import Name, Names
from knowledge.question.parts import take_apart
from knowledge.types import Passage, PassageEvidence
from tests.support.evidence import passage

LATE = passage("The late fee is £5.", 1, title="Breeze Plan: what it costs")
WALLET = passage("You can hold thirty currencies.", 2, title="Wallet features")
CLOSING = passage("Call us to close an account.", 3, title="Closing an account")
NAMES = Names(
    {("breeze", "plan"): 3, ("purple", "account"): 3, ("accounts", "general"): 3},
    {
        "p1": frozenset({("breeze", "plan")}),
        "p2": frozenset({("purple", "account")}),
        "p3": frozenset({("accounts", "general")}),
    },
)


class Source:
    """What of a library it needs."""

    def names_of(self, passage_id: str) -> frozenset[Name]:
        return NAMES.of(passage_id)

    def entitles(self, term: str) -> bool:
        return term != "storm"


def found(question: str, *passages: Passage) -> dict[str, str]:
    spans = [Candidate(passage=p, facets=facets) for p in passages for facets in facets_of(p)]
    evidence = [PassageEvidence(passage=p, score=1) for p in passages]
    return unsaid(take_apart(question, NAMES)[0], spans, evidence, Source())


def test_a_product_that_the_question_does_not_name() -> None:
    assert found("is there a late fee", LATE) == {"p1": "Breeze Plan"}
    assert found("which currencies can I hold", WALLET) == {"p2": "Purple Account"}


def test_a_product_that_it_names_is_known() -> None:
    assert not found("is there a late fee on the breeze plan", LATE)


def test_another_than_the_one_that_it_names_is_told() -> None:
    assert found("is there a late fee on the purple account", LATE) == {"p1": "Breeze Plan"}


def test_a_folder_for_all_is_no_product() -> None:
    assert not found("how do I close it", CLOSING)
