"""Puts a phrase in the place of the one with the same head: "a day pass" after "how much is a guest pass?", 次卡 after 年卡多少钱."""

import re

from agent.understand.content_words import DULL, content_pieces, content_words
from knowledge.text.dictionary import is_common
from knowledge.text.han import HAN

_WORD = re.compile(r"[\w'’-]+")
_ASKING = frozenset(
    "available book bought buy charge cost costs cover covers fee fees hours include included includes open opening order pay price prices"
    " refund required return".split()
)
"""What may be asked of anything."""
_LEAST = 3  # letters of a head
_VERBS_ZH = re.compile(r"^(?:可以|能|要|有|用|买|退|寄|发|送|收|交|付|开|办|查|换|带|订|把|给|从|在|和|跟)+")
_GOES_ON_ZH = re.compile(r"[能可收要有打多怎是支包会需贵好还几的用退换改保在什免寄送到卖开吃放洗]")
"""What a sentence goes on with after what it is about."""
_OBJECT_ZH = re.compile(
    r"(?P<before>(?:请问|你们)*(?:支持|接受|可以用|能用|可以|能不能用|有没有|有|卖|能寄|可以寄|能送|可以送|能)(?:到|用)?)(?P<object>[^吗么嘛不？?，,]{1,10}?)"
    r"(?:付款|支付|付)?(?:吗|么|嘛|不)[?？]?"
)
_OBJECT_EN = re.compile(
    r"(?:(?:do|can|could|will) (?:you|i) (?:guys )?(?:take|accept|sell|have|stock|offer|support|use|pay (?:with|by)|deliver to|ship to|do)|does [\w'-]{2,20}(?: [\w'-]{2,20})? (?:work with|connect (?:with|to)|support|include|come with)|is there|are there) "
    r"(?:(?:an?|any|the|some) )?(?P<object>[\w' &-]{2,30}?)(?: there| here)?\W*",
    re.IGNORECASE,
)
_BY = r"\b(?P<by>in|at|near|from|to|for|on|with|within|by|via|after|before|under|over)\s+"
_PHRASE = r"(?:(?:the|my|our|your|an?) )?[\w'’.-]+(?: [\w'’.-]+){0,3}"
_BY_ALONE = re.compile(
    rf"(?:(?:and|or|but|so|ok|then)\b[\s,]*)?(?:(?:what|how) about )?{_BY}(?P<phrase>{_PHRASE})\W*", re.IGNORECASE
)
_ENDS_BY = re.compile(
    rf".*{_BY}(?P<phrase>{_PHRASE}?)(?: (?:take|cost|work|last|start|open|close|arrive|apply|count))?\W*",
    re.IGNORECASE | re.DOTALL,
)
_IN_A_PLACE = re.compile(r".* (?:in|at|near|to) (?P<place>[^\s?]+)", re.IGNORECASE)
_MOST_ZH = 8  # characters of a phrase


def with_same_head(new: str, asked: str, *, surely: bool = False) -> str:
    """What was asked, of `new`; "" where nothing that was asked of is of its kind.

    surely: whether `new` certainly stands for something that was asked, as where a customer corrects themselves.
    """
    again = _chinese(new, asked, surely=surely) if HAN.search(new) else _english(new, asked)
    return again or (_of_one_subject(new, asked) if surely else "")


def _english(new: str, asked: str) -> str:
    """By the last word, "day pass" for "guest pass", else by the first, "protein shakes" for "protein bars"."""
    words = new.split()
    if len(words) < 2:
        return ""
    said = list(_WORD.finditer(asked))
    heads = [n for n, one in enumerate(said) if _singular(one.group()) == _singular(words[-1])]
    if heads and len(words[-1]) >= _LEAST and words[-1].lower() not in DULL:
        first = last = heads[-1]
        while first and last - first < len(words) - 1 and said[first - 1].group().lower() not in DULL:
            first -= 1
        return _put(asked, new, said[first].start(), said[last].end())
    starts = [n for n, one in enumerate(said[:-1]) if one.group().lower() == words[0].lower()]
    if starts and words[0].lower() not in DULL and said[starts[-1] + 1].group().lower() not in DULL:
        return _put(asked, new, said[starts[-1]].start(), said[starts[-1] + 1].end())
    return ""


def _chinese(new: str, asked: str, *, surely: bool) -> str:
    """By the last characters; by one alone where the two are of a length, unless one surely stands for the other."""
    if not 1 < len(new) <= _MOST_ZH:
        return ""
    for length in range(len(new) - 1, 0, -1):
        for piece in map(_without_verbs, content_pieces(asked)):
            head = piece.rfind(new[-length:])
            start, end = max(0, head + length - len(new)), head + length
            whole = not start and (end == len(piece) or _GOES_ON_ZH.match(piece, end))
            told_apart = head > 0 and (length > 1 or surely or end == len(new))
            if whole and told_apart and piece[start:end] != new:
                place = asked.rfind(piece) + start
                return _put(asked, new, place, place + end - start)
    return ""


def _of_one_subject(new: str, asked: str) -> str:
    """In the place of the only thing that the question is about: "what does off-peak cost?", 快递费多少."""
    if HAN.search(asked):
        said = [piece for piece in map(_without_verbs, content_pieces(asked)) if len(piece) > 1]
    else:
        said = [word for word in content_words(asked, "", ()) if word.lower() not in _ASKING]
    place = asked.rfind(said[0]) if len(said) == 1 else -1
    return _put(asked, new, place, place + len(said[0])) if place >= 0 else ""


def with_its_object(new: str, asked: str, *, thing: bool = False) -> str:
    """What was asked, with `new` for all that it asks of: "do you take amex?" after "do you take PayPal?", 支持银行卡吗 after 支持花呗吗.

    thing: whether it certainly is no place ("a showroom").
    """
    asked = asked.strip()
    found = (_OBJECT_ZH if HAN.search(asked) else _OBJECT_EN).fullmatch(asked)
    if not found:
        return ""
    start, end = found.span("object")
    # "And Basel?" after "do you have a shop in Bern?" asks of another place, "and a sofa?" of another thing.
    place = _IN_A_PLACE.fullmatch(asked, start, end)
    if place and not thing and " " not in new and not is_common(new.lower()):
        start, end = place.span("place")
    return _put(asked, new, start, end)


def with_same_preposition(said: str, asked: str) -> str:
    """What was asked, with what is said now behind the preposition that it ends with: "and in Bern?" after "is there a shop in Basel?"."""
    new, last = _BY_ALONE.fullmatch(said.strip()), _ENDS_BY.fullmatch(asked.strip())
    if not new or not last or new["by"].lower() != last["by"].lower():
        return ""
    return _put(asked.strip(), new["phrase"], *last.span("phrase"))


def _without_verbs(piece: str) -> str:
    return _VERBS_ZH.sub("", piece)


def _put(asked: str, new: str, start: int, end: int) -> str:
    return "" if asked[start:end].lower() == new.lower() else f"{asked[:start]}{new}{asked[end:]}"


def _singular(word: str) -> str:
    return word.lower().removesuffix("s") if len(word) > _LEAST else word.lower()
