"""Contractions without an apostrophe are put back, and no other word is touched."""

import pytest

from knowledge.text.contractions import spelled_out


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("whats it cost", "what's it cost"),
        ("Whens delivery and hows the battery", "When's delivery and how's the battery"),
        ("I dont want one that isnt waterproof", "I don't want one that isn't waterproof"),
        ("youve said theyre here", "you've said they're here"),
        ("do u have ur price list pls", "do you have your price list please"),
        ("what’s that", "what's that"),
    ],
)
def test_contractions_are_spelled_out(written: str, meant: str) -> None:
    assert spelled_out(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "its price",
        "were they ill?",
        "the IVE case",
        "U.S. orders",
        "dont-care.com",
        "R&u",
        "我想问whatsapp",
        "what's that",
        "",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert spelled_out(text) == text
