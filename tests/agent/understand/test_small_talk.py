"""Small talk is recognised in both languages, and never swallows a question."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understand.small_talk import small_talk, without_courtesies


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hi", "greeting"),
        ("Hello there!", "greeting"),
        ("good morning", "greeting"),
        ("你好", "greeting"),
        ("您好！", "greeting"),
        ("在吗？", "greeting"),
        ("thanks", "thanks"),
        ("Thank you so much!", "thanks"),
        ("ok, thanks", "thanks"),
        ("谢谢你", "thanks"),
        ("好的，谢谢", "thanks"),
        ("bye!", "goodbye"),
        ("thanks, bye", "goodbye"),
        ("多谢老板", "thanks"),
        ("ok谢谢啦", "thanks"),
        ("3q", "thanks"),
        ("thx mate", "thanks"),
        ("亲", "greeting"),
        ("在？", "greeting"),
        ("再见", "goodbye"),
        ("谢谢，再见！", "goodbye"),
        ("are you a robot?", "bot_identity"),
        ("你是机器人吗？", "bot_identity"),
        ("you're a program, right?", "bot_identity"),
        ("is this a real person or a bot", "bot_identity"),
        ("am I writing to a human being?", "bot_identity"),
        ("what can you do for me?", "bot_identity"),
        ("can I write in Chinese", "bot_identity"),
        ("你不是人吧", "bot_identity"),
        ("您可以帮我做些什么？", "bot_identity"),
        ("能用英语交流吗", "bot_identity"),
    ],
)
def test_small_talk(text: str, intent: str) -> None:
    found = small_talk(text)
    assert found is not None
    assert found.name == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("thanks that's all", "thanks"),
        ("that's it thx", "thanks"),
        ("yep thanks, that is it", "thanks"),
        ("nope i'm good thanks", "thanks"),
        ("no that's all for now thank you", "thanks"),
        ("great that helps thanks a lot", "thanks"),
        ("nothing else, thanks", "thanks"),
        ("ok bye", "goodbye"),
        ("ok thanks bye", "goodbye"),
        ("cool thank you so much bye bye", "goodbye"),
        ("cheers see you later", "goodbye"),
        ("hello can you help me", "greeting"),
        ("hello, can you help me?", "greeting"),
        ("hey could somebody help me out please", "greeting"),
        ("I need some help", "greeting"),
        ("hi i have a question", "greeting"),
        ("好的谢谢再见", "goodbye"),
        ("嗯好的 谢谢您 拜拜", "goodbye"),
        ("没了谢谢", "thanks"),
        ("好的没有其他问题了谢谢", "thanks"),
        ("那就这样吧，谢谢", "thanks"),
        ("你好，能帮个忙吗", "greeting"),
        ("您好我想咨询一下", "greeting"),
        ("请问能帮我一下吗", "greeting"),
        ("有个问题想请教一下", "greeting"),
    ],
)
def test_courtesies_follow_each_other_without_marks(text: str, intent: str) -> None:
    found = small_talk(text)
    assert found is not None
    assert found.name == intent


@pytest.mark.parametrize(
    "text",
    [
        "is this a computer",
        "what can you do about it",
        "what do you offer",
        "是谁",
        "可以用英文开发票吗",
        "你们能做什么时候的预约",
        "can you help me close my account",
        "i need help with my card",
        "help me find a branch",
        "thanks for nothing my card is blocked",
        "bye bye fee",
        "ok",
        "no",
        "that's it?? 30 dollars",
        "hi i have a question about fees",
        "good day savings account",
        "帮我查余额",
        "谢谢卡怎么办",
        "没了钱怎么办",
        "再见卡的年费",
        "有个问题，我的卡丢了",
        "不用了",
    ],
)
def test_what_follows_a_courtesy_without_a_mark_is_no_courtesy(text: str) -> None:
    assert small_talk(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "hi, what does delivery cost?",
        "thanks, and what about the fee?",
        "你好，退货要几天？",
        "谢谢，那运费呢？",
        "good cheap headphones",
        "hello kitty case price",
        "How much is the Blue Account?",
        "",
    ],
)
def test_a_question_is_no_small_talk(text: str) -> None:
    assert small_talk(text) is None


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    small_talk(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("你好，退货的期限是多久？", "退货的期限是多久？"),
        ("您好 请问保修多久", "请问保修多久"),
        ("你好请问有发票吗？谢谢！", "请问有发票吗？谢谢！"),
        ("早上好！礼品卡能退吗？", "礼品卡能退吗？"),
        ("在吗？我想查快递", "我想查快递"),
        ("Hello, how long may I return things?", "how long may I return things?"),
        ("hi there do you deliver on Sundays", "do you deliver on Sundays"),
        ("Good morning. Is there a student discount? Thanks!", "Is there a student discount? Thanks!"),
        ("I want to return it, thanks!", "I want to return it"),
        ("hello kitty case price", "hello kitty case price"),
        ("hi!", "hi!"),
        ("你好", "你好"),
        ("你好像没明白", "你好像没明白"),
        ("It costs 3.5, or 4.", "It costs 3.5, or 4."),
        ("", ""),
    ],
)
def test_what_is_said_beside_courtesies(text: str, said: str) -> None:
    assert without_courtesies(text) == said


@given(st.text(alphabet=st.sampled_from(list("hi你好谢thanks ,!?。，？q退"))))
def test_nothing_but_courtesies_is_left_out(text: str) -> None:
    said = without_courtesies(text)
    assert said in text
    assert bool(said.strip()) == bool(text.strip())
    if not small_talk(text):
        assert "q" in said or "q" not in text


@pytest.mark.parametrize(
    "text", ["嗯" * 78 + "这", "拜拜" * 38 + "这", "bye " * 19 + "x", "好的谢谢" * 19 + "啊这", "hi " * 26 + "x"]
)
def test_courtesies_in_a_row_are_cut_apart_in_no_time(text: str) -> None:
    started = time.perf_counter()
    assert small_talk(text) is None
    assert time.perf_counter() - started < 1
