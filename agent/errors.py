"""Errors of the agent, named for who must act.

    ParleyError
    ├── OperatorError            who installed it: settings, files, servers
    │   ├── SettingsError        a setting is missing or has a wrong value
    │   ├── HomeError            the home folder is absent, broken or of a newer version
    │   ├── WrongAudience        what only the company's people may know was asked for by a public channel
    │   └── ModelUnavailable     the model server does not answer, or not in time
    │       ├── ModelFaltered    it failed in a way that may pass: worth another try
    │       └── ModelRefused     it works, but refused this one request
    ├── ToolFailed               a tool could not do what it was asked; names the reason
    ├── CallerError              who called: bad input
    │   ├── InvalidMessage       empty, too long, not text
    │   ├── UnknownConversation  no such conversation
    │   ├── UnknownFile          no such file in this conversation
    │   ├── TooMuch              a file is too large, or the conversation holds too many
    │   ├── ConversationClosed   it has ended; a new message needs a new one
    │   ├── WrongState           it is another customer's, or with another colleague, or with none
    │   └── NotAllowed           the token does not open it
    └── BundleError              a trained bundle is damaged or of another kind

A customer never sees one: at the rim it becomes an event and a polite sentence.
"""


class ParleyError(Exception):
    """Base of all; `str()` is one sentence that says what to do next."""


class OperatorError(ParleyError):
    """Whoever installed Parley must act."""


class SettingsError(OperatorError):
    """A setting is missing or has a wrong value."""


class HomeError(OperatorError):
    """The home folder is absent, broken or of a newer version."""


class WrongAudience(OperatorError):
    """An agent that knows what is internal was wired to a public channel."""


class ModelUnavailable(OperatorError):
    """The model server does not answer, or not in time."""


class ModelFaltered(ModelUnavailable):
    """The model server failed in a way that may pass: a lost connection, too many requests, an error of its own."""


class ModelRefused(ModelUnavailable):
    """The model server works, but refused this one request: too long for the model, filtered."""


class ToolFailed(ParleyError):
    """A tool could not do what it was asked. reason: a short name that flows branch on, such as `not_found`."""

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(message or f"The tool failed: {reason}.")
        self.reason = reason


class CallerError(ParleyError):
    """The caller sent something that cannot be served."""


class InvalidMessage(CallerError):
    """The message is empty, too long or not text."""


class UnknownConversation(CallerError):
    """There is no such conversation."""


class ConversationClosed(CallerError):
    """The conversation has ended."""


class UnknownFile(CallerError):
    """There is no such file in this conversation."""


class TooMuch(CallerError):
    """A file is too large, or the conversation holds too many."""


class WrongState(CallerError):
    """The conversation is another customer's, or with another colleague, or with none."""


class NotAllowed(CallerError):
    """The token does not open this conversation."""


class BundleError(ParleyError):
    """A trained bundle is damaged, of another kind or of a newer version."""


def reason_of(error: Exception) -> str:
    """Why a file could not be read, on one line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is no UTF-8 text"
    return " ".join(str(error).split())
