"""Versions of a bundle: added once, promoted, tried, rolled back, pruned; safe against damage and against each other."""

import multiprocessing
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BundleError, CallerError, ParleyError
from agent.training.bundle import Bundle, Card, Task, read_card, write_bundle
from agent.training.speakers import BUILT_IN, Mode, Speakers, read_speakers
from agent.training.versions import Versions

AT = datetime(2026, 11, 25, tzinfo=UTC)


def bundle(folder: Path, label: str, task: Task = Task.INTENT) -> Path:
    card = Card(task=task, model="linear", labels=(label, "问候"), examples=3, data_sha256="0" * 64)
    write_bundle(Bundle(card=card, arrays={"weights": np.eye(2)}, terms={"words": ["你好", "refund"]}), folder)
    return folder


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "bundles" / "intent", Task.INTENT)


@pytest.fixture
def three(versions: Versions, tmp_path: Path) -> list[str]:
    return [versions.add(bundle(tmp_path / label, label)) for label in ("a", "b", "c")]


def test_a_bundle_is_added_once_and_keeps_its_content(versions: Versions, three: list[str], tmp_path: Path) -> None:
    assert versions.names() == three
    assert versions.add(tmp_path / "b") == three[1]
    assert read_card(versions.folder(three[1])).labels == ("b", "问候")
    assert [path.name for path in versions.root.iterdir() if path.name.startswith(".new")] == []


def test_what_a_killed_command_left_is_cleared_away_by_the_next(versions: Versions, three: list[str]) -> None:
    for left in (".new-abc", ".gone-def"):
        (versions.root / left).mkdir()
        (versions.root / left / "numbers.npz").write_bytes(b"half")
    (versions.root / ".in_use.json.new").write_bytes(b'{"hist')
    versions.promote(three[0])
    assert sorted(path.name for path in versions.root.iterdir()) == [".lock", *three, "in_use.json"]


def test_the_tenth_version_of_a_day_comes_after_the_ninth(versions: Versions, tmp_path: Path) -> None:
    names = [versions.add(bundle(tmp_path / str(n), str(n))) for n in range(11)]
    assert versions.names() == names
    assert names[-1].endswith("-11")


def test_promotions_are_taken_back_one_after_the_other(versions: Versions, three: list[str]) -> None:
    for version in three[:2]:
        versions.promote(version, why="better")
    assert versions.speakers().version == three[1]
    assert versions.roll_back(why="complaints").version == three[0]
    versions.promote(three[2])
    assert versions.roll_back().version == three[0]
    assert versions.roll_back().version == BUILT_IN
    with pytest.raises(CallerError, match="nothing to roll back"):
        versions.roll_back()
    said = [(change.version, change.how, change.why) for change in versions.speakers().history]
    assert said[1:3] == [(three[1], "promoted", "better"), (three[0], "rolled back", "complaints")]


def test_a_trial_ends_by_a_roll_back_or_by_speaking(versions: Versions, three: list[str]) -> None:
    versions.promote(three[0])
    versions.try_out(three[1], Mode.SHADOW)
    assert versions.speakers().trial is not None
    assert versions.roll_back().version == three[0]
    assert versions.speakers().trial is None
    versions.try_out(three[1], Mode.SHARE, percent=20)
    assert versions.promote(three[1]).trial is None
    assert versions.roll_back().version == three[0]


def test_a_share_that_grows_is_the_same_trial() -> None:
    small = Speakers().try_out("2026-11-25-1", Mode.SHARE, AT, percent=5)
    large = small.try_out("2026-11-25-1", Mode.SHARE, AT + timedelta(days=1), percent=50)
    assert large.trial is not None
    assert (large.trial.since, large.trial.percent) == (AT, 50)


@pytest.mark.parametrize("percent", [0, 100, -1, 130])
def test_a_share_is_part_of_the_conversations(percent: float) -> None:
    with pytest.raises(CallerError, match="--all"):
        Speakers().try_out("2026-11-25-1", Mode.SHARE, AT, percent=percent)


def test_who_speaks_is_not_tried_and_not_promoted_again(versions: Versions, three: list[str]) -> None:
    versions.promote(three[0])
    with pytest.raises(CallerError, match="speaks already"):
        versions.promote(three[0])
    with pytest.raises(CallerError, match="speaks already"):
        versions.try_out(three[0], Mode.SHADOW)
    with pytest.raises(CallerError, match=three[2]):
        versions.promote("2020-01-01-1")
    with pytest.raises(CallerError):
        versions.promote("../../secret")


def test_pruning_spares_who_speaks_who_is_tried_and_who_spoke_before(versions: Versions, tmp_path: Path) -> None:
    names = [versions.add(bundle(tmp_path / str(n), str(n))) for n in range(6)]
    for version in names[:3]:
        versions.promote(version)
    versions.try_out(names[3], Mode.SHADOW)
    assert versions.prune(1) == [names[0], names[4]]
    assert versions.names() == [names[1], names[2], names[3], names[5]]
    assert versions.roll_back().trial is None
    assert versions.roll_back().version == names[1]
    assert versions.roll_back().version == BUILT_IN  # the first is gone


def test_what_is_no_bundle_or_for_another_task_is_refused(versions: Versions, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no bundle"):
        versions.add(tmp_path)
    with pytest.raises(CallerError, match="sentiment"):
        versions.add(bundle(tmp_path / "s", "positive", Task.SENTIMENT))


def test_a_bundle_damaged_after_it_was_added_is_not_promoted(versions: Versions, three: list[str]) -> None:
    (versions.folder(three[0]) / "numbers.npz").write_bytes(b"PK")
    with pytest.raises(BundleError, match="damaged"):
        versions.promote(three[0])
    assert versions.speakers().version == BUILT_IN


@pytest.mark.parametrize(
    "damage", [b"", b"[]", b'{"format": 2}', b'{"history": [{"version": "../../etc"}]}', b"\x80\x04", b'{"x": 1}']
)
def test_a_damaged_pointer_is_named_and_nothing_is_removed(versions: Versions, three: list[str], damage: bytes) -> None:
    versions.pointer.write_bytes(damage)
    for change in (
        versions.speakers,
        versions.roll_back,
        lambda: versions.prune(0),
        lambda: versions.promote(three[0]),
    ):
        with pytest.raises(BundleError, match=r"in_use\.json is damaged.*parley learn promote"):
            change()
    assert versions.names() == three
    versions.pointer.unlink()
    assert versions.promote(three[0]).version == three[0]


def test_what_was_withdrawn_was_never_there(versions: Versions, three: list[str]) -> None:
    versions.promote(three[0], why="sample")
    versions.promote(three[1], why="own")
    versions.withdraw("sample")
    assert versions.names() == three[1:]
    assert versions.roll_back().version == BUILT_IN


def _promote_many(root: str, version: str) -> None:
    versions = Versions(Path(root), Task.INTENT)
    for _ in range(15):
        try:
            versions.promote(version, why=str(os.getpid()))
        except CallerError:
            versions.roll_back()
        assert read_speakers(versions.pointer) is not None


def test_commands_at_the_same_time_lose_nothing_and_break_nothing(versions: Versions, three: list[str]) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_promote_many, args=(str(versions.root), version)) for version in three[:2]]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(versions.speakers().history) == 30


@given(st.lists(st.sampled_from(["p1", "p2", "p3", "t1", "t2", "r"])))
def test_whatever_happens_who_speaks_is_at_the_end_of_the_line(moves: list[str]) -> None:
    there = [f"2026-11-25-{n}" for n in (1, 2, 3)]
    now = Speakers()
    for move in moves:
        try:
            if move == "r":
                now = now.roll_back(AT, there)
            elif move[0] == "p":
                now = now.promote(f"2026-11-25-{move[1]}", AT)
            else:
                now = now.try_out(f"2026-11-25-{move[1]}", Mode.SHADOW, AT)
        except ParleyError:
            continue
        assert now.line[-1] == now.version
        assert now.line[0] == BUILT_IN
        assert Speakers.model_validate_json(now.model_dump_json()) == now
