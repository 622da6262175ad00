"""Utterances of a few intents, made from patterns, in both languages."""

import numpy as np

from agent.learning.records import CleanUtterance
from agent.types import Language

_PATTERNS: dict[Language, dict[str, tuple[list[str], list[str]]]] = {
    "en": {
        "card_arrival": (
            ["when will my", "where is the", "how long until my", "still waiting for my", "track the"],
            ["card to arrive", "new card arriving", "card delivery", "card in the post", "card shipment"],
        ),
        "change_pin": (
            [
                "how do I change my",
                "I want to reset the",
                "help me pick another",
                "can I update my",
                "where to set a new",
            ],
            ["PIN", "pin code", "pin number", "PIN at the ATM", "secret pin"],
        ),
        "refund": (
            ["I want my money back for", "please refund", "give me a refund of", "refund my payment for", "refund me"],
            ["the broken phone", "this purchase", "the wrong item", "my last order", "a cancelled booking"],
        ),
    },
    "zh": {
        "退款": (
            ["我的退款", "请问退款", "上次申请的退款", "那笔退款", "订单退款"],
            ["什么时候到账？", "怎么还没到账", "几天能到账", "到账了吗", "多久到账呢"],
        ),
        "停车": (
            ["酒店", "你们酒店", "请问这家酒店", "贵酒店", "附近的酒店"],
            ["有停车场吗？", "停车场收费吗", "停车场在哪里", "的停车场能停大车吗", "停车场要预约吗"],
        ),
        "发票": (
            ["怎么开", "我要开", "能不能补开", "麻烦给我开", "网上如何开"],
            ["发票？", "增值税发票", "电子发票", "一张发票", "公司抬头的发票"],
        ),
    },
}


def said(language: Language) -> list[tuple[str, str]]:
    """(text, intent): 25 of each of three intents."""
    return [
        (f"{start}{' ' if language == 'en' else ''}{end}", intent)
        for intent, (starts, ends) in _PATTERNS[language].items()
        for start in starts
        for end in ends
    ]


def utterances(language: Language, *, labelled: frozenset[str] = frozenset()) -> list[CleanUtterance]:
    """Records in a mixed order; those of the intents `labelled` bear their label."""
    pairs = said(language)
    order = np.random.default_rng(0).permutation(len(pairs))
    return [
        CleanUtterance(
            id=f"{language}{row}#1",
            text=pairs[row][0],
            language=language,
            sentences=(pairs[row][0],),
            label=pairs[row][1] if pairs[row][1] in labelled else None,
        )
        for row in order
    ]
