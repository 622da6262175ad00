"""What a thing is, asked by its name alone ("tell me about the Gold Card"): the head of the article that tells of it at large."""

import re
from collections.abc import Sequence

import numpy as np

from agent.generate.extractive.candidates import Candidate, SpanSource
from agent.generate.extractive.head import at_a_glance, said_in
from agent.generate.extractive.selection import SUPPORT_FEATURES, Selection
from knowledge.index.names import Name, tokens
from knowledge.question.comparison import without
from knowledge.question.parts import QuestionPart
from knowledge.types import Passage, PassageEvidence

SURE_OF_OVERVIEW = 0.95
"""Probability that the head of an article that bears the name tells of what is named."""

_ASKS = re.compile(
    r"(?:(?:hi|hello|hey|ok(?:ay)?|so|and|please)\b[\s,]*)*(?:(?:can|could|would) you\s+(?:please\s+)?|i(?:['’]d| would) like"
    r" to\s+|i want to\s+|please\s+)?"
    r"(?:(?:tell|give|show) me\s+(?:(?:some|a bit|a little|something|everything|all|more|the details|an overview|a summary"
    r"|details|info(?:rmation)?)\s+)*(?:about|on|of)|(?:learn|know|hear|find out)\s+(?:a bit |some |something )?(?:more\s+)?about"
    r"|explain|describe|what(?:['’]?s|\s+is|\s+are)(?:\s+(?:up|special|good|the deal))?(?:\s+(?:with|about))?"
    r"|(?:(?:more|some|any)\s+)?(?:info(?:rmation)?|details)\s+(?:on|about|of)|(?:an?\s+)?(?:overview|summary)\s+of|about|more about)?\s*"
    r"(?:the|your|this|that|an?|our)?\s*(?:(?:savings|checking|current|credit|debit)\s*)?(?:(?:account|card|plan|product|service|membership|programme?|package|subscription|feature"
    r"|option)s?)?\s*(?:exactly|please|pls|then|all about)?"
    r"|(?:请问?|麻烦|能不能|可以|能)?(?:你们?|您)?(?:给我|帮我|跟我|为我)?(?:(?:详细|简单|大概)?(?:介绍|说说?|讲讲?|聊聊?|科普|解释|描述)(?:一?下)?|想?了解(?:一?下)?|我?想(?:要)?(?:了解|知道)(?:一?下)?|什么(?:是|叫)|关于)?"
    r"(?:你们的?|您的)?(?:这个?|那个?)?(?:账户|卡|套餐|服务|计划|产品|会员|方案|功能)?(?:是什么(?:东西|意思|卡|账户|产品|服务)?|是啥|是什么样的|怎么样|的?(?:简介|介绍|概况|概览|详情|情况|信息))?(?:吗|呢|吧|好吗)?",
    re.IGNORECASE,
)
_AT_LARGE = re.compile(
    r"\bat a glance\b|\boverview\b|\bsummary\b|\bwhat (?:is|are)\b|简介|概览|概述|概况|总览|一览|是什么", re.IGNORECASE
)
_TELLS_MUCH = re.compile(
    r"\bguide\b|\babout\b|\bintroduc\w+|\bbasics\b|\bgetting started\b|\bspecifications\b|\bfeatures\b|\bbenefits\b|\bkey facts\b"
    r"|指南|介绍|须知|说明|特点|功能|权益",
    re.IGNORECASE,
)
_IN_PART = re.compile(
    r"\bfaqs?\b|\bfrequently\b|\bwhy\b|\bhow\b|\breferral\b|\bpromo\w*|\btroubleshoot\w*|\bvs\b|\bdifferences?\b|\bfees?\b"
    r"|\bbonus(?:es)?\b|\binterest\b|\btransfer\w*|常见问题|为什么|怎么|如何|推荐|活动|区别|费|利率|转账",
    re.IGNORECASE,
)
_FEW = 4  # words that a title may add to a name and still tell of it at large
_PART = 2
_FILLER = re.compile(
    r"\b(?:quick reference|(?:this|the) (?:article|page|guide|section)|(?:below|following)\b.*\b(?:is|are|summary|lists?))"
    r"|本文|本页|以下(?:是|为)",
    re.IGNORECASE,
)
_MAX_SPANS = 5
_MAX_WORDS = 60


def overview(
    parts: Sequence[QuestionPart], evidence: Sequence[PassageEvidence], source: SpanSource
) -> Selection | None:
    """The first sentences of the article on what the question only names; None where it asks anything of it, or none is."""
    if len(parts) != 1 or len(parts[0].names) != 1 or not _only_names(parts[0].text, parts[0].names[0]):
        return None
    own = [item.passage for item in evidence if _is_on(item.passage, parts[0], source)]
    at_large = [passage for passage in own if _distance(passage.title, parts[0].names[0])[0] < _PART]
    if not at_large:
        return None
    best = min(at_large, key=lambda passage: (*_distance(passage.title, parts[0].names[0]), passage.position))
    spans = _head(best)
    features = np.zeros(len(SUPPORT_FEATURES), dtype=np.float32)
    return Selection(part=parts[0], spans=spans, features=features, void=False) if spans else None


def _only_names(question: str, name: Name) -> bool:
    """Whether it says the name and nothing that is asked of it."""
    rest = " ".join(without(question, name).split()).strip(" ?？!！.。,，、：:")
    return bool(_ASKS.fullmatch(re.sub(r"\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+", "", rest)))


def _is_on(passage: Passage, part: QuestionPart, source: SpanSource) -> bool:
    """Whether the title of a passage names what is asked about first."""
    named = source.names_in(passage.title)
    return bool(named) and part.is_of(named[0]) and source.name_match(passage.id, part.names) == 1


def _distance(title: str, name: Name) -> tuple[int, int]:
    """How far a title is from one that tells of the name at large: by its kind, then by the words that it adds."""
    added = len(tokens(title)) - len(name)
    if _AT_LARGE.search(title) or not added:
        return 0, added
    if _IN_PART.search(title) or added > _FEW or not _TELLS_MUCH.search(title):
        return _PART, added
    return 1, added


def _head(passage: Passage) -> tuple[Candidate, ...]:
    """Its first spans that say something of the thing, as many as are read at a glance."""
    spans = [one for one in said_in([passage]) if one.facets.numbers or not _FILLER.search(one.span.text)]
    return tuple(spans[: at_a_glance(spans, _MAX_SPANS, _MAX_WORDS)])
