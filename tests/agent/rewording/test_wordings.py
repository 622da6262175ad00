"""Questions in other words: which are put otherwise, how, and what may not be the answer to them."""

from collections.abc import Sequence

import pytest

from agent.rewording.alone import Alone
from agent.rewording.contact import how_to_reach_us
from agent.rewording.kinds import ByKind
from agent.rewording.per_unit import price_of_one
from agent.rewording.pieces import first_piece, in_instalments
from agent.rewording.reworded import Quoted
from agent.types import EntityMention, Language, Understanding
from knowledge.text.words import words
from knowledge.types import OfKind


def understood(question: str, *mentions: EntityMention, language: Language = "en") -> Understanding:
    return Understanding(text=question, question=question, language=language, entities=mentions)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("could you give me a phone number please?", "phone number"),
        ("which number should i ring", "phone number"),
        ("do you have an e-mail address", "how to contact us"),
        ("best way to reach you?", "how to contact us"),
        ("请问你们售后的电话", "客服热线是多少"),
        ("怎么才能联系到人工客服呢", "怎么联系你们"),
    ],
)
def test_how_to_reach_the_company_is_asked_plainly(question: str, said: str) -> None:
    assert next(how_to_reach_us(understood(question))).question == said


@pytest.mark.parametrize(
    "question",
    [
        "what's the director's phone number",
        "I want to change my number",
        "can you call me tomorrow",
        "contact lenses",
        "经理电话是多少",
        "怎么更换手机号码",
        "给我打电话",
        "what are 12 and 30",
    ],
)
def test_what_is_not_about_reaching_the_company_stays(question: str) -> None:
    assert not list(how_to_reach_us(understood(question)))


def test_the_answer_has_to_say_the_number_or_the_address() -> None:
    by_telephone = next(how_to_reach_us(understood("phone number?")))
    by_mail = next(how_to_reach_us(understood("email address?")))
    said = {"a": Quoted(said="Call 020 555 0188 on weekdays.", article="")}
    assert by_telephone.is_answered_by(said)
    assert not by_mail.is_answered_by(said)
    assert not by_telephone.is_answered_by(
        {"a": Quoted(said="Orders of 1.500,00 EUR are paid in 2 parts.", article="")}
    )


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("hire a bike for 4 days how much", "hire a bike per day how much"),
        ("tuning of 3 pianos", "how much is tuning per piano"),
        ("painting 25 sqm", "how much is painting per square metre"),
    ],
)
def test_what_several_cost_is_told_by_the_price_of_one(question: str, said: str) -> None:
    assert [one.question for one in price_of_one(understood(question))] == [said]


@pytest.mark.parametrize(
    "question", ["how long do 3 pianos take", "can i bring 2 dogs", "prices in 2 weeks or 3 weeks"]
)
def test_what_asks_for_no_price_of_several_stays(question: str) -> None:
    assert not list(price_of_one(understood(question)))


def test_where_the_price_depends_on_how_many_there_are_all_of_it_is_told() -> None:
    (asked,) = price_of_one(understood("how much is a tour of 30 km"))
    flat = Quoted(said="Tours cost 3 EUR per km.", article="Tours cost 3 EUR per km.")
    banded = Quoted(
        said="Longer ones cost 3 EUR per km.", article="Less than 50 km cost 90 EUR. Longer ones cost 3 EUR per km."
    )
    whole = Quoted(said=banded.article, article=banded.article)
    assert asked.is_answered_by({"a": flat})
    assert not asked.is_answered_by({"a": banded})
    assert asked.is_answered_by({"a": whole})


def test_of_two_short_questions_the_first_is_asked_alone() -> None:
    assert [one.question for one in first_piece(understood("能开发票吗 多久开", language="zh"))] == ["能开发票吗"]
    assert not list(first_piece(understood("小满 多少钱", language="zh")))
    assert not list(first_piece(understood("能开发票吗", language="zh")))


class Boats:
    """A graph of one boat and its sister."""

    def of_kind(self, mentions: Sequence[EntityMention], language: Language) -> OfKind:
        return OfKind(kind="canoe", types=("canoe",), traits=("cedar", "Norway"), others=("Teal",))


KNOWN = {*words("canoe cedar")}
BY_KIND = ByKind(Boats(), lambda terms: float(set(terms) <= KNOWN), lambda term: term in words("cedar"))


def test_a_product_is_put_by_its_kind_and_what_it_is_made_of() -> None:
    question = "how do I oil the heron"
    mention = EntityMention(id="b", name="Heron Canoe", type="canoe", span=(17, 22))
    asked = list(BY_KIND(understood(question, mention)))
    assert [one.question for one in asked] == [
        "how do I oil the cedar canoe",
        "how do I oil the canoe",
        "how do I oil the cedar",
    ]
    assert asked[0].is_answered_by({"a": Quoted(said="Canoes are oiled in spring.", article="")})
    assert not asked[0].is_answered_by({"a": Quoted(said="Paddles are oiled in spring.", article="")})
    assert not asked[0].is_answered_by({"a": Quoted(said="The Teal, a canoe, is never oiled.", article="")})


def test_instalments_are_asked_of_as_articles_count_them() -> None:
    (asked,) = in_instalments(understood("你们能分期付款吗 几期", language="zh"))
    assert asked.question == "你们能分12期付款吗"
    assert asked.is_answered_by({"a": Quoted(said="可分3期或6期。", article="")})
    assert not asked.is_answered_by({"a": Quoted(said="可用银行卡付款。", article="")})
    assert not list(in_instalments(understood("分期乐能用吗", language="zh")))


def test_alone_is_said_as_articles_say_it() -> None:
    alone = Alone(lambda terms: 1.0)
    assert [one.question for one in alone(understood("15岁可以自己坐飞机吗", language="zh"))] == [
        "15岁可以单独坐飞机吗"
    ]
    assert [one.question for one in alone(understood("can my son fly on his own"))] == ["can my son fly unaccompanied"]
    assert not list(alone(understood("我自己的账户", language="zh")))
    assert not list(Alone(lambda terms: 0.0)(understood("can I fly alone")))
