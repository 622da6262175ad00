"""Two intents in one message: told where the evidence says so, and only then; one clause costs nothing."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.build import open_agent
from agent.home import Home
from agent.ports import IntentClassifier, Speaking
from agent.settings import load_settings
from agent.training.bundle import Card, Task, write_bundle
from agent.training.classifier import Prediction, classifier_of
from agent.training.data import read_labelled
from agent.training.train import train
from agent.training.versions import versions_of
from agent.types import DecisionKind, EntityMention, Language, Utterance
from agent.understand.bundled import ClassifiedIntents
from agent.understand.several import SeveralIntents, halves, said
from agent.understand.understander import StagedUnderstander
from agent.wire import reply_json
from tests.support.homes import small_home

REFUND = {"refund": 0.96, "delivery": 0.01, "hours": 0.03}
DELIVERY = {"delivery": 0.95, "refund": 0.01, "hours": 0.04}
TORN = {"refund": 0.5, "delivery": 0.45, "hours": 0.05}


class KeywordClassifier:
    """Scores by the first key that stands in the text, the stranger the less sure; remembers what it was asked, a list a call."""

    def __init__(self, scores: Mapping[str, Mapping[str, float]], *, strange: Sequence[str] = ()) -> None:
        self.card = Card(
            task=Task.INTENT, model="words", labels=("refund", "delivery"), examples=1, data_sha256="0" * 64
        )
        self.asked: list[list[str]] = []
        self._scores = scores
        self._strange = strange

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.asked.append([*texts])
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Prediction:
        scores = next(scores for key, scores in self._scores.items() if key in text)
        best = next(iter(scores))
        strange = 0.97 if text in self._strange else 1 - scores[best]
        return Prediction(label=best, confidence=scores[best], scores=scores, out_of_scope=strange)


BOTH = "refund the phone, and where is my other order?"


def two(**changes: Mapping[str, float]) -> KeywordClassifier:
    return KeywordClassifier(
        {BOTH: changes.get("whole", TORN), "refund": REFUND, "where": changes.get("second", DELIVERY)}
    )


def test_both_are_told_in_order_of_mention_with_their_words() -> None:
    classifier = two()
    (told,) = SeveralIntents(classifier).predict([BOTH])
    assert [(part.label, part.text) for part in told.parts] == [
        ("refund", "refund the phone"),
        ("delivery", "where is my other order?"),
    ]
    assert (told.label, told.scores) == ("refund", TORN)
    assert len(classifier.asked) == 1


@pytest.mark.parametrize(
    "classifier",
    [
        two(second={"refund": 0.9, "delivery": 0.1}),
        two(second={"delivery": 0.5, "refund": 0.45, "hours": 0.05}, whole={"refund": 0.97, "delivery": 0.02}),
        two(whole={"refund": 0.9999, "delivery": 0.0001}),
        KeywordClassifier({BOTH: TORN, "refund": REFUND, "where": DELIVERY}, strange=("where is my other order?",)),
    ],
    ids=["one intent", "a half would do for the other's", "the whole is sure", "a stranger"],
)
def test_weak_evidence_leaves_one(classifier: KeywordClassifier) -> None:
    (told,) = SeveralIntents(classifier).predict([BOTH])
    assert told.parts == ()
    assert [part.label for part in said(BOTH, told, 0.6)] == [told.label]


def test_one_clause_is_read_once_as_it_was() -> None:
    classifier = KeywordClassifier({"refund": REFUND})
    texts = ["refund my phone please", "a refund for the one with the broken screen"]
    assert SeveralIntents(classifier).predict(texts) == KeywordClassifier({"refund": REFUND}).predict(texts)
    assert classifier.asked == [texts]


@pytest.mark.parametrize(
    ("text", "announced"),
    [
        ("refund the phone, and where is my other order?", False),
        ("refund the phone. Also, where is my other order?", True),
        ("我要退款，我的订单到哪了", False),
        ("我要退款，另外我的订单到哪了", True),
        ("refund the phone that also broke. where is my order?", False),
    ],
)
def test_a_word_may_announce_the_second(text: str, announced: bool) -> None:
    assert [cut.announced for cut in halves(text)] == [announced]


def test_courtesies_are_no_half() -> None:
    assert halves("Good morning. Refund my phone, thank you very much!") == []
    assert halves("早上好，我要退款，非常感谢") == []


def test_out_of_scope_says_nothing() -> None:
    told = Prediction(label="refund", confidence=0.4, scores=REFUND, out_of_scope=0.9)
    assert said("recite a poem", told, 0.5) == ()


def test_long_messages_are_cut_in_few_places() -> None:
    text = ". ".join(f"I would like to know about thing number {n} of the shop" for n in range(40))
    assert len(halves(text)) == 3


@pytest.mark.parametrize("text", ["Where is my order? 12-34", "Where is my order? (17)", "我的订单到哪了？ 😡 12345"])
def test_what_has_no_word_is_nobodys_half(text: str) -> None:
    assert halves(text) == []


def test_looking_for_clauses_takes_well_under_a_millisecond() -> None:
    texts = [
        "I made a transfer yesterday to my friend and it has not arrived yet",
        "我昨天买的手机什么时候能送到家里",
    ] * 100
    begun = time.process_time()
    for text in texts:
        halves(text)
    assert (time.process_time() - begun) / len(texts) < 0.001


@given(st.text(max_size=200))
def test_halves_stand_in_the_text_in_order(text: str) -> None:
    for first, second in (cut.texts for cut in halves(text)):
        assert first and second
        assert text.index(first) + len(first) <= text.rindex(second)


ROWS = [
    *(f"I want a refund for the {good},refund" for good in ("lamp", "desk", "phone", "chair", "watch")),
    *(f"where is my {good} order,delivery" for good in ("lamp", "desk", "phone", "chair", "watch")),
    *(f"when does the {place} open,hours" for place in ("shop", "store", "branch", "office", "counter")),
    *(f"{good}我要退款,refund" for good in ("台灯", "桌子", "手机", "椅子", "手表")),
    *(f"{good}订单到哪了,delivery" for good in ("台灯", "桌子", "手机", "椅子", "手表")),
    *(f"{place}几点开门,hours" for place in ("门店", "商店", "分店", "柜台", "营业厅")),
]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I want a refund for the phone, and where is my lamp order?", ["refund", "delivery"]),
        ("手机我要退款，另外台灯订单到哪了？", ["refund", "delivery"]),
        ("门店几点开门？还有，手表我要退款", ["hours", "refund"]),
        ("I want a refund for the phone, I want a refund for the lamp", ["refund"]),
        ("where is my desk order", ["delivery"]),
    ],
)
def test_a_trained_bundle_tells_both_in_both_languages(tmp_path: Path, text: str, names: list[str]) -> None:
    file = tmp_path / "data.csv"
    file.write_text("text,label\n" + "\n".join(ROWS) + "\n", "utf-8")
    classifier = classifier_of(train(Task.INTENT, read_labelled(file), with_sentences=False))
    (told,) = ClassifiedIntents(SeveralIntents(classifier)).predict([text])
    assert [one.name for one in told.said] == names


@pytest.mark.parametrize(
    ("question", "kind", "names"),
    [
        ("I want a refund for the phone, and let me talk to a person", DecisionKind.HANDOFF, ["talk_to_person"]),
        ("手机我要退款，另外台灯订单到哪了？", DecisionKind.ANSWER, ["refund", "delivery"]),
        ("thank you very much", DecisionKind.ANSWER, ["thanks"]),
    ],
)
async def test_a_live_turn_records_what_was_said(
    tmp_path: Path, question: str, kind: DecisionKind, names: list[str]
) -> None:
    home = Home(small_home(tmp_path / "small"))
    data = tmp_path / "data.csv"
    data.write_text("text,label\n" + "\n".join(ROWS) + "\n", "utf-8")
    write_bundle(train(Task.INTENT, read_labelled(data), with_sentences=False), tmp_path / "bundle")
    versions = versions_of(home, Task.INTENT)
    versions.promote(versions.add(tmp_path / "bundle"))
    async with open_agent(load_settings(home.root)) as agent:
        reply = await agent.answer(question)
    told = reply_json(reply)["understanding"]
    assert isinstance(told, dict)
    assert set(names) <= {one["name"] for one in told["said"]}
    assert {"name", "confidence"} == set(told["intents"][0])
    first = reply.understanding.intents[: len(names)]
    assert {one.name for one in first} == {*names}
    assert [one.confidence for one in first] == sorted((one.confidence for one in first), reverse=True)
    if kind is DecisionKind.HANDOFF:
        assert reply.decision is kind


class Joining:
    """Rewrites by putting the question before in front, as a follow-up may be."""

    def standalone(self, question: str, history: Sequence[Utterance]) -> str:
        return " ".join([*(one.content for one in history), question])


class Everything:
    """Speaks in every conversation; nothing is felt, everything is English, nothing is linked."""

    def __init__(self, model: ClassifiedIntents) -> None:
        self._model = model

    def of(self, conversation_id: str = "") -> Speaking[IntentClassifier]:
        return Speaking(version="one", model=self._model)

    def detect(self, text: str, history: Sequence[Utterance], page: Language | None = None) -> Language:
        return "en"

    def link(self, text: str) -> tuple[EntityMention, ...]:
        return ()


class NoSentiment:
    def of(self, conversation_id: str = "") -> None:
        return None


async def test_what_was_asked_before_is_not_said_now() -> None:
    classifier = KeywordClassifier({"phone. where": TORN, "refund": REFUND, "where": DELIVERY})
    stages = Everything(ClassifiedIntents(SeveralIntents(classifier)))
    understander = StagedUnderstander(
        languages=stages, rewriter=Joining(), intents=stages, sentiment=NoSentiment(), linker=stages
    )
    before = [Utterance(role="user", content="refund the phone.")]
    told = await understander.understand("where is my other order?", before)
    assert [(one.name, one.text) for one in told.said] == [("refund", "where is my other order?")]
    assert [one.name for one in told.intents] == ["refund", "delivery", "hours"]
    alone = await understander.understand("refund the phone. where is my other order?", [])
    assert [one.name for one in alone.said] == ["refund", "delivery"]
