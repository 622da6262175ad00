"""Sheets that a person fills in: csv files whose column `label` is empty and is read back."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.errors import CallerError, reason_of
from agent.learning.intents.accepting import check_label
from agent.learning.intents.records import Cluster, Suspect, Wanted
from agent.learning.report import BETWEEN

_TYPICAL = 3
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def write_to_label(file: Path, wanted: Sequence[Wanted]) -> None:
    """What to label next."""
    rows = [(one.id, one.text, one.suggested, "", one.cluster, one.reason) for one in wanted]
    write_sheet(file, ("id", "text", "suggested", "label", "cluster", "reason"), rows)


def write_clusters(file: Path, clusters: Sequence[Cluster]) -> None:
    """Clusters, for the intents that they are to be examples of."""
    rows = [
        (one.id, str(one.size), one.name, "", BETWEEN.join(e.text for e in one.central[:_TYPICAL])) for one in clusters
    ]
    write_sheet(file, ("id", "utterances", "suggested", "label", "typical"), rows)


def write_suspects(file: Path, suspects: Sequence[Suspect]) -> None:
    """Labels in doubt."""
    rows = [(one.id, one.text, one.label, one.suggested, "", f"{one.score:.3f}") for one in suspects]
    write_sheet(file, ("id", "text", "was", "suggested", "label", "score"), rows)


def read_filled(file: Path, texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """(text, label) of the rows whose label was filled in. texts: by id; of other ids the sheet's own text counts.

    Raises CallerError when the file is no such sheet, naming the line, or nothing was filled in.
    """
    pairs = [_pair(row, line, file, texts) for line, row in _filled(file, "text")]
    if not pairs:
        raise CallerError(f"{file}: no label is filled in; write intents into the column label first")
    return pairs


def read_named(file: Path) -> list[tuple[str, str]]:
    """(cluster, intent) of the rows of clusters.csv whose label was filled in. Raises CallerError as `read_filled` does."""
    found = [
        (cluster, _label(row, line, file))
        for line, row in _filled(file, "id")
        if (cluster := (row["id"] or "").strip())
    ]
    if not found:
        raise CallerError(f"{file}: no label is filled in; write intents into the column label first")
    return found


def _filled(file: Path, key: str) -> list[tuple[int, Mapping[str, str | None]]]:
    """(line, row) of those with a label. key: the column that must be there beside it."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            head = stream.readline()
            stream.seek(0)
            reader = csv.DictReader(stream, delimiter=max(",;\t", key=head.count))
            missing = {key, "label"} - {name.strip() for name in reader.fieldnames or ()}
            if missing:
                raise CallerError(f"{file} has no column {' and '.join(sorted(missing))}; expected id,{key},label")
            return [(reader.line_num, row) for row in reader if (row.get("label") or "").strip()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CallerError(f"{file} can't be read ({reason_of(error)}); save it as csv in UTF-8") from error


def _pair(row: Mapping[str, str | None], line: int, file: Path, texts: Mapping[str, str]) -> tuple[str, str]:
    text = texts.get((row.get("id") or "").strip()) or _unguarded((row.get("text") or "").strip())
    if not text:
        raise CallerError(f"{file}, line {line}: a label without a text")
    return text, _label(row, line, file)


def _label(row: Mapping[str, str | None], line: int, file: Path) -> str:
    try:
        return check_label(_unguarded((row["label"] or "").strip()))
    except CallerError as error:
        raise CallerError(f"{file}, line {line}: {error}") from error


def write_sheet(file: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A csv that spreadsheets open as it is: Chinese is shown, and nothing in it runs as a formula."""
    # With a byte-order mark, without which spreadsheets show Chinese as noise.
    draft = file.with_name(f".{file.name}")
    with draft.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_guarded(cell) for cell in row] for row in rows)
    draft.replace(file)


def _guarded(cell: str) -> str:
    """What a customer wrote must not run as a formula in a spreadsheet."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
