"""The sample's orders as of the day on which they are installed: none of them is months late because the sample is old."""

import re
from datetime import date

WRITTEN = date(2026, 11, 26)
"""The day on which the dates in the sample's orders were true."""
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def as_of(today: date, orders: str) -> str:
    """The orders with all their dates as far from today as they were from the day on which they were written."""
    moved = today - WRITTEN
    return _DATE.sub(lambda found: (date.fromisoformat(found[0]) + moved).isoformat(), orders)
