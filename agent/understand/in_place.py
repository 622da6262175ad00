"""Puts a number or a code in the place of the last one of its kind: "and 20 days?" after "may I return it after 10 days?"."""

import re

_CODE = re.compile(r"(?<![\w-])(?P<kind>[A-Za-z]{1,6})[- ]?\d[A-Za-z\d-]*(?![\w-])")
_MEASURE = re.compile(
    r"(?:上午|下午|早上|晚上|中午|凌晨)?(?:\d+(?:[.,:：]\d+)*|[一二两三四五六七八九十百千]+)"
    r"\s?(?P<kind>[A-Za-z%€£]+|[\u4e00-\u9fff])(?:半|钟)?"
)


def in_place(new: str, asked: str) -> str:
    """What was asked, with `new` for the one number with the same unit, or the one code with the same letters; "" for none."""
    for pattern in (_CODE, _MEASURE):
        if said := pattern.fullmatch(new.strip()):
            kind = _kind(said)
            same = [one for one in pattern.finditer(asked) if _kind(one) == kind]
            if len(same) == 1:
                start, end = same[0].span()
                return f"{asked[:start]}{new.strip()}{asked[end:]}"
    return ""


def _kind(found: re.Match[str]) -> str:
    """One day is of a kind with ten days."""
    kind = found["kind"].lower()
    return kind.removesuffix("s") if len(kind) > 1 else kind
