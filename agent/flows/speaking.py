"""What a flow says: its questions, what it understood, what a channel may show for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from agent.flows.definition import Flow, Slot, Texts
from agent.flows.state import FlowState, state_json
from agent.flows.values import worded
from agent.phrases import Phrases
from agent.types import Confirmation, DecisionKind, Draft, FormField, JsonValue, Language

_FIELDS = {"date": "date", "email": "email", "phone": "tel", "amount": "number", "number": "number"}


class FlowSpeech:
    """Words of flows in the customer's language."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def phrase(self, name: str, language: Language, flow: Flow, **values: str) -> str:
        """A set phrase, which may name the flow."""
        return self._phrases.say(name, language, title=flow.file.title.of(language), **values)

    def filled(self, flow: Flow, texts: Texts, values: Mapping[str, JsonValue], language: Language) -> str:
        """The text with its places filled in; what is not known stays empty."""
        known = {
            name: worded(flow.slots.get(name), value, language) for name, value in values.items() if value is not None
        }
        return texts.of(language).format_map(defaultdict(str, known)).rstrip()

    def changed(
        self, flow: Flow, names: Sequence[str], values: Mapping[str, JsonValue], language: Language
    ) -> list[str]:
        """That a correction was heard."""
        return [
            self.phrase(
                "flow_changed",
                language,
                flow,
                label=flow.slots[name].label.of(language),
                value=worded(flow.slots[name], values[name], language),
            )
            for name in names
        ]

    def cancelled(self, flow: Flow, language: Language) -> Draft:
        """That a flow is left, and nothing was done."""
        text = self.phrase("flow_cancelled", language, flow)
        return Draft(text=text, decision=DecisionKind.FLOW, generator="flow")

    def not_understood(self, flow: Flow, name: str, state: FlowState, language: Language) -> str:
        """What was wrong with an answer, in the flow's own words where it has some."""
        slot = flow.slots.get(name)
        if slot and slot.invalid:
            return self.filled(flow, slot.invalid, state.values, language)
        return self.phrase("flow_not_understood", language, flow)

    def topic(self, flow: Flow, state: FlowState, language: Language) -> str:
        """What the flow is about, by the slots that say it; "" where none does, or is filled."""
        named = (name for name, slot in flow.slots.items() if slot.topic and name in state.values)
        return " ".join(worded(flow.slots[name], state.values[name], language) for name in named)

    def which(self, flow: Flow, name: str, values: Sequence[JsonValue], language: Language) -> str:
        """Which of several was meant: "4 or 6"."""
        said = [worded(flow.slots[name], value, language) for value in values]
        return self.phrase("flow_which", language, flow, values=(" or " if language == "en" else "还是").join(said))

    def lacking(self, flow: Flow, name: str, state: FlowState, language: Language) -> str:
        """Where what was asked for stands, in the flow's own words where it has some, and that a person may help."""
        slot = flow.slots[name]
        if slot.lacking:
            return self.filled(flow, slot.lacking, state.values, language)
        return self.phrase("flow_lacking", language, flow, label=slot.label.of(language))

    def why(self, flow: Flow, name: str, state: FlowState, language: Language) -> str:
        """What it is needed for, in the flow's own words where it has some."""
        slot = flow.slots[name]
        if slot.why:
            return self.filled(flow, slot.why, state.values, language)
        return self.phrase("flow_why", language, flow, label=slot.label.of(language))

    def options(self, flow: Flow, name: str, _state: FlowState, language: Language) -> str:
        """What there is to choose from."""
        said = ("、" if language == "zh" else ", ").join(self._choices(flow, flow.slots[name], language))
        return self.phrase("flow_options", language, flow, values=said)

    def question(self, flow: Flow, state: FlowState, language: Language, said: Sequence[str]) -> Draft:
        """What is asked for now, a slot or an agreement, after what was said."""
        if state.confirming:
            return self._confirmation(flow, state, language, said)
        slot = flow.slots[state.asked]
        return Draft(
            text="\n\n".join([*said, self.filled(flow, slot.ask, state.values, language)]),
            decision=DecisionKind.FLOW,
            generator="flow",
            choices=self._choices(flow, slot, language),
            fields=_fields(state.asked, slot, language),
            flow=state_json(state),
        )

    def what_to_change(self, flow: Flow, state: FlowState, names: Sequence[str], language: Language) -> Draft:
        """Nothing is done; the customer says what is wrong, or ends it."""
        labels = [flow.slots[name].label.of(language) for name in names]
        joined = ("、" if language == "zh" else ", ").join(labels)
        return Draft(
            text=self.phrase("flow_what_to_change", language, flow, slots=joined),
            decision=DecisionKind.FLOW,
            generator="flow",
            choices=(*labels, self.phrase("flow_cancel", language, flow)),
            flow=state_json(state),
        )

    def _confirmation(self, flow: Flow, state: FlowState, language: Language, said: Sequence[str]) -> Draft:
        step = flow.steps[state.step]
        assert step.confirm is not None  # the flow was checked
        question = self.filled(flow, step.confirm, state.values, language)
        rows = tuple(
            (flow.slots[name].label.of(language), worded(flow.slots[name], state.values[name], language))
            for name in step.with_.values()
            if name in flow.slots and name in state.values
        )
        yes, no = self.phrase("flow_yes", language, flow), self.phrase("flow_no", language, flow)
        return Draft(
            text="\n\n".join([*said, question]),
            decision=DecisionKind.FLOW,
            generator="flow",
            choices=(yes, no),
            confirm=Confirmation(title=flow.file.title.of(language), rows=rows, yes=yes, no=no),
            flow=state_json(state),
        )

    def _choices(self, flow: Flow, slot: Slot, language: Language) -> tuple[str, ...]:
        if slot.type == "boolean":
            return self.phrase("flow_yes", language, flow), self.phrase("flow_no_plain", language, flow)
        return tuple(one.of(language) for one in slot.choices.values())


def _fields(name: str, slot: Slot, language: Language) -> tuple[FormField, ...]:
    kind = _FIELDS.get(slot.type)
    if kind is None:
        return ()
    bounds = {"min": slot.min, "max": slot.max} if kind in {"date", "number"} else {}
    return (FormField(name=name, label=slot.label.of(language), type=kind, **bounds),)
