"""The answers to the form before the chat, checked against its fields."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from agent.conversations import clean_text
from agent.errors import InvalidMessage
from agent.settings.web import FormField

_LONGEST = 500
_EMAIL = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]+\.[^@\s<>,;.]+")
_TEL = re.compile(r"\+?[0-9 ()./-]{5,30}")


def checked_form(fields: Sequence[FormField], answers: Mapping[str, str]) -> dict[str, str]:
    """The answers, cleaned; those to a select in the words of `options`. Raises InvalidMessage, which names the field."""
    known = {field.name for field in fields}
    if strangers := [name for name in answers if name not in known]:
        raise InvalidMessage(f"form.{strangers[0][:40]}: there is no such field.")
    checked = ((field.name, _checked(field, answers.get(field.name, ""))) for field in fields)
    return {name: answer for name, answer in checked if answer}


def _checked(field: FormField, answer: str) -> str:
    if not answer.strip():
        if field.required:
            raise InvalidMessage(f"form.{field.name}: this field must be filled in.")
        return ""
    try:
        text = clean_text(answer, _LONGEST)
    except InvalidMessage as error:
        raise InvalidMessage(f"form.{field.name}: it is empty or longer than {_LONGEST} characters.") from error
    plain = unicodedata.normalize("NFKC", text)
    if field.type == "email" and not _EMAIL.fullmatch(plain):
        raise InvalidMessage(f"form.{field.name}: this is no e-mail address.")
    if field.type == "tel" and not _TEL.fullmatch(plain):
        raise InvalidMessage(f"form.{field.name}: this is no telephone number.")
    if field.type == "select":
        return _option(field, text)
    return plain if field.type in {"email", "tel"} else text


def _option(field: FormField, text: str) -> str:
    for options in (field.options, field.options_zh):
        if text in options:
            return field.options[options.index(text)]
    raise InvalidMessage(f"form.{field.name}: this is none of the options.")
