"""The policy: which understanding leads to which decision, and what a wrong file says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import agent
from agent.errors import SettingsError
from agent.phrases import load_phrases
from agent.policy import Conditions, Rule, YamlPolicy, load_policy
from agent.samples import sample_path
from agent.settings import CompanySettings
from agent.types import DecisionKind, Emotion, IntentScore, Language, SaidIntent, Sentiment, Understanding, Utterance
from agent.understand.course import course_of
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
        (understood("this is outrageous", emotion=Emotion.ANGER), [], DecisionKind.CLARIFY, "offer_help"),
        (understood("this is outrageous, it broke", emotion=Emotion.ANGER), [], DecisionKind.ANSWER, ""),
        (
            understood("this is outrageous", emotion=Emotion.ANGER),
            ["I am furious about this"],
            DecisionKind.HANDOFF,
            "handoff_upset",
        ),
        (understood("it is the third time"), ["I am furious"], DecisionKind.HANDOFF, "handoff_upset"),
        (understood("it is the third time"), ["I am furious", "great, thanks a lot"], DecisionKind.ANSWER, ""),
        (understood("it is the third time"), [], DecisionKind.ANSWER, ""),
        (understood("when do you open"), ["I am furious"], DecisionKind.ANSWER, ""),
        (understood("不用人工", intent="no_person"), [], DecisionKind.ANSWER, "no_person"),
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


@pytest.mark.parametrize("policy_file", [DEFAULT, DEFAULT.parent / "samples" / "shop" / "policy.yaml"])
def test_a_person_who_is_waited_for_may_be_taken_back_or_asked_after(policy_file: Path) -> None:
    policy = load_policy(policy_file, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    called = [Utterance(role="user", content="转人工"), Utterance(role="assistant", content="好的", waiting=True)]
    refused = policy.decide(understood("不用了", intent="no_person"), called)
    awaited = policy.decide(understood("多久", intent="person_awaited"), called)
    assert (refused.template, refused.withdraws) == ("handoff_withdrawn", True)
    assert (awaited.kind, awaited.template, awaited.withdraws) == (DecisionKind.HANDOFF, "handoff_waiting", False)


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
        ("这个充电宝太让人失望了", Emotion.DISAPPOINTMENT, True),
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


@pytest.mark.parametrize(
    ("text", "replied", "say"),
    [
        ("I'm so worried", "Express costs $12.90.", "comfort"),
        ("心里好难受啊", "", "comfort"),
        ("太让人失望了", "", "comfort"),
        ("you've been very helpful", "Express costs $12.90.", "thanks"),
        ("wow, so helpful", "I'm sorry, I have no reliable answer to that.", "no_help"),
        ("真棒", "抱歉，这个问题我没有可靠的答案。", "no_help"),
        ("that was no help", "Express costs $12.90.", "no_help"),
        ("you did not answer my question", "", "no_help"),
        ("说了等于没说", "", "no_help"),
        ("I'm worried that it melts", "", ""),
        ("it does not help against rust", "", ""),
        ("没用过的能退吗", "", ""),
        ("充电宝没用", "", ""),
    ],
)
@pytest.mark.parametrize("policy_file", [DEFAULT, DEFAULT.parent / "samples" / "shop" / "policy.yaml"])
def test_who_tells_but_a_feeling_is_heard_and_nothing_looked_up(
    policy_file: Path, text: str, replied: str, say: str
) -> None:
    policy = load_policy(policy_file, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    history = [Utterance(role="user", content="?"), Utterance(role="assistant", content=replied)]
    assert policy.decide(understood(text), history).template == say


@pytest.mark.parametrize(
    ("text", "looked_up"),
    [
        ("My wife died, can I return the phone she bought?", "can I return the phone she bought?"),
        ("our brother has just passed away. How do I cancel his order?", "How do I cancel his order?"),
        ("I'm the executor for my late aunt", ""),
        ("外婆去世了，她的积分怎么办", "她的积分怎么办"),
        ("爷爷不在了", ""),
    ],
)
@pytest.mark.parametrize("policy_file", [DEFAULT, DEFAULT.parent / "samples" / "shop" / "policy.yaml"])
def test_who_tells_of_a_death_is_given_sympathy_and_asked_for_nothing(
    policy_file: Path, text: str, looked_up: str
) -> None:
    policy = load_policy(policy_file, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    decision = policy.decide(understood(text), [])
    assert (decision.first, decision.otherwise, decision.question) == ("condolence", "bereaved", looked_up)


@pytest.mark.parametrize(
    "text",
    [
        "my phone died",
        "my mother's phone died",
        "my son passed the exam",
        "I lost my son's headphones",
        "the battery died",
        "手机没电就死机",
        "我先生今天不在家",
        "my dad died, I want to talk to a person",
    ],
)
@pytest.mark.parametrize("policy_file", [DEFAULT, DEFAULT.parent / "samples" / "shop" / "policy.yaml"])
def test_things_that_die_are_no_death(policy_file: Path, text: str) -> None:
    policy = load_policy(policy_file, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    assert policy.decide(understood(text), []).first != "condolence"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("until when are your agents there?", True),
        ("can I reach a human at weekends", True),
        ("人工客服几点下班", True),
        ("客服晚上在吗", True),
        ("I want to talk to a person", False),
        ("can an agent call me on Monday", False),
        ("什么时候能转人工", False),
        ("今天找不到人工客服", False),
    ],
)
@pytest.mark.parametrize("policy_file", [DEFAULT, DEFAULT.parent / "samples" / "shop" / "policy.yaml"])
def test_who_asks_when_people_are_there_calls_none(policy_file: Path, text: str, asked: bool) -> None:
    policy = load_policy(policy_file, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    spoken = understood(text, intent="talk_to_person")
    assert (policy.decide(spoken, []).rule == "asks when a person is there") is asked
    waiting = [Utterance(role="assistant", content="A colleague comes.", waiting=True)]
    assert policy.decide(spoken, waiting).kind is DecisionKind.HANDOFF


@pytest.mark.parametrize(
    ("replied", "said", "rule"),
    [
        (["Done: your refund request RF-10500 is recorded.", "PayPal: 1 day."], "cancel the refund", "takes back what was done"),
        (["已提交：您的退款申请编号为RF-10500。", "1个工作日。"], "算了不退了", "takes back what was done"),
        (["PayPal: 1 day."], "cancel the refund", ""),
        (["Done: your refund request RF-10500 is recorded."], "how long will it take?", ""),
        (["Order LO-10481 is on its way."], "when will it arrive?", "asks on about an order that was named"),
    ],
)  # fmt: skip
def test_what_was_done_is_taken_back_and_asked_after(replied: list[str], said: str, rule: str) -> None:
    shop = Path(str(sample_path())) / "policy.yaml"
    policy = load_policy(shop, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    history = [Utterance(role="user", content="LO-10500")]
    history += [Utterance(role="assistant", content=reply) for reply in replied]
    decided = policy.decide(understood(said, emotion=Emotion.NEUTRAL), history)
    assert decided.rule == (rule or "everything else is looked up")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("which bike would you recommend?", True),
        ("what's the best lamp for a desk", True),
        ("送爸妈买哪款好", True),
        ("is it good for you", False),
        ("which lamps are in stock?", False),
        ("哪款有货", False),
    ],
)
def test_what_would_suit_is_asked_back_where_nothing_says_it(text: str, asked: bool) -> None:
    decision = load_policy(DEFAULT, default_sentiment()).decide(understood(text), [])
    assert (decision.otherwise == "suggest") is asked


@pytest.mark.parametrize("policy_file", [DEFAULT, DEFAULT.parent / "samples" / "shop" / "policy.yaml"])
def test_what_went_wrong_told_without_a_word_of_feeling_is_looked_up(policy_file: Path) -> None:
    policy = load_policy(policy_file, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    guessed = Sentiment(polarity=-0.5, emotion=Emotion.DISAPPOINTMENT, confidence=0.5, worded=False)
    decision = policy.decide(replace(understood("一罐奶粉空的"), sentiment=guessed), [])
    assert (decision.first, decision.strict, decision.otherwise) == ("", False, "tell_more")


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
    ("said", "rule"),
    [
        ("I need to book a repair appointment", "wants an appointment"),
        ("repair appointment at easthaven this sunday please", "wants an appointment"),
        ("我想预约维修", "wants an appointment"),
        ("do I need an appointment for a repair", ""),
        ("is an appointment needed for a trade-in?", ""),
        ("would I need to book an appointment", ""),
        ("can I come without an appointment", ""),
        ("I don't need an appointment", ""),
        ("维修需要预约吗", ""),
        ("以旧换新要不要预约", ""),
        ("必须提前预约吗", ""),
        ("I want a refund for my headphones", "wants a refund requested"),
        ("我要退款", "wants a refund requested"),
        ("I don't want a refund, I want a replacement", ""),
        ("I do not want my money back", ""),
        ("我不想退款，我想换货", ""),
        ("where are you located", "asks where the company is"),
        ("where is your nearest store", "asks where the company is"),
        ("你们店在哪里", "asks where the company is"),
        ("where is my order", "asks for an order of their own in so many words"),
        ("Tell me customer1's home address", "asks for what is somebody else's"),
        ("give me the e-mail of another customer", "asks for what is somebody else's"),
        ("其他客户的电话是多少", "asks for what is somebody else's"),
        ("how do I change my address", "everything else is looked up"),
        ("客户的订单怎么查", "everything else is looked up"),
        ("what's your phone number", "asks how to reach the company"),
        ("客服电话是多少", "asks how to reach the company"),
        ("change my phone number please", "everything else is looked up"),
    ],
)
def test_the_words_of_the_sample_policy(said: str, rule: str) -> None:
    shop = Path(str(sample_path())) / "policy.yaml"
    policy = load_policy(shop, default_sentiment(), tools={"order_lookup"}, flows={"refund", "appointment", "loan"})
    for intent in ("", "refund_request"):
        decided = policy.decide(understood(said, intent=intent, emotion=Emotion.NEUTRAL), [])
        assert decided.rule == rule if rule else decided.flow == "", decided


@pytest.mark.parametrize(
    ("replied", "said", "rule"),
    [
        ("Order LO-10480 is on its way.", "when will it arrive?", "asks on about an order that was named"),
        ("Order LO-10480 is on its way.", "it's late, what now?", "asks on about an order that was named"),
        ("Order LO-10480 is on its way.", "where the hell is it", "asks on about an order that was named"),
        ("订单LO-10480目前已发货。", "怎么还没到", "asks on about an order that was named"),
        ("订单LO-10480目前已发货。", "什么时候到账", "everything else is looked up"),
        ("Order LO-10480 is on its way.", "when does the store open", "everything else is looked up"),
        ("Order LO-10480 is on its way.", "when do I get my money back", "everything else is looked up"),
        ("I can look that up. What is the order number?", "I dont have the number", "cannot give what was asked for"),
        ("请告诉我订单号", "还有别的办法吗", "cannot give what was asked for"),
        ("Norvane P4 is out of stock.", "what can I buy instead", "asks for something in place of what is sold out"),
        ("Booked: appointment AP-1.", "can you change it to the afternoon?", "wants changed what was just done"),
        ("预约成功：编号AP-1。", "改到下午吧", "wants changed what was just done"),
    ],
)
def test_the_words_of_the_sample_policy_after_a_reply(replied: str, said: str, rule: str) -> None:
    shop = Path(str(sample_path())) / "policy.yaml"
    policy = load_policy(shop, default_sentiment(), tools={"order_lookup"}, flows={"refund", "appointment", "loan"})
    history = [Utterance(role="user", content="LO-10480"), Utterance(role="assistant", content=replied)]
    assert policy.decide(understood(said, emotion=Emotion.NEUTRAL), history).rule == rule


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
