"""The libraries that the questions of `evals/fits/tuning` are asked of, one a company.

A file's name begins with its company: `bank_a.jsonl`, `shop_en.jsonl`. The bank's articles are shared data, the shop's are
the bundled sample, the others' were invented for fitting and lie in `tuning/articles`.
"""

import os
from pathlib import Path

from agent.samples import sample_path
from knowledge.errors import KnowledgeError
from knowledge.library import Library

TUNING = Path(__file__).parent / "tuning"
DATA = Path(os.environ.get("PARLEY_DATA", Path(__file__).parents[3] / "shared" / "data"))


def company_of(questions: str) -> str:
    """The company that a file of questions is about, by the file's name without its ending."""
    return questions.split("_", maxsplit=1)[0]


def language_of(questions: str) -> str:
    """The language of a file of questions, by the same."""
    return "zh" if questions.endswith("_zh") else "en"


def open_libraries(folder: Path) -> dict[str, Library]:
    """Company → its library, kept in `folder` and brought up to date. Raises KnowledgeError where articles are missing."""
    sources = {
        "bank": DATA / "rho_bank" / "articles.jsonl",
        "shop": sample_path() / "knowledge",
        **{path.stem: path for path in sorted((TUNING / "articles").glob("*.jsonl"))},
    }
    return {company: _opened(folder / company, source) for company, source in sources.items()}


def _opened(folder: Path, source: Path) -> Library:
    library = Library.open(folder)
    for broken in library.ingest([source]).broken:
        raise KnowledgeError(f"{broken.source}: {broken.reason}")
    return library
