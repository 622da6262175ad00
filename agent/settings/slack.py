"""Settings of a chat workspace where colleagues and customers write. Its secrets come from the environment alone."""

import os
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from agent.settings.parts import Section, ServerUrl
from agent.settings.teams import TeamsSettings
from agent.types import Emotion

_EMOJI = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_+'-]+$")]
_CHEERFUL = frozenset(
    "tada smile smiley grin grinning laughing joy rofl blush heart hearts heart_eyes star star-struck sparkles partying_face "
    "confetti_ball balloon party_popper clap raised_hands sunglasses wink slightly_smiling_face rocket fire 100 +1 thumbsup "
    "ok_hand muscle dancer beers champagne trophy medal crown rainbow sunny sun_with_face".split()
)


def _calm(names: list[str]) -> list[str]:
    """Raises ValueError where who is upset would be met with cheer."""
    if wrong := sorted(_CHEERFUL.intersection(names)):
        raise ValueError(f"{', '.join(wrong)} would mock a customer who is upset; choose another")
    return names


_Emoji = list[_EMOJI]
_CalmEmoji = Annotated[list[_EMOJI], AfterValidator(_calm)]


class ReactionSettings(Section):
    """Emoji put on messages, by what the message shows: a model picks one that suits, or none; [] for none ever."""

    gratitude: _Emoji = Field(["blush", "heart"], description="Names; without a model the first is put.")
    joy: _Emoji = Field(["tada", "raised_hands"], description="Names; without a model the first is put.")
    neutral: _Emoji = Field(
        ["package", "truck", "credit_card", "key", "wrench", "calendar", "receipt", "bulb", "wave"],
        description="Names for what a message is about, which only a model can tell.",
    )
    anger: _CalmEmoji = Field([], description="Names; cheerful ones are refused.")
    disappointment: _CalmEmoji = Field([], description="Names; cheerful ones are refused.")
    anxiety: _CalmEmoji = Field([], description="Names; cheerful ones are refused.")

    def allowed(self) -> dict[Emotion, list[str]]:
        """The names by emotion."""
        return {Emotion(emotion): list(names) for emotion, names in self}


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
    reactions: ReactionSettings = ReactionSettings()
    api_url: ServerUrl = Field(default_factory=_api_url, description="Slack's Web API, or SLACK_API_URL; for tests.")
