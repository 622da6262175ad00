"""Says what the graph answers, in a sentence of the customer's language, with the facts that prove it."""

from collections.abc import Callable, Sequence

from agent.types import Citation, DecisionKind, Draft, Fact, GraphAnswer, Language
from knowledge.types import GraphStatus

_SHOWN = 8
SURE = 0.5
"""Score from which on the graph's reading of a question is taken."""

_COMPUTED = frozenset({"list", "count", "superlative", "compare", "intersection", "boolean"})


def is_settled(answer: GraphAnswer) -> bool:
    """Whether the graph has computed the answer, or must ask back: words of its own would only make it less exact."""
    if answer.score < SURE:
        return False
    computed = answer.status is GraphStatus.ANSWERED and answer.form in _COMPUTED
    return computed or answer.status is GraphStatus.AMBIGUOUS


def compose(answer: GraphAnswer, language: Language) -> Draft:
    """The Draft for a graph answer: an answer with its facts, a question back, or that it is not known."""
    say = _SAY[answer.status]
    text = say(answer, language)
    if answer.status is not GraphStatus.ANSWERED:
        kind = DecisionKind.CLARIFY if answer.status is GraphStatus.AMBIGUOUS else DecisionKind.DECLINE
        return Draft(text=text, support=answer.score, decision=kind)
    citations = _citations(answer.facts)
    marks = "".join(f"[{citation.n}]" for citation in citations)
    return Draft(text=f"{text} {marks}".strip(), citations=citations, facts=answer.facts, support=answer.score)


def fact_line(fact: Fact) -> str:
    """A fact on one line, in the source's own words; a model reads it so, and its citation quotes it so."""
    return " · ".join(" ".join(part.split()) for part in (fact.head, fact.relation, fact.tail))


def _citations(facts: Sequence[Fact]) -> tuple[Citation, ...]:
    """One citation for each entity that facts are about, at most five."""
    heads = list(dict.fromkeys((fact.head, fact.source_id) for fact in facts))[:5]
    return tuple(
        Citation(
            n=n,
            source_id=source_id,
            title=head,
            url=None,
            quote="; ".join(f"{f.head} {f.relation} {f.tail}" for f in facts if f.head == head),
        )
        for n, (head, source_id) in enumerate(heads, start=1)
    )


def _answered(answer: GraphAnswer, language: Language) -> str:
    match answer.form:
        case "boolean":
            return _boolean(answer, language)
        case "compare":
            return _compare(answer, language)
        case "superlative":
            return _superlative(answer, language)
        case "count":
            return _count(answer, language)
        case "list" | "intersection":
            return _list(answer, language)
        case _:
            return _attribute(answer, language)


def _attribute(answer: GraphAnswer, language: Language) -> str:
    by_head: dict[str, list[str]] = {}
    for fact in answer.facts:
        if fact.relation == answer.relation:
            by_head.setdefault(fact.head, []).append(_value(fact))
    relation = _label(answer.relation)
    if len(by_head) == 1 and next(iter(by_head.values())) in (["yes"], ["no"]):
        ((head, (value,)),) = by_head.items()
        return _yes_or_no(head, relation, holds=value == "yes", language=language)
    if language == "zh":
        return "；".join(f"{head}的{relation}是{_joined(values, 'zh')}" for head, values in by_head.items()) + "。"
    return "; ".join(f"{relation} of {head}: {_joined(values, 'en')}" for head, values in by_head.items()) + "."


def _yes_or_no(head: str, relation: str, *, holds: bool, language: Language) -> str:
    """A relation that only holds or does not ("waterproof"), said as a verdict."""
    if language == "zh":
        verdict = "是" if holds else "否"
        return f"{verdict}，资料里{head}的“{relation}”一项是“{verdict}”。"
    return f"Yes, {head}: {relation}." if holds else f"No, {head}: not {relation}."


def _boolean(answer: GraphAnswer, language: Language) -> str:
    subject, thing = answer.subjects[0], answer.options[0]
    if language == "zh":
        if answer.results == ("yes",):
            return f"有，{subject}提供{thing}。"
        return f"{subject}的资料里没有列出{thing}。"
    if answer.results == ("yes",):
        return f"Yes, {subject} has {thing}."
    return f"No, {thing} is not listed for {subject}."


def _compare(answer: GraphAnswer, language: Language) -> str:
    winner, other = answer.subjects[0], answer.subjects[1]
    values = {fact.head: _value(fact) for fact in answer.facts}
    relation, low = _label(answer.measure), answer.options == ("low",)
    if language == "zh":
        if not answer.results:
            return f"{winner}和{other}的{relation}一样，都是{values[winner]}。"
        return (
            f"{winner}的{relation}更{'低' if low else '高'}（{values[winner]}），{other}的{relation}是{values[other]}。"
        )
    if not answer.results:
        return f"{winner} and {other} have the same {relation}: {values[winner]}."
    return f"{winner} has the {'lower' if low else 'higher'} {relation} ({values[winner]}); {other}: {values[other]}."


def _superlative(answer: GraphAnswer, language: Language) -> str:
    measured = {fact.head: _value(fact) for fact in answer.facts if fact.relation == answer.measure}
    names = _joined(
        [
            f"{n}（{_label(answer.measure)}{measured[n]}）"
            if language == "zh"
            else f"{n} ({_label(answer.measure)}: {measured[n]})"
            for n in answer.results
        ],
        language,
    )
    return f"是{names}。" if language == "zh" else f"{names}."


def _count(answer: GraphAnswer, language: Language) -> str:
    names = _joined(answer.options, language)
    if language == "zh":
        return f"共{answer.results[0]}家" + (f"：{names}。" if names else "。")
    return f"{answer.results[0]}" + (f": {names}." if names else ".")


def _list(answer: GraphAnswer, language: Language) -> str:
    total = int(answer.options[0]) if answer.options else len(answer.results)
    names = _joined(answer.results, language)
    if language == "zh":
        return f"有{names}" + (f"，共{total}个。" if total > len(answer.results) else "。")
    return names + (f" ({total} in all)." if total > len(answer.results) else ".")


def _missing(answer: GraphAnswer, language: Language) -> str:
    subject, relation = _joined(answer.subjects, language), _label(answer.relation or answer.measure)
    if language == "zh":
        about = f"{subject}的{relation}" if relation else f"符合条件的{subject}"
        return f"抱歉，资料里没有{about}。"
    return f"Sorry, I have no {relation or 'match'} on record for {subject}."


def _unsupported(answer: GraphAnswer, language: Language) -> str:
    subject = _joined(answer.subjects, language)
    if language == "zh":
        return f"抱歉，关于{subject}，资料里没有您问的这一项。"
    return f"Sorry, what I know about {subject} does not cover that."


def _unknown(answer: GraphAnswer, language: Language) -> str:
    nearest = _joined(answer.options, language)
    if language == "zh":
        return "抱歉，资料里没有您问的这个名称。" + (f"您是不是想问{nearest}？" if nearest else "")
    return "Sorry, I have nothing under that name." + (f" Did you mean {nearest}?" if nearest else "")


def _ambiguous(answer: GraphAnswer, language: Language) -> str:
    names = _joined(answer.options, language)
    return f"您问的是哪一家：{names}？" if language == "zh" else f"Which one do you mean: {names}?"


_SAY: dict[GraphStatus, Callable[[GraphAnswer, Language], str]] = {
    GraphStatus.ANSWERED: _answered,
    GraphStatus.MISSING: _missing,
    GraphStatus.UNSUPPORTED: _unsupported,
    GraphStatus.UNKNOWN: _unknown,
    GraphStatus.AMBIGUOUS: _ambiguous,
    GraphStatus.NONE: lambda _answer, _language: "",
}


def _label(relation: str) -> str:
    """A relation as it is said: price_usd → price."""
    return relation.removesuffix("_usd").removesuffix("_g").removesuffix("_gb").replace("_", " ")


def _value(fact: Fact) -> str:
    """A value with its unit, where the relation's name tells it."""
    if fact.relation.endswith("_usd"):
        return f"${fact.tail}"
    units = {
        "门票": "元",
        "价格": "元",
        "人均消费": "元",
        "_g": " g",
        "_gb": " GB",
        "_hours": " h",
        "_months": " months",
        "_inches": " in",
    }
    unit = next((unit for ending, unit in units.items() if fact.relation.endswith(ending)), "")
    numeric = fact.tail.replace(".", "", 1).isdigit()
    return f"{fact.tail}{unit}" if numeric else fact.tail


def _joined(items: Sequence[str], language: Language) -> str:
    shown = list(items[:_SHOWN])
    more = len(items) - len(shown)
    if language == "zh":
        return "、".join(shown) + (f"等{len(items)}个" if more > 0 else "")
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
