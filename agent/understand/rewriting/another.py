"""Asks the last question again, of something else."""

from agent.understand.pointing import EN_IT, ZH_PRONOUN
from agent.understand.rewriting.names import KnownNames
from agent.understand.talk import Talk
from knowledge.text.han import HAN


def asked_of_another(written: str, name: str, talk: Talk, names: KnownNames) -> str:
    """The last question about a thing, asked of another of the same kind; its mere name where the graph just chose among things
    ("the cheapest sofa?"); "" where there was neither.
    """
    types = names.types([written])
    for asked in map(talk.asked, talk.remembered):
        mentions = names.link(asked)
        if same := [mention for mention in mentions if mention.type in types] or (mentions if types else ()):
            start, end = same[-1].span
            return asked[:start] + name + asked[end:]
        if not types and (known := names.documented(asked)):
            return asked.replace(known[0], name)
        if types and (it := (ZH_PRONOUN if HAN.search(asked) else EN_IT).search(asked)):
            return asked[: it.start()] + name + asked[it.end() :]
    # Of all sofas nothing can be asked of one: what is known of it is told.
    chose = (talk.answered(0) or talk.listed(0)) and not names.link(talk.asked(0))
    return name if types and chose else ""
