"""The command that takes the calendar's steps."""

import os
import signal
import threading
from datetime import date

import pytest
from django.core.management import call_command
from django.db import OperationalError

from escalation.challenges.management.commands import sweep as command

pytestmark = pytest.mark.django_db


def test_one_sweep_says_how_many_steps_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sweep")
    assert capsys.readouterr().out == "0 steps taken\n"


def test_it_goes_on_after_a_database_error_until_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[date] = []

    def failing_once(*, now: date) -> int:
        calls.append(now)
        if len(calls) == 1:
            raise OperationalError("away")
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(command, "sweep", failing_once)
    try:
        assert threading.current_thread() is threading.main_thread()
        call_command("sweep", every=0)
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    assert len(calls) == 2
