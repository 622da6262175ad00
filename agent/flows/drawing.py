"""Draws a flow as a Mermaid flowchart, which Markdown viewers show, or as a page that needs nothing else."""

from html import escape

from agent.flows.checking import followers
from agent.flows.definition import Flow, Step
from agent.types import Language

_ROW, _WIDTH, _BOX = 74, 380, 46
_COLOURS = {
    "ask": "#e0ecff",
    "tool": "#ffe9cc",
    "say": "#eef7ee",
    "branch": "#fff7c2",
    "handoff": "#ffe0e0",
    "end": "#e8e8e8",
}


def mermaid(flow: Flow, language: Language) -> str:
    """The text of a Mermaid flowchart."""
    lines = ["flowchart TD", f'  begin(["{_quoted(flow.file.title.of(language))}"]) --> s0']
    shapes = {"ask": ('[/"', '"/]'), "branch": ('{"', '"}'), "tool": ('[["', '"]]'), "end": ('(["', '"])')}
    for n, step in enumerate(flow.steps):
        opening, closing = shapes.get(step.kind, ('["', '"]'))
        lines.append(f"  s{n}{opening}{_quoted(_label(flow, step, language))}{closing}")
        lines += [f"  s{n} -->|{_quoted(why)}| s{to}" if why else f"  s{n} --> s{to}" for to, why in _ways(flow, n)]
    if any(to == len(flow.steps) for n in range(len(flow.steps)) for to, _ in _ways(flow, n)):
        lines.append(f'  s{len(flow.steps)}(["■"])')
    return "\n".join(lines) + "\n"


def svg(flow: Flow, language: Language) -> str:
    """The steps from top to bottom, ways that leave the order as curves beside them."""
    count = len(flow.steps) + 1
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + 320} {count * _ROW + 30}" font-family="sans-serif"'
        f' font-size="13" role="img" aria-label="{escape(flow.file.title.of(language))}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>'
    ]
    curves = 0
    for n, step in enumerate(flow.steps):
        y = 20 + n * _ROW
        colour = _COLOURS.get(step.kind, "#f4f4f4")
        parts.append(f'<rect x="20" y="{y}" width="{_WIDTH}" height="{_BOX}" rx="8" fill="{colour}" stroke="#777"/>')
        label = _label(flow, step, language)
        parts += [
            f'<text x="32" y="{y + 18 + 17 * line}">{escape(words)}</text>'
            for line, words in enumerate((_cut(label.split(": ", 1)[0]), _cut(label.split(": ", 1)[-1])))
        ]
        for to, why in _ways(flow, n):
            if to == n + 1 and not why:
                parts.append(_arrow(f"M{20 + _WIDTH / 2} {y + _BOX} V{20 + to * _ROW}"))
                continue
            curves += 1
            x, start, end = _WIDTH + 40 + 18 * (curves % 8), y + _BOX / 2, 20 + to * _ROW + 12
            parts.append(_arrow(f"M{20 + _WIDTH} {start} C{x} {start} {x} {end} {20 + _WIDTH + 4} {end}"))
            parts.append(
                f'<text x="{x + 4}" y="{(start + end) / 2}" font-size="11" fill="#444">{escape(_cut(why))}</text>'
            )
    y = 20 + len(flow.steps) * _ROW
    parts.append(f'<circle cx="{20 + _WIDTH / 2}" cy="{y + 12}" r="9" fill="#555"/></svg>')
    return "\n".join(parts)


def page(flow: Flow, language: Language) -> str:
    """The drawing as a whole page."""
    title = escape(f"{flow.name}: {flow.file.title.of(language)}")
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        f'<body style="margin:2rem"><h1 style="font:600 1.2rem sans-serif">{title}</h1>{svg(flow, language)}</body></html>\n'
    )


def _ways(flow: Flow, n: int) -> list[tuple[int, str]]:
    step = flow.steps[n]
    named = [(flow.at(branch.to), ", ".join(f"{name} = {_said(value)}" for name, value in branch.when.items()))
             for branch in step.branch]  # fmt: skip
    named += [(flow.at(to), f"✗ {reason}") for reason, to in step.failed.items()]
    rest = followers(flow, n) - {to for to, _ in named}
    return named + [(to, "") for to in rest]


def _said(value: object) -> str:
    return " | ".join(map(str, value)) if isinstance(value, list) else str(value)


def _label(flow: Flow, step: Step, language: Language) -> str:
    match step.kind:
        case "ask":
            return f"ask {step.ask}: {flow.slots[step.ask].ask.of(language)}"
        case "say" if step.say:
            return f"say: {step.say.of(language)}"
        case "tool":
            return f"tool {step.tool}: {step.confirm.of(language) if step.confirm else ''}"
        case "clear":
            return f"clear: {', '.join(step.clear)}"
    return step.kind


def _arrow(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="#555" marker-end="url(#tip)"/>'


def _cut(words: str) -> str:
    return words if len(words) <= 52 else f"{words[:51]}…"


def _quoted(words: str) -> str:
    return words.replace('"', "#quot;").replace("|", "¦").replace("\n", " ")
