"""Cases out of conversations that people reviewed: a reply that was liked, a colleague's word after one that was not, a corrected intent."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from agent.learning.event_log import read_log
from agent.learning.imports import Broken, Speakers, Spoken, read_import
from agent.learning.records import LoggedConversation, SaidTurn, read_records
from agent.privacy import mask
from agent.settings import Settings
from agent.understand.language import ScriptLanguages
from evals.cases import Case, CaseUtterance

_LANGUAGES = ScriptLanguages()
LIKED, ANSWERED, CORRECTED, TRANSCRIPT = "liked", "answered_by_a_person", "corrected", "transcript"


async def reviewed_cases(settings: Settings) -> list[Case]:
    """Of all conversations of a home whose customers agreed to be learned from. What is private is masked."""
    with tempfile.TemporaryDirectory() as folder:  # readable by its owner alone
        draft = Path(folder) / "log.jsonl"
        agreed = await read_log(settings, draft)
        return [
            case
            for one in read_records(draft, LoggedConversation)
            if not agreed.forbids(one.id, one.customer)
            for case in cases_of(one)
        ]


def cases_of(conversation: LoggedConversation) -> Iterator[Case]:
    """A case for each customer's message that somebody said something of; `reference` is what was found right to say.

    A reply with the customer's thumb up stands for itself; after a thumb down, what a colleague wrote next does.
    """
    turns = conversation.turns
    for at, turn in enumerate(turns):
        if turn.role != "user":
            continue
        kind, reference = _review(turns[at + 1 :])
        if turn.correction and not kind:
            kind = CORRECTED
        if kind:
            yield Case(
                id=f"{conversation.id}#{turn.n}",
                lang=_LANGUAGES.detect(turn.text, ()),
                kind=kind,
                history=[CaseUtterance(role=said.role, content=mask(said.text).text) for said in turns[:at]],
                question=mask(turn.text).text,
                reference=mask(reference).text,
                intent=turn.correction or "",
            )


def transcript_cases(files: Sequence[Path], speakers: Speakers, skipped: Callable[[str, str], None]) -> Iterator[Case]:
    """Cases out of transcripts of any system: each customer's message with what was said to it, masked, as `reference`.

    skipped: is told of each place that cannot be read, and why. Raises CallerError where a file is no transcript.
    """
    for file in files:
        for one in read_import(file, speakers):
            if isinstance(one, Broken):
                skipped(f"{file} {one.where}", one.reason)
            else:
                yield from _of_transcript(f"{file.stem}/{one.id}", one.turns)


def _of_transcript(name: str, turns: Sequence[Spoken]) -> Iterator[Case]:
    for at, (turn, answer) in enumerate(pairwise(turns)):
        if turn.role == "user" and answer.role != "user" and answer.text.strip():
            yield Case(
                id=f"{name}#{at + 1}",
                lang=_LANGUAGES.detect(turn.text, ()),
                kind=TRANSCRIPT,
                history=[CaseUtterance(role=said.role, content=mask(said.text).text) for said in turns[:at]],
                question=mask(turn.text).text,
                reference=mask(answer.text).text,
            )


def _review(later: Sequence[SaidTurn]) -> tuple[str, str]:
    """Of what follows a message: how it was reviewed, and what was right to say; "" twice where nobody said."""
    reply = next((turn for turn in later if turn.role == "assistant"), None)
    if reply is None or any(turn.role == "user" for turn in later[: later.index(reply)]):
        return "", ""
    if reply.feedback == 1:
        return LIKED, reply.text
    if reply.feedback == -1:
        written = next((turn for turn in later if turn.role == "agent"), None)
        return (ANSWERED, written.text) if written else ("", "")
    return "", ""
