"""Which of a kind has most of something is not told by what stands under one of them."""

import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.of_the_best import side_by_side, tells_of_few
from knowledge.question.parts import QuestionPart
from knowledge.types import Passage
from tests.support.evidence import passage


def few(question: str, text: str, product: str) -> bool:
    own = passage(text)
    quoted = [Candidate(passage=own, facets=facets) for facets in facets_of(own)]
    return tells_of_few(QuestionPart(text=question, names=()), quoted, {own.id: product} if product else {}, [])


@pytest.mark.parametrize(
    ("question", "product"),
    [
        ("which plan has the most data?", "Heath Plan"),
        ("what's the cheapest plan", "Heath Plan"),
        ("best plan for students", "Heath Plan"),
        ("what plan gives the largest discount", "Moor Plan"),
        ("哪张卡积分最多", "云杉卡"),
        ("年费最低的卡是哪张", "云杉卡"),
    ],
)
def test_one_of_them_says_nothing_of_all(question: str, product: str) -> None:
    assert few(question, "It has 20 GB at least.", product)


@pytest.mark.parametrize(
    ("question", "text", "product"),
    [
        ("which plan has the most data?", "Heath has the most data of all.", "Heath Plan"),
        ("which plan has the most data?", "Heath: 20 GB; Moor: 10 GB.", ""),
        ("how much data has a plan", "It has 20 GB.", "Heath Plan"),
        ("what's the best way to pay for a plan", "Pay by card.", "Heath Plan"),
        ("what's the most I can send a day", "Up to $200.", "Heath Plan"),
        ("which phones can I use at most", "Up to two.", "Heath Plan"),
        ("最晚几点能取", "21:00 以前。", "云杉卡"),
        ("哪张卡积分最多", "云杉卡积分最多。", "云杉卡"),
    ],
)
def test_what_ranks_them_or_asks_of_no_kind_stays(question: str, text: str, product: str) -> None:
    assert not few(question, text, product)


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["Moor Tariff: data"], True),
        (["Moor Tariff: prices"], False),
        ([], False),
        (["Heath Tariff: data"], False),
    ],
)
def test_a_title_like_it_tells_that_there_are_others(titles: list[str], expected: bool) -> None:
    own = passage("You get 20 GB.", title="Heath Tariff: data")
    quoted = [Candidate(passage=own, facets=facets) for facets in facets_of(own)]
    asked = QuestionPart(text="which tariff has the most data", names=())
    assert tells_of_few(asked, quoted, {}, titles) is expected


def test_who_names_one_asks_of_that() -> None:
    own = passage("You wait a month.", title="Heath Tariff: leaving")
    quoted = [Candidate(passage=own, facets=facets) for facets in facets_of(own)]
    asked = QuestionPart(text="what's the longest I wait to leave the Heath Tariff", names=())
    assert not tells_of_few(asked, quoted, {}, ["Moor Tariff: leaving"])


class Library:
    """Articles that are entitled alike."""

    def __init__(self, *texts: str) -> None:
        self._articles = [passage(text, n, title=f"Plan {n}: data") for n, text in enumerate(texts, start=1)]

    def entitled_alike(self, title: str) -> list[Passage]:
        return self._articles

    def beside(self, sentence: str) -> list[str]:
        quoted = [one for one in self._spans() if one.span.text == sentence]
        return [one.span.text for one in side_by_side(quoted, self)]

    def _spans(self) -> list[Candidate]:
        return [Candidate(passage=own, facets=facets) for own in self._articles for facets in facets_of(own)]


def test_what_each_says_in_its_place_is_told_of_all() -> None:
    plans = Library(
        "You get 5 GB. The contract runs for 1 year.",
        "You get 20 GB. The contract runs for 2 years.",
        "You get 50 GB. The contract runs for 6 months.",
    )
    assert plans.beside("You get 20 GB.") == ["You get 5 GB.", "You get 20 GB.", "You get 50 GB."]
    assert plans.beside("The contract runs for 1 year.") == [
        "The contract runs for 1 year.",
        "The contract runs for 2 years.",
        "The contract runs for 6 months.",
    ]


def test_nothing_is_told_of_all_where_one_says_nothing_like_it() -> None:
    assert not Library("You get 5 GB.", "You get 20 GB.", "Ask us for an offer today.").beside("You get 5 GB.")
    assert not Library("You get 5 GB.").beside("You get 5 GB.")
    assert not Library("You get a lot.", "You get more.").beside("You get a lot.")
    assert not Library(*(f"You get {n} GB." for n in range(1, 12))).beside("You get 3 GB.")
