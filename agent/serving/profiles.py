"""Profiles of model servers, and the command lines that start vLLM from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import SettingsError, reason_of

Purpose = Literal["generation", "embedding", "score"]


class Profile(BaseModel):
    """One declared way to start the servers; `profiles.yaml` says what each setting means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str = ""
    model: str
    weights_gb: float = Field(0.0, ge=0)
    dtype: Literal["auto", "bfloat16", "float16", "float32"] = "auto"
    quantization: str = ""
    context: int = Field(16384, ge=256)
    requests: int = Field(64, ge=1)
    tensor: int = Field(1, ge=1)
    pipeline: int = Field(1, ge=1)
    data: int = Field(1, ge=1)
    executor: Literal["", "ray", "mp"] = ""
    memory: float = Field(0.9, gt=0, le=1)
    cpu_cache_gb: int = Field(0, ge=0)
    prefix_caching: bool = True
    chunked_prefill: bool = True
    structured: Literal["auto", "xgrammar", "guidance", "outlines"] = "auto"
    tool_parser: str = ""
    adapters: dict[str, str] = Field(default_factory=dict)
    adapter_rank: int = Field(16, ge=1)
    embedding: str = ""
    score: str = ""
    beside_memory: float = Field(0.1, gt=0, le=1)
    extra: list[str] = Field(default_factory=list)

    @property
    def cards(self) -> int:
        """How many cards the generation model takes in all; 0 where it runs without."""
        return 0 if self.cpu_cache_gb else self.tensor * self.pipeline * self.data


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server to start. options: of vLLM; environment: on top of the process's own; name: as which it serves."""

    purpose: Purpose
    name: str
    host: str
    port: int
    options: tuple[str, ...]
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        """What goes into the settings."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - where it listens is asked for
        return f"http://{host}:{self.port}/v1"


def profile_names() -> tuple[str, ...]:
    """The packaged profiles."""
    return tuple(_profiles(""))


def load_profile(name: str) -> Profile:
    """A packaged profile, or FILE.yaml:NAME. Raises SettingsError for an unknown or a wrong one."""
    path, _, inner = name.rpartition(":")
    profiles = _profiles(path)
    if inner not in profiles:
        raise SettingsError(f"there is no profile {inner!r}; there are: {', '.join(profiles)}")
    try:
        return Profile.model_validate(profiles[inner])
    except ValidationError as error:
        raise SettingsError(f"profile {name}: {error}") from error


def _profiles(path: str) -> dict[str, object]:
    """Those of a file by name, the packaged ones for ""."""
    file = Path(path) if path else files("agent.serving") / "profiles.yaml"
    try:
        found = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise SettingsError(f"{file}: {reason_of(error)}") from error
    if not isinstance(found, dict):
        raise SettingsError(f"{file}: profiles are settings by name")
    return found


def servers_of(profile: Profile, *, host: str = "127.0.0.1", port: int = 8000, drain_s: int = 30) -> list[Server]:
    """The servers of a profile, the generation server first; the others listen on the ports after it."""
    cpu = {"VLLM_CPU_KVCACHE_SPACE": str(profile.cpu_cache_gb)} if profile.cpu_cache_gb else {}
    found = [_server("generation", profile.model, host, port, [*_generation(profile), *_ending(drain_s)], cpu)]
    beside: tuple[tuple[Purpose, str], ...] = (("embedding", profile.embedding), ("score", profile.score))
    for purpose, model in beside:
        if model:
            options = ["--runner", "pooling", *_memory(profile, profile.beside_memory), *_ending(drain_s)]
            if profile.cpu_cache_gb:
                options += ["--dtype", profile.dtype, *profile.extra]
            found.append(_server(purpose, model, host, port + len(found), options, cpu))
    return found


def _server(
    purpose: Purpose, model: str, host: str, port: int, options: Sequence[str], environment: Mapping[str, str]
) -> Server:
    name = Path(model).name if Path(model).is_dir() else model
    own = ("--host", host, "--port", str(port), "--model", model, "--served-model-name", name)
    return Server(
        purpose=purpose,
        name=name,
        host=host,
        port=port,
        options=(*own, *options),
        environment={"VLLM_NO_USAGE_STATS": "1", **environment},
    )


def _generation(profile: Profile) -> list[str]:
    options = ["--dtype", profile.dtype, "--max-model-len", str(profile.context)]
    options += ["--max-num-seqs", str(profile.requests), "--enable-prompt-tokens-details"]
    options += _memory(profile, profile.memory)
    if profile.quantization:
        options += ["--quantization", profile.quantization]
    for option, count in (
        ("--tensor-parallel-size", profile.tensor),
        ("--pipeline-parallel-size", profile.pipeline),
        ("--data-parallel-size", profile.data),
    ):
        options += [option, str(count)] if count > 1 else []
    if profile.executor:
        options += ["--distributed-executor-backend", profile.executor]
    options.append("--enable-prefix-caching" if profile.prefix_caching else "--no-enable-prefix-caching")
    options.append("--enable-chunked-prefill" if profile.chunked_prefill else "--no-enable-chunked-prefill")
    if profile.structured != "auto":
        options += ["--structured-outputs-config.backend", profile.structured]
    if profile.tool_parser:
        options += ["--enable-auto-tool-choice", "--tool-call-parser", profile.tool_parser]
    if profile.adapters:
        options += [
            "--enable-lora",
            "--max-loras",
            str(len(profile.adapters)),
            "--max-lora-rank",
            str(profile.adapter_rank),
        ]
        options += ["--lora-modules", *(f"{name}={folder}" for name, folder in profile.adapters.items())]
    return [*options, *profile.extra]


def _memory(profile: Profile, share: float) -> list[str]:
    return [] if profile.cpu_cache_gb else ["--gpu-memory-utilization", f"{share:g}"]


def _ending(drain_s: int) -> list[str]:
    return ["--shutdown-timeout", str(drain_s)]


def settings_lines(servers: Sequence[Server]) -> str:
    """What to put into parley.toml."""
    lines: list[str] = []
    for server in servers:
        if server.purpose == "generation":
            lines += ["[model]", f'base_url = "{server.url}"', f'name = "{server.name}"']
    beside = [server for server in servers if server.purpose != "generation"]
    lines += ["", "[knowledge]"] if beside else []
    for server in beside:
        if server.purpose == "embedding":
            lines += [
                'embedder = "endpoint"',
                f'embedding_base_url = "{server.url}"',
                f'embedding_model = "{server.name}"',
            ]
        else:
            lines += [f'reranker_base_url = "{server.url}"', f'reranker_model = "{server.name}"']
    return "\n".join(lines)
