"""Mending, cutting and dropping: what a customer wants stays, and cleaning what is clean changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.learning.clean.courtesies import is_courtesy, without_courtesies
from agent.learning.clean.dropping import Reason, judged
from agent.learning.clean.near_copies import Copy, NearCopies
from agent.learning.clean.repair import cleaned, repaired
from agent.learning.clean.segmentation import sentences, words

PIECES = st.sampled_from(
    """Hi there,|你好，|<br>|<p>|</p>|&amp;|&lt;b&gt;|> quoted|\\n|\\n\\n|On 5 May, Tom wrote:|Sent from my iPhone|发自我的iPhone|-- |Regards,|谢谢。
    |Thanks!|我要退款|I want a refund|<@U1>|<https://a.b|x>|13812345678|我叫张伟|â€™|\u200b|！！！！！！|好的|，| |. |Best|my name is Tom|order #55821
    |<script>x</script>|&#x4f60;|在2024年5月1日，客服写道：|From: a@b.com|Subject: x|menu|1""".split("|")
).map(lambda piece: piece.replace("\\n", "\n"))
TEXTS = st.text(max_size=60) | st.lists(PIECES, max_size=8).map("".join)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("I can&amp;#39;t log in", "I can't log in"),
        ("itâ€™s broken", "it’s broken"),
        ("é€€æ¬¾", "退款"),
        ("<p>Where is<br/>my <b>order</b>?</p>", "Where is\nmy order?"),
        ("is 3 < 5 and 7 > 2?", "is 3 < 5 and 7 > 2?"),
        ("hey <@U12AB|mei> see <https://shop.example.com/a|my cart>", "hey [name] see my cart"),
        ("wh\u200bere\ufeff is it", "where is it"),
        ("Still broken.\n\nOn Tue, 5 May 2026 at 10:02, Support wrote:\n> Please restart\n> it", "Still broken."),
        ("还是不行\n\n发件人：客服\n发送时间：2026年5月5日\n主题：回复\n请重启", "还是不行"),
        ("It is late\n> you said tomorrow\nso where is it?\nSent from my iPhone", "It is late\nso where is it?"),
        ("什么时候到\n发自我的iPhone", "什么时候到"),
        ("Please cancel it.\n\nKind regards,\nJo Smith\nAcme Ltd", "Please cancel it."),
        ("Please cancel it.\n--\nJo Smith", "Please cancel it."),
        ("为什么这么慢！！！！！！！！", "为什么这么慢！！！"),
        ("From: Beijing\nTo Shanghai please", "From: Beijing\nTo Shanghai please"),
        ("价格是３９９元，对吗？", "价格是３９９元，对吗？"),
    ],
)  # fmt: skip
def test_mended(said: str, left: str) -> None:
    assert repaired(said) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Hi, where is my parcel? Thanks!", "where is my parcel?"),
        ("hello i need help with a refund", "i need help with a refund"),
        ("你好，我要退款，谢谢", "我要退款"),
        ("您好！订单没到。谢谢您。", "订单没到。"),
        ("ok, but where is it", "but where is it"),
        ("thank you card designs", "thank you card designs"),
        ("Thanks for nothing, it is still broken", "Thanks for nothing, it is still broken"),
        ("好的，谢谢你", ""),
        ("没有问题了。", ""),
        ("没有问题单怎么办", "没有问题单怎么办"),
        ("那谢谢你的介绍呀！", ""),
        ("好的呢。太好了！", ""),
        ("不要辣的可以吗", "不要辣的可以吗"),
        ("对公账户怎么开", "对公账户怎么开"),
        ("可以退吗", "可以退吗"),
        ("行李怎么寄", "行李怎么寄"),
        ("that is all, thanks", ""),
        ("没有发票可以退吗", "没有发票可以退吗"),
        ("没有需要的尺码", "没有需要的尺码"),
    ],
)
def test_greetings_and_thanks_are_cut(said: str, left: str) -> None:
    assert without_courtesies(said) == left


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", Reason.EMPTY),
        ("2", Reason.MENU),
        ("返回", Reason.MENU),
        ("[phone]", Reason.NO_WORDS),
        ("2026-11-25 ???", Reason.NO_WORDS),
        ("hello", Reason.COURTESY),
        ("注文はいつ届きますか？お願いします", Reason.LANGUAGE),
        ("¿Cuándo llega mi pedido? No puedo esperar por el paquete", Reason.LANGUAGE),
        ("wo ist meine Bestellung, ich habe sie nicht", Reason.LANGUAGE),
        ("x y " * 400, Reason.TOO_LONG),
        ("do you die-cut the mat for me?", ("do you die-cut the mat for me?", "en")),
        ("iPhone 15 有货吗", ("iPhone 15 有货吗", "zh")),
        ("转人工", ("转人工", "zh")),
    ],
)
def test_dropped_for_a_reason_or_kept(text: str, verdict: object) -> None:
    assert judged(text, labelled=False) == verdict


def test_a_huge_paste_takes_no_minutes_and_leaks_no_half_of_a_number() -> None:
    kept, _ = cleaned("电话13812345678 " * 100_000)
    assert 1_000 < len(kept) < 20_000
    assert "138" not in kept


def test_what_a_person_labelled_as_a_greeting_is_kept() -> None:
    assert judged("hello", labelled=True) == ("hello", "en")


SHOES = "How do I return the blue shoes that I bought last week in your store"


def test_near_copies_but_not_other_numbers_or_negations() -> None:
    seen = NearCopies()
    assert seen.find("a", SHOES + "?", None) is None
    assert seen.find("b", SHOES, None) == Copy("a", same=True)
    assert seen.find("c", SHOES + "s?", None) == Copy("a", same=False)
    assert seen.find("d", SHOES.replace("return", "not return"), None) is None
    assert seen.find("f", "我想退掉上周在你们店里买的那双蓝色运动鞋，请问怎么办理", None) is None
    assert seen.find("g", "我想退掉上周在你们店里买的那双蓝色运动鞋，请问怎么办理呢", None) == Copy("f", same=False)
    assert seen.find("h", "我想退掉2周前在你们店里买的那双蓝色运动鞋，请问怎么办理", None) is None


def test_no_label_is_lost_with_a_copy_and_two_labels_are_both_kept() -> None:
    seen = NearCopies()
    assert seen.find("a", SHOES, None) is None
    assert seen.find("b", SHOES, "returns") == Copy("a", same=True, labels=True)
    assert seen.find("c", SHOES + "!", None) == Copy("a", same=True)
    assert seen.find("d", SHOES, "exchanges") is None
    assert seen.find("e", SHOES, "exchanges") == Copy("d", same=True)
    assert seen.find("f", SHOES + "s", "refunds") is None
    assert seen.find("g", SHOES + "s", None) == Copy("f", same=True)


def test_sentences_and_words_of_both_languages() -> None:
    assert sentences("It broke. Can I return it?\n什么时候到？很急！") == (
        "It broke.",
        "Can I return it?",
        "什么时候到？",
        "很急！",
    )
    assert words("我要退掉上周买的运动鞋，电话[phone]", "zh") == ["退掉", "上周", "运动鞋", "电话"]
    assert words("Can I return the shoes to [address]?", "en") == ["return", "shoes"]


@given(TEXTS)
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    once, _ = cleaned(text)
    assert cleaned(once) == (once, ())
    kept = without_courtesies(once)
    assert without_courtesies(kept) == kept
    assert not kept or not is_courtesy(kept)


@given(TEXTS)
def test_sentences_lose_nothing_but_space(text: str) -> None:
    kept, _ = cleaned(text)
    assert "".join("".join(sentences(kept)).split()) == "".join(kept.split())
