"""`parley learn collect`, `clean`, `intents`, `graph`, `sentiment`, `train`, `evaluate`, `use` and `run`: the eight steps."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from agent.cli.output import fail, print_json, progress, stdout
from agent.cli.speakers import Speaker, speakers_of
from agent.settings import home_folder, load_settings
from agent.training.bundle import Task
from agent.types import JsonValue

if TYPE_CHECKING:
    from agent.learning.pipeline import Options, Pipeline
    from agent.learning.runs import Run, StepName, StepRecord

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_RunName = Annotated[str, typer.Option("--run", metavar="NAME", help="Folder of the run (2026-11-25-1); the latest.")]
_Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE…", help="Logs to import: jsonl, json, csv, a Slack export, zip."),
]
_Consented = Annotated[
    bool, typer.Option("--consented", help="You state that all who speak in these files agreed to it.")
]
_Log = Annotated[bool, typer.Option("--log/--no-log", help="Whether to read this home's own conversations.")]
_NearCopies = Annotated[
    float, typer.Option(min=0.5, max=1.0, help="Share of common characters (in threes) of what counts as a copy.")
]
_Labelled = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Utterances whose intent is known: csv with text,label, or jsonl."),
]
_Truth = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Measure the clusters by intents that you know and that no step learns from: csv with text,label, or jsonl.",
    ),
]
_Count = Annotated[int, typer.Option(min=1, help="How many utterances to ask labels for.")]
_ByModel = Annotated[bool, typer.Option("--model", help="Let the model of the settings help.")]


def register(learn: typer.Typer) -> None:
    """Adds the commands to those of `parley learn`."""
    for command in (run, collect, clean, intents, graph, sentiment, train, evaluate, use):
        learn.command(command.__name__)(command)


def run(
    files: _Files = None,
    consented: _Consented = False,
    log: _Log = True,
    speaker: Speaker = None,
    labelled: _Labelled = None,
    count: _Count = 50,
    by_model: _ByModel = False,
    truth: _Truth = None,
    as_json: _Json = False,
) -> None:
    """All eight steps in order; what is finished is not made again. Nothing is put into use without you."""
    from agent.learning.pipeline import Options
    from agent.learning.runs import StepName

    options = Options(
        files=_existing(files),
        consented=consented,
        log=log,
        speakers=speakers_of(speaker or []),
        labelled=_file(labelled),
        count=count,
        labels_needed=False,
        by_model=by_model,
        truth=_file(truth),
    )
    pipeline = _pipeline(options)
    found = pipeline.run_for_collecting()
    done: dict[str, JsonValue] = {}
    for step in StepName:
        record = _perform(pipeline, step, found)
        done[step.value] = {**record.figures}
        if not as_json:
            _tell(step, record, found)
    if as_json:
        print_json({"run": found.root.name, "steps": done})


def collect(
    files: _Files = None,
    consented: _Consented = False,
    log: _Log = True,
    speaker: Speaker = None,
    run_name: _RunName = "",
    as_json: _Json = False,
) -> None:
    """Step 1: gather the conversations whose customers agreed to be learned from."""
    from agent.learning.pipeline import Options
    from agent.learning.runs import StepName

    options = Options(files=_existing(files), consented=consented, log=log, speakers=speakers_of(speaker or []))
    pipeline = _pipeline(options)
    chosen = _run(pipeline, run_name) if run_name else pipeline.run_for_collecting()
    _step(pipeline, StepName.COLLECT, chosen, as_json=as_json)


def clean(near_copies: _NearCopies = 0.8, run_name: _RunName = "", as_json: _Json = False) -> None:
    """Step 2: mend and mask what was said, drop what nothing can be learned from."""
    from agent.learning.pipeline import Options
    from agent.learning.runs import StepName

    pipeline = _pipeline(Options(near_copies=near_copies))
    _step(pipeline, StepName.CLEAN, _run(pipeline, run_name), as_json=as_json)


def intents(
    labelled: _Labelled = None,
    count: _Count = 50,
    by_model: _ByModel = False,
    truth: _Truth = None,
    run_name: _RunName = "",
    as_json: _Json = False,
) -> None:
    """Step 3: group what nobody labelled, doubt labels, and choose what is most worth labelling."""
    from agent.learning.pipeline import Options
    from agent.learning.runs import StepName

    pipeline = _pipeline(Options(labelled=_file(labelled), count=count, by_model=by_model, truth=_file(truth)))
    _step(pipeline, StepName.INTENTS, _run(pipeline, run_name), as_json=as_json)


def graph(by_model: _ByModel = False, run_name: _RunName = "", as_json: _Json = False) -> None:
    """Step 4: propose names, things and facts for the knowledge graph, each with the words that say it."""
    from agent.learning.pipeline import Options
    from agent.learning.runs import StepName

    pipeline = _pipeline(Options(by_model=by_model))
    _step(pipeline, StepName.GRAPH, _run(pipeline, run_name), as_json=as_json)


def sentiment(run_name: _RunName = "", as_json: _Json = False) -> None:
    """Step 5: hear how customers feel, and choose what a person should check."""
    from agent.learning.pipeline import Options
    from agent.learning.runs import StepName

    pipeline = _pipeline(Options())
    _step(pipeline, StepName.SENTIMENT, _run(pipeline, run_name), as_json=as_json)


def train(labelled: _Labelled = None, run_name: _RunName = "", as_json: _Json = False) -> None:
    """Step 6: train bundles from what people labelled; nothing is put into use."""
    from agent.learning.pipeline import Options
    from agent.learning.runs import StepName, new_run, runs_of

    pipeline = _pipeline(Options(labelled=_file(labelled)))
    chosen = _run(pipeline, run_name) if run_name or runs_of(pipeline.home) else new_run(pipeline.home)
    _step(pipeline, StepName.TRAIN, chosen, as_json=as_json)


def evaluate(run_name: _RunName = "", as_json: _Json = False) -> None:
    """Step 7: compare what was trained with what is in use, on examples that are never trained on."""
    from agent.learning.pipeline import Options
    from agent.learning.runs import StepName

    pipeline = _pipeline(Options())
    _step(pipeline, StepName.EVALUATE, _run(pipeline, run_name), as_json=as_json)


def use(
    task: Annotated[Task, typer.Argument(metavar="[TASK]", help="intent, sentiment or emotion.")] = Task.INTENT,
    as_json: _Json = False,
) -> None:
    """Step 8: report on the trial that is on: agreement, feedback, hand-overs and latency, and what to do next."""
    from agent.learning.pipeline import Options
    from agent.learning.runs import StepName, new_run, runs_of

    pipeline = _pipeline(Options(task=task))
    chosen = runs_of(pipeline.home)[-1] if runs_of(pipeline.home) else new_run(pipeline.home)
    _step(pipeline, StepName.USE, chosen, as_json=as_json)


def _pipeline(options: "Options") -> "Pipeline":
    """The steps of this home, those who withdrew since taken out of its runs first."""
    from agent.home import Home
    from agent.learning.forgetting import honour
    from agent.learning.pipeline import Pipeline

    settings = load_settings(home_folder())
    home = Home(settings.home)
    honour(home, settings)
    return Pipeline(home=home, settings=settings, options=options)


def _run(pipeline: "Pipeline", name: str) -> "Run":
    """The run of this name; the latest. Raises typer.Exit(2) where there is none."""
    from agent.learning.runs import runs_of

    runs = [found for found in runs_of(pipeline.home) if not name or found.root.name == name]
    if not runs:
        raise fail(f"there is no run {name}" if name else "nothing is collected yet; run first: parley learn collect")
    return runs[-1]


def _step(pipeline: "Pipeline", step: "StepName", found: "Run", *, as_json: bool) -> None:
    record = _perform(pipeline, step, found)
    if as_json:
        report = str(found.folder(step) / "report.html")
        print_json({"run": found.root.name, "step": step.value, "figures": {**record.figures}, "report": report})
        return
    _tell(step, record, found)


def _perform(pipeline: "Pipeline", step: "StepName", found: "Run") -> "StepRecord":
    with progress(step.value.capitalize()) as line:
        return pipeline.perform(step, found, line)


def _tell(step: "StepName", record: "StepRecord", found: "Run") -> None:
    stdout.print(f"[bold]{step.value}[/]")
    for name, value in record.figures.items():
        if value != "":
            shown = f"{value:.4g}" if isinstance(value, float) else str(value)
            line = f"next: parley learn {shown}" if name == "command" else f"{name}: {shown}"
            stdout.print(f"  {escape(line)}", soft_wrap=True)
    stdout.print(f"  {escape(str(found.folder(step) / 'report.html'))}", soft_wrap=True)


def _existing(files: Sequence[Path] | None) -> tuple[Path, ...]:
    missing = [str(file) for file in files or () if not file.exists()]
    if missing:
        raise fail(f"no such file or folder: {', '.join(missing)}")
    return tuple(files or ())


def _file(file: Path | None) -> Path | None:
    if file is not None and not file.is_file():
        raise fail(f"no such file: {file}")
    return file
