"""What the step works from: utterances of the run, and those whose intent is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.home import Home
from agent.learning.intents.accepting import read_accepted, same_text
from agent.learning.records import CleanUtterance, read_records
from agent.samples import sample_path
from agent.training.data import OUT_OF_SCOPE, read_labelled
from agent.types import Language
from agent.understand.language import ScriptLanguages


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """An utterance of one language. label: its intent, "" where nobody gave one."""

    id: str
    text: str
    language: Language
    label: str = ""


def evidence(home: Home, utterances: Path | None, labelled: Path | None) -> list[Spoken]:
    """Every text once: what the run holds and what is labelled already.

    utterances: of the run, where it has any. labelled: utterances whose intent was given elsewhere, csv or jsonl; None for the
    sample company's where the home holds it. Of a text with several labels, the one accepted later counts: that file, then
    the run's corrections, then what was accepted. Raises CallerError for files that are none.
    """
    if labelled is None and home.holds_sample:
        labelled = sample_path() / "utterances.csv"
    spoken: dict[str, Spoken] = {}
    for sheet, mark in ((read_labelled(labelled) if labelled else None, "given"), (read_accepted(home), "accepted")):
        if sheet is not None:
            for number, (text, label) in enumerate(zip(sheet.texts, sheet.labels, strict=True), 1):
                one = Spoken(id=f"{mark}#{number}", text=text, language=_language(text), label=label)
                spoken[same_text(text)] = one
    accepted = {key: one for key, one in spoken.items() if one.id.startswith("accepted#")}
    for said in read_records(utterances, CleanUtterance) if utterances else ():
        key = same_text(said.text)
        held = spoken.get(key)
        label = accepted[key].label if key in accepted else said.label or (held.label if held else "")
        spoken[key] = Spoken(id=said.id, text=said.text, language=said.language, label=label)
    return list(spoken.values())


def of_language(spoken: Sequence[Spoken], language: Language) -> tuple[list[Spoken], list[Spoken]]:
    """(unlabelled, labelled) of a language; what was labelled as out of scope is neither."""
    own = [one for one in spoken if one.language == language and one.label != OUT_OF_SCOPE]
    return [one for one in own if not one.label], [one for one in own if one.label]


def _language(text: str) -> Language:
    return ScriptLanguages().detect(text, ())
