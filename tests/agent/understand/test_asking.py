"""What asks or demands something, and what only tells how things are."""

import pytest

from agent.understand.asking import asks


@pytest.mark.parametrize(
    "text",
    [
        "How long is the warranty",
        "my parcel is late, where is it",
        "if i freeze my card do my payments still go through",
        "This is ridiculous! What now?",
        "I want my money back!",
        "Cancel my order, I've had enough.",
        "once it's blocked how quick does it kick in",
        "退货有几天时间",
        "hmm what's the interest rate on that",
        "um when do you close",
        "wait, is it free",
        "嗯那利率是多少",
        "要带什么东西",
        "气死了，怎么还不退款？",
        "太过分了，我要退货！",
        "能不能换一个",
        "请帮我看看",
        "有没有免息的",
        "还有无库存",
        "贵不贵",
        "到底退不退",
        "这款防不防水啊",
        "送不送数据线",
        "到没到北京",
        "修好了没",
        "退了没有？",
        "能退不",
        "会掉色不",
        "还有货没",
        "买一罐还是买一箱便宜",
        "盖子裂了咋弄",
        "昨天刚买今天就降价，退差价",
    ],
)
def test_questions_and_demands_ask(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "This is outrageous, I've waited three days and nothing!",
        "Worst service ever!!!",
        "Are you kidding me?",
        "What a joke.",
        "How dare you!",
        "What kind of company is this?!",
        "The phone broke after two days. I'm so disappointed.",
        "你们太过分了，等了三天还没到！",
        "什么破公司，太垃圾了！",
        "你们怎么回事？？",
        "等了好几天了，真失望",
        "有没有搞错啊？",
        "要不要脸",
        "你们有没有良心",
        "烦不烦啊",
        "有完没完",
        "讲不讲道理",
        "动不动就坏",
        "客服时不时掉线",
        "我不得不买了新的",
        "咋这么慢",
        "等了一周还是没到",
    ],
)
def test_venting_asks_nothing_also_where_it_sounds_like_a_question(text: str) -> None:
    assert not asks(text)
