"""Tells a message that says how its writer feels, and nothing else: there is nothing in it to look up."""

import re
from functools import cache

from agent.types import Emotion
from agent.understand.asking import asks
from agent.understand.sentiment.lexicon import packaged_lexicon
from agent.understand.sentiment.words import pattern
from knowledge.text.han import HAN

_LONGEST = 80
"""Characters; who writes more tells what happened."""
_PRAISE = {
    "en": ["helpful", "useful", "kind", "lovely", "sweet", "patient", "clear", "made my day", "help", "helping", "helped", "explaining",
    "patience", "kindness", "time", "answer", "answers", "reply", "quick"],
    "zh": ["耐心", "解答", "帮助", "回复", "帮忙", "贴心", "有用", "详细", "周到", "热情"],
}  # fmt: skip
"""What somebody is thanked for or praised with."""
_AROUND_EN = re.compile(
    r"(?:i|i['’]?m|i['’]?ve|me|my|myself|it|it['’]?s|its|this|that|that['’]?s|these|you|you['’]?re|you['’]?ve|u|your|we|we['’]?re|us|everything|all"
    r"|am|is|are|was|be|been|being|feel|feels|feeling|felt|get|getting|got|have|has|makes?|made|making|makes|such|a|an|the|of|for|about|with|from|and|but|to|in|at|by"
    r"|so|very|really|just|honestly|seriously|literally|truly|quite|pretty|too|super|extremely|absolutely|totally|completely|a bit|little|now|today|right|again"
    r"|already|actually|even|still|well|oh|ah|ugh|wow|god|omg|gosh|hey|ok|okay|please|yeah|yes|lot|much|how|what|there|here|more|one)"
    r"(?![\w'’])",
    re.IGNORECASE,
)
_AROUND_ZH = re.compile(
    r"我们?|你们?|您们?|他们?|她们?|自己|心里|心情|内心|觉得|感觉|感到|现在|真的?是?|实在是?|确实|简直|特别|非常|十分|太|很|好|挺|有点儿?|有些|越来越|快要?|都|也|就|还|又|再|这|那|样|么"
    r"|是|的|得|地|了|啊|呀|哎|唉|唔|哦|噢|嗯|哈|吧|呢|嘛|哟|让|令|人|死|坏|极|透|要|会|可|多|大|一直|已经|今天|给|对|为|跟|和|所以|但|说"
)


def feels(text: str) -> Emotion | None:
    """The emotion that a message tells, where it tells nothing besides; None for any other message, and for every question."""
    if len(text) > _LONGEST or asks(text):
        return None
    words = _words("zh" if HAN.search(text) else "en")
    told: list[Emotion] = []
    left = text
    for emotion, found in words:
        if found.search(left):
            told.append(emotion)
            left = found.sub(" ", left)
    around = _AROUND_ZH if HAN.search(text) else _AROUND_EN
    return told[0] if told and not re.search(r"\w", around.sub(" ", left)) else None


@cache
def _words(language: str) -> list[tuple[Emotion, re.Pattern[str]]]:
    """The words of each emotion, the unhappy ones first: "thanks for nothing" is no thanks, nor is "good" all that "so sad" holds."""
    lexicon = packaged_lexicon()
    listed = {emotion: list(getattr(words, language)) for emotion, words in lexicon.emotions.items()}
    listed[Emotion.GRATITUDE] += _PRAISE[language]
    order = sorted(listed, key=lambda emotion: lexicon.emotions[emotion].strength)
    return [(emotion, pattern(language, listed[emotion])) for emotion in order]
