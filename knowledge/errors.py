"""Errors of the knowledge room.

KnowledgeError
├── UnreadableSource     the author of the content must act: one file or record could not be read
├── IndexMismatch        the operator must act: index and embedder or chunking do not belong together
└── InvalidMapping       the author of a graph mapping must act
"""


class KnowledgeError(Exception):
    """Base of all; `str()` is one sentence that says what to do next."""


class UnreadableSource(KnowledgeError):
    """One source (file, page or record) could not be read; the others are unaffected."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class IndexMismatch(KnowledgeError):
    """The index on disk was built with another embedder or another chunking."""


class InvalidMapping(KnowledgeError):
    """A graph mapping file is not of the documented form."""
