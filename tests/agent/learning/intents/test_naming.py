"""Clusters are named by what tells them apart, in the customers' words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.learning.intents.naming import distinct, label_of, name_of, telling_terms
from agent.types import Language

CARDS = ["When will my card arrive?", "My card has not arrived yet", "the card hasn't arrived", "Track my card arrival"]
PINS = ["How do I change my PIN?", "I want to change my pin", "Can the PIN be changed?", "please change PIN"]
REFUNDS = ["退款什么时候到账？", "我的退款还没到账", "请问退款几天能到账", "退款到账了吗"]
HOTELS = ["这家酒店有停车场吗？", "酒店提供停车场吗", "请问酒店停车场收费吗", "酒店附近有停车场吗"]


@pytest.mark.parametrize(
    ("language", "groups", "names"),
    [("en", [CARDS, PINS], ["card_arrived", "change_pin"]), ("zh", [REFUNDS, HOTELS], ["退款_到账", "酒店_停车场"])],
)
def test_a_name_says_what_its_utterances_share(language: Language, groups: list[list[str]], names: list[str]) -> None:
    terms = telling_terms(groups, language)
    found = [name_of(one, texts, language) for one, texts in zip(terms, groups, strict=True)]
    assert found == names


def test_names_are_told_apart_by_a_further_term_and_at_last_by_a_number() -> None:
    terms = [["card", "arrival"], ["card", "arrival", "abroad"], ["card", "arrival"], []]
    assert distinct(["card_arrival"] * 3 + [""], terms, taken=["cluster_4"]) == [
        "card_arrival",
        "card_arrival_abroad",
        "card_arrival_2",
        "cluster_5",
    ]


def test_a_group_without_content_words_has_no_terms() -> None:
    assert telling_terms([["is it?", "and you?"], ["12", "…"]], "en") == [[], []]
    assert name_of([], ["is it?"], "en") == ""


@given(st.text())
def test_a_label_holds_letters_digits_and_single_underscores_alone(name: str) -> None:
    label = label_of(name)
    assert all(part.isalnum() for part in label.split("_") if label)
    assert label_of(label) == label


@given(st.lists(st.text(alphabet="ab_", max_size=3), max_size=6), st.lists(st.text(alphabet="ab", max_size=2)))
def test_no_two_names_are_alike(names: list[str], taken: list[str]) -> None:
    found = distinct(names, [["b"]] * len(names), taken)
    assert len(set(found)) == len(found)
    assert not set(found) & set(taken)
    assert all(found)
