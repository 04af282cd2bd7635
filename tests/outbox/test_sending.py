"""What waits is sent, once, by a worker; nothing is lost, whatever the mail server does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, cycle, repeat
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from pytest_django import Settings

from core.outbox import notices
from core.outbox.models import Message
from core.outbox.sending import MOST_REFUSALS, Round, message_models, send_due, state
from core.outbox.services import queue
from escalation.challenges.notifications import NEWS, YOUR_TURN
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

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
PATH = "/challenges/5b1f0c1e-0000-4000-8000-000000000000/"


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = "127.0.0.1", False, 0.3
    settings.SITE_URL = "https://log.example.org"
    with running(MailServer()) as server:
        settings.EMAIL_PORT = server.port
        yield server


@pytest.fixture
def amina() -> Any:
    return get_user_model().objects.create(email="amina@school.example", full_name="Amina Diallo")


def waiting(person: Any, number: int = 1, **said: Any) -> None:
    for _ in range(number):
        details: dict[str, Any] = {"kind": YOUR_TURN, "path": PATH, "now": NOW} | said
        queue(to=[person], **details)


def send(later: timedelta = timedelta()) -> Round:
    return send_due(clock=lambda: NOW + later)


def test_a_mail_says_that_there_is_something_to_do_and_where_and_nothing_else(
    server: MailServer, amina: Any
) -> None:
    waiting(amina)
    assert send() == Round(sent=1, failed=0)
    (mail,) = server.received
    (message,) = Message.objects.all()
    assert message.sent_at == NOW
    assert (mail["Subject"], mail["To"]) == ("You have something to do", "amina@school.example")
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, rich = mail.iter_parts()  # type: ignore[attr-defined]
    assert [plain.get_content_type(), rich.get_content_type()] == ["text/plain", "text/html"]
    for part in (plain.get_content(), rich.get_content()):
        assert f"https://log.example.org{PATH}" in part
        assert "no details in this e-mail" in part
        assert "Amina" not in part


def test_each_kind_that_is_queued_has_its_words() -> None:
    assert {YOUR_TURN, NEWS} <= notices.known_kinds()


def test_a_kind_has_one_meaning() -> None:
    with pytest.raises(ValueError, match="something else already"):
        notices.register(notices.Notice(YOUR_TURN, "Another subject", "Another sentence"))


def test_what_is_sent_is_not_sent_again(server: MailServer, amina: Any) -> None:
    waiting(amina, 3)
    assert send() == Round(sent=3, failed=0)
    assert send(timedelta(days=1)) == Round()
    assert len(set(server.ids())) == len(server.ids()) == 3


def test_it_does_not_go_before_its_time(server: MailServer, amina: Any) -> None:
    waiting(amina, due_at=NOW + timedelta(hours=1))
    assert send(timedelta(minutes=59)) == Round()
    assert send(timedelta(minutes=60)) == Round(sent=1, failed=0)


def test_the_urgent_go_first(server: MailServer, amina: Any) -> None:
    waiting(amina, 2, kind=NEWS)
    waiting(amina, urgent=True)
    send()
    assert next(mail["Subject"] for mail in server.received) == "You have something to do"


@pytest.mark.parametrize("mood", [NO_SUCH_PERSON, BUSY, REFUSED_DATA])
def test_a_refusal_is_tried_again_later_each_time_and_given_up_in_the_end(
    server: MailServer, amina: Any, mood: str
) -> None:
    server.moods = repeat(mood)
    waiting(amina)
    moment, pauses = timedelta(), []
    for _ in range(MOST_REFUSALS):
        assert send(moment) == Round(sent=0, failed=1)
        message = Message.objects.get()
        pauses.append((message.try_at - NOW - moment) // timedelta(minutes=1))
        moment = message.try_at - NOW
    assert pauses[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert message.given_up_at is not None
    assert message.last_error == mood[:3]
    assert send(timedelta(days=30)) == Round()
    assert state().is_alarming(NOW)


def test_one_who_cannot_be_reached_keeps_nobody_else_waiting(server: MailServer, amina: Any) -> None:
    server.moods = chain([NO_SUCH_PERSON], repeat(GOOD))
    waiting(amina, 5)
    assert send() == Round(sent=4, failed=1)


def test_a_line_that_breaks_before_the_mail_is_over_is_tried_again(server: MailServer, amina: Any) -> None:
    server.moods = chain([DROP_BEFORE_DATA], repeat(GOOD))
    waiting(amina)
    assert send() == Round(sent=0, failed=1)
    assert send(timedelta(minutes=1)) == Round(sent=1, failed=0)
    assert len(server.received) == 1


def test_a_line_that_breaks_before_the_yes_repeats_under_the_same_message_id(
    server: MailServer, amina: Any
) -> None:
    server.moods = chain([DROP_AFTER_DATA], repeat(GOOD))
    waiting(amina)
    assert send() == Round(sent=0, failed=1)
    assert send(timedelta(minutes=1)) == Round(sent=1, failed=0)
    first, second = server.received
    assert first["Message-ID"] == second["Message-ID"]


def test_a_server_that_hangs_is_left_alone_after_three(server: MailServer, amina: Any) -> None:
    server.moods = chain(repeat(HANG, 3), repeat(GOOD))
    waiting(amina, 5)
    assert send() == Round(sent=0, failed=3)
    assert send(timedelta(minutes=1)) == Round(sent=5, failed=0)


def test_a_server_that_is_away_makes_no_message_given_up(
    server: MailServer, settings: Settings, amina: Any
) -> None:
    settings.EMAIL_PORT = 1
    waiting(amina)
    for hour in range(MOST_REFUSALS * 2):
        assert send(timedelta(hours=hour)) == Round(sent=0, failed=1)
    settings.EMAIL_PORT = server.port
    assert state().is_alarming(NOW + timedelta(hours=25))
    assert send(timedelta(hours=25)) == Round(sent=1, failed=0)
    assert not state().is_alarming(NOW + timedelta(hours=25))


def test_where_no_mail_server_is_named_everything_waits(settings: Settings, amina: Any) -> None:
    settings.SENDS_MAIL = False
    waiting(amina)
    assert send() == Round()
    assert state().waiting == 1


def test_a_worker_that_was_ended_in_the_middle_leaves_it_to_the_next(server: MailServer, amina: Any) -> None:
    from core.outbox.sending import _take

    waiting(amina)
    taken = _take(Message, NOW)  # and then the power went
    assert taken is not None
    assert send(timedelta(minutes=4)) == Round()
    assert send(timedelta(minutes=5)) == Round(sent=1, failed=0)
    assert server.ids() == [taken.message_id]


def test_nobody_is_written_to_who_has_left(server: MailServer, amina: Any) -> None:
    waiting(amina)
    get_user_model().objects.filter(pk=amina.pk).update(is_active=False)
    assert send() == Round()
    assert server.tried == 0
    assert not state().is_alarming(NOW + timedelta(days=9))


def test_a_kind_without_words_is_given_up_and_the_others_go(server: MailServer, amina: Any) -> None:
    waiting(amina, kind="never_registered")
    waiting(amina)
    assert send() == Round(sent=1, failed=0)
    assert state().given_up == 1


def test_a_moody_server_gets_everything_in_the_end(server: MailServer, amina: Any) -> None:
    server.moods = cycle([BUSY, DROP_AFTER_DATA, GOOD, DROP_BEFORE_DATA, REFUSED_DATA, GOOD, GOOD])
    waiting(amina, 30)
    for hour in range(60):
        send(timedelta(hours=hour))
    assert state().waiting == state().given_up == 0
    assert set(server.ids()) == set(Message.objects.values_list("message_id", flat=True))


def test_the_state_for_a_monitor(server: MailServer, amina: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("outbox")
    assert capsys.readouterr().out == "0 waiting; 0 given up\n"
    waiting(amina, kind="never_registered")
    send()
    with pytest.raises(SystemExit) as ended:
        call_command("outbox")
    assert ended.value.code == 1
    shown = capsys.readouterr().out
    assert "0 waiting; 1 given up" in shown
    assert "amina" not in shown
    with pytest.raises(SystemExit):
        call_command("outbox", try_again=True)
    assert "1 put back" in capsys.readouterr().out
    assert state().waiting == 1


def test_every_table_of_messages_is_sent_from() -> None:
    assert Message in message_models()


def test_a_setting_that_cannot_be_understood_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("worker", "--pause", "soon")
