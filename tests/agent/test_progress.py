"""Progress in a log file: plain lines, few of them."""

import pytest

from agent.cli.output import progress


def test_stages_and_counts_are_told_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    with progress("Sample company", lambda: now) as line:
        for stage, done, at in [
            ("Reading", 0, 1), ("Reading", 1, 2), ("Reading", 2, 3), ("Reading", 40, 9), ("Reading", 41, 9.1),
            ("Learning intents", 0, 30), ("Drawing", 0, 30.1), ("Drawing", 3, 36),
        ]:  # fmt: skip
            now = at
            line(stage, done, 50)
    assert capsys.readouterr().err.splitlines() == [
        "Sample company …",
        "Sample company: Reading …",
        "Sample company: Reading 40/50 …",
        "Sample company: Learning intents …",
        "Sample company: Drawing 3/50 …",
    ]


def test_what_is_done_at_once_is_told_by_its_title_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Scoring", lambda: 0.0) as line:
        for n in range(100):
            line(f"file {n}", n, 100)
    assert capsys.readouterr().err == "Scoring …\n"
