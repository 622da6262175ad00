"""Step 1: conversations of the home's event log and of imported files, as far as their customers agreed."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from agent.errors import CallerError
from agent.forgotten import Digests
from agent.learning.collect_report import collected_report
from agent.learning.event_log import Agreement, read_agreement, read_log
from agent.learning.imports import Broken, Imported, Speakers, read_import
from agent.learning.records import LoggedConversation, SaidTurn, read_records, write_records
from agent.learning.runs import StepContext, StepOutcome
from agent.learning.tallies import Tally
from agent.learning.waiting import waited

CONVERSATIONS, BROKEN = "conversations.jsonl", "broken.jsonl"
_PARTS = "parts"
_LOG = "log"


class BrokenPlace(BaseModel):
    """A place of an import that could not be read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect:
    """The step with its options.

    files: imports. consented: the operator states that all who speak in them agreed; a conversation that says no is left
    out all the same. log: whether to read the event log. speakers: who unusual names of speakers stand for.
    """

    files: Sequence[Path] = ()
    consented: bool = False
    log: bool = True
    speakers: Speakers = field(default_factory=dict)

    def __call__(self, context: StepContext) -> StepOutcome:
        """Writes `conversations.jsonl` and `broken.jsonl`. A file that was read before an interruption is not read again.

        Raises CallerError where a file is not understood, or where nothing may be learned from.
        """
        parts = context.out / _PARTS
        parts.mkdir(parents=True, exist_ok=True)
        context.out.chmod(0o700)  # what is collected is not masked yet
        draft = parts / f"{_LOG}.read"
        store = waited(read_log(context.settings, draft) if self.log else read_agreement(context.settings))
        tallies = [_log_part(store, draft, parts)] if self.log else []
        names = [_LOG] if self.log else []
        for number, file in enumerate(self.files):
            context.progress("reading files", number, len(self.files))
            name = _part_name(file, self.consented, self.speakers)
            tallies.append(self._import_part(file, parts / name, store, context))
            names.append(name)
        _join(context.out, [parts / name for name in names])
        tally = sum(tallies, Tally.of(""))
        if not tally.conversations:
            raise CallerError(_nothing(tally))
        return StepOutcome(figures=tally.figures(), report=collected_report(tallies, context.out / BROKEN))

    def _import_part(self, file: Path, part: Path, store: Agreement, context: StepContext) -> Tally:
        """One imported file, read unless an earlier pass read it to its end."""
        done = part.with_suffix(".json")
        if done.is_file():
            tally = Tally.model_validate_json(done.read_bytes())
            kept = Tally.of(file.name)
            kept.broken, kept.not_agreed, kept.refused = tally.broken, tally.not_agreed, tally.refused
            records = part.with_suffix(".jsonl")
            allowed = (
                one for one in read_records(records, LoggedConversation) if not store.forbids(one.id, one.customer)
            )
            write_records(records, (kept.count(one) for one in allowed))
            kept.deleted = tally.deleted + tally.conversations - kept.conversations
            tally = kept
        else:
            tally = Tally.of(file.name)
            broken: list[BrokenPlace] = []
            taken = self._taken(file, tally, broken, store, context)
            write_records(part.with_suffix(".jsonl"), (tally.count(one) for one in taken))
            write_records(part.with_suffix(".broken.jsonl"), broken)
        done.write_text(tally.model_dump_json(), "utf-8")
        return tally

    def _taken(
        self, file: Path, tally: Tally, broken: list[BrokenPlace], store: Agreement, context: StepContext
    ) -> Iterator[LoggedConversation]:
        ids: dict[str, int] = {}
        for number, one in enumerate(read_import(file, self.speakers)):
            if number % 500 == 0:
                context.progress(f"reading {file.name}", number, 0)
            if isinstance(one, Broken):
                tally.broken += 1
                broken.append(BrokenPlace(source=file.name, where=one.where, reason=one.reason))
                continue
            agreed = self.consented if one.consent is None else one.consent
            if not agreed:
                tally.not_agreed += one.consent is None
                tally.refused += one.consent is False
                continue
            ids[one.id] = ids.get(one.id, 0) + 1
            record = logged_conversation(one, file, store.digests, copy=ids[one.id])
            if store.forbids(record.id, record.customer):
                tally.deleted += 1
            else:
                yield record


def _log_part(store: Agreement, draft: Path, parts: Path) -> Tally:
    """The log is read anew each time: agreement may have been withdrawn since an earlier pass."""
    tally = Tally.of(_LOG)
    tally.not_agreed, tally.refused = store.not_agreed, store.refused
    agreed = (one for one in read_records(draft, LoggedConversation) if not store.forbids(one.id, one.customer))
    write_records(parts / f"{_LOG}.jsonl", (tally.count(one) for one in agreed))
    write_records(parts / f"{_LOG}.broken.jsonl", ())
    draft.unlink()
    return tally


def logged_conversation(one: Imported, file: Path, digests: Digests, *, copy: int = 1) -> LoggedConversation:
    """An imported conversation as the steps hand it on; a second one of the same id in a file is numbered."""
    turns = (
        SaidTurn(
            n=n,
            role=turn.role,
            text=turn.text,
            at=turn.at,
            intent=turn.intent,
            correction=turn.label,
            feedback=turn.feedback,
        )
        for n, turn in enumerate(one.turns, 1)
    )
    suffix = f"~{copy}" if copy > 1 else ""
    return LoggedConversation(
        id=f"{file.name.split('.')[0]}/{one.id}{suffix}",
        source=file.name,
        channel=one.channel,
        customer=digests.of("customer", one.customer) if one.customer else None,
        turns=tuple(turns),
    )


def _part_name(file: Path, consented: bool, speakers: Mapping[str, object]) -> str:
    """A name that changes with the file and with how it is read."""
    digest = hashlib.sha256(f"{file.resolve()}\n{consented}\n{sorted(speakers.items())!r}\n".encode())
    for one in sorted(file.rglob("*")) if file.is_dir() else [file]:
        if one.is_file():
            with one.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return f"import-{digest.hexdigest()[:16]}"


def _join(out: Path, parts: Sequence[Path]) -> None:
    """The parts, one after the other, as one file each; whole or not at all."""
    for name, suffix in ((CONVERSATIONS, ".jsonl"), (BROKEN, ".broken.jsonl")):
        draft = out / f".{name}"
        with draft.open("wb") as joined:
            for part in parts:
                joined.write(part.with_name(part.name + suffix).read_bytes())
        draft.replace(out / name)


def _nothing(tally: Tally) -> str:
    """Why nothing was collected, and what to do."""
    if tally.not_agreed or tally.refused:
        return (
            f"nothing may be learned from: nobody agreed to it in {tally.not_agreed:,} conversations, {tally.refused:,} "
            "were refused. Ask your customers (POST /v1/conversations with learning, [learning] consent in parley.toml), "
            "or state with --consented that all who speak in an imported file agreed"
        )
    if tally.broken:
        return f"nothing could be read: {tally.broken:,} places are broken; see {BROKEN}"
    if tally.deleted:
        return f"all {tally.deleted:,} conversations were deleted; import others"
    return "there are no conversations yet; import some: parley learn collect FILE --consented"
