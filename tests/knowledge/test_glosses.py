"""Chinese is read by its English glosses: word by word, both scripts, whatever else stands in the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.embedders.glosses import Glosses, best_gloss, is_available, shared
from knowledge.text.han import HAN

pytestmark = pytest.mark.skipif(not is_available(), reason="needs the extra `embeddings`")


@pytest.fixture(scope="module")
def glosses() -> Glosses:
    return shared()


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("退货需要几天？", "return goods need how many days?"),
        ("退貨需要幾天？", "return goods need how many days?"),
        ("会员积分多久过期", "member loyalty points how long expire"),
        ("iPhone 15 的电池，保修两年。", "iPhone 15 battery, warranty 2 years."),
        ("How long do I have?  (Gold)", "How long do I have?  (Gold)"),
        ("", ""),
        ("啊啊啊啊", "啊啊啊啊"),
    ],
)
def test_words_of_trade_are_those_that_a_customer_means(glosses: Glosses, text: str, english: str) -> None:
    assert glosses.english(text) == english


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("怎么导出报告", "how to export report"),
        ("工单多久回复", "support ticket how long reply"),
        ("起付线是多少", "deductible how much is"),
        ("支票退票罚多少", "bounced check what penalty"),
        ("光猫亮红灯", "modem light up red light"),
        ("軟體閃退", "software crash"),
        ("超商取貨", "convenience store pickup"),
        ("账户被冻结了咋解冻", "account frozen how to unfreeze"),
        ("两百块以上包邮", "200 yuan or more free shipping"),
        ("打八折的券", "20% off coupon"),
    ],
)
def test_words_of_trade_have_the_sense_that_trade_gives_them(glosses: Glosses, text: str, english: str) -> None:
    assert glosses.english(text) == english


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("支持不支持退货", "whether support return goods"),
        ("到没到账", "whether money arrives"),
        ("能不能退货", "can return goods"),
        ("地址能改不，急", "address can it be changed, urgent"),
        ("包裹到了没", "parcel to?"),
        ("从不", "never"),
    ],
)
def test_questions_by_or_not_ask(glosses: Glosses, text: str, english: str) -> None:
    assert glosses.english(text) == english


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("光猫怎么换", "modem how to exchange"),
        ("失业金能领几个月", "unemployment benefit can receive how many months"),
        ("问问运费", "ask shipping fee"),
        ("付款支付", "pay"),
    ],
)
def test_words_cut_wrongly_are_put_together_and_what_is_said_twice_is_said_once(
    glosses: Glosses, text: str, english: str
) -> None:
    assert glosses.english(text) == english


def test_a_word_that_no_dictionary_holds_is_read_by_its_parts(glosses: Glosses) -> None:
    assert glosses.english("电饭锅售后店") == "electric rice cooker after-sales service store"


@pytest.mark.parametrize(
    ("entries", "gloss"),
    [
        ([("Zhang1", "surname Zhang"), ("zhang1", "to open up; to spread/sheet of paper/CL:個|个[ge4]")], "spread"),
        ([("tui4 kuan3", "to refund (sth)/refund")], "refund"),
        ([("hao4", "variant of 好[hao4]")], None),
        ([("Bei3 jing1", "Beijing, capital of China"), ("bei3 jing1", "capital")], "capital"),
        ([], None),
    ],
)
def test_of_its_glosses_an_early_and_short_one_that_says_something(
    entries: list[tuple[str, str]], gloss: str | None
) -> None:
    assert best_gloss(iter(entries)) == gloss


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x9FFF) | st.sampled_from("退货几天的了吗，。iPhone")))
def test_no_chinese_is_left_and_nothing_else_is_touched(text: str) -> None:
    english = shared().english(text)
    assert english == text or not HAN.search(english)
    if not HAN.search(text):
        assert english == text
