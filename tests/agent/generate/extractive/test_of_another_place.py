"""What is told of one place is no answer to who asks of another."""

from collections.abc import Collection, Sequence

import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.of_another_place import tells_of_another_place
from knowledge.index.names import Name
from knowledge.question.parts import QuestionPart
from knowledge.text.words import words
from tests.support.evidence import passage


class Source:
    """A library of these words."""

    def __init__(self, text: str) -> None:
        self._known = frozenset(words(text))

    def known_share(self, terms: Collection[str]) -> float:
        return sum(term in self._known for term in terms) / len(terms)

    def names_in(self, text: str) -> Sequence[Name]:
        return [("moor",)] if text == "Moor" else []


def of_another(question: str, text: str) -> bool:
    own = passage(text, title="Times")
    quoted = [Candidate(passage=own, facets=facets) for facets in facets_of(own)]
    return tells_of_another_place(QuestionPart(text=question, names=()), quoted, Source(text))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("how long does a parcel to Chile take", "A parcel to Peru takes 9 days."),
        ("how long does a parcel to chile take", "A parcel to Peru takes 9 days."),
        ("寄智利要几天", "寄秘鲁 9 天。"),
        ("长沙店几点开门", "武汉店 9 点开门。"),
        ("寄青海几天", "寄云南 4 天。"),
        ("when is the market in Tralee", "The market in Ennis opens at 9."),
        ("is there a market in tralee", "The market in Ennis opens at 9."),
    ],
)
def test_it_tells_of_another_of_the_same_size(question: str, text: str) -> None:
    assert of_another(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("how long does a parcel to Peru take", "A parcel to Peru takes 9 days."),
        ("how long does a parcel take", "A parcel to Peru takes 9 days."),
        ("I live in Chile, how long does a parcel take", "A parcel to Peru takes 9 days."),
        ("how long does a parcel to Chile take", "A parcel to Peru takes 9 days, to other countries 12."),
        ("how long does a parcel to Chile take", "A parcel takes 9 days."),
        ("when is the market in Enis", "The market in Ennis opens at 9."),
        ("when is the market in winter", "The market in Ennis opens at 9."),
        ("when is the market in Tralee", "The market opens at 9 in March."),
        ("is there a fee in Tralee", "There is no fee in Moor."),
        ("我是智利人，寄秘鲁几天", "寄秘鲁 9 天。"),
        ("我在智利，怎么付款", "秘鲁的客户用银行卡付款。"),
        ("寄昆明几天", "寄云南 4 天。"),
        ("长沙店收现金吗", "门店收现金。武汉店也收支票。"),
        ("门店几点开门", "武汉店 9 点开门。"),
    ],
)
def test_it_may_answer(question: str, text: str) -> None:
    assert not of_another(question, text)


def test_nothing_quoted_tells_of_no_place() -> None:
    part = QuestionPart(text="how long does a parcel to Chile take", names=())
    assert not tells_of_another_place(part, [], Source(""))
