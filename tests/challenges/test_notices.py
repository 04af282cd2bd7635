"""When mail about a challenge goes: in working time, save for a child who cannot wait."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import repeat
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from core.outbox.models import Message
from tests.challenges.cast import Cast
from tests.factories import SENT
from tests.moments import london
from tests.outbox.mailserver import HANG, MailServer, running

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


def test_no_request_waits_for_a_mail_server_that_hangs(
    settings: Settings, client: Client, travel: Callable[[datetime], None]
) -> None:
    """A page queues its notices and is served; nothing so much as calls the server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = "127.0.0.1", False, 30
    settings.SENDS_MAIL = True
    cast = Cast()
    cast.raise_it()
    travel(SENT + timedelta(hours=1))
    client.force_login(cast.people["raiser"])
    page = f"{cast.challenge.get_absolute_url()}add_note/"
    with running(MailServer(moods=repeat(HANG))) as server:
        settings.EMAIL_PORT = server.port
        before = Message.objects.count()
        note = {"version": cast.challenge.version, "what": "They rang.", "audience": "all_parties"}
        assert client.post(page, note).status_code == 302
        assert Message.objects.count() > before
        assert server.tried == 0
