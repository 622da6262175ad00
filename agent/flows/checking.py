"""What can be wrong with a flow beyond its form: pure, so that `parley flow check` and every start use the same."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from agent.flows.definition import Flow, Texts

if TYPE_CHECKING:
    from agent.flows.loading import Declared

_PLACE = re.compile(r"{([^{}]*)}")
_Problem = tuple[tuple[str | int, ...], str]


def problems(flow: Flow, tools: Mapping[str, "Declared"]) -> list[_Problem]:
    """All that is wrong: the path in the file, and what to do."""
    wrong = [*_jumps(flow), *_names(flow), *_tools(flow, tools)]
    # Where a step leads nowhere, there is no way to follow.
    return wrong or [*_unreachable(flow), *_circles(flow)]


def followers(flow: Flow, n: int) -> set[int]:
    """The steps that may come right after step `n`; the number of steps stands for the end."""
    step = flow.steps[n]
    if step.end or step.handoff:
        return set()
    after = {flow.at(step.to)} if step.to else {n + 1}
    return after | {flow.at(branch.to) for branch in step.branch} | {flow.at(to) for to in step.failed.values()}


def _jumps(flow: Flow) -> Iterator[_Problem]:
    ids = [step.id for step in flow.steps if step.id]
    for n, step in enumerate(flow.steps):
        if step.id and ids.count(step.id) > 1:
            yield ("steps", n, "id"), f"two steps have the id {step.id!r}; give each its own"
        targets = [step.to, *step.failed.values(), *(branch.to for branch in step.branch)]
        for target in targets:
            if target and target not in ids:
                yield ("steps", n), f"no step has the id {target!r}; there are: {_listed(ids)}"


def _names(flow: Flow) -> Iterator[_Problem]:
    """Slots and values that are used but never filled."""
    saved = {name for step in flow.steps for name in step.save}
    known = {*flow.slots, *saved}
    for n, step in enumerate(flow.steps):
        used = [step.ask, *step.clear, *step.with_.values(), *(name for one in step.branch for name in one.when)]
        for name in used:
            if name and name not in known:
                yield ("steps", n), f"unknown slot {name!r}; add it to `slots`, or use one of: {_listed(known)}"
        for where, texts in (("say", step.say), ("confirm", step.confirm)):
            yield from _places(("steps", n, where), texts, known)
    for name, slot in flow.slots.items():
        if not any(step.ask == name for step in flow.steps):
            yield ("slots", name), f"slot {name!r} is never asked for; add a step `ask: {name}`, or take it out"
        for where, texts in (("ask", slot.ask), ("invalid", slot.invalid)):
            yield from _places(("slots", name, where), texts, known)


def _places(at: tuple[str | int, ...], texts: Texts | None, known: Collection[str]) -> Iterator[_Problem]:
    for language, text in (("en", texts.en), ("zh", texts.zh)) if texts else ():
        if not text.strip():
            yield (*at, language), f"the text in {language!r} is empty; say it in both languages"
        for name in _PLACE.findall(text):
            if name not in known:
                yield (*at, language), f"unknown slot {{{name}}} in a text; there are: {_listed(known)}"


def _tools(flow: Flow, tools: Mapping[str, "Declared"]) -> Iterator[_Problem]:
    for n, step in enumerate(flow.steps):
        if not step.tool:
            continue
        if step.tool not in tools:
            yield ("steps", n, "tool"), f"tools.yaml has no tool {step.tool!r}; there are: {_listed(tools)}"
            continue
        tool = tools[step.tool]
        for name in step.with_ if tool.schema else ():  # of a server that is away, nobody knows
            if name not in tool.arguments:
                yield ("steps", n, "with", name), f"{step.tool} takes no {name!r}; it takes: {_listed(tool.arguments)}"
        needed = tool.schema.get("required")
        for name in needed if isinstance(needed, list) else ():
            if name not in step.with_:
                yield ("steps", n, "tool"), f"{step.tool} needs {name!r}; add it to `with`, as {name}: a slot"
        if tool.changes and not step.confirm:
            yield ("steps", n, "tool"), f"{step.tool} changes something; ask first, with `confirm` in en and zh"


def _unreachable(flow: Flow) -> Iterator[_Problem]:
    reached = {0} | _after(flow, 0, range(len(flow.steps)))
    for n, step in enumerate(flow.steps):
        if n not in reached:
            name = f"{step.id!r} " if step.id else ""
            yield ("steps", n), f"step {name}can't be reached; let a step go `to` it, or take it out"


def _circles(flow: Flow) -> Iterator[_Problem]:
    """A way round without a question or an end would be walked for ever.

    What `clear` empties is asked again, so that only steps which may be passed in silence count.
    """
    silent = {n for n, step in enumerate(flow.steps) if step.kind in {"say", "branch", "tool", "clear"}}
    cleared = {name for step in flow.steps for name in step.clear}
    silent |= {n for n, step in enumerate(flow.steps) if step.ask and step.ask not in cleared}
    for start in sorted(silent):
        if start in _after(flow, start, silent):
            yield (
                ("steps", start),
                "these steps go round without asking anything; `clear` the slot that is to be asked anew",
            )
            return


def _after(flow: Flow, start: int, among: Collection[int]) -> set[int]:
    """The steps that may come some time after `start`, by way of these alone."""
    reached, waiting = set[int](), [start]
    while waiting:
        new = {n for n in followers(flow, waiting.pop()) if n in among} - reached
        reached |= new
        waiting += new
    return reached


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(name for name in names if name)) or "none"
