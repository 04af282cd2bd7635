"""The one process beside the web server goes on, whatever one of its jobs does."""

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError

from core.outbox import jobs
from core.outbox.jobs import Job, Rota

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def rota(monkeypatch: pytest.MonkeyPatch) -> Rota:
    monkeypatch.setattr(jobs, "_JOBS", {})
    return Rota()


def test_a_job_is_due_at_once_and_then_at_its_own_pace(rota: Rota) -> None:
    job = Job("count", timedelta(minutes=10), lambda now: None)
    jobs.register(job)
    assert rota.due(NOW) == [job]
    assert rota.due(NOW + timedelta(minutes=9)) == []
    assert rota.due(NOW + timedelta(minutes=10)) == [job]


def test_the_log_has_its_sweep_on_the_rota() -> None:
    assert "sweep" in [job.name for job in Rota().due(NOW)]


def test_it_goes_on_after_a_database_error_until_it_is_told_to_stop(
    rota: Rota, caplog: pytest.LogCaptureFixture
) -> None:
    calls = []

    def failing_once(now: datetime) -> None:
        calls.append(now)
        if len(calls) == 1:
            raise OperationalError("a name that must not be logged")
        os.kill(os.getpid(), signal.SIGTERM)

    jobs.register(Job("fails", timedelta(), failing_once))
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        call_command("worker", pause=0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert len(calls) == 2
    assert "The worker's fails failed: OperationalError" in caplog.text
    assert "must not be logged" not in caplog.text
