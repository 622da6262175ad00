"""Says that the graph has no answer, or asks back which of several things was meant."""

from agent.generate.graph.connections import not_connected
from agent.generate.graph.speech import Speech
from agent.types import GraphAnswer
from knowledge.graph.entities import UNTYPED


def missing(answer: GraphAnswer, speech: Speech) -> str:
    """That what was asked for is not on record."""
    if answer.form == "path" and len(answer.subjects) == 2:
        return not_connected(answer, speech)
    subject = speech.joined([speech.term(name) for name in answer.subjects if name and name != UNTYPED])
    relation = speech.label(answer.relation or answer.measure)
    if speech.language == "zh":
        about = f"{subject}的{relation}".removeprefix("的") if relation else f"符合条件的{subject or '商品'}"
        return f"{'没有' if answer.polar else '抱歉'}，资料里没有{about}。"
    sorry = "No" if answer.polar else "Sorry"
    return f"{sorry}, I have no {relation or 'match'} on record" + (f" for {subject}." if subject else ".")


def unsupported(answer: GraphAnswer, speech: Speech) -> str:
    """That a thing is known, and what was asked of it is not."""
    subject = speech.joined([speech.term(name) for name in answer.subjects])
    if speech.language == "zh":
        return f"抱歉，关于{subject}，资料里没有您问的这一项。"
    return f"Sorry, what I know about {subject} does not cover that."


def unknown(answer: GraphAnswer, speech: Speech) -> str:
    """That nothing goes by a name, with the names that are like it."""
    nearest = speech.joined([speech.term(name) for name in answer.options])
    if speech.language == "zh":
        return "抱歉，资料里没有您问的这个名称。" + (f"您是不是想问{nearest}？" if nearest else "")
    return "Sorry, I have nothing under that name." + (f" Did you mean {nearest}?" if nearest else "")


def ambiguous(answer: GraphAnswer, speech: Speech) -> str:
    """The question which of several things was meant."""
    names = speech.joined([speech.term(name) for name in answer.options])
    return f"您问的是哪一个：{names}？" if speech.language == "zh" else f"Which one do you mean: {names}?"
