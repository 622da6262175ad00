"""Asks the questions that were written for fitting, and keeps what is found for each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.candidates import Candidates, candidates
from agent.types import Utterance
from agent.understand.rewriting.rewriter import RuleRewriter
from evals.cases import Case, load_cases
from evals.fits.tuning_libraries import language_of
from evals.metrics.rightness import holds
from knowledge.embedders import minilm
from knowledge.embedders.bert import Bert
from knowledge.embedders.low_rank import LowRank
from knowledge.library import Library
from knowledge.question.parts import QuestionPart
from knowledge.types import PassageEvidence

_PASSAGES = 8
_NO_LANGUAGE = "words only"  # none that an encoder understands


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One case with what was found for each of its parts; right: [n] bool each, the spans that answer."""

    case: Case
    file: str
    library: Library
    evidence: Sequence[PassageEvidence]
    parts: Sequence[tuple[QuestionPart, Candidates, npt.NDArray[np.bool_]]]


class _NoLinker:
    def link(self, text: str) -> tuple[()]:
        return ()


@contextmanager
def searching_by(additions: Path) -> Iterator[None]:
    """Libraries opened within are searched by the encoder with these additions."""
    fitted = minilm.MiniLM(partial(Bert, LowRank(additions)), minilm.SEARCHING)
    with patch.object(minilm, "searching", return_value=fitted):
        yield


def asked_of(file: Path, library: Library, *, by_words: bool = False) -> list[Asked]:
    """The cases of a file with what is found for them. by_words: no vectors are compared."""
    language = _NO_LANGUAGE if by_words else language_of(file.stem)
    return [found_for(case, file.stem, library, language) for case in load_cases(file)]


def found_for(case: Case, file: str, library: Library, language: str) -> Asked:
    """A case with what is found for it."""
    rewriter = RuleRewriter(_NoLinker(), library.terms)
    question = rewriter.standalone(case.question, [Utterance(role=u.role, content=u.content) for u in case.history])
    evidence = library.search(question, _PASSAGES, language).passages
    parts = library.question_parts(question)
    compared = library.compares(language)
    pairs = [(part, candidates(part, evidence, library, has_vectors=compared)) for part in parts[1:] or parts]
    labelled = [(part, spans, _right(case, spans)) for part, spans in pairs if spans is not None]
    return Asked(case=case, file=file, library=library, evidence=evidence, parts=labelled)


def _right(case: Case, found: Candidates) -> npt.NDArray[np.bool_]:
    return np.array(
        [
            c.passage.source_id in case.gold_docs and any(holds(c.span.text, group) for group in case.must_include)
            for c in found.spans
        ]
    )
