"""Says the rows of tables: one as a sentence, several of a table as a smaller table."""

import re
from collections.abc import Sequence

from knowledge.cutting.spans import plain
from knowledge.text.han import HAN
from knowledge.text.markup import cut

_EDGE = re.compile(r"(?<!\\)\|")
_SAYS_NOTHING = re.compile(
    r"(?:items?|values?|amounts?|details?|descriptions?|info(?:rmation)?|notes?|answers?|amount ?/ ?limit"
    r"|项目|名称|内容|数值|值|金额|说明|详情|描述|备注)",
    re.IGNORECASE,
)
"""A header that only says that something stands below it."""
_NAMES = re.compile(
    r"\W*(?!yes\b|no\b|n/a\b|none\b|any\b|up to\b|over\b|under\b|from\b|less\b|more\b|below\b|above\b)[a-z]{3,}"
    r"|[^\d<>≤≥是否无]*[\u4e00-\u9fff]{2,}",
    re.IGNORECASE,
)
"""A first cell that tells what the row is about, so that its header is only a label: no number and no "Yes"."""
_EMPTY = re.compile(r"\W*|n/?a|无|\W*none\W*", re.IGNORECASE)


def row_line(header: str, row: str) -> str:
    """`| Plan | Fee | Wait |` and `| Gold | $5 | 1 day |` become "Gold – Fee: $5; Wait: 1 day"; in Chinese "金卡——年费：5元"."""
    names = [plain(cell) for cell in cells(header)]
    said = cells(row)
    if len(names) != len(said) or not any(names):
        return ", ".join(cell for cell in said if cell)
    chinese = bool(HAN.search(f"{header}{row}"))
    colon, between, dash = ("：", "；", "——") if chinese else (": ", "; ", " – ")
    labelled = [f"{name}{colon}{cell}" if name else cell for name, cell in zip(names, said, strict=True)]
    full = [at for at, cell in enumerate(said) if cell]
    if not full or full[0] or not (_NAMES.match(plain(said[0])) or not names[0]):
        return between.join(labelled[at] for at in full)
    if len(full) == 2 and (not names[full[1]] or _SAYS_NOTHING.fullmatch(names[full[1]])):
        return f"{said[0]}{colon}{said[full[1]]}"
    rest = between.join(labelled[at].rstrip(".。") if at != full[-1] else labelled[at] for at in full[1:])
    return f"{said[0]}{dash}{rest}" if rest else said[0]


def table(header: str, rows: Sequence[str], mark: str) -> list[str]:
    """Lines of a Markdown table of these rows, each with the mark of its source, without columns that say nothing; none where it is no table."""
    names = [plain(cell) for cell in cells(header)]
    said = [cells(row) for row in rows]
    if not any(names) or any(len(row) != len(names) for row in said):
        return []
    kept = [at for at in range(len(names)) if any(not _EMPTY.fullmatch(row[at]) for row in said)]
    if len(kept) < 2 or (len(kept) == 2 and _SAYS_NOTHING.fullmatch(names[kept[1]])):
        return []  # "Minimum age: 17" stands better in a line
    lines = [[names[at] for at in kept], ["---"] * len(kept)]
    lines += [[*(row[at] for at in kept[:-1]), f"{row[kept[-1]]} {mark}".strip()] for row in said]
    return ["| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines]


def is_of_pairs(header: str) -> bool:
    """Whether a table only gives each thing its value ("| Fee | Amount |"), so that its rows are about different things."""
    names = [plain(cell) for cell in cells(header)]
    return len(names) == 2 and (not names[1] or bool(_SAYS_NOTHING.fullmatch(names[1])))


def cells(row: str) -> list[str]:
    """The cells of a table row, each with its marks whole; `\\|` is no edge."""
    inner = re.sub(r"^\s*\||(?<!\\)\|\s*$", "", row)
    return [cut(cell, 0, len(cell)).replace(r"\|", "|").strip() for cell in _EDGE.split(inner)]
