"""Says what the graph answers, in a sentence of the customer's language, with the facts that prove it."""

import re
from collections.abc import Callable, Mapping, Sequence

from agent.generate.speech import Speech, is_plural, truth
from agent.types import Citation, DecisionKind, Draft, Fact, GraphAnswer, Language
from knowledge.types import IS_A, GraphForm, GraphStatus, Polar

SURE = 0.5
"""Score from which on the graph's reading of a question is taken."""

_COMPUTED = frozenset({"list", "count", "superlative", "compare", "intersection", "boolean", "is", "path", "table"})
_EACH = frozenset({"list", "count", "intersection"})
"""Forms that name several things, each with its own proof."""
_YES_NO = {True: "Yes, ", False: "No, "}
_YES_NO_ZH: Mapping[Polar, Mapping[bool, str]] = {
    "": {True: "是的，", False: "抱歉，"},
    "is": {True: "是的，", False: "不，"},
    "has": {True: "有，", False: "没有，"},
    "can": {True: "可以，", False: "不能，"},
}
"""What a verdict begins with, where it was asked whether something is so, and whether there is something."""
_OF_AMOUNTS = frozenset(
    {*"高低多少大小长短", *"higher lower more less fewer bigger smaller larger longer shorter".split()}
)
"""Comparatives of a value ("the higher rating"); others are of the thing itself ("is closer")."""
_COMES = {"earlier": "came earlier", "later": "came later", "first": "came first", "last": "came last"}
_CITED = 20
_COMPARED = 4
_BELOW = "\n\n"
"""Between a table and its marks: behind its last row they would be a cell."""
_SAID = 8
_CHOICES = 6


def is_settled(answer: GraphAnswer) -> bool:
    """Whether the graph has computed the answer, or must ask back: words of its own would only make it less exact."""
    if answer.score < SURE:
        return False
    computed = answer.status is GraphStatus.ANSWERED and (answer.form in _COMPUTED or answer.why)
    return computed or answer.status is GraphStatus.AMBIGUOUS


def compose(answer: GraphAnswer, language: Language) -> Draft:
    """The Draft for a graph answer: an answer with its facts, a question back, or that it is not known."""
    speech = Speech(answer.wording, language)
    text = _SAY[answer.status](answer, speech)
    if answer.status is not GraphStatus.ANSWERED:
        kind = DecisionKind.CLARIFY if answer.status is GraphStatus.AMBIGUOUS else DecisionKind.DECLINE
        choices = tuple(speech.term(name) for name in answer.options[:_CHOICES]) if kind is DecisionKind.CLARIFY else ()
        return Draft(text=text, support=answer.score, decision=kind, choices=choices)
    citations = _citations(answer, speech)
    text = _because(answer, speech) if answer.why else text
    return Draft(
        text=_marked(text, citations, answer, speech), citations=citations, facts=answer.facts, support=answer.score
    )


def _marked(text: str, citations: Sequence[Citation], answer: GraphAnswer, speech: Speech) -> str:
    """The text with its citation marks: behind each thing that has a proof of its own, the others at the end."""
    left = list(citations)
    if answer.form in _EACH and not answer.why and len(citations) > 1:
        named = _named(citations, answer, speech)
        # The longest names first: one that is a part of another is not marked within it.
        either = "|".join(map(re.escape, sorted(named, key=len, reverse=True)))
        found = list(re.finditer(rf"(?<![\w])(?:{either})(?![A-Za-z0-9])", text, re.ASCII)) if named else []
        once = [match for match in found if sum(other.group() == match.group() for other in found) == 1]
        for match in reversed(once):
            text = f"{text[: match.end()]} [{named[match.group()].n}]{text[match.end() :]}"
            left.remove(named[match.group()])
    marks = "".join(f"[{citation.n}]" for citation in left)
    return f"{text}{_BELOW if answer.form == 'table' and not answer.why else ' '}{marks}".strip()


def _named(citations: Sequence[Citation], answer: GraphAnswer, speech: Speech) -> dict[str, Citation]:
    """What is named in a list and has a proof: the things themselves or, of a list of values, the values."""
    by_title = {citation.title: citation for citation in citations}
    results = set(answer.results)
    values = {
        speech.value(fact): by_title[title]
        for fact in answer.facts
        if fact.tail in results and (title := speech.term(fact.head)) in by_title
    }
    if not values or results & {fact.head for fact in answer.facts}:
        return by_title
    # A thing that stands for several values is marked behind none of them.
    return values if len({citation.n for citation in values.values()}) == len(values) else {}


def fact_line(fact: Fact) -> str:
    """A fact on one line, in the source's own words; a model reads it so, and its citation quotes it so."""
    return " · ".join(" ".join(part.split()) for part in (fact.head, fact.relation, fact.tail))


def _citations(answer: GraphAnswer, speech: Speech) -> tuple[Citation, ...]:
    """One citation for each entity and source that facts are about; an article is quoted in its own words."""
    by_head: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in answer.facts:
        by_head.setdefault((fact.head, fact.source_id, fact.quote), []).append(fact)
    return tuple(
        Citation(
            n=n,
            source_id=source_id,
            title=speech.term(head),
            url=None,
            quote=quote or speech.stated(facts),
        )
        for n, ((head, source_id, quote), facts) in enumerate(list(by_head.items())[:_CITED], start=1)
    )


def _because(answer: GraphAnswer, speech: Speech) -> str:
    """The edges that an answer stands on, in words; first those of what was answered, which is talked of next."""
    by_head: dict[str, list[Fact]] = {}
    for fact in sorted(answer.facts, key=lambda fact: fact.head not in answer.results):
        by_head.setdefault(fact.head, []).append(fact)
    joint = "；" if speech.language == "zh" else "; "
    lines = [f"- {joint.join(map(speech.sentence, facts[:_SAID]))}" for facts in by_head.values()]
    more = len(lines) - _CITED
    if more > 0:
        lines = [*lines[:_CITED], f"- 另有{more}条" if speech.language == "zh" else f"- and {more} more"]
    lead = "依据是我资料中的以下记录：" if speech.language == "zh" else "Because my records say:"
    return "\n".join((lead, *lines))


def _answered(answer: GraphAnswer, speech: Speech) -> str:
    return _FORMS.get(answer.form, _attribute)(answer, speech)


def _attribute(answer: GraphAnswer, speech: Speech) -> str:
    asked = [fact for fact in answer.facts if fact.relation == answer.relation]
    denied = answer.options == ("not",)
    if len(asked) == 1 and (holds := truth(asked[0].tail)) is not None:
        return _yes_or_no(asked[0], speech, holds=holds, denied=denied, polar=answer.polar)
    if asked and all(truth(fact.tail) is not None for fact in asked):
        return _of_each(asked, speech, denied=denied, polar=answer.polar)
    by_head: dict[str, list[str]] = {}
    for fact in asked:
        by_head.setdefault(speech.term(fact.head), []).append(speech.value(fact))
    relation = speech.label(answer.relation)
    without = [speech.term(name) for name in answer.subjects if speech.term(name) not in by_head]
    if without and asked and len(answer.subjects) <= _COMPARED:
        by_head |= {name: ["资料里没有" if speech.language == "zh" else "not on record"] for name in without}
    if speech.language == "zh":
        said = [f"{head}的{relation}是{_values(values, answer, speech)}" for head, values in by_head.items()]
        return "；".join(said) + "。"
    if len(by_head) == 1 and all(len(values) == 1 for values in by_head.values()):
        ((head, (value,)),) = by_head.items()
        return f"The {relation} of {head} {'are' if is_plural(relation) else 'is'} {value}."
    told = "; ".join(f"{relation} of {head}: {_values(values, answer, speech)}" for head, values in by_head.items())
    return f"{told[:1].upper()}{told[1:]}."


def _values(values: Sequence[str], answer: GraphAnswer, speech: Speech) -> str:
    """Values of one thing; of what is no longer listed it is said how much there is."""
    return speech.joined(values, total=answer.total if len(answer.subjects) == 1 else 0)


def _yes_or_no(fact: Fact, speech: Speech, *, holds: bool, denied: bool, polar: Polar) -> str:
    """A relation that only holds or does not ("waterproof"), said as a verdict; denied: it was asked whether it does not."""
    head, verdict = speech.term(fact.head), speech.verdict(fact.relation, holds=holds)
    if speech.language == "zh":
        if not verdict:
            said = "是" if holds else "否"
            return f"{said}，资料里{head}的“{speech.label(fact.relation)}”一项是“{said}”。"
        return f"{'' if denied else _YES_NO_ZH[polar][holds]}{head}{verdict}。"
    verdict = verdict or _bare_verdict(speech.label(fact.relation), holds=holds, zh=False)
    return f"{'' if denied else 'Yes, ' if holds else 'No, '}{head} is {verdict}."


def _of_each(facts: Sequence[Fact], speech: Speech, *, denied: bool, polar: Polar) -> str:
    """Such a relation of several things: those of which it holds, and those of which it does not."""
    zh = speech.language == "zh"
    names = {holds: [speech.term(f.head) for f in facts if truth(f.tail) is holds] for holds in (True, False)}
    relation, told = facts[0].relation, []
    for holds, group in names.items():
        verdict = speech.verdict(relation, holds=holds) or _bare_verdict(speech.label(relation), holds=holds, zh=zh)
        if group and zh:
            told.append(f"{speech.listed(group, shown=_CITED)}{verdict}")
        elif group:
            told.append(f"{speech.listed(group, shown=_CITED)} {'is' if len(group) == 1 else 'are'} {verdict}")
    lead = ""
    if polar and not denied:
        some = "不全是：" if zh else "Not all: "
        lead = some if all(names.values()) else (_YES_NO_ZH[polar] if zh else _YES_NO)[bool(names[True])]
    return f"{lead}{'；'.join(told)}。" if zh else f"{lead}{'; '.join(told)}."


def _bare_verdict(label: str, *, holds: bool, zh: bool) -> str:
    return f"的“{label}”一项为{'是' if holds else '否'}" if zh else f"{'' if holds else 'not '}{label}"


def _boolean(answer: GraphAnswer, speech: Speech) -> str:
    subject, thing = speech.term(answer.subjects[0]), speech.listed([speech.term(name) for name in answer.options])
    holds = answer.results == ("yes",)
    if verdict := speech.verdict(answer.relation, holds=True):
        return _joined_to(subject, thing, verdict, answer, speech)
    if speech.language == "zh":
        lead = _YES_NO_ZH[answer.polar or "has"][holds]
        return f"{lead}{subject}提供{thing}。" if holds else f"{lead}{subject}的资料里没有列出{thing}。"
    if holds:
        return f"Yes, {subject} has {thing}."
    return f"No, {thing} {'are' if len(answer.options) > 1 else 'is'} not listed for {subject}."


def _joined_to(subject: str, thing: str, verdict: str, answer: GraphAnswer, speech: Speech) -> str:
    """Whether one thing is joined to another ("compatible with"); where it is not, what it is joined to."""
    holds, listed = answer.results == ("yes",), [speech.value(fact) for fact in answer.facts]
    if speech.language == "zh":
        lead = _YES_NO_ZH[answer.polar or "is"][holds].replace("不，", "不是，")
        if holds:
            return f"{lead}{subject}{verdict}{thing}。"
        told = f"，{subject}{verdict}的是{speech.listed(listed)}" if listed else ""
        return f"{lead}资料里没有列出{thing}{told}。"
    if holds:
        return f"Yes, {subject} is {verdict} {thing}."
    if not listed:
        return f"No, {thing} is not listed for {subject}."
    return f"No, on record {subject} is {verdict} {speech.listed(listed)}, not {thing}."


def _is(answer: GraphAnswer, speech: Speech) -> str:
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
        lead = _YES_NO_ZH[answer.polar or "is"][holds].replace("不，", "不是，")
        return f"{lead}{'；'.join(said)}。"
    return f"{'Yes' if holds else 'No'}: {'; '.join(said)}."


def _path(answer: GraphAnswer, speech: Speech) -> str:
    """How two things are connected, edge by edge."""
    edges = [speech.sentence(fact) for fact in answer.facts]
    if len(edges) == 1:
        return f"资料记载：{edges[0]}。" if speech.language == "zh" else f"On record: {edges[0]}."
    if speech.language == "zh":
        first, second = speech.term(answer.subjects[0]), speech.term(answer.subjects[1])
        return f"{first}和{second}是这样联系起来的：" + "；".join(edges) + "。"
    return f"{speech.term(answer.subjects[0])} and {speech.term(answer.subjects[1])} are connected: {'; '.join(edges)}."


def _compare(answer: GraphAnswer, speech: Speech) -> str:
    winner, other = answer.subjects[0], answer.subjects[1]
    values = {fact.head: speech.value(fact) for fact in answer.facts}
    relation, low = speech.label(answer.measure), answer.options == ("low",)
    first, second = speech.term(winner), speech.term(other)
    said = answer.comparative if answer.comparative.isascii() is (speech.language == "en") else ""
    if speech.language == "zh":
        if not answer.results:
            return f"{first}和{second}的{relation}一样，都是{values[winner]}。"
        if said and said not in _OF_AMOUNTS:
            return f"{first}更{said}（{relation}{values[winner]}），{second}的{relation}是{values[other]}。"
        more = said or ("低" if low else "高")
        return f"{first}的{relation}更{more}（{values[winner]}），{second}的{relation}是{values[other]}。"
    if not answer.results:
        return f"{first} and {second} have the same {relation}: {values[winner]}."
    if said and said not in _OF_AMOUNTS:
        return f"{first} {_COMES.get(said, f'is {said}')} ({relation}: {values[winner]}); {second}: {values[other]}."
    more = said or ("lower" if low else "higher")
    return f"{first} has the {more} {relation} ({values[winner]}); {second}: {values[other]}."


def _table(answer: GraphAnswer, speech: Speech) -> str:
    """Things side by side, a row for each relation; what is not on record is a dash."""
    values: dict[str, dict[str, list[str]]] = {}
    for fact in answer.facts:
        values.setdefault(fact.relation, {}).setdefault(fact.head, []).append(_cell(fact, speech))
    rows = [
        (speech.label(relation), *(speech.joined(by_head.get(name, [])) or "–" for name in answer.subjects))
        for relation, by_head in values.items()
    ]
    header = ("项目" if speech.language == "zh" else "Detail", *map(speech.term, answer.subjects))
    return "\n".join(_row(cells) for cells in (header, ["---"] * len(header), *rows))


def _cell(fact: Fact, speech: Speech) -> str:
    holds = truth(fact.tail)
    if holds is None or speech.language == "en":
        return speech.value(fact)
    return "是" if holds else "否"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _superlative(answer: GraphAnswer, speech: Speech) -> str:
    measured = {fact.head: speech.value(fact) for fact in answer.facts if fact.relation == answer.measure}
    relation = speech.label(answer.measure)
    more = {"shown": _CITED, "total": answer.total}
    if speech.language == "zh":
        return f"是{speech.joined([f'{speech.term(n)}（{relation}{measured[n]}）' for n in answer.results], **more)}。"
    return f"{speech.joined([f'{speech.term(n)} ({relation}: {measured[n]})' for n in answer.results], **more)}."


def _count(answer: GraphAnswer, speech: Speech) -> str:
    names = speech.joined([speech.term(name) for name in answer.options])
    if speech.language == "zh":
        return f"共{answer.results[0]}个" + (f"：{names}。" if names else "。")
    return f"{answer.results[0]}" + (f": {names}." if names else ".")


def _list(answer: GraphAnswer, speech: Speech) -> str:
    names = speech.joined([speech.term(name) for name in answer.results], shown=_CITED, total=answer.total)
    if speech.language != "zh":
        return f"{'Yes: ' if answer.polar else ''}{names}."
    if answer.polar:
        return f"{_YES_NO_ZH[answer.polar][True]}{names}。"
    # Things found by conditions, which may be what they are not, are not said to be had.
    chosen = not answer.relation and any(fact.relation != IS_A for fact in answer.facts)
    return f"{'符合条件的' if chosen else ''}有{names}。"


def _missing(answer: GraphAnswer, speech: Speech) -> str:
    if answer.form == "path" and len(answer.subjects) == 2:
        return _no_edge(answer, speech)
    subject = speech.joined([speech.term(name) for name in answer.subjects if name])
    relation = speech.label(answer.relation or answer.measure)
    if speech.language == "zh":
        about = f"{subject}的{relation}" if relation else f"符合条件的{subject or '商品'}"
        return f"{'没有' if answer.polar else '抱歉'}，资料里没有{about}。"
    sorry = "No" if answer.polar else "Sorry"
    return f"{sorry}, I have no {relation or 'match'} on record" + (f" for {subject}." if subject else ".")


def _no_edge(answer: GraphAnswer, speech: Speech) -> str:
    """That nothing joins two things on record, which does not say that nothing does."""
    first, second = map(speech.term, answer.subjects)
    if speech.language == "zh":
        about = f"“{speech.label(answer.relation)}”记录" if answer.relation else "联系"
        return f"抱歉，资料里没有{first}和{second}之间的{about}，我无法据此判断。"
    about = f'"{speech.label(answer.relation)}" between' if answer.relation else "connection between"
    return f"Sorry, I have no {about} {first} and {second} on record, so I can't say."


def _unsupported(answer: GraphAnswer, speech: Speech) -> str:
    subject = speech.joined([speech.term(name) for name in answer.subjects])
    if speech.language == "zh":
        return f"抱歉，关于{subject}，资料里没有您问的这一项。"
    return f"Sorry, what I know about {subject} does not cover that."


def _unknown(answer: GraphAnswer, speech: Speech) -> str:
    nearest = speech.joined([speech.term(name) for name in answer.options])
    if speech.language == "zh":
        return "抱歉，资料里没有您问的这个名称。" + (f"您是不是想问{nearest}？" if nearest else "")
    return "Sorry, I have nothing under that name." + (f" Did you mean {nearest}?" if nearest else "")


def _ambiguous(answer: GraphAnswer, speech: Speech) -> str:
    names = speech.joined([speech.term(name) for name in answer.options])
    return f"您问的是哪一个：{names}？" if speech.language == "zh" else f"Which one do you mean: {names}?"


_FORMS: dict[GraphForm, Callable[[GraphAnswer, Speech], str]] = {
    "boolean": _boolean,
    "is": _is,
    "path": _path,
    "compare": _compare,
    "table": _table,
    "superlative": _superlative,
    "count": _count,
    "list": _list,
    "intersection": _list,
}
_SAY: dict[GraphStatus, Callable[[GraphAnswer, Speech], str]] = {
    GraphStatus.ANSWERED: _answered,
    GraphStatus.MISSING: _missing,
    GraphStatus.UNSUPPORTED: _unsupported,
    GraphStatus.UNKNOWN: _unknown,
    GraphStatus.AMBIGUOUS: _ambiguous,
    GraphStatus.NONE: lambda _answer, _speech: "",
}
