"""The flow machine: whatever is said in whatever order, nothing is done unasked, twice, or with what was taken back."""

from dataclasses import replace
from datetime import date

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agent.flows.definition import Flow, FlowFile, Step, Texts
from agent.flows.hearing import heard
from agent.flows.machine import agreed, editable, failed, filled, go, reopened, returned
from agent.flows.state import FlowState, state_json, state_of

X = {"en": "x", "zh": "x"}
FLOW = Flow(
    name="test",
    version="1",
    file=FlowFile.model_validate(
        {
            "title": X,
            "slots": {
                "order": {"type": "pattern", "pattern": r"LO-\d{5}", "label": {"en": "order", "zh": "订单"}, "ask": X},
                "day": {"type": "date", "label": {"en": "day", "zh": "日期"}, "ask": X},
                "more": {"type": "boolean", "label": {"en": "more", "zh": "更多"}, "ask": X},
            },
            "steps": [
                {"id": "order", "ask": "order"},
                {"tool": "find", "with": {"order": "order"}, "save": {"status": "status"}, "failed": {"none": "again"}},
                {"branch": [{"when": {"status": ["gone"]}, "to": "gone"}]},
                {"ask": "day"},
                {"tool": "book", "with": {"order": "order", "day": "day"}, "confirm": X},
                {"say": X},
                {"ask": "more"},
                {"end": True},
                {"id": "again", "clear": ["order"], "to": "order"},
                {"id": "gone", "handoff": True},
            ],
        }
    ),
)
BOOK = 4
START = FlowState(id="1", flow="test", version="1", at="2026-11-26T10:00:00+00:00")
ORDERS = st.sampled_from(["LO-10001", "LO-10002", "LO-10003"])
DAYS = st.sampled_from(["2026-12-01", "2026-12-02"])


class FlowMachine(RuleBasedStateMachine):
    """The customer says anything at any time; tools answer as they like."""

    def __init__(self) -> None:
        super().__init__()
        self.outcome = go(FLOW, START)
        self.booked: list[dict[str, object]] = []
        self.last: dict[str, object] = {}

    @property
    def state(self) -> FlowState:
        return self.outcome.state

    def asking(self) -> bool:
        return self.outcome.wait in {"slot", "confirm"}

    def hear(self, text: str) -> None:
        meant = heard(FLOW, self.state, text, date(2026, 11, 26))
        if meant.kind == "values":
            self.last |= meant.values
            self.outcome = go(FLOW, filled(self.state, meant.values))
        elif meant.kind == "reopen":
            self.last.pop(meant.slot, None)
            self.outcome = go(FLOW, reopened(self.state, meant.slot))
        elif meant.kind == "yes":
            self.outcome = go(FLOW, agreed(self.state))

    @precondition(asking)
    @rule(order=ORDERS, opening=st.sampled_from(["", "no, it is ", "不对，是"]))
    def say_order(self, order: str, opening: str) -> None:
        before = list(self.booked)
        self.hear(opening + order)
        assert self.booked == before

    @precondition(asking)
    @rule(day=DAYS)
    def say_day(self, day: str) -> None:
        self.hear(f"on {day}")

    @precondition(asking)
    @rule(text=st.sampled_from(["yes", "好的", "no, the other order", "订单错了", "change the day", "hello?", "算"]))
    def say(self, text: str) -> None:
        self.hear(text)

    @precondition(lambda self: self.outcome.wait == "tool")
    @rule(status=st.sampled_from(["here", "here", "gone"]), works=st.booleans())
    def call(self, status: str, works: bool) -> None:
        step = FLOW.steps[self.state.step]
        arguments = {name: self.state.values[slot] for name, slot in step.with_.items()}
        if step.tool == "book":
            assert self.state.agreed
            self.booked.append(arguments)
            self.outcome = go(FLOW, returned(FLOW, self.state, {}, changes=True))
        elif not works and (after := failed(FLOW, self.state, "none")):
            self.last.pop("order")
            self.outcome = go(FLOW, after)
        else:
            self.outcome = go(FLOW, returned(FLOW, self.state, {"status": status}, changes=False))

    @precondition(lambda self: self.outcome.wait in {"done", "handoff"})
    @rule()
    def begin_again(self) -> None:
        self.outcome, self.booked, self.last = go(FLOW, START), [], {}

    @invariant()
    def it_is_done_once_and_with_the_last_word(self) -> None:
        assert len(self.booked) <= 1
        if self.outcome.wait == "tool" and self.state.step == BOOK:
            assert {name: self.state.values[name] for name in ("order", "day")}.items() <= self.last.items()
        if self.booked:
            assert "order" not in editable(FLOW, self.state)

    @invariant()
    def it_survives_the_event_log(self) -> None:
        assert state_of(state_json(self.state)) == self.state


FlowMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=20)
test_any_conversation = FlowMachine.TestCase


def test_the_other_one_is_the_one_of_two_that_was_named_before() -> None:
    state = go(FLOW, filled(START, {"order": "LO-10001"})).state
    state = go(FLOW, returned(FLOW, state, {"status": "here"}, changes=False)).state
    state = filled(state, {"order": "LO-10002"})
    for said in ("no, the other order", "不对，是另一个订单"):
        meant = heard(FLOW, state, said, date(2026, 11, 26))
        assert (meant.kind, meant.values) == ("values", {"order": "LO-10001"})
    unnamed = replace(state, seen={"order": ("LO-10002",)})
    assert heard(FLOW, unnamed, "no, the other order", date(2026, 11, 26)).kind == "reopen"


def test_what_is_said_before_something_is_forgotten_still_names_it() -> None:
    steps = [Step(say=Texts(en="x", zh="x")), Step(clear=["order"]), Step(ask="order")]
    flow = Flow(name="test", version="1", file=FLOW.file.model_copy(update={"steps": steps}))
    outcome = go(flow, replace(START, values={"order": "LO-10001"}))
    assert [one.values for one in outcome.says] == [{"order": "LO-10001"}]
    assert outcome.state.values == {}
