"""What is known already: the sample company's utterances where the home holds it, under what people accepted."""

from pathlib import Path

from agent.home import SAMPLE_MARK, Home
from agent.learning.intents.accepting import accept
from agent.learning.intents.evidence import evidence


def test_a_home_with_the_sample_company_knows_its_utterances(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert evidence(home, None, None) == []
    (tmp_path / SAMPLE_MARK).touch()
    assert {one.language for one in evidence(home, None, None) if one.label == "return_request"} == {"en", "zh"}
    accept(home, [("我想退货", "refund")])
    assert {one.text: one.label for one in evidence(home, None, None)}["我想退货"] == "refund"


def test_a_labelled_file_takes_the_sample_s_place(tmp_path: Path) -> None:
    (tmp_path / SAMPLE_MARK).touch()
    labelled = tmp_path / "own.csv"
    labelled.write_text("text,label\n开通国际漫游,roaming\n", "utf-8")
    (known,) = evidence(Home(tmp_path), None, labelled)
    assert (known.text, known.label) == ("开通国际漫游", "roaming")
