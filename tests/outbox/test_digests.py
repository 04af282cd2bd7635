"""One mail a day in place of each: nothing is lost, nothing told twice, and what is urgent goes at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from core.outbox import digests
from core.outbox.models import Message
from core.outbox.sending import send_due, state
from core.outbox.services import queue
from escalation.accounts.models import User
from escalation.accounts.notifications import tell_of_new_browser
from escalation.challenges.notifications import NEWS, YOUR_TURN
from escalation.challenges.services import tell_of_the_day
from escalation.lado.models import Message as LadoMessage
from tests.factories import person, setting
from tests.moments import london

pytestmark = pytest.mark.django_db
# Thu 24 Dec 2026; Fri 25 and Mon 28 are bank holidays, so the next working day is Tue 29.
AFTERNOON, CHRISTMAS, TUESDAY = london(2026, 12, 24, 15), london(2026, 12, 25, 9), london(2026, 12, 29, 9)
PATH = "/challenges/5b1f/"


@pytest.fixture(autouse=True)
def _sends(settings: Any) -> None:
    settings.SENDS_MAIL = True


@pytest.fixture
def amina() -> User:
    user = person("Amina Diallo", practitioner=setting())
    digests.choose(user, one_a_day=True, now=AFTERNOON)
    return user


def waits(user: User, kind: str = YOUR_TURN, **said: Any) -> None:
    details: dict[str, Any] = {"path": PATH, "now": AFTERNOON} | said
    queue(to=[user], kind=kind, **details)


def sent(now: datetime) -> list[str]:
    """The subjects that the worker sends at a moment, its jobs done first."""
    mail.outbox.clear()
    tell_of_the_day(now=now)
    send_due(clock=lambda: now)
    return [str(each.subject) for each in mail.outbox]


def test_what_waits_is_one_mail_at_nine_on_the_next_working_day(amina: User) -> None:
    tell_of_the_day(now=london(2026, 12, 24, 9))
    waits(amina, now=london(2026, 12, 24, 10))
    assert sent(AFTERNOON) == ["Your one mail of the day"], "nothing was sent yet that day"
    waits(amina)
    waits(amina, NEWS)
    assert sent(AFTERNOON + timedelta(hours=1)) == []
    assert sent(CHRISTMAS) == []
    assert sent(TUESDAY - timedelta(minutes=1)) == []
    assert sent(TUESDAY) == ["Your one mail of the day"]
    assert sent(TUESDAY + timedelta(hours=1)) == []
    assert not state().waiting


def test_the_mail_says_nothing_of_what_it_stands_for(amina: User) -> None:
    waits(amina)
    sent(TUESDAY)
    (only,) = mail.outbox
    assert "5b1f" not in only.body
    assert "/challenges/" in only.body
    assert len(only.alternatives) == 1  # type: ignore[attr-defined]


def test_what_cannot_wait_comes_at_once(amina: User) -> None:
    waits(amina, urgent=True)
    assert sent(AFTERNOON) == ["You have something to do"]


def test_that_somebody_signed_in_as_them_comes_at_once(
    amina: User, travel: Callable[[datetime], None]
) -> None:
    travel(AFTERNOON)
    tell_of_new_browser(amina)
    assert len(sent(AFTERNOON)) == 1


def test_others_get_each_mail_as_before(amina: User) -> None:
    ben = person("Ben Okri", practitioner=setting())
    waits(ben)
    waits(amina)
    mail.outbox.clear()
    send_due(clock=lambda: AFTERNOON)
    assert [each.to for each in mail.outbox] == [[ben.email]]


def test_who_wants_each_again_gets_what_was_kept(amina: User) -> None:
    waits(amina)
    digests.choose(amina, one_a_day=False, now=AFTERNOON)
    assert sent(AFTERNOON) == ["You have something to do"]


def test_what_is_kept_for_the_day_is_no_alarm_and_what_is_stuck_is(amina: User) -> None:
    waits(amina)
    now = AFTERNOON + timedelta(hours=3)
    assert not state().is_alarming(now)
    waits(person("Ben Okri", practitioner=setting()))
    assert state().is_alarming(now)


def test_asked_twice_at_once_it_is_told_once(amina: User) -> None:
    waits(amina)
    assert [tell_of_the_day(now=TUESDAY) for _ in range(3)] == [1, 0, 0]
    assert Message.objects.filter(kind=digests.DIGEST).count() == 1


def test_who_has_left_gets_nothing_and_leaves_nothing_waiting(amina: User) -> None:
    waits(amina)
    User.objects.filter(pk=amina.pk).update(is_active=False)
    assert sent(TUESDAY) == []
    assert not state().waiting


def test_behind_the_wall_each_goes_at_once(amina: User) -> None:
    """Its numbers would leave it: a digest would say that something waited there."""
    from core.outbox.services import queue_in

    queue_in(LadoMessage, to={YOUR_TURN: [amina]}, path="/lado/", now=AFTERNOON)
    assert sent(AFTERNOON) == ["You have something to do"]


def test_one_chooses_on_a_page(client: Client) -> None:
    user = person("Ben Okri", practitioner=setting())
    client.force_login(user)
    assert client.get("/my/notices/").context["form"]["mail"].value() == "each"
    assert client.post("/my/notices/", {}).status_code == 422
    assert client.post("/my/notices/", {"mail": "one"}).status_code == 302
    assert digests.wants_one_mail_a_day(user)
    client.post("/my/notices/", {"mail": "one"})
    assert client.post("/my/notices/", {"mail": "each"}).status_code == 302
    assert not digests.wants_one_mail_a_day(user)
