"""Which bundle a command means: a version, a folder, or the newest that was trained."""

from pathlib import Path

from agent.errors import CallerError
from agent.home import Home
from agent.learning.runs import StepName, runs_of
from agent.training.bundle import Task, read_card
from agent.training.versions import versions_of


def candidate(home: Home, task: Task, named: str | None, *, tried: bool) -> str:
    """The version, added where it is a folder or was trained by `parley learn train` and is not yet there.

    tried: where none is named, the one on trial goes before the newest, so that nothing unseen takes its place.
    Raises CallerError where there is none, BundleError when it can't be read.
    """
    versions = versions_of(home, task)
    if named is not None:
        if (Path(named) / "bundle.json").is_file():
            return versions.add(Path(named))
        return versions.folder(named).name
    trial = versions.speakers().trial
    if tried and trial is not None:
        return trial.version
    names = versions.names()
    trained = newest_trained(home, task)
    if trained is not None:
        newest = max((read_card(versions.folder(name)).trained_at for name in names[-1:]), default=None)
        if newest is None or read_card(trained).trained_at >= newest:
            return versions.add(trained)
    if not names:
        raise CallerError(f"no {task.value} bundle was trained yet; run first: parley learn train")
    return names[-1]


def newest_trained(home: Home, task: Task) -> Path | None:
    """The bundle of the newest run that has one."""
    for run in reversed(runs_of(home)):
        folder = run.folder(StepName.TRAIN) / task.value
        if (folder / "bundle.json").is_file():
            return folder
    return None
