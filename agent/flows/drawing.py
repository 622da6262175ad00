"""Draws a flow as a Mermaid flowchart, which Markdown viewers show, or as a page that needs nothing else."""

from collections.abc import Sequence
from html import escape
from itertools import accumulate

from agent.flows.checking import followers
from agent.flows.definition import Flow, Step
from agent.types import Language

_ROW, _WIDTH, _BOX = 74, 380, 46
_LANES_AT, _LANE = 590, 16
"""Where ways beside the steps run; before that their names have room."""
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
    """The steps from top to bottom; ways that leave the order run beside them, each in a lane of its own, named where they begin."""
    last = len(flow.steps)
    ways = [(n, to, why) for n in range(last) for to, why in _ways(flow, n)]
    jumps = [way for way in ways if way[1] != way[0] + 1 or way[2]]
    lanes = _lanes([(min(n, to), max(n, to)) for n, to, _ in jumps])
    is_left = any(to == last for _, to, _ in ways)
    width, height = _LANES_AT + _LANE * (max(lanes, default=0) + 2), 20 + (last + is_left) * _ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        f' font-size="13" role="img" aria-label="{escape(flow.file.title.of(language))}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>'
    ]
    for n, step in enumerate(flow.steps):
        parts += _box(step, _label(flow, step, language), 20 + n * _ROW)
    middle, right, begun = 20 + _WIDTH / 2, 20 + _WIDTH, [0] * last
    parts += [
        _arrow(f"M{middle} {20 + n * _ROW + _BOX} V{20 + to * _ROW}")
        for n, to, why in ways
        if (n, to, why) not in jumps
    ]
    for (n, to, why), lane in zip(jumps, lanes, strict=True):
        x, start, end = _LANES_AT + _LANE * lane, 20 + n * _ROW + 14 + 15 * begun[n], 20 + to * _ROW + 6
        begun[n] += 1
        parts.append(_arrow(f"M{right} {start} H{x} V{end} H{right + 4}"))
        parts.append(f'<text x="{right + 8}" y="{start - 3}" font-size="11" fill="#444">{escape(_cut(why, 28))}</text>')
    if is_left:
        parts.append(f'<circle cx="{middle}" cy="{20 + last * _ROW + 12}" r="9" fill="#555"/>')
    return "\n".join([*parts, "</svg>"])


def _box(step: Step, label: str, y: int) -> list[str]:
    """A step: what it does, and what it says, where it says anything."""
    lines = [_cut(words) for words in label.split(": ", 1) if words]
    top = y + _BOX / 2 + (-4 if len(lines) > 1 else 5)
    return [
        f'<rect x="20" y="{y}" width="{_WIDTH}" height="{_BOX}" rx="8" fill="{_COLOURS.get(step.kind, "#f4f4f4")}" stroke="#777"/>',
        *(f'<text x="32" y="{top + 17 * line}">{escape(words)}</text>' for line, words in enumerate(lines)),
    ]


def _lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """For each span of rows the first lane in which no other span lies across it; short ones lie nearest."""
    taken: list[list[tuple[int, int]]] = []
    lanes = [0] * len(spans)
    for at in sorted(range(len(spans)), key=lambda at: spans[at][1] - spans[at][0]):
        begin, end = spans[at]
        free = (i for i, lane in enumerate(taken) if all(end < other[0] or begin > other[1] for other in lane))
        lanes[at] = next(free, len(taken))
        if lanes[at] == len(taken):
            taken.append([])
        taken[lanes[at]].append(spans[at])
    return lanes


def page(flow: Flow, language: Language) -> str:
    """The drawing as a whole page."""
    title = escape(f"{flow.name}: {flow.file.title.of(language)}")
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>svg { width: 100%; max-width: 52rem }</style>'
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
            return f"tool {step.tool}" + (f": {step.confirm.of(language)}" if step.confirm else "")
        case "clear":
            return f"clear: {', '.join(step.clear)}"
    return step.kind


def _arrow(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="#555" marker-end="url(#tip)"/>'


def _cut(words: str, longest: int = 50) -> str:
    """As much as fits, where a Chinese character is as wide as two letters."""
    wide = [1 if sign.isascii() else 2 for sign in words]
    if sum(wide) <= longest:
        return words
    return "".join(sign for sign, upto in zip(words, accumulate(wide), strict=True) if upto < longest) + "…"


def _quoted(words: str) -> str:
    return words.replace('"', "#quot;").replace("|", "¦").replace("\n", " ")
