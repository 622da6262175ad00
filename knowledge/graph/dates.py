"""Dates as numbers, so that they can be compared."""

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"(?P<year>(?:18|19|20)\d\d)(?:[-/.年]\s?(?P<month>\d\d?)(?:[-/.月]\s?(?P<day>\d\d?))?)?[年月日]?"
    rf"|(?:(?P<day_en>\d\d?) )?(?P<name>{'|'.join(_MONTHS)})[a-z]*\.? (?:(?P<day_us>\d\d?), ?)?(?P<year_en>(?:18|19|20)\d\d)",
    re.IGNORECASE,
)


def moment(text: str) -> float | None:
    """A date as years and their parts (May 2019 is 2019⅓); None for any other text."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        return None
    month = _MONTHS.index(match["name"][:3].lower()) + 1 if match["name"] else int(match["month"] or 1)
    day = int(match["day"] or match["day_en"] or match["day_us"] or 1)
    return int(match["year"] or match["year_en"]) + (month - 1) / 12 + (day - 1) / 372
