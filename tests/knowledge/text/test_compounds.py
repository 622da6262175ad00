"""Compounds of several things are read as of one."""

import pytest

from knowledge.text.compounds import of_one


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("do you do trade-ins?", "do you do trade-in?"),
        ("Top-ups and add-ons", "Top-up and add-on"),
        ("buy-backs, pick-ups", "buy-back, pick-up"),
        ("my e-mails", "my e-mails"),
        ("in-ears", "in-ears"),
        ("it pays", "it pays"),
        ("以旧换新 trade-ins 怎么弄", "以旧换新 trade-in 怎么弄"),
        ("", ""),
    ],
)
def test_several_are_read_as_one(text: str, read: str) -> None:
    assert of_one(text) == read
