"""What is fitted is what is run: additions as torch learnt them, and as the package reads them from their file."""

from pathlib import Path

import numpy as np
import pytest

from agent.generate.extractive.verifier import Verifier
from evals.fits import encoders, search_encoder, verifier
from evals.fits.question_file import Question, Questions
from knowledge.embedders import minilm
from knowledge.embedders.bert import Bert
from knowledge.embedders.low_rank import LowRank
from knowledge.rerankers import packaged

pytestmark = pytest.mark.skipif(
    not (minilm.is_available() and packaged.is_available()), reason="the extra `embeddings` is not installed"
)
TEXTS = ["Fees: The Gold card costs $95 a year.", "Fees: The Silver card is free.", "Lost cards: We block it at once.",
         "Returns: You have 30 days.", "Opening hours: Nine to five."]  # fmt: skip


def question(number: int) -> Question:
    spans = list(range(len(TEXTS)))
    answerable = number % 4 != 3
    return Question(
        file=f"bank_{'ab'[number % 2]}", case=f"bank-{number}", part=0, answerable=answerable, text=f"what is fee number {number}?",
        spans=spans, right=[answerable and at == number % 2 for at in spans], doubtful=[at == 4 for at in spans],
        rank=[1.0, 0.5, 0.1, 0.0, -1.0],
    )  # fmt: skip


@pytest.fixture(scope="module")
def questions() -> Questions:
    return Questions(texts=TEXTS, items=[question(number) for number in range(12)])


@pytest.mark.parametrize("further", [False, True])
def test_the_verifier_says_what_its_training_ended_with(questions: Questions, tmp_path: Path, *, further: bool) -> None:
    one = verifier.trained(questions, questions.items, 0, verifier.Course(wrong=2, further=further))
    numbers = verifier.of_models([one.learnt()])
    encoders.save(tmp_path / "verifier.npz", numbers)
    pair = (questions.items[0].text, TEXTS[0])
    wanted = float(one.of([pair]).detach()[0])
    assert Verifier(tmp_path / "verifier.npz").scores(pair[0], [pair[1]])[0] == pytest.approx(wanted, abs=0.3)
    shipped = float(Verifier().scores(pair[0], [pair[1]])[0])
    assert (
        shipped == pytest.approx(wanted, abs=0.3)
    ) is further  # which begins there, and learns little of twelve questions


def test_a_question_moves_towards_what_answers_it(
    questions: Questions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_encoder, "_BATCH", 12)
    encoders.save(tmp_path / "answers.npz", search_encoder.fit(questions, questions.items))
    fitted = minilm.MiniLM(lambda: Bert(LowRank(tmp_path / "answers.npz")), "fitted")
    asked = [item.text for item in questions.items[:1]]
    before, after = (one.embed_documents([*asked, TEXTS[0], TEXTS[3]]) for one in (minilm.packaged(), fitted))
    assert np.linalg.norm(after, axis=1) == pytest.approx(1, abs=1e-4)
    assert after[0] @ after[1] - after[0] @ after[2] > before[0] @ before[1] - before[0] @ before[2]


def test_what_says_the_same_elsewhere_is_never_taken_for_wrong(questions: Questions) -> None:
    draw = np.random.default_rng(0)
    drawn = {at for item in questions.items for at in search_encoder.wrong(item, 5, 1.0, draw)}
    assert drawn == {0, 1, 2, 3}
