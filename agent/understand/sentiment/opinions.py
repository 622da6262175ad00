"""Praise and complaint in a text, counted by the words of `opinions.yaml`, negations heeded; English and Chinese."""

import hashlib
import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from agent.understand.sentiment.words import pattern

# What turns a word round that follows at once ("not at all nice", "不是很干净"); 6 and 22 characters are looked at.
_TURNED = {
    "zh": re.compile(
        r"(?:不|没|没有|不是|不太|不怎么|不够|未|无|别|并不|毫不|不算|谈不上|称不上|不大|哪里|谁说)"
        r"(?:是|很|太|那么|特别|怎么|算|能|会|敢|够|什么|有|啥|过|出过|一个|一点|半点|任何|出现|发现|闻到|觉得|感觉|让我)?$"
    ),
    "en": re.compile(
        r"\b(?:not|no|never|isn't|wasn't|aren't|weren't|don't|doesn't|didn't|won't|can't|cannot|couldn't|hardly|nothing|without)"
        r"(?: (?:very|really|so|too|that|all|at all|a|an|any|been|be|have|the|even))*\s*$",
        re.IGNORECASE,
    ),
}
_REACH = {"zh": 6, "en": 22}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """How often a text praises and complains."""

    praise: int = 0
    complaint: int = 0

    @property
    def balance(self) -> float:
        """Praise less complaint, over the root of how much is said: two words of praise say more than one."""
        return (self.praise - self.complaint) / math.sqrt(1 + self.praise + self.complaint)


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    praise: list[str]
    complaint: list[str]


@dataclass(frozen=True, slots=True)
class _Reader:
    language: Literal["en", "zh"]
    words: re.Pattern[str]
    praise: re.Pattern[str]

    def read(self, text: str) -> Opinions:
        praise = complaint = 0
        for match in self.words.finditer(text):
            before = text[max(0, match.start() - _REACH[self.language]) : match.start()]
            turned = bool(_TURNED[self.language].search(before))
            if bool(self.praise.fullmatch(match.group())) is not turned:
                praise += 1
            else:
                complaint += 1
        return Opinions(praise=praise, complaint=complaint)


def opinions_of(text: str) -> Opinions:
    """What the text praises and complains of."""
    found = [reader.read(text.replace("’", "'")) for reader in _readers()]
    return Opinions(praise=sum(one.praise for one in found), complaint=sum(one.complaint for one in found))


def opinions_version() -> str:
    """A digest of the words: what was trained on other words is to be trained anew."""
    return hashlib.sha256(_words().encode()).hexdigest()


def _words() -> str:
    return (files("agent.understand.sentiment") / "opinions.yaml").read_text("utf-8")


@cache
def _readers() -> tuple[_Reader, ...]:
    raw = yaml.safe_load(_words())
    languages: tuple[Literal["en", "zh"], ...] = ("en", "zh")
    words = {language: _Words.model_validate(raw[language]) for language in languages}
    return tuple(
        _Reader(language, pattern(language, [*one.praise, *one.complaint]), pattern(language, one.praise))
        for language, one in words.items()
    )
