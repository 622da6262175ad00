"""The policy: which understanding leads to which decision, and what a wrong file says."""

import re
from pathlib import Path

import pytest

from agent.errors import SettingsError
from agent.policy import Conditions, Rule, YamlPolicy, load_policy
from agent.types import DecisionKind, IntentScore, SaidIntent, Understanding, Utterance
from agent.understand.course import course_of
from agent.understand.sentiment import default_sentiment
from tests.support.policies import DEFAULT, SHOP_FLOWS, understood


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


def saying(*names: str, confidence: float = 0.9) -> Understanding:
    said = tuple(SaidIntent(name=name, confidence=confidence, text=name) for name in names)
    intents = tuple(IntentScore(name=name, confidence=confidence) for name in names)
    text = ", and ".join(names)
    return Understanding(text=text, question=text, language="en", intents=intents, said=said)


@pytest.mark.parametrize(
    ("understanding", "kind", "template"),
    [
        (saying("refund_status", "talk_to_person"), DecisionKind.ANSWER, ""),
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


CONTEXT = """
rules:
  - name: asks for a person
    when: {intent: talk_to_person, confidence: 0.7, foremost: true}
    do: handoff
  - name: asks on
    when: {earlier: 'LO-[0-9]+', mentions: when}
    do: act
    tool: order_lookup
  - name: has none
    when: {replied: 'order number', mentions: none}
    do: decline
  - name: where
    when: {mentions: where}
    do: answer
    look_up: {en: "What are your addresses?", zh: "地址在哪里？"}
"""


def context(tmp_path: Path) -> YamlPolicy:
    file = tmp_path / "policy.yaml"
    file.write_text(CONTEXT, "utf-8")
    return load_policy(file, default_sentiment(), tools={"order_lookup"})


def test_an_intent_beside_a_likelier_one_is_not_foremost(tmp_path: Path) -> None:
    assert context(tmp_path).decide(saying("talk_to_person", "hours"), []).kind is DecisionKind.HANDOFF
    assert context(tmp_path).decide(saying("talk_to_person", "hours"), []).guessed
    assert context(tmp_path).decide(saying("hours", "talk_to_person"), []).kind is DecisionKind.ANSWER


def test_what_was_said_before_may_decide(tmp_path: Path) -> None:
    policy = context(tmp_path)
    named = [Utterance(role="user", content="LO-1"), Utterance(role="assistant", content="Which order number?")]
    assert policy.decide(understood("when"), named).tool == "order_lookup"
    assert not policy.decide(understood("when"), named).guessed
    assert policy.decide(understood("when"), named[1:]).tool == ""
    long_ago = [*named, *(Utterance(role="user", content="x") for _ in range(4))]
    assert policy.decide(understood("when"), long_ago).tool == ""
    assert policy.decide(understood("none"), named).kind is DecisionKind.DECLINE
    assert policy.decide(understood("none"), named[:1]).kind is DecisionKind.ANSWER


def test_another_question_may_be_looked_up(tmp_path: Path) -> None:
    assert context(tmp_path).decide(understood("where"), []).question == "What are your addresses?"
    assert context(tmp_path).decide(understood("what"), []).question == ""


@pytest.mark.parametrize(
    ("pattern", "text", "sent", "fits"),
    [
        ("预约", "我要预约维修", "我要預約維修", True),
        ("預約", "我要预约维修", "我要預約維修", True),
        ("预约", "我要预约维修", "", True),
        ("預約", "我要预约维修", "", False),
        (r"LO-\d{5}", "订单LO-10480", "訂單ＬＯ－１０４８０", True),
    ],
)
def test_a_message_mentions_what_it_says_as_it_is_read_or_as_it_was_sent(
    pattern: str, text: str, sent: str, fits: bool
) -> None:
    mentions = Conditions(mentions=re.compile(pattern))
    assert mentions.fit(Understanding(text=text, question=text, language="zh", sent=sent), course_of([])) == fits


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("BK-12 a@b.example, and do you have a sauna?", "do you have a sauna?"),
        ("where is BK-12? Also, how do I pay?", "how do I pay?"),
        ("查一下BK-12，另外能开发票吗", "能开发票吗"),
        ("is BK-12 confirmed and when does it start?", ""),
        ("my number is BK-12, thanks", ""),
        ("do you have a sauna? my booking is BK-12", ""),
    ],
)
def test_what_is_asked_beside_a_number_is_the_rest_without_any_classifier(text: str, rest: str) -> None:
    rule = Rule(name="a", when=Conditions(mentions=re.compile("BK-\\d+")), do=DecisionKind.ACT, tool="bookings")
    assert rule.rest(understood(text)) == rest
