"""Settings of many chat workspaces, and of the people of the company in one: a part of [slack]."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints

from agent.settings.parts import Section, ServerUrl

_TEAM = Annotated[str, StringConstraints(pattern=r"^[TE][A-Z0-9]+$")]
_CHANNEL = Annotated[str, StringConstraints(pattern=r"^([CG][A-Z0-9]+)?$")]


class PromptSettings(Section):
    """Questions to begin with, for some."""

    channels: list[str] = Field(default_factory=list, description="Ids of channels; none: any.")
    roles: list[Literal["admin", "member", "guest", "external"]] = Field(
        default_factory=list, description="Whom they are for; none: anybody."
    )
    questions: list[str] = Field(default_factory=list, description="The questions, four at most are shown.")
    questions_zh: list[str] = Field(default_factory=list, description="The same in Chinese.")


class TeamsSettings(Section):
    """Several workspaces, and people in one of them."""

    client_id: str = Field("", description="Of the app, for installing it in several workspaces.")
    client_secret: SecretStr = Field(SecretStr(""), description="Goes with client_id; environment only.")
    encryption_key: SecretStr = Field(
        SecretStr(""),
        description="Encrypts the tokens in the store; several with commas, the newest first; empty: one kept in the home; "
        "environment only.",
    )
    public_url: ServerUrl = Field(
        "", description="Address by which Slack reaches parley serve; for installing the app."
    )
    teams: dict[_TEAM, Path] = Field(
        default_factory=dict,
        description='Home of each workspace, such as {T0123ABCD = ".", T0456EFGH = "../other"}, and no other workspace is '
        "served; empty: each that has installed the app is served from this home.",
    )
    support_channel: _CHANNEL = Field("", description="Id of the channel where your people take over; empty: none.")
    support_team: str = Field("", description="Workspace of that channel, where the app is in several.")
    support_language: Literal["", "en", "zh"] = Field("", description="Of your people; empty: that of each customer.")
    prompts: list[PromptSettings] = Field(
        default_factory=list,
        description='Questions to begin with, such as [{roles = ["guest"], questions = ["What do you sell?"], '
        'questions_zh = ["你们卖什么？"]}]; also channels = [ids]; else those of suggestions.yaml.',
    )
