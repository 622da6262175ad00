"""Names and addresses without the sentence around them."""

import pytest

from agent.flows.definition import Slot
from agent.flows.texts import renamed, unwrapped


def slot(en: str, zh: str, *words: str) -> Slot:
    texts = {"en": "x", "zh": "x"}
    return Slot.model_validate({"type": "text", "label": {"en": en, "zh": zh}, "ask": texts, "words": list(words)})


NAME, ADDRESS = slot("name", "姓名"), slot("new address", "新地址", "street", "地址")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("my name is Bo Smith", "Bo Smith"),
        ("it's Bo, thanks", "Bo"),
        ("I'm Bo", "Bo"),
        ("please put it under Smith", "Smith"),
        ("Bo Smith", "Bo Smith"),
        ("Im Yoon-ah", "Im Yoon-ah"),
        ("Under Armour", "Armour"),  # nobody can tell
        ("我叫王小明", "王小明"),
        ("我的名字是王小明", "王小明"),
        ("叫我小王就行", "小王"),
        ("王小明", "王小明"),
    ],
)
def test_a_name_is_taken_out_of_its_sentence(said: str, name: str) -> None:
    assert unwrapped(NAME, said) == name


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("my new address is 5 Oak Lane, Millford", "5 Oak Lane, Millford"),
        ("地址是人民路11号", "人民路11号"),
        ("I'm Lane 3", "I'm Lane 3"),
        ("5 Oak Lane, Millford", "5 Oak Lane, Millford"),
    ],
)
def test_only_a_name_may_follow_who_somebody_is(said: str, address: str) -> None:
    assert unwrapped(ADDRESS, said) == address


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("no, the address is 9 Oak Row", "9 Oak Row"),
        ("不对，地址是人民路11号", "人民路11号"),
        ("地址改成青年路19号吧", "青年路19号"),
        ("the address is wrong, it's 9 Oak Row", "9 Oak Row"),
        ("the address is wrong", None),
        ("change the address", None),
    ],
)
def test_a_correction_that_names_it_gives_it(said: str, address: str | None) -> None:
    found = renamed(ADDRESS, said)
    assert (found[0] if found else None) == address
