"""Which version of a task's bundle speaks: the small checked file `in_use.json`, and what may happen to it.

Pure: each change takes what stands and gives what shall stand; `agent.training.versions` reads and writes it.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import BundleError, CallerError

VERSION = r"\d{4}-\d\d-\d\d-[1-9]\d{0,5}"
BUILT_IN = ""
"""In place of a version: what Parley does without a trained bundle."""


class Mode(StrEnum):
    """How a version is tried: it only listens, or it speaks in a share of the conversations."""

    SHADOW = "shadow"
    SHARE = "share"


class Trial(BaseModel):
    """A version that is being tried. percent: of the conversations in which it speaks; 0 for a shadow."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str = Field(pattern=f"^{VERSION}$")
    mode: Mode
    percent: float = Field(0.0, ge=0, le=100)
    since: datetime


class Change(BaseModel):
    """One change of who speaks. version: who speaks from then on, BUILT_IN for none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str = Field(pattern=f"^({VERSION})?$")
    at: datetime
    how: Literal["promoted", "rolled back"]
    why: str = ""


class Speakers(BaseModel):
    """The form of `in_use.json`. history: all changes of who speaks, the oldest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    history: tuple[Change, ...] = ()
    trial: Trial | None = None

    @property
    def version(self) -> str:
        """Who speaks now."""
        return self.history[-1].version if self.history else BUILT_IN

    @property
    def line(self) -> tuple[str, ...]:
        """Who speaks, after all whom a roll-back would bring back, the first of them BUILT_IN."""
        line = [BUILT_IN]
        for change in self.history:
            if change.how == "promoted":
                line.append(change.version)
            else:
                while len(line) > 1 and line[-1] != change.version:
                    line.pop()
        return tuple(line)

    @property
    def needed(self) -> set[str]:
        """Versions that speak, are tried, or would speak after one roll-back."""
        tried = {self.trial.version} if self.trial else set()
        return {*self.line[-2:], *tried} - {BUILT_IN}

    def promote(self, version: str, at: datetime, why: str = "") -> "Speakers":
        """The version speaks everywhere; a trial, of it or of another, is over. Raises CallerError when it does already."""
        if version == self.version and (self.trial is None or self.trial.version == version):
            raise CallerError(f"{version or 'what is built in'} speaks already")
        change = Change(version=version, at=at, how="promoted", why=why)
        return Speakers(history=(*self.history, change))

    def try_out(self, version: str, mode: Mode, at: datetime, *, percent: float = 0.0) -> "Speakers":
        """The version is tried, in place of whatever was. Raises CallerError when it speaks already."""
        if version == self.version:
            raise CallerError(f"{version} speaks already: there is nothing to try")
        if mode is Mode.SHARE and not 0 < percent < 100:
            raise CallerError(f"a share is more than 0 and less than 100 percent, not {percent:g}; for all: --all")
        before = self.trial
        # A share that grows is the same trial: the conversations that it had stay with it, and go on counting.
        goes_on = before is not None and (before.version, before.mode) == (version, mode)
        since = before.since if before is not None and goes_on else at
        share = percent if mode is Mode.SHARE else 0.0
        return Speakers(history=self.history, trial=Trial(version=version, mode=mode, percent=share, since=since))

    def roll_back(self, at: datetime, there: Collection[str], why: str = "") -> "Speakers":
        """A trial ends; without one, who spoke before speaks again. Raises CallerError when nobody did.

        there: versions that are still kept; one that is not is passed over.
        """
        if self.trial is not None:
            return Speakers(history=self.history)
        if len(self.line) < 2:
            raise CallerError("nothing to roll back: no trained bundle speaks, and none is tried")
        before = next(version for version in self.line[-2::-1] if version in there or version == BUILT_IN)
        change = Change(version=before, at=at, how="rolled back", why=why)
        return Speakers(history=(*self.history, change))

    def without(self, versions: set[str]) -> "Speakers":
        """As if these versions had never spoken."""
        kept = tuple(change for change in self.history if change.version not in versions)
        trial = None if self.trial and self.trial.version in versions else self.trial
        return Speakers(history=kept, trial=trial)


def read_speakers(file: Path) -> Speakers:
    """What stands; nothing speaks where there is no file. Raises BundleError that names a damaged one."""
    try:
        return Speakers.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return Speakers()
    except (OSError, ValidationError) as error:
        raise BundleError(
            f"{file} is damaged or of a newer version; remove it, then choose who speaks: parley learn promote"
        ) from error
