"""Bundles in use: switched while turns run, never half, never by something that can't be loaded."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BundleError
from agent.training.bundle import Task, read_card
from agent.training.speakers import Mode
from agent.training.versions import Versions
from agent.understand.in_use import InUse, in_share, watched
from tests.agent.training.test_versions import bundle


def load(folder: Path) -> str:
    """The model of a test is its bundle's first label."""
    return read_card(folder).labels[0]


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "bundles" / "intent", Task.INTENT)


@pytest.fixture
def three(versions: Versions, tmp_path: Path) -> list[str]:
    return [versions.add(bundle(tmp_path / label, label)) for label in ("一", "b", "c")]


def spoken(model: InUse[str], conversation_id: str = "") -> str:
    speaking = model.of(conversation_id)
    return speaking.model if speaking else "nobody"


def within(seconds: float, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_promoted_version_speaks_after_the_next_look(versions: Versions, three: list[str]) -> None:
    model = InUse(versions, load, "built in")
    model.refresh()
    assert spoken(model) == "built in"
    for version, label in zip(three, ("一", "b", "c"), strict=True):
        versions.promote(version)
        assert spoken(model) != label
        model.refresh()
        assert spoken(model) == label
    versions.roll_back()
    model.refresh()
    assert spoken(model) == "b"


def test_without_a_bundle_and_without_anything_built_in_nobody_speaks(versions: Versions) -> None:
    model = InUse(versions, load)
    model.refresh()
    assert model.of("any") is None


def test_a_bundle_that_cannot_be_loaded_leaves_the_old_one_speaking(
    versions: Versions, three: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    broken = {three[1]}

    def breaks(folder: Path) -> str:
        if folder.name in broken:
            raise BundleError(f"{folder} is damaged (bad luck); train it anew")
        return load(folder)

    versions.promote(three[0])
    model = InUse(versions, breaks, "built in")
    model.refresh()
    versions.promote(three[1])
    with caplog.at_level(logging.ERROR):
        model.refresh()
        model.refresh()
    assert spoken(model) == "一"
    assert len(caplog.records) == 1
    assert "parley doctor" in caplog.text
    broken.clear()
    model.refresh()
    assert spoken(model) == "一"
    model.refresh(again=True)
    assert spoken(model) == "b"


def test_at_the_start_who_spoke_before_speaks_for_one_that_is_damaged(versions: Versions, three: list[str]) -> None:
    for version in three:
        versions.promote(version)
    for version in three[1:]:
        (versions.folder(version) / "bundle.json").write_bytes(b"{")
    model = InUse(versions, load, "built in")
    model.refresh()
    assert spoken(model) == "一"


def test_a_damaged_pointer_changes_nothing(versions: Versions, three: list[str]) -> None:
    versions.promote(three[0])
    model = InUse(versions, load)
    model.refresh()
    whole = versions.pointer.read_bytes()
    versions.pointer.write_bytes(b"{")
    model.refresh()
    assert spoken(model) == "一"
    versions.pointer.write_bytes(whole)
    versions.promote(three[1])
    model.refresh()
    assert spoken(model) == "b"


def test_a_damaged_pointer_at_the_start_is_survived(versions: Versions, three: list[str]) -> None:
    versions.pointer.write_bytes(b"{")
    model = InUse(versions, load, "built in")
    model.refresh()
    assert spoken(model) == "built in"
    versions.pointer.unlink()
    versions.promote(three[0])
    model.refresh()
    assert spoken(model) == "一"


def test_a_shadow_does_not_speak_and_a_share_speaks_where_it_should(versions: Versions, three: list[str]) -> None:
    versions.promote(three[0])
    versions.try_out(three[1], Mode.SHADOW)
    model = InUse(versions, load)
    model.refresh()
    assert model.shadow is not None
    assert model.shadow.model == "b"
    assert {spoken(model, f"c{n}") for n in range(50)} == {"一"}
    versions.try_out(three[1], Mode.SHARE, percent=30)
    model.refresh()
    assert model.shadow is None
    said = [spoken(model, f"c{n}") for n in range(2_000)]
    assert 0.26 < said.count("b") / 2_000 < 0.34
    assert said == [spoken(model, f"c{n}") for n in range(2_000)]
    assert spoken(model, "") == "一"
    versions.roll_back()
    model.refresh()
    assert {spoken(model, f"c{n}") for n in range(50)} == {"一"}


@given(st.text(min_size=1), st.floats(0, 100), st.floats(0, 100))
def test_a_share_that_grows_keeps_its_conversations(conversation_id: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert not in_share("v", conversation_id, 0)
    assert in_share("v", conversation_id, 100)
    assert in_share("v", conversation_id, large) or not in_share("v", conversation_id, small)


def test_a_slow_load_holds_no_turn_up(versions: Versions, three: list[str]) -> None:
    go_on = threading.Event()

    def slow(folder: Path) -> str:
        if folder.name != three[0]:
            go_on.wait(20)
        return load(folder)

    versions.promote(three[0])
    model = InUse(versions, slow)
    model.refresh()
    with watched((model,), every_s=0.02):
        versions.promote(three[1])
        time.sleep(0.2)
        begun = time.monotonic()
        assert [spoken(model, str(n)) for n in range(1_000)] == ["一"] * 1_000
        assert time.monotonic() - begun < 10
        go_on.set()
        within(5, lambda: spoken(model) == "b")


def test_many_readers_see_whole_versions_while_they_are_switched(versions: Versions, three: list[str]) -> None:
    versions.promote(three[0])
    model = InUse(versions, load)
    model.refresh()
    seen: set[tuple[str, str]] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            speaking = model.of("x")
            assert speaking is not None
            seen.add((speaking.version, speaking.model))

    readers = [threading.Thread(target=read) for _ in range(4)]
    with watched((model,), every_s=0.005):
        for reader in readers:
            reader.start()
        for turn in range(30):
            versions.promote(three[(turn + 1) % 3])
            time.sleep(0.01)
        within(5, lambda: spoken(model) == "一")
        stop.set()
        for reader in readers:
            reader.join()
    assert seen <= set(zip(three, ("一", "b", "c"), strict=True))
    assert len(seen) > 1


def test_a_version_of_the_same_name_but_another_content_is_loaded(
    versions: Versions, three: list[str], tmp_path: Path
) -> None:
    versions.promote(three[2], why="sample")
    model = InUse(versions, load, "built in")
    model.refresh()
    versions.withdraw("sample")
    again = versions.add(bundle(tmp_path / "d", "d"))
    assert again == three[2]
    versions.promote(again)
    model.refresh()
    assert spoken(model) == "d"
