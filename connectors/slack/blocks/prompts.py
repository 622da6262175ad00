"""Questions to begin with, by where somebody is and who they are."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from agent.types import Language
from connectors.slack.rendering import clip

_MOST = 4  # Slack shows no more
_TITLE = 75

Role = Literal["admin", "member", "guest", "external"]


class PromptRule(Protocol):
    """Questions for some channels and roles; an empty list of either is any. channels: ids or names, without `#`."""

    @property
    def channels(self) -> Sequence[str]: ...

    @property
    def roles(self) -> Sequence[Role]: ...

    @property
    def questions(self) -> Sequence[str]: ...

    @property
    def questions_zh(self) -> Sequence[str]: ...


def role_of(user: Mapping[str, Any], team: str) -> Role:
    """A person's role, from `user` of `users.info`; external: of another workspace (Slack Connect)."""
    if user.get("is_stranger") or (user.get("team_id") not in {None, team} and not user.get("enterprise_user")):
        return "external"
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return "guest"
    return "admin" if user.get("is_admin") or user.get("is_owner") else "member"


def prompts_for(
    rules: Sequence[PromptRule], usual: Sequence[str], *, channel: Sequence[str], role: Role, language: Language
) -> list[dict[str, str]]:
    """What `assistant.threads.setSuggestedPrompts` takes: of the first rule that fits, else the usual ones.

    channel: its id and its name, as far as they are known.
    """
    questions = next((found for rule in rules if _fits(rule, channel, role) and (found := _of(rule, language))), usual)
    return [{"title": clip(question, _TITLE), "message": question} for question in questions[:_MOST]]


def _fits(rule: PromptRule, channel: Sequence[str], role: Role) -> bool:
    here = not rule.channels or bool({name.removeprefix("#") for name in rule.channels} & set(channel))
    return here and (not rule.roles or role in rule.roles)


def _of(rule: PromptRule, language: Language) -> Sequence[str]:
    return rule.questions_zh if language == "zh" else rule.questions
