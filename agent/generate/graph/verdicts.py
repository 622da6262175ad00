"""Says whether something is so: with a yes or a no, where that was asked."""

import re
from collections.abc import Mapping, Sequence

from agent.generate.graph.speech import MOST_NAMED, Speech, truth
from agent.types import Fact, GraphAnswer
from knowledge.types import Polar

_ADJECTIVE = re.compile(
    r"(?:proof|resistant|free|friendly|ready|safe|compliant|certified|compatible)$"
    r"|^[\w-]+(?:able|ible|ful|less|ed|ic|ive|ous|ary|al)$|^(?:in|on|for|under|vegan|new|used|open|closed|wireless|portable|legal|hot|cold|light|dark|smart|organic|halal|kosher)(?: \w+)?$",
    re.IGNORECASE,
)
_YES_NO = {True: "Yes, ", False: "No, "}
YES_NO_ZH: Mapping[Polar, Mapping[bool, str]] = {
    "": {True: "是的，", False: "抱歉，"},
    "is": {True: "是的，", False: "不，"},
    "has": {True: "有，", False: "没有，"},
    "can": {True: "可以，", False: "不能，"},
}
"""What a verdict begins with, where it was asked whether something is so, and whether there is something."""


def yes_or_no(fact: Fact, speech: Speech, *, holds: bool, denied: bool, polar: Polar) -> str:
    """A relation that only holds or does not ("waterproof"), said as a verdict; denied: it was asked whether it does not."""
    head, verdict = speech.term(fact.head), speech.verdict(fact.relation, holds=holds)
    if speech.language == "zh":
        if not verdict:
            said = "是" if holds else "否"
            return f"{said}，资料里{head}的“{speech.label(fact.relation)}”一项是“{said}”。"
        return f"{'' if denied else YES_NO_ZH[polar][holds]}{head}{verdict}。"
    lead = "" if denied else _YES_NO[holds]
    if verdict := verdict or _adjective(speech.label(fact.relation), holds=holds):
        return f"{lead}{head} {is_or_comes(verdict)} {verdict}."
    return f"{lead or 'O'}{'o' if lead else ''}n record, “{speech.label(fact.relation)}” is “{'yes' if holds else 'no'}” for {head}."


def of_each(facts: Sequence[Fact], speech: Speech, *, denied: bool, polar: Polar) -> str:
    """Such a relation of several things: those of which it holds, and those of which it does not."""
    zh = speech.language == "zh"
    names = {holds: [speech.term(f.head) for f in facts if truth(f.tail) is holds] for holds in (True, False)}
    relation, told = facts[0].relation, []
    for holds, group in names.items():
        if not group:
            continue
        label, said = speech.label(relation), speech.listed(group, shown=MOST_NAMED)
        verdict = speech.verdict(relation, holds=holds)
        if zh:
            told.append(f"{said}{verdict or f'的“{label}”一项为' + ('是' if holds else '否')}")
        elif verdict := verdict or _adjective(label, holds=holds):
            told.append(f"{said} {is_or_comes(verdict, many=len(group) > 1)} {verdict}")
        else:
            told.append(f"“{label}” is “{'yes' if holds else 'no'}” for {said}")
    lead = ""
    if polar and not denied:
        some = "不全是：" if zh else "Not all: "
        lead = some if all(names.values()) else (YES_NO_ZH[polar] if zh else _YES_NO)[bool(names[True])]
    return f"{lead}{'；'.join(told)}。" if zh else f"{lead}{'; '.join(told)}."


def is_or_comes(verdict: str, *, many: bool = False) -> str:
    """The verb before an English verdict: what has a pool is not, but comes, "with a pool"."""
    comes = verdict.startswith(("with ", "without "))
    return ("come" if many else "comes") if comes else "are" if many else "is"


def _adjective(label: str, *, holds: bool) -> str:
    """An English verdict of a label that can be said of a thing ("waterproof"); "" for one that names something (pool)."""
    return f"{'' if holds else 'not '}{label}" if _ADJECTIVE.search(label) else ""


def boolean(answer: GraphAnswer, speech: Speech) -> str:
    """Whether a thing has something, or is joined to it."""
    subject, thing = speech.term(answer.subjects[0]), speech.listed([speech.term(name) for name in answer.options])
    holds = answer.results == ("yes",)
    if verdict := speech.verdict(answer.relation, holds=True):
        return _joined_to(subject, thing, verdict, answer, speech)
    if speech.language == "zh":
        lead = YES_NO_ZH[answer.polar or "has"][holds]
        return f"{lead}{subject}提供{thing}。" if holds else f"{lead}{subject}的资料里没有列出{thing}。"
    if holds:
        return f"Yes, {subject} has {thing}."
    return f"No, {thing} {'are' if len(answer.options) > 1 else 'is'} not listed for {subject}."


def _joined_to(subject: str, thing: str, verdict: str, answer: GraphAnswer, speech: Speech) -> str:
    """Whether one thing is joined to another ("compatible with"); where it is not, what it is joined to."""
    holds, listed = answer.results == ("yes",), [speech.value(fact) for fact in answer.facts]
    if speech.language == "zh":
        lead = YES_NO_ZH[answer.polar or "is"][holds].replace("不，", "不是，")
        if holds:
            return f"{lead}{subject}{verdict}{thing}。"
        told = f"，{subject}{verdict}的是{speech.listed(listed)}" if listed else ""
        return f"{lead}资料里没有列出{thing}{told}。"
    if holds:
        return f"Yes, {subject} is {verdict} {thing}."
    if not listed:
        return f"No, {thing} is not listed for {subject}."
    return f"No, on record {subject} is {verdict} {speech.listed(listed)}, not {thing}."


def is_so(answer: GraphAnswer, speech: Speech) -> str:
    """Whether something is so, with what is."""
    holds = answer.results == ("yes",)
    by_relation: dict[str, list[Fact]] = {}
    for fact in answer.facts:
        by_relation.setdefault(fact.relation, []).append(fact)
    said = [
        speech.clause(facts, more=holds and relation == answer.relation and answer.total > len(facts))
        for relation, facts in by_relation.items()
    ]
    if speech.language == "zh":
        lead = YES_NO_ZH[answer.polar or "is"][holds].replace("不，", "不是，")
        return f"{lead}{'；'.join(said)}。"
    return f"{'Yes' if holds else 'No'}: {'; '.join(said)}."
