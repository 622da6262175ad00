"""What a model needs of a card's memory, before it is started: its weights, and the cache that its context takes.

The cache of a token is two vectors (key and value) a layer: 2 · layers · key-value heads · head size · bytes.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from agent.serving.profiles import Profile

_GB = 1024**3
_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2, "auto": 2}
_OVERHEAD_GB = 1.5  # CUDA context, activations, graphs
_LEAST_CONTEXT = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A GPU of this machine, in GB."""

    name: str
    total_gb: float
    free_gb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a model needs. weights_gb: in all; token_bytes: cache of one token, in all, 0 where unknown; source: how known."""

    weights_gb: float
    token_bytes: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a profile fits; said: in words, with what would fit where it does not."""

    fits: bool
    said: str


def cards() -> list[Card]:
    """The GPUs that nvidia-smi tells of; none where there is none, or no such command."""
    command = shutil.which("nvidia-smi")
    if command is None:
        return []
    query = [command, "--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(query, capture_output=True, text=True, timeout=20, check=True).stdout  # noqa: S603 - from PATH
        rows = [line.rsplit(",", 2) for line in told.splitlines() if line.strip()]
        return [
            Card(name=name.strip(), total_gb=float(total) / 1024, free_gb=float(free) / 1024)
            for name, total, free in rows
        ]
    except (OSError, subprocess.SubprocessError, ValueError):
        return []


def _missing_folder(model: str) -> bool:
    """Whether a model is a folder of this machine by its name, and is not there; what is else not there is downloaded."""
    return model.startswith(("/", "./", "../", "~")) and not Path(model).expanduser().is_dir()


def need_of(profile: Profile, *, cache: Path) -> Need:
    """What the profile's model needs, from its folder; cache: where models that were downloaded lie (HF_HOME)."""
    folder = _folder(profile.model, cache)
    if folder is None and not profile.weights_gb:
        return Need(weights_gb=0.0, token_bytes=0.0, source="unknown until it is downloaded")
    if folder is None:
        return Need(weights_gb=profile.weights_gb, token_bytes=0.0, source="as the profile says; not downloaded yet")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config = config.get("text_config", config)
    weights = sum(file.stat().st_size for file in folder.glob("*.safetensors")) / _GB
    if not weights:
        weights = _parameters(config) * _BYTES[profile.dtype] / _GB
    heads = int(config.get("num_attention_heads", 1))
    size = int(config.get("head_dim") or config["hidden_size"] // heads)
    layers = int(config["num_hidden_layers"])
    kv_heads = int(config.get("num_key_value_heads", heads))
    return Need(
        weights_gb=weights,
        token_bytes=2.0 * layers * kv_heads * size * _BYTES[profile.dtype],
        source=f"from {folder}",
    )


def _folder(model: str, cache: Path) -> Path | None:
    """The model's folder, where it is one or has been downloaded."""
    downloaded = (cache / "hub" / f"models--{model.replace('/', '--')}" / "snapshots").glob("*")
    found = (folder for folder in (Path(model), *downloaded) if (folder / "config.json").is_file())
    return next(found, None)


def _parameters(config: dict[str, int]) -> float:
    """Roughly how many parameters a decoder has: embeddings, and attention and feed-forward of each layer."""
    hidden, layers = config["hidden_size"], config["num_hidden_layers"]
    heads = config.get("num_attention_heads", 1)
    grouped = config.get("num_key_value_heads", heads) / heads
    attention = (2 + 2 * grouped) * hidden * hidden
    return 2 * config["vocab_size"] * hidden + layers * (
        attention + 3 * hidden * config.get("intermediate_size", 4 * hidden)
    )


def verdict(profile: Profile, need: Need, found: list[Card]) -> Verdict:
    """Whether a profile fits this machine's cards, and what would; nothing fits whose folder is not there."""
    if missing := _missing(profile, len(found)):
        return Verdict(fits=False, said=missing)
    size = f"{need.weights_gb:.1f} GB" if need.weights_gb else "of a size that nobody knows"
    weights = f"weights {size} ({need.source})"
    if not profile.cards:
        return Verdict(fits=True, said=f"no card needed: {weights}, cache {profile.cpu_cache_gb} GB of main memory")
    here = _cards_here(profile)
    copies = profile.tensor * profile.pipeline
    least = min(found[:here], key=lambda card: card.free_gb)
    allowed = min(least.total_gb * profile.memory, least.free_gb)
    left = allowed - need.weights_gb / copies - _OVERHEAD_GB
    room = f"{least.name}: {least.free_gb:.1f} of {least.total_gb:.1f} GB free, {allowed:.1f} GB allowed (memory = {profile.memory:g})"
    if not need.token_bytes:
        return Verdict(fits=left > 0, said=f"{room}; {weights} a card {need.weights_gb / copies:.1f} GB, {_left(left)}")
    token_gb = need.token_bytes / copies / _GB
    tokens = int(max(left, 0) / token_gb)
    said = f"{room}; {weights}, cache {token_gb * profile.context:.2f} GB for {profile.context:,} tokens"
    if tokens >= profile.context:
        return Verdict(fits=True, said=f"{said}: fits, {tokens / profile.context:.1f} such requests at once")
    return Verdict(fits=False, said=f"{said}: does not fit; {_would_fit(profile, need, tokens, allowed)}")


def _missing(profile: Profile, found: int) -> str:
    """What the profile takes and this machine has not; "" where it has all."""
    gone = [one for one in (profile.model, profile.embedding, profile.score) if one and _missing_folder(one)]
    if gone:
        return f"there is no folder {', '.join(gone)}; give one that holds a model, or a model's name"
    if profile.cards and not found:
        return "no GPU found (nvidia-smi); without one: parley vllm --profile cpu"
    here = _cards_here(profile)
    if found < here:
        return f"the profile takes {here} cards, {found} found; try another profile or fewer (tensor)"
    return ""


def _cards_here(profile: Profile) -> int:
    """How many cards of this machine it takes."""
    return profile.tensor if profile.executor == "ray" else profile.cards


def _left(left: float) -> str:
    return (
        f"{left:.1f} GB left for the cache"
        if left > 0
        else f"{-left:.1f} GB too many: take a smaller or quantised model"
    )


def _would_fit(profile: Profile, need: Need, tokens: int, allowed: float) -> str:
    """What would, in words."""
    if tokens >= _LEAST_CONTEXT:
        return f"a context of {tokens // 256 * 256:,} tokens would"
    per_card = allowed - _OVERHEAD_GB
    wanted = need.weights_gb + need.token_bytes * profile.context / _GB
    ways = [f"{count} such cards (tensor = {count})" for count in (2, 4, 8) if wanted / count <= per_card][:1]
    if profile.dtype != "float32" and need.weights_gb / 4 < per_card:
        ways.append("the same model quantised to 4 bits")
    return f"{' or '.join(ways)} would" if ways else "take a smaller model"
