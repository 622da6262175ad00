"""Nothing that a customer or a document wrote may call people in Slack: no mention, no group, no whole channel.

Slack calls where it reads `<@U…>`, `<#C…>`, `<!channel>` or `<!subteam^S…>`; `@channel` alone does so where a workspace or
a call asks Slack to find names. In mrkdwn the three signs are escaped as Slack says. In Markdown, where entities within
code are text, an invisible joiner parts what would call: it reads as before and copies as before but for that sign.
"""

import re

_JOINER = "\u2060"
_CALL = re.compile(r"<(?=[@#!])|@(?=(?:channel|here|everyone)(?![a-z0-9_]))", re.IGNORECASE)
_MAY_CALL = re.compile(r"(?:<?@[a-z]{0,8}|<)\Z", re.IGNORECASE)  # what the next words decide


def escape(text: str) -> str:
    """Plain text as mrkdwn: Slack's three control signs escaped, and nobody called."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return quiet(escaped)


def quiet(text: str) -> str:
    """Markdown that calls nobody."""
    return _CALL.sub(lambda call: call.group() + _JOINER, text)


class Quieting:
    """The same for a text that comes in pieces: what may become a call waits until it is known."""

    def __init__(self) -> None:
        self._waiting = ""

    def feed(self, delta: str) -> str:
        """What may be sent now."""
        text = self._waiting + delta
        held = _MAY_CALL.search(text)
        at = held.start() if held else len(text)
        self._waiting = text[at:]
        return quiet(text[:at])

    def end(self) -> str:
        """What still waited."""
        rest, self._waiting = self._waiting, ""
        return quiet(rest)
