"""Agreement of a judge with people."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agent.errors import CallerError
from evals.cli import register
from evals.judge.agreement import Rated, agreement
from evals.judge.rubric import SHIPPED, load_rubric


def test_agreement_by_hand() -> None:
    found = agreement([Rated(human=h, judge=j) for h, j in ((1, 1), (2, 2), (3, 2), (3, 3), (1, 1))])
    assert found.kappa == pytest.approx(1 - 0.2 / (1 - (2 * 2 + 1 * 2 + 2 * 1) / 25))
    assert found.spearman is not None and found.low is not None and found.spearman > 0.8
    assert found.people is None


def test_people_among_themselves() -> None:
    found = agreement([Rated(human=[n, n], judge=4 - n) for n in (1, 2, 3)])
    assert found.people == pytest.approx(1)
    assert found.spearman == pytest.approx(-1)


def test_the_command(tmp_path: Path) -> None:
    app, file = typer.Typer(), tmp_path / "rated.jsonl"
    register(app)
    file.write_text('{"id": "a", "human": 1, "judge": 1}\n{"id": "b", "human": [2, 3], "judge": 3}\n', "utf-8")
    assert '"n":2' in CliRunner().invoke(app, ["eval", "agreement", str(file), "--json"]).stdout
    assert "spearman" in CliRunner().invoke(app, ["eval", "agreement", str(file)]).stdout
    file.write_text('{"human": "?"}', "utf-8")
    result = CliRunner().invoke(app, ["eval", "agreement", str(file)])
    assert result.exit_code == 2 and "rated.jsonl:1" in result.stderr.replace("\n", "")


def test_rubrics(tmp_path: Path) -> None:
    for name in SHIPPED:
        rubric = load_rubric(name)
        assert rubric.ask.keys() == rubric.grades.keys() == {"en", "zh"}
        assert (rubric.share(rubric.lowest), rubric.share(rubric.highest)) == (0.0, 1.0)
    (tmp_path / "own.yaml").write_text("name: own\nask: {en: Good?}\ngrades: {en: [bad]}\n", "utf-8")
    for broken in ("unheard-of", tmp_path / "own.yaml", tmp_path / "none.yaml"):
        with pytest.raises(CallerError, match="rubric"):
            load_rubric(broken)
