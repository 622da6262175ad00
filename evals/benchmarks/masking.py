"""Measures the masking of private data: `python -m evals.benchmarks.masking [FILE] [--show]`.

Of each case the private pieces are known. A piece is masked when all of it is within what was found, whatever the kind;
a find is right when it overlaps a known piece.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from agent.privacy import mask

CASES = Path(__file__).parent / "heldout" / "masking.jsonl"


@dataclass
class Score:
    """Counts of pieces: known, masked, of the right kind; found, and wrong among them."""

    known: int = 0
    masked: int = 0
    kind_right: int = 0
    found: int = 0
    wrong: int = 0
    missed: list[str] = field(default_factory=list)
    too_much: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    kinds_masked: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        """Share of the known pieces that were masked whole."""
        return self.masked / self.known if self.known else 1.0

    @property
    def precision(self) -> float:
        """Share of what was found that is private."""
        return 1 - self.wrong / self.found if self.found else 1.0


def measure(file: Path = CASES, language: str = "") -> Score:
    """The score over the cases of a file, of one language or of both."""
    score = Score()
    for line in file.read_text("utf-8").splitlines():
        case = orjson.loads(line)
        if not language or case["lang"] == language:
            _judge(case["text"], [(kind, piece) for kind, piece in case["private"]], score)
    return score


def _judge(text: str, private: list[tuple[str, str]], score: Score) -> None:
    found = mask(text).found
    places = []
    for kind, piece in private:
        start = text.index(piece)
        places.append((start, start + len(piece)))
        covers = [one for one in found if one.start < start + len(piece) and start < one.end]
        whole = (
            bool(covers) and min(one.start for one in covers) <= start and max(o.end for o in covers) >= places[-1][1]
        )
        score.known += 1
        score.masked += whole
        score.kinds[kind] += 1
        score.kinds_masked[kind] += whole
        score.kind_right += whole and any(one.kind == kind for one in covers)
        if not whole:
            score.missed.append(f"{kind} {piece!r} of {text!r}, found {[text[o.start : o.end] for o in found]}")
    for one in found:
        score.found += 1
        if not any(one.start < end and start < one.end for start, end in places):
            score.wrong += 1
            score.too_much.append(f"{one.kind} {text[one.start : one.end]!r} of {text!r}")


def main(arguments: list[str]) -> None:
    """Prints recall and precision of both languages, and with --show each piece that was missed or taken wrongly."""
    file = next((Path(argument) for argument in arguments if not argument.startswith("--")), CASES)
    for language in ("en", "zh", ""):
        score = measure(file, language)
        print(
            f"{language or 'both':5} recall {score.recall:.3f} ({score.masked}/{score.known})  precision "
            f"{score.precision:.3f} ({score.found - score.wrong}/{score.found})  right kind {score.kind_right}"
        )
        if "--show" in arguments and language:
            print(*(f"  missed   {line}" for line in score.missed), sep="\n")
            print(*(f"  too much {line}" for line in score.too_much), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
