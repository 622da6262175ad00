"""The verifier tells spans that answer from those that only speak of the same, always alike."""

import pytest

from agent.generate.extractive.verifier import Verifier
from knowledge.rerankers.packaged import is_available

pytestmark = pytest.mark.skipif(not is_available(), reason="needs the extra `embeddings`")

PAIRS = (
    (
        "How long do I have to send a laptop back?",
        "Returns: You may return it within 30 days.",
        "Returns: Bring a bag.",
    ),
    (
        "What does express delivery cost?",
        "Delivery: Express costs $12.",
        "Delivery: Express is offered in most cities.",
    ),
    ("When are you open on Sunday?", "Hours: On Sundays from 10 am to 4 pm.", "Hours: Our shops are easy to find."),
    ("Can I pay by cheque?", "Payment: Cheques are not accepted.", "Payment: We send a receipt by e-mail."),
    ("买了几天内可以退货？", "退货：收到商品后30天内可以退货。", "退货：请带上包装袋。"),
    (
        "会员积分多久过期？",
        "Loyalty points: Points expire after two years.",
        "Loyalty points: You see them in the app.",
    ),
)


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier()


@pytest.mark.parametrize(("question", "answers", "speaks"), PAIRS)
def test_a_span_that_answers_is_told_from_one_that_only_speaks_of_it(
    verifier: Verifier, question: str, answers: str, speaks: str
) -> None:
    right, wrong = verifier.scores(question, [answers, speaks])
    assert right > wrong


def test_what_is_read_beside_it_changes_nothing(verifier: Verifier) -> None:
    question, answers, speaks = PAIRS[0]
    together = verifier.scores(question, [answers, speaks, answers])
    alone = verifier.scores(question, [answers])
    assert together[0] == pytest.approx(together[2])
    assert together[0] == pytest.approx(alone[0], abs=1e-3)
