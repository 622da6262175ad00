"""The option that says what language a report or a table speaks."""

from typing import Annotated

import typer

_KNOWN = ("en", "zh")


def _known(value: str) -> str:
    """`zh-CN` and `zh_TW` are Chinese, too."""
    language = value.lower().replace("_", "-").split("-")[0]
    if language not in _KNOWN:
        raise typer.BadParameter(f"{value}: reports speak en or zh")
    return language


Lang = Annotated[str, typer.Option(callback=_known, help="What the report opens in, or the table is in: en or zh.")]
