"""The worker is killed in the middle of a release, again and again: nothing is half done, and it goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from pytest_django import DjangoDbBlocker

from core.audit.verify import verify_all
from escalation.disclosure.releasing import release as draw_and_certify
from escalation.reporting.counting import Counted
from escalation.reporting.models import DOCUMENT, Figures, Release, Snapshot, State
from escalation.reporting.services.making import MOST_ATTEMPTS
from tests.factories import challenge, person, setting
from tests.moments import london
from tests.reporting.quarters import Q1, Unit
from tests.served import ROOT, Template, models_on

PATIENCE = 240
"""Seconds until the worker must have come to a state."""
KILLED_AT = (State.DRAFT, State.ROUNDING, State.AUDIT)
DURING_PUBLICATION = 4


@pytest.mark.proof
def test_nothing_is_half_published_and_what_was_drawn_stands(
    prepared: Template, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    chance = Random(20260401)
    with django_db_blocker.unblock(), prepared.copied(tmp_path) as url, models_on(url):
        unit = _a_quarter_behind_us()
        release = unit.started(Q1)
        for state in KILLED_AT:
            _killed(url, lambda state=state: _at() >= _place(state))  # type: ignore[misc]
            _check_whole()
        with _worker(url):
            _wait(lambda: not Snapshot.objects.exists() or Release.objects.get().state == State.READY)
        expected = _drawn_without_interruption(release)
        assert Figures.objects.get().values == expected
        unit.approve(Release.objects.get())
        for _ in range(DURING_PUBLICATION):
            _killed(url, lambda: True, after=chance.uniform(1, 6))
            _check_whole()
        with _worker(url):
            _wait(lambda: Release.objects.get().state == State.PUBLISHED)
        _check_whole()
        assert Figures.objects.get().values == expected
        assert [str(fault) for fault in verify_all()] == []


@pytest.mark.proof
def test_one_that_never_comes_to_its_end_says_what_to_do(
    prepared: Template, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    """After five times the worker leaves it; the page says what to run, and that takes it to "ready"."""
    from escalation.reporting.wording import next_of

    with django_db_blocker.unblock(), prepared.copied(tmp_path) as url, models_on(url):
        _a_quarter_behind_us().started(Q1)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            _killed(url, lambda attempt=attempt: Release.objects.get().attempts == attempt)  # type: ignore[misc]
            if Release.objects.get().state == State.READY:
                pytest.fail("It came to its end before it was killed: take more cases")
        with _worker(url, "--once") as worker:
            worker.wait(timeout=PATIENCE)
        left = Release.objects.get()
        assert (left.attempts, left.state in KILLED_AT) == (MOST_ATTEMPTS, True)
        assert "manage.py release 2026-27-Q1 --of challenges" in next_of(left)
        with _command(url, "release", "2026-27-Q1") as command:
            assert command.wait(timeout=PATIENCE) == 0
        assert Release.objects.get().state == State.READY


def _a_quarter_behind_us() -> Unit:
    unit = Unit()
    unit.plan()
    school, teams = setting(group="education"), [setting(group="social_care"), setting(group="health")]
    teacher = person(practitioner=school)
    for number in range(60):
        now = london(2026, 5, 4 + number % 20, 10)
        challenge(by=teacher, raising=school, asked=[teams[number % 2]], now=now)
    return unit


ORDER = (State.DRAFT, State.ROUNDING, State.AUDIT, State.READY, State.APPROVED, State.PUBLISHED)


def _place(state: str) -> int:
    return ORDER.index(State(state))


def _at() -> int:
    """How far it has come; a release that somebody has begun is past its first state."""
    release = Release.objects.get()
    return _place(release.state) if release.attempts else -1


def _check_whole() -> None:
    """Either all of an act is there, or nothing of it."""
    release = Release.objects.get()
    state, figures = State(release.state), Figures.objects.exists()
    assert state in ORDER
    assert figures == (_place(state) >= _place(State.READY))
    assert Snapshot.objects.exists() == (state not in (State.DRAFT, State.PUBLISHED))
    published = state == State.PUBLISHED
    assert release.files.exists() == published
    assert (release.published_at is not None) == published
    if published:
        assert json.loads(bytes(release.files.get(name=DOCUMENT).content))["quarter"] == "2026-27-Q1"


def _drawn_without_interruption(release: Release) -> list[dict[str, object]]:
    """What the stored counts and bits give in one go."""
    snapshot = Snapshot.objects.get()
    counted = Counted.from_json(snapshot.counts)
    drawn = draw_and_certify(release.plan.plan, release.number, counted, bits=bytes(snapshot.bits))
    return [
        {"date": str(each.date), "quarters": list(each.quarters), "values": each.values.tolist()}
        for each in drawn.publications
    ]


def _killed(url: str, ready: Callable[[], bool], *, after: float = 0) -> None:
    """A worker that is killed as soon as something holds."""
    with _worker(url) as worker:
        _wait(ready)
        time.sleep(after)
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=60)


@contextmanager
def _worker(url: str, *more: str) -> Iterator["subprocess.Popen[bytes]"]:
    with _command(url, "worker", "--pause", "0.2", *more) as worker:
        yield worker


@contextmanager
def _command(url: str, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "CRITICAL"}
    process = subprocess.Popen([sys.executable, "manage.py", *words], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)


def _wait(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise AssertionError(f"It is still at “{Release.objects.get().state}”")
        time.sleep(0.01)
