"""The policy: which understanding leads to which decision, and what a wrong file says."""

import re
from pathlib import Path

import pytest

import agent
from agent.errors import SettingsError
from agent.phrases import load_phrases
from agent.policy import Conditions, Rule, load_policy
from agent.settings import CompanySettings
from agent.types import DecisionKind, Emotion, IntentScore, Language, SaidIntent, Sentiment, Understanding, Utterance
from agent.understand.sentiment import default_sentiment

DEFAULT = Path(agent.__file__).parent / "policy.yaml"


def understood(
    text: str, *, intent: str = "", confidence: float = 1.0, emotion: Emotion | None = None
) -> Understanding:
    sentiment = (
        Sentiment(polarity=-0.7, emotion=emotion, confidence=1.0) if emotion else default_sentiment().score([text])[0]
    )
    intents = (IntentScore(name=intent, confidence=confidence),) if intent else ()
    return Understanding(text=text, question=text, language="en", intents=intents, sentiment=sentiment)


@pytest.mark.parametrize(
    ("understanding", "history", "kind", "template"),
    [
        (understood("hi", intent="greeting"), [], DecisionKind.ANSWER, "greeting"),
        (understood("a person please", intent="talk_to_person"), [], DecisionKind.HANDOFF, "handoff"),
        (understood("what is the fee"), [], DecisionKind.ANSWER, ""),
        (understood("what is the fee", intent="loan_info", confidence=0.1), [], DecisionKind.ANSWER, ""),
        (understood("this is outrageous", emotion=Emotion.ANGER), [], DecisionKind.ANSWER, ""),
        (
            understood("this is outrageous", emotion=Emotion.ANGER),
            ["I am furious about this"],
            DecisionKind.HANDOFF,
            "handoff_upset",
        ),
        (understood("and now?"), ["I am furious", "you are useless"], DecisionKind.ANSWER, ""),
        (
            understood("it broke again, what a pity", emotion=Emotion.DISAPPOINTMENT),
            ["有点失望", "I am slightly disappointed"],
            DecisionKind.HANDOFF,
            "handoff_upset",
        ),
        (understood("it broke", emotion=Emotion.DISAPPOINTMENT), ["有点失望"], DecisionKind.ANSWER, ""),
        (understood("it broke", emotion=Emotion.DISAPPOINTMENT), ["我很生气", "骗子"], DecisionKind.ANSWER, ""),
    ],
)
def test_the_default_policy(
    understanding: Understanding, history: list[str], kind: DecisionKind, template: str
) -> None:
    policy = load_policy(DEFAULT, default_sentiment())
    decision = policy.decide(understanding, [Utterance(role="user", content=said) for said in history])
    assert (decision.kind, decision.template) == (kind, template)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("rules: []", "rules"),
        ("rules: [{name: a, do: dance}]", "do"),
        ("rules: [{name: a, do: answer, wen: {}}]", "wen"),
        ("rules: [{name: a, do: flow}]", "needs a `flow`"),
        ("rules: [{name: a, do: flow, flow: refnd}]", "no flow 'refnd'"),
        ("rules: [{name: a, do: act, tool: gone}]", "gone"),
        ("rules: [{name: a, do: answer, say: gone}]", "gone"),
        ("rules: [{name: a, do: answer, first: gone}]", "gone"),
        ("rules: [{name: a, do: answer, otherwise: gone}]", "gone"),
        ("rules: [", "policy.yaml"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, names: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=names):
        load_policy(path, default_sentiment(), phrases={"greeting"})


SHOP_FLOWS = {"refund", "appointment", "loan"}


@pytest.mark.parametrize("policy_file", [DEFAULT, DEFAULT.parent / "samples" / "shop" / "policy.yaml"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_refusal_tells_a_customer_to_say_brings_a_person(policy_file: Path, language: Language) -> None:
    offer = load_phrases(CompanySettings()).say("offer_person", language)
    words = re.findall(r'["“]([^"”]+)["”]', offer)
    policy = load_policy(policy_file, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    assert words
    for text in words:
        assert policy.decide(understood(text), []).kind is DecisionKind.HANDOFF


@pytest.mark.parametrize(
    ("when", "said", "fits"),
    [
        ("{course: worsening}", ["有点失望", "气死我了！"], True),
        ("{course: worsening}", ["气死我了！", "有点失望"], False),
        ("{course: [improving, steady]}", ["气死我了！", "谢谢，解决了"], True),
        ("{level_below: -0.3}", ["I am furious", "you are useless"], True),
        ("{level_below: -0.3}", ["I am furious", "thanks a lot", "great, I love it"], False),
    ],
)
def test_a_rule_can_look_at_the_course_of_the_mood(tmp_path: Path, when: str, said: list[str], fits: bool) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(f"rules: [{{name: a, when: {when}, do: handoff}}]", "utf-8")
    *earlier, latest = said
    history = [Utterance(role="user", content=text) for text in earlier]
    decision = load_policy(path, default_sentiment()).decide(understood(latest), history)
    assert (decision.kind is DecisionKind.HANDOFF) is fits


@pytest.mark.parametrize(
    ("text", "emotion", "vents"),
    [
        ("This is outrageous, I've waited three days and nothing!", Emotion.ANGER, True),
        ("太让人失望了", Emotion.DISAPPOINTMENT, True),
        ("你们怎么回事啊？？", Emotion.ANGER, True),
        ("I'm furious, how do I get my money back?", Emotion.ANGER, False),
        ("气死了，怎么退款？", Emotion.ANGER, False),
        ("It arrived today.", Emotion.NEUTRAL, False),
    ],
)
@pytest.mark.parametrize("policy_file", [DEFAULT, DEFAULT.parent / "samples" / "shop" / "policy.yaml"])
def test_who_vents_and_asks_nothing_is_heard_first(policy_file: Path, text: str, emotion: Emotion, vents: bool) -> None:
    phrases = load_phrases(CompanySettings()).names
    policy = load_policy(policy_file, default_sentiment(), phrases=phrases, tools={"order_lookup"}, flows=SHOP_FLOWS)
    decision = policy.decide(understood(text, emotion=emotion), [])
    assert (decision.first == "sorry" and decision.strict and decision.otherwise == "offer_help") is vents


@pytest.mark.parametrize("policy_file", [DEFAULT, DEFAULT.parent / "samples" / "shop" / "policy.yaml"])
def test_every_condition_is_explained_in_the_file(policy_file: Path) -> None:
    comments = "\n".join(line for line in policy_file.read_text("utf-8").splitlines() if line.startswith("#"))
    assert all(
        f"{name}:" in comments
        for name in (*Conditions.model_fields, *Rule.model_fields)
        if name not in {"name", "when"}
    )
    assert "when:" in comments


def saying(*names: str, confidence: float = 0.9) -> Understanding:
    said = tuple(SaidIntent(name=name, confidence=confidence, text=name) for name in names)
    intents = tuple(IntentScore(name=name, confidence=confidence) for name in names)
    text = ", and ".join(names)
    return Understanding(text=text, question=text, language="en", intents=intents, said=said)


@pytest.mark.parametrize(
    ("understanding", "kind", "template"),
    [
        (saying("refund_status", "talk_to_person"), DecisionKind.HANDOFF, "handoff"),
        (saying("talk_to_person", "refund_status"), DecisionKind.HANDOFF, "handoff"),
        (saying("refund_status", "talk_to_person", confidence=0.6), DecisionKind.ANSWER, ""),
        (saying("greeting", "refund_status"), DecisionKind.ANSWER, ""),
        (saying("refund_status", "thanks"), DecisionKind.ANSWER, ""),
        (saying("thanks"), DecisionKind.ANSWER, "thanks"),
    ],
)
def test_a_second_intent_counts(understanding: Understanding, kind: DecisionKind, template: str) -> None:
    decision = load_policy(DEFAULT, default_sentiment()).decide(understanding, [])
    assert (decision.kind, decision.template) == (kind, template)


def test_a_mere_alternative_does_not_count() -> None:
    understanding = Understanding(
        text="x",
        question="x",
        language="en",
        intents=(IntentScore(name="refund", confidence=0.5), IntentScore(name="talk_to_person", confidence=0.9)),
        said=(SaidIntent(name="refund", confidence=0.5, text="x"),),
    )
    assert load_policy(DEFAULT, default_sentiment()).decide(understanding, []).kind is DecisionKind.ANSWER


SHOP = """
rules:
  - name: asks where an order is
    when: {intent: order_status, confidence: 0.4}
    do: act
    tool: order_lookup
  - name: names an order
    when: {mentions: 'LO-[0-9]+'}
    do: act
    tool: order_lookup
"""


@pytest.mark.parametrize(
    ("names", "rest"),
    [
        (("refund", "order_status"), "refund"),
        (("order_status", "refund"), "refund"),
        (("order_status",), ""),
        (("refund", "LO-12345"), "refund"),
        (("refund", "hours"), ""),
    ],
)
def test_what_a_tool_leaves_is_the_rest(tmp_path: Path, names: tuple[str, ...], rest: str) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(SHOP, "utf-8")
    policy = load_policy(file, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    assert policy.decide(saying(*names), []).rest == rest


def test_a_model_that_acts_gets_the_whole_message(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(SHOP.replace("    tool: order_lookup\n", ""), "utf-8")
    decision = load_policy(file, default_sentiment()).decide(saying("refund", "order_status"), [])
    assert (decision.kind, decision.tool, decision.rest) == (DecisionKind.ACT, "", "")
