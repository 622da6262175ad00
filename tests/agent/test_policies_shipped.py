"""What the policies that ship with Parley, the default one and the sample shop's, make of what customers write."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from agent.phrases import load_phrases
from agent.policy import Conditions, Rule, load_policy
from agent.samples import sample_path
from agent.settings import CompanySettings
from agent.types import DecisionKind, Emotion, Language, Sentiment, Understanding, Utterance
from agent.understand.sentiment import default_sentiment
from tests.support.policies import DEFAULT, SHOP_FLOWS, understood


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


BOTH = [DEFAULT, DEFAULT.parent / "samples" / "shop" / "policy.yaml"]


@pytest.mark.parametrize("policy_file", BOTH)
@pytest.mark.parametrize("people", [True, False])
@pytest.mark.parametrize(
    ("text", "language", "left"),
    [
        ("07700 900123", "en", True),
        ("my number is +44 7700 900456, thanks", "en", True),
        ("you can reach me at ann@example.com after 5 pm please", "en", True),
        ("我的电话是13800001234，谢谢", "zh", True),
        ("what about order 10480223", "en", False),
        ("my order number is 10480223, where is it", "en", False),
        ("is 01904 555 0137 your number?", "en", False),
        ("13800001234这个号码能收到短信吗", "zh", False),
    ],
)
def test_a_number_left_after_the_call_for_a_person_is_no_question(
    policy_file: Path, people: bool, text: str, language: Language, left: bool
) -> None:
    policy = load_policy(policy_file, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    said = load_phrases(CompanySettings(), people=people).say("handoff", language)
    called = [Utterance(role="user", content="call me"), Utterance(role="assistant", content=said)]
    message = understood(text)
    assert (policy.decide(message, called).template == "contact_left") is left
    assert policy.decide(message, []).template != "contact_left"


@pytest.mark.parametrize("policy_file", BOTH)
def test_a_person_who_is_waited_for_may_be_taken_back_or_asked_after(policy_file: Path) -> None:
    policy = load_policy(policy_file, default_sentiment(), tools={"order_lookup"}, flows=SHOP_FLOWS)
    called = [Utterance(role="user", content="转人工"), Utterance(role="assistant", content="好的", waiting=True)]
    refused = policy.decide(understood("不用了", intent="no_person"), called)
    awaited = policy.decide(understood("多久", intent="person_awaited"), called)
    assert (refused.template, refused.withdraws) == ("handoff_withdrawn", True)
    assert (awaited.kind, awaited.template, awaited.withdraws) == (DecisionKind.HANDOFF, "handoff_waiting", False)


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
