"""Declared profiles become commands for vLLM, and what does not fit a card is said before it is started."""

import json
import tomllib
from pathlib import Path

import pytest

from agent.errors import SettingsError
from agent.serving.memory import Card, Need, cards, need_of, verdict
from agent.serving.profiles import Profile, load_profile, profile_names, servers_of, settings_lines
from agent.settings import Settings
from tests.support.commands import parley_here

LARGE = Card(name="A100", total_gb=80, free_gb=79)
SMALL = Card(name="RTX 4090", total_gb=24, free_gb=23.5)


def test_every_machine_has_a_profile() -> None:
    assert profile_names() == ("gpu-24gb", "gpu-80gb", "gpu-several", "machines-several", "cpu")
    for name in profile_names():
        profile = load_profile(name)
        assert profile.about
        assert profile.prefix_caching and profile.chunked_prefill and profile.tool_parser


@pytest.mark.parametrize(
    ("name", "found"), [("gpu-24gb", [SMALL]), ("gpu-80gb", [LARGE]), ("gpu-several", [LARGE] * 4), ("cpu", [])]
)
def test_each_profile_fits_the_machine_that_it_is_for(name: str, found: list[Card], tmp_path: Path) -> None:
    profile = load_profile(name)
    judged = verdict(profile, need_of(profile, cache=tmp_path), found)
    assert judged.fits, judged.said


def test_the_command_says_what_the_profile_says() -> None:
    profile = Profile(
        model="m",
        tensor=2,
        pipeline=3,
        data=4,
        executor="ray",
        quantization="awq",
        structured="xgrammar",
        tool_parser="hermes",
        adapters={"acme": "/adapters/acme"},
        embedding="e",
        score="s",
    )
    generation, embedding, score = servers_of(profile, port=9000)
    line = " ".join(generation.options)
    for option in (
        "--tensor-parallel-size 2",
        "--pipeline-parallel-size 3",
        "--data-parallel-size 4",
        "--quantization awq",
        "--distributed-executor-backend ray",
        "--enable-prefix-caching",
        "--enable-chunked-prefill",
        "--structured-outputs-config.backend xgrammar",
        "--enable-auto-tool-choice --tool-call-parser hermes",
        "--enable-lora --max-loras 1 --max-lora-rank 16 --lora-modules acme=/adapters/acme",
        "--shutdown-timeout 30",
    ):
        assert option in line
    assert [server.port for server in (generation, embedding, score)] == [9000, 9001, 9002]
    assert "--runner pooling" in " ".join(embedding.options)


def test_the_lines_for_the_settings_are_settings() -> None:
    servers = servers_of(load_profile("gpu-80gb"))
    told = tomllib.loads(settings_lines(servers))
    settings = Settings.model_validate(told)
    assert settings.model.base_url == "http://127.0.0.1:8000/v1"
    assert (settings.knowledge.embedder, settings.knowledge.embedding_model) == ("endpoint", "BAAI/bge-m3")
    assert settings.knowledge.reranker_base_url == "http://127.0.0.1:8002/v1"


def test_what_a_model_needs_is_read_from_its_folder(tmp_path: Path) -> None:
    config = {
        "vocab_size": 1000,
        "hidden_size": 4096,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
    }
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    profile = Profile(model=str(tmp_path), dtype="bfloat16")
    assert need_of(profile, cache=tmp_path).token_bytes == 2 * 32 * 8 * 128 * 2  # 128 KiB a token, as Llama 3 8B
    assert 15 > need_of(profile, cache=tmp_path).weights_gb > 10
    (tmp_path / "a.safetensors").write_bytes(b"x" * 1024)
    assert need_of(profile, cache=tmp_path).weights_gb == 1024 / 1024**3


@pytest.mark.parametrize(
    ("need", "found", "says"),
    [
        (Need(weights_gb=15, token_bytes=131072, source=""), [], "parley vllm --profile cpu"),
        (Need(weights_gb=15, token_bytes=131072, source=""), [SMALL], "a context of"),
        (
            Need(weights_gb=60, token_bytes=131072, source=""),
            [SMALL],
            "4 such cards (tensor = 4) or the same model quantised",
        ),
        (Need(weights_gb=900, token_bytes=131072, source=""), [SMALL], "take a smaller model"),
        (Need(weights_gb=60, token_bytes=0, source=""), [SMALL], "GB too many"),
    ],
)
def test_what_would_fit_is_said(need: Need, found: list[Card], says: str) -> None:
    judged = verdict(Profile(model="m", context=131072), need, found)
    assert not judged.fits
    assert says in judged.said
    assert not verdict(Profile(model="m", tensor=2), need, [LARGE]).fits


def test_cards_are_those_that_nvidia_smi_tells_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = tmp_path / "nvidia-smi"
    command.write_text("#!/bin/sh\necho 'NVIDIA A100-SXM4-80GB, 81920, 81000'\n", "utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (card,) = cards()
    assert (card.name, card.total_gb) == ("NVIDIA A100-SXM4-80GB", 80.0)
    command.write_text("#!/bin/sh\nexit 9\n", "utf-8")
    assert cards() == []


def test_an_unknown_or_wrong_profile_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="gpu-24gb, gpu-80gb"):
        load_profile("gpu-12gb")
    own = tmp_path / "own.yaml"
    own.write_text("mine: {model: m, contxt: 5}\nyours: {model: n}", "utf-8")
    assert load_profile(f"{own}:yours").model == "n"
    with pytest.raises(SettingsError, match="contxt"):
        load_profile(f"{own}:mine")


async def test_print_only_shows(tmp_path: Path) -> None:
    finished = await parley_here(tmp_path, "vllm", "--profile", "cpu", "--model", "some/model", "--print")
    assert "--model some/model" in finished.out
    assert "[model]" in finished.out
    told = json.loads((await parley_here(tmp_path, "vllm", "--profile", "cpu", "--print", "--json")).out)
    assert told["fits"] is True


def test_a_folder_that_is_not_there_fits_nowhere(tmp_path: Path) -> None:
    for name in ("cpu", "gpu-24gb"):
        profile = load_profile(name).model_copy(update={"model": str(tmp_path / "gone"), "weights_gb": 0.0})
        judged = verdict(profile, need_of(profile, cache=tmp_path), [])
        assert not judged.fits
        assert f"there is no folder {tmp_path / 'gone'}" in judged.said
    named = load_profile("cpu").model_copy(update={"model": "some/name", "weights_gb": 0.0})
    assert "0.0 GB" not in verdict(named, need_of(named, cache=tmp_path), []).said
