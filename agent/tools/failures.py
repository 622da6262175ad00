"""What went wrong in another system, in one line."""

_LONGEST = 300


def said_by(error: BaseException) -> str:
    """The error in words; of a group, such as a client's own tasks raise, what is in it."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(dict.fromkeys(map(said_by, error.exceptions)))[:_LONGEST]
    said = " ".join(str(error).split())
    return (f"{type(error).__name__}: {said}" if said else type(error).__name__)[:_LONGEST]
