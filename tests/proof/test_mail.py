"""A thousand notices, a mail server with every bad habit, and a worker that is killed twenty times."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from core.outbox.models import Message
from core.outbox.sending import state
from core.outbox.services import queue
from escalation.challenges.notifications import NEWS, YOUR_TURN
from tests.factories import person, setting
from tests.outbox.mailserver import (
    BUSY,
    DROP_AFTER_DATA,
    DROP_BEFORE_DATA,
    GOOD,
    HANG,
    NO_SUCH_PERSON,
    REFUSED_DATA,
    MailServer,
    running,
)
from tests.served import ROOT, Template, models_on

MOODS = {
    GOOD: 75,
    BUSY: 6,
    NO_SUCH_PERSON: 4,
    REFUSED_DATA: 4,
    DROP_AFTER_DATA: 5,
    DROP_BEFORE_DATA: 4,
    HANG: 2,
}
KILLS = 20
PATIENCE = 400
"""Seconds until everything must have gone."""


@pytest.mark.proof
def test_none_is_lost_and_a_repeat_is_known_for_one(
    prepared: Template, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    chance = random.Random(20260401)
    server = MailServer(moods=(chance.choices(*zip(*MOODS.items(), strict=True))[0] for _ in count()))
    with django_db_blocker.unblock(), prepared.copied(tmp_path) as url, models_on(url):
        _queue_a_thousand()
        with running(server):
            environment = _environment(url, server.port)
            for _ in range(KILLS):
                with _worker(environment) as worker:
                    _wait_until_busy(server)
                    time.sleep(chance.uniform(0, 0.5))
                    worker.send_signal(signal.SIGKILL)
            while_up = len(server.received)
        with _worker(environment):  # nobody is there at all, for a while
            time.sleep(4)
        with running(server, port=server.port), _worker(environment):
            _wait_until_all_have_gone()
        ids = set(Message.objects.values_list("message_id", flat=True))
    by_id = defaultdict(list)
    for mail in server.received:
        by_id[str(mail["Message-ID"])].append(mail)
    assert 0 < while_up < 1000, "the kills should come while mail is going out"
    assert len(ids) == 1000
    assert set(by_id) == ids
    for repeats in by_id.values():
        assert len({(m["To"], m["Subject"], m.get_body().get_content()) for m in repeats}) == 1  # type: ignore[attr-defined]


def _queue_a_thousand() -> None:
    school = setting("Oakfield Primary School")
    people = [person(f"Person {number}", practitioner=school) for number in range(50)]
    with transaction.atomic():
        for number in range(20):
            kind = YOUR_TURN if number % 2 else NEWS
            queue(
                to=people, kind=kind, path=f"/challenges/{number}/", now=timezone.now(), urgent=not number % 5
            )


def _environment(url: str, port: int) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": url,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
        "EMAIL_SECURITY": "none",
        "EMAIL_TIMEOUT": "1",
        "SITE_URL": "https://log.example.org",
        "OUTBOX_FIRST_PAUSE": "1",
        "OUTBOX_LEASE": "6",
        "LOG_LEVEL": "CRITICAL",
    }


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "manage.py", "worker", "--pause", "0.2"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(timeout=60)


def _wait_until_busy(server: MailServer) -> None:
    """Until the worker has begun to send; not for long, as all that is left may have to wait its turn."""
    before, end = server.tried, time.monotonic() + 10
    while server.tried == before and time.monotonic() < end:
        time.sleep(0.02)


def _wait_until_all_have_gone() -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        outbox = state()
        if not outbox.waiting:
            assert outbox.given_up == 0
            return
        time.sleep(0.5)
    raise AssertionError(f"{state().waiting} mails still wait")
