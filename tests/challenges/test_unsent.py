"""What was begun and not sent: its writer hears of it once, and it does not wait for ever."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from core.outbox.mail import compose
from core.outbox.models import Message
from escalation.accounts.models import User
from escalation.challenges.models import Draft
from escalation.challenges.services import look_after_unsent, save_draft
from tests.factories import SENT, person, policy, setting
from tests.moments import london

pytestmark = pytest.mark.django_db
WORRY = {"label": "five weeks without a visit", "worry": "the plan has not started"}
# SENT is Wed 23 Dec 2026, 10:20. Two weeks later is Wed 6 Jan 2027, 30 days later Fri 22 Jan.
REMINDED, OVER = SENT + timedelta(days=14), SENT + timedelta(days=30)
LITTLE = timedelta(minutes=1)


@pytest.fixture
def writer() -> User:
    policy()
    return person("Leila Osei-Bonsu", practitioner=setting("Oakfield Primary School"))


def looked_after(*moments: datetime) -> list[int]:
    """Of how many drafts somebody is reminded, each time that the worker looks."""
    return [look_after_unsent(now=moment) for moment in moments]


def test_one_hears_of_a_draft_once_and_of_one_saved_again_anew(writer: User) -> None:
    draft = save_draft(owner=writer, words=WORRY, now=SENT)
    later = REMINDED + timedelta(days=1)
    assert looked_after(SENT, REMINDED, REMINDED + LITTLE, later) == [0, 0, 1, 0]
    draft.refresh_from_db()
    save_draft(owner=writer, words={"want": "a visit this week"}, now=later, draft=draft)
    again = later + timedelta(days=14)
    assert looked_after(again, again + LITTLE, again + timedelta(days=15)) == [0, 1, 0]
    assert [message.to for message in Message.objects.all()] == [writer, writer]


def test_several_drafts_are_one_mail_in_working_time(writer: User) -> None:
    for _ in range(3):
        save_draft(owner=writer, words=WORRY, now=london(2027, 1, 1, 23))
    assert looked_after(london(2027, 1, 16, 3)) == [3]
    message = Message.objects.get()
    assert message.due_at == london(2027, 1, 18, 9)  # the Monday after that Saturday
    mail = compose(message)
    assert "did not send it" in str(mail.subject)
    assert not any(words in f"{mail.subject} {mail.body}" for words in WORRY.values())


def test_who_has_left_hears_of_nothing(writer: User) -> None:
    save_draft(owner=writer, words=WORRY, now=SENT)
    User.objects.update(is_active=False)
    look_after_unsent(now=REMINDED + LITTLE)
    assert not Message.objects.exists()


def test_after_30_days_it_is_gone(writer: User) -> None:
    save_draft(owner=writer, words=WORRY, now=SENT)
    looked_after(OVER)
    assert Draft.objects.exists()
    looked_after(OVER + LITTLE)
    assert not Draft.objects.exists()


def test_the_mail_leads_to_where_one_reads_until_when_it_is_kept(writer: User, client: Client) -> None:
    save_draft(owner=writer, words=WORRY, now=SENT)
    looked_after(REMINDED + LITTLE)
    client.force_login(writer)
    assert "kept until Thu 21 Jan" in client.get(Message.objects.get().path).text


def test_without_a_policy_nothing_is_thrown_away() -> None:
    save_draft(owner=person(), words=WORRY, now=SENT)
    assert looked_after(OVER + LITTLE) == [0]
    assert Draft.objects.exists()
