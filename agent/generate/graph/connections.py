"""Says how two things are connected, or that no connection is on record."""

from agent.generate.graph.speech import Speech
from agent.types import GraphAnswer


def path(answer: GraphAnswer, speech: Speech) -> str:
    """How two things are connected, edge by edge."""
    edges = [speech.sentence(fact) for fact in answer.facts]
    if len(edges) == 1:
        return f"资料记载：{edges[0]}。" if speech.language == "zh" else f"On record: {edges[0]}."
    if speech.language == "zh":
        first, second = speech.term(answer.subjects[0]), speech.term(answer.subjects[1])
        return f"{first}和{second}是这样联系起来的：" + "；".join(edges) + "。"
    return f"{speech.term(answer.subjects[0])} and {speech.term(answer.subjects[1])} are connected: {'; '.join(edges)}."


def not_connected(answer: GraphAnswer, speech: Speech) -> str:
    """That nothing joins two things on record, which does not say that nothing does."""
    first, second = map(speech.term, answer.subjects)
    if speech.language == "zh":
        about = f"“{speech.label(answer.relation)}”记录" if answer.relation else "联系"
        return f"抱歉，资料里没有{first}和{second}之间的{about}，我无法据此判断。"
    about = f'"{speech.label(answer.relation)}" between' if answer.relation else "connection between"
    return f"Sorry, I have no {about} {first} and {second} on record, so I can't say."
