"""Says which things answer, and how many."""

from agent.generate.graph.speech import MOST_NAMED, Speech
from agent.generate.graph.verdicts import YES_NO_ZH
from agent.types import GraphAnswer
from knowledge.types import IS_A


def superlative(answer: GraphAnswer, speech: Speech) -> str:
    """What has the most or the least of something, with its value."""
    measured = {fact.head: speech.value(fact) for fact in answer.facts if fact.relation == answer.measure}
    relation = speech.label(answer.measure)
    more = {"shown": MOST_NAMED, "total": answer.total}
    if speech.language == "zh":
        return f"是{speech.joined([f'{speech.term(n)}（{relation}{measured[n]}）' for n in answer.results], **more)}。"
    return f"{speech.joined([f'{speech.term(n)} ({relation}: {measured[n]})' for n in answer.results], **more)}."


def count(answer: GraphAnswer, speech: Speech) -> str:
    """How many things there are, with their names."""
    names = speech.joined([speech.term(name) for name in answer.options])
    if speech.language == "zh":
        return f"共{answer.results[0]}个" + (f"：{names}。" if names else "。")
    return f"{answer.results[0]}" + (f": {names}." if names else ".")


def listing(answer: GraphAnswer, speech: Speech) -> str:
    """The things or values that were asked for."""
    names = speech.joined([speech.term(name) for name in answer.results], shown=MOST_NAMED, total=answer.total)
    if speech.language != "zh":
        return f"{'Yes: ' if answer.polar else ''}{names}."
    if answer.polar:
        return f"{YES_NO_ZH[answer.polar][True]}{names}。"
    # Things found by conditions, which may be what they are not, are not said to be had.
    chosen = not answer.relation and any(fact.relation != IS_A for fact in answer.facts)
    return f"{'符合条件的' if chosen else ''}有{names}。"
