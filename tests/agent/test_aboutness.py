"""Which passages are about what a message tells."""

import pytest

from agent.aboutness import about
from agent.types import Retrieval
from knowledge.types import PassageEvidence
from tests.support.evidence import passage

EVIDENCE = Retrieval(
    passages=tuple(
        PassageEvidence(passage=one, score=1.0)
        for one in (
            passage("The courier comes between 8:00 and 19:00.", 1, title="Delayed parcels"),
            passage("Points arrive after 14 days.", 2, title="Loyalty points"),
            passage("Keep the device half full after two days.", 3, title="Looking after your battery"),
            passage("退款三天内到账。", 4, title="退款多久到账"),
            passage("收货14天后到账。", 5, title="积分与会员等级"),
            passage("If a rash appears, stop using the strap.", 6, title="Straps and materials"),
        )
    )
)


@pytest.mark.parametrize(
    ("message", "titles"),
    [
        ("The courier is late and the parcels are delayed!", ["Delayed parcels"]),
        ("I've waited three days and nothing!", []),
        ("The phone broke after two days.", []),
        ("You people are thieves.", []),
        ("退款十天了还没到账，太差劲了！", ["退款多久到账"]),
        ("你们太过分了，等了三天还没到！", []),
        ("气死我了", []),
        ("My arm is covered in a rash!", ["Straps and materials"]),
    ],
)
def test_only_what_its_title_and_a_sentence_name_is_left(message: str, titles: list[str]) -> None:
    assert [evidence.passage.title for evidence in about(message, EVIDENCE).passages] == titles
