"""A wrong flow is refused at load, with the file, the line, and what to do."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.errors import SettingsError
from agent.flows.drawing import mermaid, page, svg
from agent.flows.loading import load_flow
from agent.types import JsonValue

GOOD = """\
title: {en: Test, zh: 测试}
slots:
  order: {type: text, label: {en: order, zh: 订单}, ask: {en: "Which?", zh: "哪个？"}}
steps:
  - ask: order
  - tool: look
    with: {number: order}
    save: {status: status}
    failed: {none: sorry}
  - say: {en: "It is {status}.", zh: "{status}。"}
  - end: true
  - id: sorry
    handoff: true
"""


@dataclass
class Declared:
    changes: bool = False
    arguments: tuple[str, ...] = ("number",)
    required: tuple[str, ...] = ("number",)

    @property
    def schema(self) -> dict[str, JsonValue]:
        return {"type": "object", "required": list(self.required)}


def load(folder: Path, text: str, *, changes: bool = False):  # type: ignore[no-untyped-def]
    file = folder / "test.yaml"
    file.write_text(text, "utf-8")
    return load_flow(file, {"look": Declared(changes)})


def test_a_good_flow_loads_and_is_drawn(tmp_path: Path) -> None:
    flow = load(tmp_path, GOOD)
    assert flow.name == "test"
    assert "✗ none" in mermaid(flow, "en")
    assert "哪个" in mermaid(flow, "zh")
    assert svg(flow, "en").count("<rect") == len(flow.steps)
    assert svg(flow, "en").count(">end<") == 1
    assert "<!doctype html>" in page(flow, "zh")


def test_ways_that_leave_the_order_are_drawn_apart(tmp_path: Path) -> None:
    text = GOOD.replace("failed: {none: sorry}", "failed: {none: sorry, closed: sorry}")
    drawn = svg(load(tmp_path, text), "zh")
    ways = re.findall(r'd="M\d+ (\d+) H(\d+) V', drawn)
    assert len(ways) == 2
    assert len({begin for begin, _ in ways}) == len({lane for _, lane in ways}) == 2
    assert drawn.count("✗") == 2


@pytest.mark.parametrize(
    ("good", "bad", "line", "told"),
    [
        ("  - ask: order\n", "  - ask: parcel\n", 5, "unknown slot 'parcel'"),
        ("tool: look", "tool: lok", 6, "no tool 'lok'; there are: look"),
        ("{number: order}", "{nr: order}", 7, "takes no 'nr'; it takes: number"),
        ("{none: sorry}", "{none: sory}", 6, "no step has the id 'sory'"),
        ('zh: "{status}。"', 'zh: "{stat}。"', 10, "unknown slot {stat}"),
        (', zh: "{status}。"', "", 10, "zh: it is missing; add it"),
        ("    failed: {none: sorry}\n", "", 11, "'sorry' can't be reached"),
        ("  - ask: order\n", "  - ask: order\n    say: {en: a, zh: b}\n", 5, "a step does one of"),
        ("type: text", "type: words", 3, "'words' is none; write one of 'pattern'"),
        ("with: {number: order}", "save: {}", 6, "look needs 'number'; add it to `with`"),
        ("type: text,", "type: text, min: 9, max: 3,", 3, "`min` 9 is more than `max` 3"),
        ("type: text,", "type: number, min: few,", 3, "write a number, without quotes, not 'few'"),
        ("type: text,", "type: pattern, pattern: 'A(\\d',", 3, "is no regular expression (missing )"),
        ("type: text,", "type: text, lable: x,", 3, "there is no 'lable' here; did you mean label?"),
        (
            "type: text,",
            "type: choice, choices: {a: {en: Red, zh: 红}, b: {en: Pink, zh: 粉, words: [red]}},",
            3,
            "two of the `choices` are called 'red'",
        ),
        ("  - say:", "  - branch: [{when: {status: {over: 8}}, to: sorry}]\n  - say:", 10, "a condition is a value"),
        ("    handoff: true", "    say: {en: a, zh: b}\n    to: sorry", 12, "go round without asking"),
        ("steps:", "  day: {type: date, label: {en: d, zh: d}, ask: {en: d, zh: d}}\nsteps:", 4, "never asked for"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, good: str, bad: str, line: int, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(tmp_path, GOOD.replace(good, bad, 1))
    assert any(f"test.yaml:{line}:" in one and told in one for one in str(error.value).splitlines()), str(error.value)


def test_what_changes_something_must_ask_first(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ask first, with `confirm`"):
        load(tmp_path, GOOD, changes=True)
