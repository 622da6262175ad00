"""Where code stands in Markdown, within which nothing is changed. In time that grows with the text, whatever is in it."""

import re
from collections.abc import Iterator

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RUN = re.compile("`+")


def prose_and_code(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces that together are it; whether each is code."""
    prose: list[str] = []
    code: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        mark = found[1] if found else ""
        if fence:
            code.append(line)
            if mark.startswith(fence) and not line.strip().strip(fence[0]):
                yield "".join(code), True
                fence, code = "", []
        elif mark and not (mark[0] == "`" and "`" in line[found.end() if found else 0 :]):
            yield from _inline("".join(prose))
            fence, prose, code = mark, [], [line]
        else:
            prose.append(line)
    if code:
        yield "".join(code), True
    yield from _inline("".join(prose))


def _inline(text: str) -> Iterator[tuple[str, bool]]:
    """A run of backticks opens code that the next run of the same length closes (CommonMark 0.31, 6.1)."""
    runs = list(_RUN.finditer(text))
    closing: list[int | None] = [None] * len(runs)
    next_of: dict[int, int] = {}
    for place in range(len(runs) - 1, -1, -1):
        length = len(runs[place].group())
        closing[place] = next_of.get(length)
        next_of[length] = place
    done = place = 0
    while place < len(runs):
        end = closing[place]
        if end is None:
            place += 1
            continue
        yield text[done : runs[place].start()], False
        yield text[runs[place].start() : runs[end].end()], True
        done, place = runs[end].end(), end + 1
    yield text[done:], False
