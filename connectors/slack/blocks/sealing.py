"""What a button carries: which conversation it belongs to and who may press it, sealed so that nobody can write one.

Slack tells who pressed a button, truly; what a button holds comes from the message, which anybody who can make an app post
a message may forge. The seal is an HMAC-signed token (RFC 7519), so nothing has to be stored for a button to work after a
restart or at another process.
"""

from dataclasses import asdict, dataclass

import jwt

_ALGORITHM = "HS256"
_AUDIENCE = "parley-slack-button"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a button means. team: the workspace it was shown in; user: who alone may press it, "" for anyone there.

    what: of the button itself: an event's number, a choice, a step.
    """

    team: str
    conversation: str
    what: str
    user: str = ""


class ForeignPress(Exception):
    """The button is not ours, of another workspace, or another person's. mine: it is ours, but another person's."""

    def __init__(self, message: str, *, mine: bool = False) -> None:
        super().__init__(message)
        self.mine = mine


class Seal:
    """Seals and opens what buttons carry. key: 32 characters or more."""

    def __init__(self, key: str) -> None:
        self._key = key

    def close(self, press: Press) -> str:
        """The value of a button; short enough (2,000 characters) for what is shown in 300 or fewer."""
        return jwt.encode({**asdict(press), "aud": _AUDIENCE}, self._key, _ALGORITHM)

    def open(self, value: str, *, team: str, user: str) -> Press:
        """What `user` pressed in `team`. Raises ForeignPress."""
        try:
            claims = jwt.decode(value, self._key, [_ALGORITHM], audience=_AUDIENCE)
            press = Press(**{name: str(claims[name]) for name in Press.__dataclass_fields__})
        except (jwt.InvalidTokenError, KeyError) as error:
            raise ForeignPress("the value is none of ours") from error
        if press.team != team:
            raise ForeignPress(f"the button is of workspace {press.team}, pressed in {team}")
        if press.user and press.user != user:
            raise ForeignPress(f"the button is for {press.user}, pressed by {user}", mine=True)
        return press
