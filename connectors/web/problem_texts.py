"""What a customer reads of an error, in the language that the request accepts: English as it is raised, or Chinese.

The chat shows the `detail` of a problem to customers, so that all details that a customer may meet stand here; those for
whoever embeds or runs the server are English.
"""

import re
from collections.abc import Mapping
from contextvars import ContextVar

from starlette.types import ASGIApp, Receive, Scope, Send

from agent.types import Language
from connectors.web.callers import header

_ZH: Mapping[str, str] = {
    "The message is empty.": "消息不能为空。",
    "The message is too long: at most {} characters.": "消息过长：最多{}个字符。",
    "This conversation is closed; start a new one.": "本次对话已结束，请开始新的对话。",
    "This conversation is closed.": "本次对话已结束。",
    "This conversation belongs to another customer; start a new one.": "本次对话属于另一位客户，请开始新的对话。",
    "There is no such conversation, or this token does not open it.": "没有这个对话，或者凭据无效。",
    "There is no such conversation.": "没有这个对话。",
    "There is no such file in this conversation.": "本次对话中没有这个文件。",
    "One conversation may hold {} KiB of files.": "一次对话最多可以保存{} KiB的文件。",
    "A file may have at most {} KiB.": "每个文件最多{} KiB。",
    "This request may have at most {} KiB.": "每次请求最多{} KiB。",
    "This server takes no files.": "这里不接收文件。",
    "Only {} are taken, and Content-Type must be what the bytes are.": "只接收{}，并且文件内容必须与其类型一致。",
    "files: {} is no file of this conversation; send it again.": "本次对话中没有文件{}，请重新发送。",
    "form.{}: this field must be filled in.": "form.{}：请填写此项。",
    "form.{}: it is empty or longer than {} characters.": "form.{}：内容为空或超过{}个字符。",
    "form.{}: this is no e-mail address.": "form.{}：这不是有效的电子邮箱。",
    "form.{}: this is no telephone number.": "form.{}：这不是有效的电话号码。",
    "form.{}: this is none of the options.": "form.{}：请从选项中选择。",
    "Too many new conversations from this address: try again in {} seconds.": "您开始的新对话过多，请在{}秒后重试。",
    "Too many messages in this conversation: try again in {} seconds.": "您发送的消息过多，请在{}秒后重试。",
    "Too many requests from this address: try again in {} seconds.": "请求过多，请在{}秒后重试。",
    "Too many requests from this site: try again in {} seconds.": "本站请求过多，请在{}秒后重试。",
    "Nothing is stored before the customer agreed: send consent: true.": "在您同意之前，我们不会保存任何内容。",
    "Something went wrong on our side. Please try again.": "我们这边出了点问题，请重试。",
}
_PATTERNS = [
    (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL), chinese)
    for english, chinese in _ZH.items()
]
_LANGUAGE: ContextVar[Language] = ContextVar("problem_language", default="en")


class AcceptedLanguage:
    """ASGI middleware: notes in which language the caller of a request reads errors, from `Accept-Language`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = _LANGUAGE.set(accepted(header(scope, b"accept-language")))
        try:
            await self._app(scope, receive, send)
        finally:
            _LANGUAGE.reset(token)


def accepted(languages: str) -> Language:
    """The better liked of English and Chinese in an `Accept-Language` (RFC 9110, 12.5.4); English where neither is named."""
    best: tuple[float, Language] = (0.0, "en")
    for item in languages[:500].lower().split(","):
        name, _, weight = item.strip().partition(";q=")
        try:
            liked = float(weight) if weight else 1.0
        except ValueError:
            continue
        for language in ("en", "zh"):
            if name.split("-")[0] == language and liked > best[0]:
                best = (liked, language)
    return best[1]


def said(detail: str) -> str:
    """A detail in the language of the request that is being served."""
    if _LANGUAGE.get() == "en":
        return detail
    for pattern, chinese in _PATTERNS:
        if found := pattern.fullmatch(detail):
            return chinese.format(*found.groups())
    return detail
