"""Links that lead to the quoted words, and the page they stand on."""

from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.places import link_to, located
from agent.types import Citation, PassageEvidence
from tests.support.evidence import RETURNS, passage

URL = "https://shop.example/returns"


@pytest.mark.parametrize(
    ("quotation", "fragment"),
    [
        ("Returns are free.", "Returns are free."),
        ("- **Gold**: one-off fee, $5", "Gold: one-off fee, $5"),
        (
            "You can send a product back within 30 days. Return shipping is free for all of them.",
            "You can send a,for all of them.",
        ),
        ("| Gold | $5 |", "Gold,$5"),
        ("1. First do this with care.\n2. Then do that with more.", "First do this with,do that with more."),
        ("退货须在签收后三十天内申请。", "退货须在签收后三十天内申请。"),
        ("退货须在签收后三十天内申请，" * 6, "退货须在签收后三十天,签收后三十天内申请，"),
    ],
)
def test_a_link_names_the_words_as_the_page_shows_them(quotation: str, fragment: str) -> None:
    link = link_to(URL, quotation)
    assert link is not None
    assert link.startswith(f"{URL}#:~:text=")
    assert unquote(link.partition(":~:text=")[2]) == fragment
    assert link.partition(":~:text=")[2].count(",") <= 1
    assert "-" not in link.partition(":~:text=")[2]


def test_a_fragment_of_the_address_is_kept_and_other_schemes_have_no_link() -> None:
    assert link_to(f"{URL}#fees", "Free.") == f"{URL}#fees:~:text=Free."
    for url in (None, "", "javascript:alert(1)", "articles/returns.md"):
        assert link_to(url, "Free.") is None


@given(st.text(max_size=300))
def test_any_quotation_gives_a_link(quotation: str) -> None:
    link = link_to(URL, quotation.encode("utf-8", "ignore").decode())
    assert link is not None and link.startswith(URL)
    assert not set(link) & set(' \n"<>')


def test_a_citation_is_given_the_page_of_the_passage_that_holds_its_quote() -> None:
    found = replace(passage(RETURNS, url=URL), page=7)
    cited = Citation(n=1, source_id=found.source_id, title="T", url=URL, quote="Return shipping is free.")
    (placed,) = located([cited], [PassageEvidence(passage=found, score=1.0)])
    assert (placed.page, placed.url) == (7, URL)
    assert placed.link == f"{URL}#:~:text=Return%20shipping%20is%20free."
    (unknown,) = located([replace(cited, source_id="other", url=None)], [PassageEvidence(passage=found, score=1.0)])
    assert (unknown.page, unknown.link) == (None, None)
