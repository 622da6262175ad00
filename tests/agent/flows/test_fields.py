"""What a channel may show for a question: the bounds of dates and numbers go with it."""

from agent.flows.definition import Flow, FlowFile
from agent.flows.speaking import FlowSpeech
from agent.flows.state import FlowState
from agent.types import FormField
from tests.support.web_server import EchoPhrases

X = {"en": "x", "zh": "x"}
SLOTS = {
    "day": {"type": "date", "label": {"en": "day", "zh": "日期"}, "ask": X, "min": 1, "max": 60},
    "sum": {"type": "amount", "label": {"en": "sum", "zh": "金额"}, "ask": X, "min": 100},
    "word": {"type": "text", "label": X, "ask": X, "max": 20},
}
FLOW = Flow(
    name="test",
    version="1",
    file=FlowFile.model_validate(
        {"title": X, "slots": SLOTS, "steps": [*({"ask": name} for name in SLOTS), {"end": True}]}
    ),
)


def test_bounds_go_with_the_field() -> None:
    speech = FlowSpeech(EchoPhrases())
    found = {}
    for name in SLOTS:
        state = FlowState(id="1", flow="test", version="1", at="2026-11-26T10:00:00+00:00", asked=name)
        found[name] = speech.question(FLOW, state, "zh", ()).fields
    assert found == {
        "day": (FormField(name="day", label="日期", type="date", min=1, max=60),),
        "sum": (FormField(name="sum", label="金额", type="number", min=100),),
        "word": (),
    }
