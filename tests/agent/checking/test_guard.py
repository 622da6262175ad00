"""The guard: what a model's own citations do not support is not said; a refusal is polite and leads on."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.checking.grounding import lines_of
from agent.checking.guard import GroundingGuard
from agent.generate.citing import MarkStream, citations_in, cited_facts
from agent.phrases import load_phrases
from agent.settings import CompanySettings
from agent.types import Citation, DecisionKind, Draft, Language
from knowledge.types import Fact, GraphAnswer, GraphStatus, PassageEvidence, Retrieval
from tests.support.evidence import DELIVERY, RETURNS, asked, passage, retrieved
from tests.support.scripted_runner import EchoPhrases

FACT = Fact(head="Quietly", relation="battery_hours", tail="30", source_id="shop.csv")
ZH = "手机的保修期是两年。退货需在7天内申请，见 https://shop.example/zh/returns 。"


def checked(text: str, *texts: str, facts: tuple[Fact, ...] = (), language: Language = "en") -> Draft:
    """What the guard makes of a model's text about RETURNS [1], DELIVERY [2], then `texts` and `facts`."""
    retrieval = retrieved(RETURNS, DELIVERY, *texts, facts=facts)
    evidence = (*(item.passage for item in retrieval.passages), *facts)
    marks = MarkStream(len(evidence))
    said = marks.feed(text) + marks.end()
    citations = citations_in(said, evidence)
    draft = Draft(text=said, citations=citations, facts=cited_facts(citations, evidence), generator="tiny")
    guard = GroundingGuard(EchoPhrases(), wrong_answer_cost=1.0)
    return guard.check(draft, asked(retrieval=retrieval, language=language))


@pytest.mark.parametrize(
    "text",
    [
        "You can send it back within 30 days [1].",
        "You can send it back within thirty days. [1] Shipping it is free [1].",
        "Hello! You have 30 days [1].\n\n- Opened laptops: 14 days [1].\n- Delivery takes 3 days [2].\n\nI hope this helps!",
        "Here is how it works:\n\n1. You have 30 days [1].\n2. It comes in 3 days and costs $4.50 [2].",
        "**Returns**\nYou have 30 days [1].",
        "## Returns\n\nThese are the rules:\n- Within 30 days [1].",
        "Yes. You have 30 days, and delivery takes 3 days [1][2].",
        "Yes, you can. You have 30 days [1].",
        "You have 30 days [1]. Is there anything else I can help with?",
        "I don't know whether gift cards count. You have 30 days [1].",
        "The articles don't mention gift cards. You have 30 days [1]. Please let me know if you need anything else.",
        "Delivery, e.g. of a laptop, takes 3 days [2].",
    ],
)
def test_what_its_own_citations_support_is_said_word_for_word(text: str) -> None:
    draft = checked(text)
    assert (draft.text, draft.decision) == (text, DecisionKind.ANSWER)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # Numbers that stand nowhere, or only in evidence that the sentence does not cite.
        ("You have 60 days [1]. Shipping is free [1].", "Shipping is free [1]."),
        ("Returns take 3 days [1]. Shipping is free [1].", "Shipping is free [1]."),
        ("Shipping is free [1]. You have sixty days [1].", "Shipping is free [1]."),
        ("It costs $45 [2]. It takes 3 days [2].", "It takes 3 days [2]."),
        # Statements without a citation.
        ("You have 30 days [1]. You get a full refund.", "You have 30 days [1]."),
        ("You get a full refund. You have 30 days [1].", "You have 30 days [1]."),
        ("You have 30 days. Shipping is free [1].", "Shipping is free [1]."),
        ("I hope this helps, and the refund is doubled! You have 30 days [1].", "You have 30 days [1]."),
        ("Did you know that returns are always free? You have 30 days [1].", "You have 30 days [1]."),
        # Marks of nothing.
        ("Gifts are free [8]. You have 30 days [1].", "You have 30 days [1]."),
        # What leads up to something that is not said goes with it.
        ("Yes. You have 60 days [1]. Shipping is free [1].", "Shipping is free [1]."),
        (
            "Fees:\n- 9 dollars [1].\n\nYou're welcome!\n\nYou have 30 days [1].",
            "You're welcome!\n\nYou have 30 days [1].",
        ),
        ("Within 60 days:\n- Shipping is free [1].", "- Shipping is free [1]."),
        # Links and addresses of nothing.
        ("See https://evil.example/x [1]. You have 30 days [1].", "You have 30 days [1]."),
        ("See [here](https://evil.example) [1]. You have 30 days [1].", "You have 30 days [1]."),
        ("See [here](/evil) [1]. You have 30 days [1].", "You have 30 days [1]."),
        ("Write to me@evil.com [1]. You have 30 days [1].", "You have 30 days [1]."),
        ("Go to evil.com [1]. You have 30 days [1].", "You have 30 days [1]."),
        # Marks of what goes go with it.
        (
            "**You have 30 days [1]. You get gold.** Shipping is free [1].",
            "You have 30 days [1]. Shipping is free [1].",
        ),
        # Lists keep their shape; an unfinished end goes.
        ("- 30 days [1]. Lies.\n- 99 days [1].\n- 14 days [1].", "- 30 days [1]. \n- 14 days [1]."),
        ("You have 30 days [1]. And then…", "You have 30 days [1]."),
        (
            "You have 30 days.[1] It takes 3 days.[2] You get gold.[2]",
            "You have 30 days.[1] It takes 3 days.[2]",
        ),
    ],
)
def test_only_what_its_own_citations_support_is_said(text: str, left: str) -> None:
    draft = checked(text)
    assert (draft.text, draft.decision) == (left, DecisionKind.ANSWER)
    assert {citation.n for citation in draft.citations} == {n for n in (1, 2) if f"[{n}]" in left}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("您好！手机保修两年[3]。", "您好！手机保修两年[3]。"),
        ("手机保修2年。[3]", "手机保修2年。[3]"),
        ("手机保修三年[3]。退货在7天内申请[3]。", "退货在7天内申请[3]。"),
        ("可以。退货在七天内申请[3]。希望对您有帮助！", "可以。退货在七天内申请[3]。希望对您有帮助！"),
        ("退货免费。退货在7天内申请[3]。", "退货在7天内申请[3]。"),
        (
            "见https://shop.example/zh/returns[3]。如有其他问题，请随时联系我们。",
            "见https://shop.example/zh/returns[3]。如有其他问题，请随时联系我们。",
        ),
        ("资料里没有说明运费。退货在7天内申请[3]。", "资料里没有说明运费。退货在7天内申请[3]。"),
        ("**手机保修三年[3]。退货在7天内申请[3]。**", "退货在7天内申请[3]。"),
        ("步骤如下：\n1. 7天内申请[3]。\n2. 付99元[3]。", "步骤如下：\n1. 7天内申请[3]。"),
    ],
)
def test_chinese_is_held_to_the_same(text: str, left: str) -> None:
    assert checked(text, ZH, language="zh").text == left


@pytest.mark.parametrize(
    "text", ["", "You have 60 days [1].", "I hope this helps!", "You get gold.", "Gold [9].", "Yes."]
)
def test_where_nothing_cited_is_left_it_declines(text: str) -> None:
    draft = checked(text)
    assert draft.decision is DecisionKind.DECLINE
    assert draft.text == "<decline en>\n\n<offer_person en>"
    assert (draft.citations, draft.facts, draft.generator) == ((), (), "tiny")


def test_facts_support_what_cites_them_and_only_cited_ones_are_shown() -> None:
    other = Fact(head="Loudly", relation="battery_hours", tail="12", source_id="shop.csv")
    draft = checked("Quietly plays for 30 hours [3]. Loudly plays for 30 hours [4].", facts=(FACT, other))
    assert draft.text == "Quietly plays for 30 hours [3]."
    assert draft.facts == (FACT,)


@pytest.mark.parametrize(
    "citation",
    [
        Citation(n=1, source_id="elsewhere", title="", url=None, quote=DELIVERY),
        Citation(n=1, source_id="article-1", title="", url=None, quote="You have 99 days."),
        Citation(n=1, source_id="article-1", title="", url=None, quote=" "),
    ],
)
def test_an_invented_citation_supports_nothing(citation: Citation) -> None:
    draft = Draft(text="It takes 3 days [1].", citations=(citation,), generator="tiny")
    guard = GroundingGuard(EchoPhrases(), wrong_answer_cost=1.0)
    assert guard.check(draft, asked()).decision is DecisionKind.DECLINE


@pytest.mark.parametrize("generator", ["tiny", "extractive"])
def test_a_refusal_without_words_becomes_a_polite_one(generator: str) -> None:
    draft = Draft(text="", support=0.0, decision=DecisionKind.DECLINE, generator=generator)
    refusal = GroundingGuard(EchoPhrases(), wrong_answer_cost=1.0).check(draft, asked())
    assert refusal.text == "<decline en>\n\n<offer_person en>"
    assert (refusal.decision, refusal.generator) == (DecisionKind.DECLINE, generator)


def test_a_refusal_with_words_keeps_them() -> None:
    draft = Draft(text="No price on record.", decision=DecisionKind.DECLINE)
    refusal = GroundingGuard(EchoPhrases(), wrong_answer_cost=1.0).check(draft, asked())
    assert refusal.text == "No price on record.\n\n<offer_person en>"


def test_a_question_back_is_left_alone() -> None:
    draft = Draft(text="Which one?", decision=DecisionKind.CLARIFY, support=0.0)
    assert GroundingGuard(EchoPhrases(), wrong_answer_cost=1.0).check(draft, asked()) == draft


@pytest.mark.parametrize(("support", "kind"), [(0.4, DecisionKind.DECLINE), (0.6, DecisionKind.ANSWER)])
def test_a_quoted_answer_needs_support(support: float, kind: DecisionKind) -> None:
    draft = Draft(text="Within 99 days.", support=support)
    assert GroundingGuard(EchoPhrases(), wrong_answer_cost=1.0).check(draft, asked()).decision is kind


@given(st.text(alphabet="aB1. !?。？[]12：:*-#\n…\"'年", max_size=80))
def test_sentences_are_the_whole_text(text: str) -> None:
    lines = lines_of(text)
    assert "\n".join("".join(s.sign + s.written for s in line) for line in lines) == text


@given(st.text(alphabet="aB1. !?。？[]12：:*-#\n\"'年", max_size=80))
def test_no_number_that_is_not_cited_is_ever_said(text: str) -> None:
    draft = checked(text.replace("a", "30 days").replace("B", "77 days"))
    if draft.decision is DecisionKind.ANSWER:
        assert "77" not in draft.text
        assert draft.citations


def test_the_title_and_the_address_of_an_article_are_evidence_too() -> None:
    retrieval = retrieved()
    article = passage("Free.", title="Returns 2024", url="https://shop.example/returns")
    retrieval = type(retrieval)(passages=(type(retrieved("x").passages[0])(passage=article, score=1.0),))
    text = "The 2024 returns are at https://shop.example/returns [1]."
    draft = Draft(text=text, citations=citations_in(text, (article,)), generator="tiny")
    assert GroundingGuard(EchoPhrases(), wrong_answer_cost=1.0).check(draft, asked(retrieval=retrieval)).text == text


PHRASES = load_phrases(CompanySettings(), Path("no-such-file"))
CLOSE = {"vector": 0.6, "span": 0.6, "lexical": 8.0}
FAR = {"vector": 0.1, "span": 0.2, "lexical": 2.0}


def found(*titles: tuple[str, Language, dict[str, float]]) -> Retrieval:
    """Passages of articles with these titles, best first."""
    passages = (
        replace(passage(RETURNS, n, title=title), language=code) for n, (title, code, _) in enumerate(titles, start=1)
    )
    scored = zip(passages, titles, strict=True)
    return Retrieval(passages=tuple(PassageEvidence(passage=p, score=1.0, arm_scores=t[2]) for p, t in scored))


def refused(draft: Draft, retrieval: Retrieval, language: Language = "en", question: str = "Can I?") -> Draft:
    guard = GroundingGuard(PHRASES, wrong_answer_cost=1.5)
    return guard.check(draft, asked(question, retrieval=retrieval, language=language))


@pytest.mark.parametrize(("language", "offered"), [("en", ("Returns",)), ("zh", ("退货",))], ids=["English", "Chinese"])
def test_near_articles_are_offered_in_the_language_of_the_customer(
    language: Language, offered: tuple[str, ...]
) -> None:
    near = found(("退货", "zh", CLOSE), ("Returns", "en", CLOSE), ("Gift cards", "en", FAR), ("礼品卡", "zh", FAR))
    refusal = refused(Draft(text="", support=0.0), near, language)
    assert refusal.choices == offered
    assert all(title in refusal.text for title in offered)
    assert refusal.decision is DecisionKind.DECLINE
    assert refusal.text.count("\n\n") == 1


def test_who_has_articles_in_another_language_alone_is_offered_those() -> None:
    assert refused(Draft(text=""), found(("Returns", "en", CLOSE)), "zh").choices == ("Returns",)


def test_nothing_is_offered_where_nothing_is_near() -> None:
    refusal = refused(Draft(text=""), found(("Safety recall", "en", FAR), ("Returns", "en", FAR)))
    assert refusal.choices == ()
    assert "Safety" not in refusal.text


@pytest.mark.parametrize(("support", "leads"), [(0.2, False), (0.42, False), (0.43, True), (0.59, True)], ids=str)
@pytest.mark.parametrize(("language", "unsure"), [("en", "not sure"), ("zh", "不确定")])
def test_an_article_that_nearly_answers_comes_first(
    support: float, leads: bool, language: Language, unsure: str
) -> None:
    citation = Citation(n=1, source_id="article-1", title="Financing", url=None, quote=RETURNS)
    draft = Draft(text=f"{RETURNS} [1]", citations=(citation,), support=support)
    middling = {"vector": 0.25, "span": 0.3, "lexical": 2.0}
    refusal = refused(draft, found(("Financing", language, middling), ("Loans", language, CLOSE)), language)
    assert (refusal.choices, unsure in refusal.text) == (
        (("Financing", "Loans"), True) if leads else (("Loans",), False)
    )
    assert (refusal.decision, refusal.citations) == (DecisionKind.DECLINE, ())
    assert RETURNS not in refusal.text
    assert refusal.withheld == draft.text


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("多少钱包邮", False),
        ("满多少钱免运费", False),
        ("电话是多少", False),
        ("what does shipping cost", False),
        ("Is there a battery for it?", False),
        ("And what do I pay?", False),
        ("how much is the Zorblax", True),
        ("battery of the x200?", True),
        ("蓝鲸手机多少钱", True),
        ("红星烤肉店的电话是多少", True),
        ("“蓝鲸”多少钱", True),
        ("zorblax多少钱", True),
    ],
)
def test_only_who_says_a_name_is_told_that_it_is_not_known(question: str, named: bool) -> None:
    graph = GraphAnswer(status=GraphStatus.UNKNOWN, score=0.6)
    draft = Draft(text="Nothing under that name.", decision=DecisionKind.DECLINE, support=0.6)
    refusal = refused(draft, replace(found(("Delivery", "en", CLOSE)), graph=graph), question=question)
    assert ("under that name" in refusal.text) == named


@pytest.mark.parametrize(("language", "foreign"), [("zh", "en"), ("en", "zh")])
def test_who_is_quoted_articles_in_another_language_is_told_so_first(language: Language, foreign: str) -> None:
    cited = replace(passage(RETURNS), language=foreign)
    citation = Citation(n=1, source_id=cited.source_id, title=cited.title, url=None, quote=RETURNS)
    draft = Draft(text=f"{RETURNS} [1]", citations=(citation,), support=0.9)
    guard = GroundingGuard(EchoPhrases(), wrong_answer_cost=1.0)

    quoted = Retrieval(passages=(PassageEvidence(passage=cited, score=1.0),))
    said = guard.check(draft, asked(retrieval=quoted, language=language)).text
    assert said == f"<quoted_foreign {language}>\n\n{RETURNS} [1]"

    own = replace(cited, language=language)
    quoted = Retrieval(passages=(PassageEvidence(passage=own, score=1.0),))
    assert guard.check(draft, asked(retrieval=quoted, language=language)).text == draft.text
