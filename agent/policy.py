"""Policy is data: a file that a support lead can read says which understanding leads to which decision."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import SettingsError, reason_of
from agent.ports import SentimentScorer
from agent.types import Decision, DecisionKind, Emotion, Language, Understanding, Utterance
from agent.understand.asking import asks
from agent.understand.course import Course, Trend, course_of, course_with
from agent.understand.feeling import feels
from agent.understand.pointing import points_back
from knowledge.text.clauses import clauses
from knowledge.text.openers import ADDING, ADDING_ZH

_T = TypeVar("_T")
_EARLIER = 4  # messages of the customer, of which one may have named what this one leans on; replies, of which one did something


class Conditions(BaseModel):
    """What must hold for a rule to fit; see the comments in `policy.yaml`."""

    model_config = ConfigDict(extra="forbid")

    intent: str | list[str] = Field(default_factory=list)
    confidence: float = Field(0.5, ge=0, le=1)
    emotion: Emotion | list[Emotion] = Field(default_factory=list)
    polarity_below: float | None = Field(None, ge=-1, le=1)
    worded: bool | None = None
    unhappy_turns: int = Field(0, ge=0)
    course: Trend | list[Trend] = Field(default_factory=list)
    level_below: float | None = Field(None, ge=-1, le=1)
    language: Language | None = None
    out_of_scope_above: float | None = Field(None, ge=0, le=1)
    mentions: re.Pattern[str] | None = None
    asks: bool | None = None
    foremost: bool = False
    earlier: re.Pattern[str] | None = None
    replied: re.Pattern[str] | None = None
    lately: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    unless_replied: re.Pattern[str] | None = None
    waiting: bool | None = None
    still_angry: bool = False
    feels: Emotion | list[Emotion] = Field(default_factory=list)

    def fit(self, understanding: Understanding, course: Course, history: Sequence[Utterance] = ()) -> bool:
        """Whether all conditions hold."""
        emotions, felt = _as_list(self.emotion), _as_list(self.feels)
        return (
            self._fits_intent(understanding)
            and (not emotions or understanding.sentiment.emotion in emotions)
            and (self.polarity_below is None or understanding.sentiment.polarity < self.polarity_below)
            and (self.worded is None or understanding.sentiment.worded == self.worded)
            and (self.mentions is None or _holds(self.mentions, understanding))
            and (self.unless is None or not _holds(self.unless, understanding))
            and (self.asks is None or asks(understanding.text) == self.asks)
            and (not felt or feels(understanding.text) in felt)
            and (self.language is None or understanding.language == self.language)
            and (self.out_of_scope_above is None or understanding.out_of_scope > self.out_of_scope_above)
            and self._fits_course(course)
            and self._fits_history(history)
        )

    @property
    def look_back(self) -> bool:
        """Whether the mood of earlier messages matters."""
        return bool(self.unhappy_turns or self.course or self.still_angry or self.level_below is not None)

    def _fits_course(self, course: Course) -> bool:
        trends = _as_list(self.course)
        return (
            course.unhappy_turns >= self.unhappy_turns
            and (not trends or course.trend in trends)
            and (course.still_angry or not self.still_angry)
            and (self.level_below is None or course.level < self.level_below)
        )

    def _fits_history(self, history: Sequence[Utterance]) -> bool:
        said = [one.content for one in history if one.role == "user"][-_EARLIER:] if self.earlier else []
        looks = self.replied or self.unless_replied or self.lately
        replies = [one.content for one in history if one.role == "assistant"][-_EARLIER:] if looks else []
        last = replies[-1] if replies else ""
        return (
            (self.earlier is None or any(map(self.earlier.search, said)))
            and (self.lately is None or any(map(self.lately.search, replies)))
            and (self.replied is None or bool(self.replied.search(last)))
            and (self.unless_replied is None or not self.unless_replied.search(last))
            and (self.waiting is None or any(one.waiting for one in history) == self.waiting)
        )

    def _fits_intent(self, understanding: Understanding) -> bool:
        """By the most probable intent; where the message expresses several, by any of them."""
        intents = _as_list(self.intent)
        several = len(understanding.said) > 1 and not self.foremost
        told = understanding.said if several else understanding.intents[:1]
        return not intents or any(one.name in intents and one.confidence >= self.confidence for one in told)


def _holds(pattern: re.Pattern[str], understanding: Understanding) -> bool:
    """As the message is read, or as it was sent: a company's own expression may hold traditional characters."""
    return any(text and pattern.search(text) for text in (understanding.text, understanding.sent))


class Rule(BaseModel):
    """One rule of the policy."""

    model_config = ConfigDict(extra="forbid")

    name: str
    when: Conditions = Field(default_factory=Conditions)
    do: DecisionKind
    say: str = ""
    tool: str = ""
    flow: str = ""
    first: str = ""
    strict: bool = False
    otherwise: str = ""
    withdraws: bool = False
    apart: bool = False
    look_up: dict[Language, str] = Field(default_factory=dict)

    @property
    def phrases(self) -> tuple[str, ...]:
        """Names of the set phrases that it uses."""
        return tuple(name for name in (self.say, self.first, self.otherwise) if name)

    @property
    def leaves_rest(self) -> bool:
        """Whether it settles its own part of a message alone. A model that acts, or a set phrase, takes the whole."""
        return self.do is DecisionKind.ACT and bool(self.tool) and not self.say

    def fits(self, understanding: Understanding, course: Course, history: Sequence[Utterance] = ()) -> bool:
        """Whether it decides. What answers one intent by a set phrase must not leave another one unanswered."""
        if not self.when.fit(understanding, course, history):
            return False
        settled = _as_list(self.when.intent)
        ends = self.do is DecisionKind.ANSWER and bool(self.say) and bool(settled)
        return not ends or len(understanding.said) < 2 or all(one.name in settled for one in understanding.said)

    def looked_up(self, understanding: Understanding) -> str:
        """What is looked up in place of the message; "" for the message itself."""
        if given := self.look_up.get(understanding.language, ""):
            return given
        mentions = self.when.mentions
        return _besides(understanding.question, mentions) if self.apart and mentions else ""

    def rest(self, understanding: Understanding) -> str:
        """The words of what is said beside what the rule is for; "" where that is all, or nobody can tell."""
        settled, mentions = _as_list(self.when.intent), self.when.mentions
        others = [
            one.text
            for one in understanding.said
            if not (one.name in settled or (mentions and mentions.search(one.text)))
        ]
        if len(understanding.said) > 1:
            return others[0] if len(others) == 1 else ""
        return _added(understanding.question, mentions) if mentions else ""


def _added(question: str, mentions: re.Pattern[str]) -> str:
    """The question that comes after what a rule is for, and is added to it ("…, and do you have a sauna?"); "" for none."""
    parts = [question[slice(*span)] for span in clauses(question)]
    first = next((n for n, part in enumerate(parts) if mentions.search(part)), len(parts))
    after = parts[first + 1 :]
    if len(after) != 1 or not asks(after[0]) or mentions.search(after[0]) or points_back(after[0]):
        return ""
    return after[0] if _ADDS.search(question[: question.rfind(after[0])]) else ""


def _besides(question: str, mentions: re.Pattern[str]) -> str:
    """The clauses that a rule is not for, where they ask something; "" where none does, or where it is for none alone."""
    parts = [question[slice(*span)] for span in clauses(question)]
    left = " ".join(part for part in parts if not mentions.search(part))
    return left if asks(left) and left != question else ""


_ADDS = re.compile(rf"(?:\band|\b(?:{ADDING})|{ADDING_ZH}|[，,])[\s,，]*$", re.IGNORECASE)


class PolicyFile(BaseModel):
    """The form of `policy.yaml`."""

    model_config = ConfigDict(extra="forbid")

    rules: list[Rule] = Field(min_length=1)


class YamlPolicy:
    """Implements `agent.ports.Policy`: the first rule that fits decides; none fitting means to look for an answer."""

    def __init__(self, rules: Sequence[Rule], sentiment: SentimentScorer) -> None:
        self._rules = tuple(rules)
        self._sentiment = sentiment
        self._looks_back = any(rule.when.look_back for rule in rules)

    @property
    def lets_models_act(self) -> bool:
        """Whether a rule leaves to a model which operation to call."""
        return any(rule.do is DecisionKind.ACT and not rule.tool and not rule.say for rule in self._rules)

    @property
    def tools(self) -> frozenset[str]:
        """The tools that rules act with."""
        return frozenset(rule.tool for rule in self._rules if rule.tool)

    @property
    def flows(self) -> frozenset[str]:
        """The flows that rules begin."""
        return frozenset(rule.flow for rule in self._rules if rule.flow)

    def decide(self, understanding: Understanding, history: Sequence[Utterance]) -> Decision:
        """The decision, with the name of the rule that made it."""
        course = course_with(understanding, history, self._sentiment) if self._looks_back else course_of([])
        for rule in self._rules:
            if rule.fits(understanding, course, history):
                return Decision(
                    kind=rule.do,
                    rule=rule.name,
                    template=rule.say,
                    tool=rule.tool,
                    flow=rule.flow,
                    rest=rule.rest(understanding) if rule.leaves_rest else "",
                    first=rule.first,
                    strict=rule.strict,
                    otherwise=rule.otherwise,
                    question=rule.looked_up(understanding),
                    guessed=bool(rule.when.intent),
                    withdraws=rule.withdraws,
                )
        return Decision(kind=DecisionKind.ANSWER, rule="no rule fits")


def load_policy(
    path: Path,
    sentiment: SentimentScorer,
    *,
    phrases: Collection[str] = (),
    tools: Collection[str] = (),
    flows: Collection[str] = (),
) -> YamlPolicy:
    """The policy of a home.

    phrases, tools, flows: names that rules may use; phrases are not checked when empty.
    Raises SettingsError that names the rule and the key when the file is wrong.
    """
    try:
        parsed = PolicyFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path}: {reason_of(error)}") from error
    for rule in parsed.rules:
        if rule.tool and rule.tool not in tools:
            raise SettingsError(f"{path}: rule {rule.name!r}: tools.yaml has no tool {rule.tool!r}")
        if rule.do is DecisionKind.FLOW and not rule.flow:
            raise SettingsError(f"{path}: rule {rule.name!r}: `do: flow` needs a `flow`")
        if rule.flow and rule.flow not in flows:
            known = ", ".join(sorted(flows)) or "none"
            raise SettingsError(f"{path}: rule {rule.name!r}: flows/ has no flow {rule.flow!r}; there are: {known}")
        for name in rule.phrases:
            if phrases and name not in phrases:
                known = ", ".join(sorted(phrases))
                raise SettingsError(f"{path}: rule {rule.name!r}: no set phrase {name!r}; there are: {known}")
    return YamlPolicy(parsed.rules, sentiment)


def _as_list(value: _T | list[_T]) -> list[_T]:
    return value if isinstance(value, list) else [value]
