"""A yes that only says the question again is not heard; the same in other words is, once it has been read."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from agent.checking.echo import doubt
from agent.checking.grounding import Grounds
from agent.checking.likeness import Likeness
from agent.generate.gate import SpeechGate
from agent.types import Language

BOATS = (
    "Boat rental\nA rowing boat costs $16 an hour, a pedal boat $22 an hour. Life jackets are included. Dogs may come along "
    "on a lead. Children under 6 row for free. The pier has 40 parking spaces. A locker is $2."
)
BOATS_ZH = (
    "租船\n划艇每小时90元，脚踏船每小时130元，含救生衣。狗须牵绳上船。6岁以下儿童免费。码头有40个车位。储物柜另收10元。"
)
ECHOES: tuple[tuple[str, str], ...] = (
    ("Do you have a lighthouse?", "Yes, we have a lighthouse [1]."),
    ("Do you have a lighthouse?", "There is a lighthouse, free for children under 6 [1]."),
    ("Do you rent canoes?", "Yes, canoes cost $16 an hour [1]."),
    ("Is ice cream free?", "Ice cream is free [1]."),
    ("May parrots come along?", "Parrots may come along on a lead [1]."),
    ("Is insurance included?", "No, insurance is not included [1]."),
    ("Do you sell umbrellas?", "Yes, we do sell them for $2 [1]."),
    ("Do you have a sailing school?", "Yes, we do [1]."),
    ("What does a locker cost?", "A locker costs $22 [1]."),
)
ECHOES_ZH: tuple[tuple[str, str], ...] = (
    ("你们有灯塔吗？", "有，我们有灯塔[1]。"),
    ("出租皮筏吗？", "出租，皮筏每小时90元[1]。"),
    ("冰淇淋免费吗？", "冰淇淋免费[1]。"),
    ("鹦鹉可以上船吗？", "鹦鹉须牵绳上船[1]。"),
    ("含保险吗？", "不含保险[1]。"),
    ("能带猫吗？", "可以带猫上船[1]。"),
    ("储物柜多少钱？", "储物柜130元[1]。"),
)
TRUE: tuple[tuple[str, str], ...] = (
    ("What does a rowing boat cost?", "A rowing boat is $16 an hour [1]."),
    ("Do I get a life jacket?", "Yes, life jackets are included [1]."),
    ("Can I bring my dog?", "Yes, you can bring your dog if it's on a lead [1]."),
    ("Do kids pay?", "No, kids under 6 row for free [1]."),
    ("Is there parking?", "Yes, there are 40 parking spaces at the pier [1]."),
    ("Do you have a lighthouse?", "I have no information about a lighthouse [1]."),
    ("Do you have a lighthouse?", "The articles don't mention a lighthouse [1]."),
)
TRUE_ZH: tuple[tuple[str, str], ...] = (
    ("划艇多少钱？", "划艇每小时90元[1]。"),
    ("有救生衣吗？", "有，价格含救生衣[1]。"),
    ("可以带狗吗？", "可以，狗牵绳就能上船[1]。"),
    ("能停车吗？", "能，码头有40个车位[1]。"),
    ("有灯塔吗？", "资料里没有提到灯塔[1]。"),
)
CROSSED: tuple[tuple[str, str], ...] = (
    ("可以带狗吗？", "可以，狗要牵绳[1]。"),
    ("有停车位吗？", "有，码头有40个停车位[1]。"),
    ("儿童免费吗？", "6岁以下的儿童免费[1]。"),
)


def heard(question: str, text: str, evidence: str, language: Language, likeness: Likeness | None = None) -> str:
    likeness = likeness or Likeness()
    gate = SpeechGate(Grounds(evidence={1: evidence}, question=question, language=language, alike=likeness.holds))
    gate.hear(text)
    gate.hear_end()
    if doubts := likeness.unread(gate.doubts):
        likeness.read(doubts)
        gate.look()
    return gate.release()


@pytest.mark.parametrize(("question", "echo"), ECHOES)
def test_an_echo_is_withheld(question: str, echo: str) -> None:
    assert heard(question, echo, BOATS, "en") == ""


@pytest.mark.parametrize(("question", "echo"), ECHOES_ZH)
def test_an_echo_is_withheld_in_chinese(question: str, echo: str) -> None:
    assert heard(question, echo, BOATS_ZH, "zh") == ""


@pytest.mark.parametrize(("question", "echo"), [one for one in ECHOES_ZH if "90" not in one[1] and "130" not in one[1]])
def test_an_echo_is_withheld_where_the_evidence_is_in_the_other_language(question: str, echo: str) -> None:
    assert heard(question, echo, BOATS, "zh") == ""


@pytest.mark.parametrize(("question", "true"), TRUE)
def test_what_the_evidence_speaks_of_is_said(question: str, true: str) -> None:
    assert heard(question, true, BOATS, "en") == true


@pytest.mark.parametrize(("question", "true"), TRUE_ZH)
def test_what_the_evidence_speaks_of_is_said_in_chinese(question: str, true: str) -> None:
    assert heard(question, true, BOATS_ZH, "zh") == true


@pytest.mark.parametrize(("question", "true"), CROSSED)
def test_what_the_other_language_speaks_of_is_said(question: str, true: str) -> None:
    assert heard(question, true, BOATS, "zh") == true


def test_the_nearest_piece_is_what_is_read() -> None:
    found = doubt("A canoe costs $16 an hour.", BOATS, "What does a canoe cost?")
    assert found == ("A canoe costs $16 an hour.", "A rowing boat costs $16 an hour, a pedal boat $22 an hour.")


class Reads:
    """Finds everything like everything, or nothing."""

    is_available = True

    def __init__(self, logit: float) -> None:
        self.logit, self.read = logit, 0

    def scores(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.read += 1
        return np.full(len(texts), self.logit, dtype=np.float32)


@pytest.mark.parametrize(("logit", "says"), [(5.0, True), (-5.0, False)])
def test_what_is_in_doubt_is_said_once_it_was_read_to_be_the_same(logit: float, *, says: bool) -> None:
    reader = Reads(logit)
    likeness = Likeness(reader)
    text = "Yes, puppies may come along on a lead [1]."
    for _ in range(3):
        assert bool(heard("May my puppies come along?", text, BOATS, "en", likeness)) is says
    assert reader.read == 1
