"""Two short Chinese questions with nothing but a space between them: 能分期吗 几期."""

import re
from collections.abc import Iterator

from agent.rewording.reworded import Reworded
from agent.types import Understanding
from knowledge.text.han import HAN

_ASKS = re.compile(r"[吗么呢几]|多少|多久|什么|怎么|如何|哪|能不能|可不可以|有没有|是不是")
_INSTALMENTS = re.compile(r"分期(?:付款|支付|付)?(?![\u4e00-\u9fff]*(?:乐|卡))")
_NUMBER_OF_THEM = re.compile(r"\d ?期|\d ?(?:or \d{1,2} )?(?:instal|month)", re.IGNORECASE)
_LEAST, _MOST = 3, 40  # characters


def first_piece(understanding: Understanding) -> Iterator[Reworded]:
    """The first of them by itself: what answers it mostly answers the others, which lean on it."""
    question = understanding.question
    pieces = question.split()
    if len(question) > _MOST or len(pieces) < 2 or not all(HAN.search(one) and _ASKS.search(one) for one in pieces):
        return
    if len(pieces[0]) >= _LEAST:
        yield Reworded(question=pieces[0])


def in_instalments(understanding: Understanding) -> Iterator[Reworded]:
    """A question of 分期 with a number of instalments in it, as articles say it: 可以分6期."""
    question = understanding.question.split(" ", 1)[0]
    if len(question) <= _MOST and (found := _INSTALMENTS.search(question)):
        asked = f"{question[: found.start()]}分12期付款{question[found.end() :]}"
        yield Reworded(question=asked, holds=_NUMBER_OF_THEM)
