"""The demo, made once: all that the log can show is in it, it can be trusted, and people can sign in."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from core.audit.verify import verify_all
from core.outbox.models import Message
from escalation.access.standing import standing_of
from escalation.accounts.groups import SECOND_FACTOR_KINDS, SeatKind
from escalation.accounts.models import Organisation, Seat, Setting, User
from escalation.challenges.models import Challenge
from escalation.challenges.workflow import STEP, Status
from escalation.demo.filling import fill
from escalation.demo.people import PASSWORD
from escalation.demo.stories import phrases, stories
from escalation.reporting.models import DOCUMENT, Release, ReleaseFile, State
from escalation.rulebook.queries import current_policy
from escalation.signing_in.codes import app_code, counter_at
from tests.challenges.cast import NAME_WITHHELD
from tests.factories import person

pytestmark = pytest.mark.large
LEAD = "chinwe.adebayo-fitzgerald@council.example.org"
LEILA = "leila.osei-bonsu@larkfield.example.org"


@dataclass(frozen=True)
class Made:
    """What the command printed and wrote, and what an earlier, smaller run had made."""

    printed: str
    sign_ins: list[dict[str, str]]
    earlier: Counter[Any]


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Made]:
    """One transaction around all tests that use it: they read, and none of them takes the db fixture."""
    file = tmp_path_factory.mktemp("demo") / "users.json"
    with django_db_blocker.unblock(), transaction.atomic():
        with transaction.atomic():
            fill(today=timezone.localdate(), challenges=12)
            earlier = summary()
            transaction.set_rollback(True)
        printed = io.StringIO()
        call_command("demo", users_json=file, stdout=printed)
        yield Made(printed.getvalue(), json.loads(file.read_text()), earlier)
        transaction.set_rollback(True)


def summary() -> Counter[Any]:
    """How often there is a challenge with this raiser, worry, day, status, stage and version."""
    facts = ("raised_by__full_name", "raising__name", "about", "opened_at", "status", "stage", "version")
    return Counter(Challenge.objects.values_list(*facts))


def test_every_status_stage_and_step_is_there(made: Made) -> None:
    assert set(Challenge.objects.values_list("status", flat=True)) == set(Status.values)
    assert set(Challenge.objects.values_list("stage", flat=True)) == {1, 2, 3, 4, 5}
    steps = set(Challenge.objects.values_list("entries__step", flat=True))
    assert steps == {"raise", *STEP} - NAME_WITHHELD
    assert 140 <= Challenge.objects.count() <= 170


def test_sixteen_organisations_and_somebody_in_every_seat(made: Made) -> None:
    assert Organisation.objects.count() == 16
    assert 40 <= Setting.objects.count() <= 50
    assert set(Seat.objects.values_list("kind", flat=True)) == set(SeatKind.values)
    for setting in Setting.objects.filter(outside=False).prefetch_related("seats"):
        kinds = Counter(seat.kind for seat in setting.seats.all())
        assert (kinds["practitioner"], kinds["lead"], kinds["senior_lead"]) == (2, 1, 1), setting


def test_some_are_overdue_some_on_the_fast_track_and_the_rest_is_due_later(made: Made) -> None:
    now = timezone.now()
    assert Challenge.objects.overdue(now).count() >= 8
    assert Challenge.objects.open().filter(next_due__gt=now).count() >= 8
    assert Challenge.objects.open().filter(fast=True).exists()
    assert Challenge.objects.filter(fast=True, status=Status.CLOSED).exists()
    assert Challenge.objects.order_by("opened_at")[0].opened_at < now - timedelta(days=15 * 30)


def test_the_ways_out_and_back_are_there(made: Made) -> None:
    everything = Challenge.objects.all()
    for each in (
        {"returned_once": True},
        {"episode": 2},
        {"confirmed": False},
        {"duplicate_of__isnull": False},
        {"recurrence_of__isnull": False},
        {"skip_reason": "child_cannot_wait"},
        {"needed_by__isnull": False},
        {"parties__role": "supporting"},
        {"outcome": "agreed_difference"},
        {"pending": "hold"},
        {"pending": "return"},
        {"pending": "transfer"},
    ):
        assert everything.filter(**each).exists(), each


def test_past_quarters_are_published_and_the_newest_may_wait(made: Made) -> None:
    for subject in ("challenges", "forums"):
        found = list(Release.objects.filter(subject=subject).order_by("number"))
        assert found, subject
        assert {each.state for each in found[:-1]} <= {State.PUBLISHED}
        assert found[-1].state in (State.PUBLISHED, State.READY)
    public = Release.objects.published()
    assert {each.release_id for each in ReleaseFile.objects.filter(name=DOCUMENT)} == {
        each.pk for each in public
    }


def test_the_trail_holds(made: Made) -> None:
    assert [str(fault) for fault in verify_all()] == []


def test_a_second_run_makes_the_same(made: Made) -> None:
    assert made.earlier.total() == 12
    assert made.earlier <= summary()


def test_no_mail_waits_for_people_who_do_not_exist(made: Made) -> None:
    assert Message.objects.exists()
    assert not Message.objects.filter(sent_at=None).exists()


def test_a_dozen_sign_ins_are_printed_and_the_password_once(made: Made) -> None:
    assert 10 <= made.printed.count("@") <= 14
    assert made.printed.count(PASSWORD) == 1


def test_the_file_has_a_sign_in_for_every_seat_that_a_person_holds(made: Made) -> None:
    assert len(made.sign_ins) == Seat.objects.exclude(kind=SeatKind.SERVICE).count()
    assert {frozenset(each) for each in made.sign_ins} == {
        frozenset({"username", "password", "role", "setting", "name", "totp_secret"})
    }
    leila = next(each for each in made.sign_ins if each["username"] == LEILA)
    assert (leila["role"], leila["setting"]) == ("practitioner", "Larkfield Health Visiting Team")


def test_somebody_of_it_signs_in_and_sees_what_is_theirs(made: Made) -> None:
    client = Client()
    answer = client.post("/sign-in/", {"username": LEILA, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    page = client.get("/challenges/")
    assert page.status_code == 200
    leila = User.objects.get(email=LEILA)
    mine = Challenge.objects.visible_to(standing_of(leila, today=timezone.localdate()))
    assert mine.overdue(timezone.now()).exists()
    assert b"Overdue" in page.content


def test_whoever_needs_a_second_step_has_one_and_the_file_and_a_command_say_its_code(made: Made) -> None:
    asked = {each["username"] for each in made.sign_ins if each["role"] in SECOND_FACTOR_KINDS}
    told = {each["username"]: each["totp_secret"] for each in made.sign_ins if each["totp_secret"]}
    assert asked <= set(told)
    client, said = Client(), io.StringIO()
    answer = client.post("/sign-in/", {"username": LEAD, "password": PASSWORD, "next": "/challenges/"})
    assert answer["Location"] == "/second-step/"
    call_command("demo_code", LEAD, stdout=said)
    code = said.getvalue().split()[0]
    assert code in {app_code(told[LEAD], counter_at(timezone.now()) + step) for step in (-1, 0)}
    assert client.post("/second-step/", {"code": code})["Location"] == "/challenges/"
    assert client.get("/challenges/").status_code == 200


def test_the_command_says_nothing_on_a_server_or_of_anybody_else(made: Made, settings: Settings) -> None:
    for email in ("nobody@school.example", LEILA):
        with pytest.raises(CommandError):
            call_command("demo_code", email)
    settings.LOCAL_DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_code", LEAD)


def test_a_second_time_it_refuses_or_says_again_how_to_sign_in(made: Made) -> None:
    before = Challenge.objects.count()
    with pytest.raises(CommandError, match="not empty, so nothing was written"):
        call_command("demo")
    printed = io.StringIO()
    call_command("demo", set_up=True, stdout=printed)
    assert printed.getvalue() == made.printed
    assert Challenge.objects.count() == before


def test_the_words_would_pass_the_logs_own_warnings(made: Made) -> None:
    """No name, number, address or date of birth, as far as the log itself can tell."""
    patterns = current_policy(timezone.localdate()).policy.patterns
    texts = [text for story in stories() for text in vars(story).values()] + phrases()
    found = {hit: text for text in texts for pattern in patterns for hit in pattern.found_in(text)}
    # Words that begin a sentence are written large whether or not they are names.
    told = {hit: text for hit, text in found.items() if not re.search(rf"(^|[.?!“] ?){hit}\b", text)}
    assert told == {}


@pytest.mark.django_db
def test_a_database_with_anybody_in_it_is_left_alone(tmp_path: Path) -> None:
    person("Somebody Real")
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
    printed = io.StringIO()
    call_command("demo", set_up=True, users_json=tmp_path / "none.json", stdout=printed)
    assert printed.getvalue() == ""
    assert not (tmp_path / "none.json").exists()
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_day_before_any_policy_is_refused() -> None:
    with pytest.raises(CommandError, match="Choose a later one"):
        call_command("demo", today=date(2025, 5, 1))
    assert not User.objects.exists()
