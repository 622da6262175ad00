"""Settings of a chat workspace where colleagues and customers write. Its secrets come from the environment alone."""

import os
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from agent.settings_parts import ServerUrl
from agent.settings_teams import TeamsSettings

_USER = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]+$")]


def _api_url() -> str:
    """What Slack's own tools read, too."""
    return os.environ.get("SLACK_API_URL") or "https://slack.com/api/"


class SlackSettings(TeamsSettings):
    """Slack. The guide is docs/slack.md."""

    bot_token: SecretStr = Field(SecretStr(""), description="Bot token (xoxb-…); environment only.")
    app_token: SecretStr = Field(
        SecretStr(""), description="App-level token (xapp-…) for parley slack; environment only."
    )
    signing_secret: SecretStr = Field(
        SecretStr(""), description="With it parley serve takes Slack's requests at /slack/events; environment only."
    )
    editors: list[_USER] = Field(
        default_factory=list, description='Ids of the people who may add to the knowledge, such as ["U012AB3CD"].'
    )
    api_url: ServerUrl = Field(default_factory=_api_url, description="Slack's Web API, or SLACK_API_URL; for tests.")

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Names of the settings that must not stand in a file."""
        return tuple(name for name, field in cls.model_fields.items() if field.annotation is SecretStr)
