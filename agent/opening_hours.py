"""Whether people are there now, and when they come next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agent.settings.web import HoursSettings
from agent.types import Language

_LOOK_AHEAD = 60  # days; longer holidays are said without a date
_DAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """opens_at: when closed, the next opening, in the company's time zone; None when none is near."""

    open: bool
    opens_at: datetime | None = None


def opening(hours: HoursSettings, now: datetime) -> Opening | None:
    """The state at `now` (aware); None where no hours are given, which means always open."""
    if hours.always:
        return None
    zone = ZoneInfo(hours.time_zone)
    local = now.astimezone(zone)
    clock = local.time()
    for ahead in range(_LOOK_AHEAD):
        day = local.date() + timedelta(days=ahead)
        for start, end in hours.spans(day):
            if not ahead and start <= clock < end:
                return Opening(open=True)
            if ahead or start > clock:
                return Opening(open=False, opens_at=datetime.combine(day, start, zone))
    return Opening(open=False)


def said(moment: datetime, language: Language) -> str:
    """A day with its time, as customers read it, and whose time it is."""
    clock, zone = moment.strftime("%H:%M"), moment.tzname() or ""
    if language == "zh":
        return f"{moment.month}月{moment.day}日（周{_DAYS_ZH[moment.weekday()]}）{clock}（{zone}）"
    return f"{moment:%A}, {moment.day} {moment:%B}, at {clock} ({zone})"
