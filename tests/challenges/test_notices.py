"""When mail about a challenge goes: in working time, save for a child who cannot wait."""

from datetime import datetime
from typing import Any

import pytest

from core.outbox.models import Message
from tests.challenges.cast import Cast
from tests.moments import london

pytestmark = pytest.mark.django_db
CALL = {"call": {"who": "the duty worker", "when": "Thursday, 7pm"}}


@pytest.mark.parametrize(
    ("sent", "details", "goes"),
    [
        (london(2026, 12, 23, 10, 20), {}, london(2026, 12, 23, 10, 20)),
        (london(2026, 12, 24, 19), {}, london(2026, 12, 29, 9)),
        (london(2026, 12, 24, 19), {"fast": True} | CALL, london(2026, 12, 24, 19)),
        (
            london(2026, 12, 24, 19),
            {"start_stage": 2, "skip_reason": "child_cannot_wait"},
            london(2026, 12, 24, 19),
        ),
    ],
    ids=["in working time", "on Christmas Eve", "on the fast track", "a child who cannot wait"],
)
def test_a_notice_goes_in_working_time(sent: datetime, details: dict[str, Any], goes: datetime) -> None:
    cast = Cast()
    cast.raise_it(now=sent, **details)
    waiting = list(Message.objects.all())
    assert waiting
    assert {message.due_at for message in waiting} == {goes}
    assert {message.urgent for message in waiting} == {bool(details)}
