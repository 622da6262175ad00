"""How sources state that something holds or does not."""

from collections.abc import Mapping

TRUTH: Mapping[str, bool] = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}
_NOTHING = frozenset({"none", "nothing", "nil", "无", "没有"})


def is_truth(value: object) -> bool:
    """Whether a value says just that something holds or does not."""
    return isinstance(value, str) and value.lower() in TRUTH


def is_nothing(value: object) -> bool:
    """Whether a value says that there is none of what the relation names."""
    return isinstance(value, str) and value.strip().lower() in _NOTHING
