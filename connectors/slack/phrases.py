"""What people read in Slack, by language; the language is that of their message, else of their Slack."""

from functools import cache
from importlib.resources import files

import yaml

from agent.types import Language

_HAN = ("\u3400", "\u9fff")


def say(name: str, language: Language, /, **values: object) -> str:
    """A text with its places filled in; values are put in as they are, so escape what people wrote."""
    return _texts()[name][language].format(**values)


def language_of(text: str = "", locale: str = "") -> Language:
    """The language of a message, or of a Slack user (`zh-CN`) where there is none that tells."""
    if any(_HAN[0] <= character <= _HAN[1] for character in text):
        return "zh"
    if any(character.isalpha() for character in text):
        return "en"
    return "zh" if locale.lower().startswith("zh") else "en"


@cache
def _texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = yaml.safe_load((files("connectors.slack") / "phrases.yaml").read_text("utf-8"))
    return texts
