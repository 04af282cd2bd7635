"""How much one caller may ask in a minute, counted in the database: all worker processes share it.

Settings: REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = ["core.api.throttling.PerMinute"],
API_READS_PER_MINUTE and API_WRITES_PER_MINUTE; 0 is no limit.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.api.models import Rate

if TYPE_CHECKING:  # it imports its throttles, this one among them
    from rest_framework.views import APIView

MINUTE = 60
TABLE = f'"{Rate._meta.db_table}"'
# One statement, the same on both databases: two callers at one moment are never counted as one.
COUNT = f"""
    INSERT INTO {TABLE} (caller, kind, minute, asked) VALUES (%s, %s, %s, 1)
    ON CONFLICT (caller, kind) DO UPDATE SET
        asked = CASE WHEN {TABLE}.minute = excluded.minute THEN {TABLE}.asked + 1 ELSE 1 END,
        minute = excluded.minute
    RETURNING asked
"""  # noqa: S608 - the table's own name


class PerMinute(BaseThrottle):
    """So many reads and writes of one caller in each minute of the clock; then 429 and Retry-After."""

    now: datetime

    def allow_request(self, request: Request, view: "APIView") -> bool:
        self.now = timezone.now()
        reads = request.method in SAFE_METHODS
        limit: int = settings.API_READS_PER_MINUTE if reads else settings.API_WRITES_PER_MINUTE
        if limit == 0:
            return True
        return _count(caller_of(request), "read" if reads else "write", self.now) <= limit

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return MINUTE - self.now.timestamp() % MINUTE


def caller_of(request: Request) -> str:
    """The key that was sent, or the person whose browser it is; others have been turned away by now."""
    return f"key:{request.auth.pk}" if request.auth else f"user:{request.user.pk}"


def _count(caller: str, kind: str, now: datetime) -> int:
    """How many this one makes in its minute."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [caller, kind, int(now.timestamp()) // MINUTE])
        return int(cursor.fetchone()[0])
