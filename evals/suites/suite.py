"""A suite in YAML."""

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.errors import CallerError, reason_of
from agent.training.bundle import Task
from agent.types import JsonValue
from evals.judge.rubric import SHIPPED
from evals.suites.splits import Split

DATA = "PARLEY_DATA"
WORK = Path("~/.cache/parley/evals")
"""Where homes are made that are only evaluated."""


Slice = Literal["lang", "kind", "intent", "emotion", "length"]
SLICES: tuple[Slice, ...] = ("lang", "kind", "emotion", "length")


class CasesOf(BaseModel):
    """file: relative to the suite's folder, or to the data folder where the suite says `data: true`.

    split: the part of it to take, of which `test_share` is the test; none: all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    format: Literal["auto", "cases", "cmrc2018", "mtrag", "crosswoz", "banking77", "clinc150", "dialogues"] = "auto"
    split: Split | None = None
    test_share: float = Field(0.5, gt=0, lt=1)


class TrainOf(BaseModel):
    """A bundle to train and to put into use. file: labelled texts, as `parley train` takes them. sentences: with their vectors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: Task
    file: str
    format: Literal["labelled", "clinc150"] = "labelled"
    sentences: bool = True


class HomeOf(BaseModel):
    """A home to make: what to ingest, to import into its graph and to train, and its settings (the text of a parley.toml).

    sample: the sample company stands in it, with its flows and tools; now: what its agent takes the time to be.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ingest: list[CasesOf] = Field(default_factory=list)
    graph: list[str] = Field(default_factory=list)
    train: list[TrainOf] = Field(default_factory=list)
    settings: str = ""
    sample: bool = False
    now: AwareDatetime | None = None


def _address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError(f"{text}: an address begins with http:// or https://")
    return text


Address = Annotated[str, AfterValidator(_address)]


class TargetOf(BaseModel):
    """Against what: one of them; with none, the agent of the home at hand. stage: the whole turn, or its first stage alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: HomeOf | None = None
    url: Address = ""
    openai: Address = ""
    model: str = ""
    function: str = ""
    stage: Literal["turn", "understand"] = "turn"

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len([one for one in (self.home, self.url, self.openai, self.function) if one]) > 1:
            raise ValueError("home, url, openai and function each name whom to ask; give one of them")
        return self


class JudgeOf(BaseModel):
    """A chat model that grades every reply. openai: base address (…/v1); rubrics: shipped ones by name, or files.

    votes: how often each question is put; rated: a file of answers that people graded, which the judge grades, too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    openai: Address
    model: str = "default"
    rubrics: list[str] = Field(default=list(SHIPPED), min_length=1)
    votes: int = Field(default=3, ge=1)
    rated: str = ""


class Threshold(BaseModel):
    """What a figure of the summary must reach (`min`), or may reach (`max`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min: float | None = None
    max: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a figure is within."""
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)

    def words(self) -> str:
        """`≥ 0.8`, for reports."""
        ends = (("≥", self.min), ("≤", self.max))
        return ", ".join(f"{sign} {end:g}" for sign, end in ends if end is not None)


def figure_of(summary: Mapping[str, JsonValue], name: str) -> float | None:
    """A figure by its name; `latency_ms.p95` is one within a group. None where there is none."""
    value: JsonValue = summary
    for part in [name] if name in summary else name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, int | float) else None


class Suite(BaseModel):
    """meaning: texts are compared by MiniLM, too (English). slices: what figures are cut by.

    training: files that no case may stand in (near-copies are told). rated: answers that people graded, without a judge's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[\w-]+$")
    title: str = ""
    title_zh: str = ""
    data: bool = False
    cases: list[CasesOf] = Field(min_length=1)
    training: list[str] = Field(default_factory=list)
    target: TargetOf = TargetOf()
    judge: JudgeOf | None = None
    meaning: bool = False
    rated: str = ""
    thresholds: dict[str, Threshold] = Field(default_factory=dict)
    slices: tuple[Slice, ...] = SLICES

    @property
    def trains(self) -> bool:
        """Whether there is training data, or another part of the cases, that no case may stand in."""
        home = self.target.home
        return bool(self.training or (home and home.train) or any(one.split for one in self.cases))


class LoadedSuite(BaseModel):
    """A suite with its text, and the folder that its paths start from."""

    model_config = ConfigDict(frozen=True)

    suite: Suite
    text: str
    folder: Path

    def path(self, name: str) -> Path:
        """A file that the suite names. Raises CallerError where there is none."""
        path = self.folder / name
        if not path.exists():
            where = f"; set {DATA} to the folder of the data" if self.suite.data else ""
            raise CallerError(f"suite {self.suite.name}: no such file: {path}{where}")
        return path


def shipped() -> list[str]:
    """Names of the suites that come with Parley."""
    return sorted(
        one.name.removesuffix(".yaml") for one in files("evals.suites").iterdir() if one.name.endswith(".yaml")
    )


def load_suite(given: str) -> LoadedSuite:
    """Of a file, or a shipped one by its name. Raises CallerError that names what is wrong in it."""
    path = Path(given)
    if not path.suffix and given in shipped():
        path = Path(str(files("evals.suites") / f"{given}.yaml"))
    try:
        text = path.read_text("utf-8")
        suite = Suite.model_validate(yaml.safe_load(text))
    except OSError as error:
        raise CallerError(f"{given}: {error.strerror}; shipped suites are {', '.join(shipped())}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CallerError(f"{given}: no YAML: {reason_of(error)}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise CallerError(f"{given}: {'.'.join(map(str, first['loc'])) or 'suite'}: {first['msg']}") from error
    return LoadedSuite(suite=suite, text=text, folder=_data() if suite.data else path.parent)


def _data() -> Path:
    if named := os.environ.get(DATA):
        return Path(named)
    return next(
        (up / "shared" / "data" for up in (Path.cwd(), *Path.cwd().parents) if (up / "shared" / "data").is_dir()),
        Path("../shared/data"),
    )
