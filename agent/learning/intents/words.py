"""The words of an utterance that may name what it wants."""

import re
from itertools import pairwise

from agent.types import Language
from knowledge.text.words import is_stop_word, words

_MASK = re.compile(r"[\[<{][\w:-]+[\]>}]")  # what cleaning puts in the place of a phone number or a name
_ASIDE = re.compile(r"[(（][^()（）]{1,30}[)）]")  # of which branch, mostly
_ENGLISH = re.compile(r"[a-z][a-z'’]*[a-z]")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}|[a-zA-Z]{2,}")
_EMPTY = frozenset(
    """please hi hello hey thanks thank help need want wants wanted know tell like get got getting go going one way let make
    use using really now still much many when've there's what's i'd i've i'm it's isn't can't won't wasn't haven't hasn't
    couldn't doesn't didn't something anything want's say says said see look looking give ask asking question possible
    able because however again ok okay sure yes no not never only even too very right""".split()
)
_EMPTY_ZH = frozenset(
    """什么 怎么 怎样 怎么样 如何 多少 哪里 哪儿 哪个 哪些 哪家 可以 请问 麻烦 谢谢 你好 您好 帮我 我想 我要 一下 一个 一家 这个 那个
    这里 那里 这家 那家 时候 为什么 是不是 有没有 能不能 可不可以 知道 告诉 告诉我 没有 不是 就是 还有 还是 但是 如果 因为 所以 而且
    我们 你们 他们 自己 现在 已经 一些 一点 需要 觉得 应该 然后 或者 以及 关于 想要 希望 问题 不过 好的 再见 是否 给我 咱们 那么 这样 有点
    大概 的话 想问 看看 找个 找一 能帮 想找 帮忙 推荐 介绍 看看 查查 接下来 接着 顺便 另外 再帮 能不能 方便 有没 清楚 明白""".split()
)


def naming_words(text: str, language: Language) -> list[str]:
    """Content words in order, with repetitions: of Chinese by segmentation, of English as they stand.

    Of Chinese also two neighbouring characters that stand alone, since verbs such as 到账 come apart.
    """
    text = _ASIDE.sub(" , ", _MASK.sub(" , ", text))
    if language == "zh":
        import rjieba

        cut = rjieba.cut(text)
        pairs = [left + right if len(left) == len(right) == 1 else "" for left, right in pairwise([*cut, ""])]
        found = [form for word, pair in zip(cut, pairs, strict=True) for form in (word, pair)]
        return [word.lower() for word in found if _is_content(word)]
    tokens = _ENGLISH.findall(text.lower().replace("’", "'"))
    return [token for token in tokens if not is_stop_word(token) and token not in _EMPTY]


def _is_content(word: str) -> bool:
    return (
        bool(_HAN.fullmatch(word))
        and word not in _EMPTY_ZH
        and not is_stop_word(word[0])
        and not is_stop_word(word[-1])
    )


def naming_terms(text: str, language: Language) -> list[str]:
    """Content words and, of English, pairs of neighbours among them."""
    found = naming_words(text, language)
    return found if language == "zh" else [*found, *(f"{left} {right}" for left, right in pairwise(found))]


def stem(term: str) -> str:
    """What inflections of a term have in common."""
    return " ".join(words(part)[0] if words(part) else part for part in term.split())


def clustering_words(text: str, language: Language) -> list[str]:
    """Words and pairs of neighbours, all of them: "can I" and "why was" tell intents apart as well as nouns do."""
    if language == "zh":
        import rjieba

        found = [word.lower() for word in rjieba.cut(text) if any(character.isalnum() for character in word)]
    else:
        found = re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", ""))
    return [*found, *(f"{left} {right}" for left, right in pairwise(found))]
