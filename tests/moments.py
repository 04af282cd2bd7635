"""Moments as people say them: London's clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """`london(2026, 12, 29, 17)` is Tuesday 29 December 2026, 5pm."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)
