"""A staff survey: opened by the unit, answered by nobody's name, sealed, shown beside the self-rating."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from core.machine import NotPermitted, Refused
from core.outbox.models import Message
from escalation.accounts.models import Organisation, User
from escalation.assurance.models import SelfRating
from escalation.assurance.services import rate_oneself
from escalation.surveys import models
from escalation.surveys.events import faults
from escalation.surveys.models import Event, Survey, Tally
from escalation.surveys.services import answer, keep_surveys, open_up
from tests.assurance.asked import acting as for_assurance
from tests.challenges.test_reading_age import KNOWN, OLDEST, lines, too_old
from tests.factories import organisation, person, policy, setting
from tests.moments import london
from tests.reading_age import reading_age
from tests.sql import counted_sql
from tests.surveys.held import YES, acting, answered, opened

pytestmark = pytest.mark.django_db
NOW = london(2026, 9, 1, 10)
LAST_DAY = date(2026, 9, 15)
OVER = london(2026, 9, 16, 1)


@dataclass
class Partnership:
    ruth: User
    head: User
    nurse: User
    trust: Organisation
    police: Organisation


@pytest.fixture
def them(travel: Callable[[datetime], None]) -> Partnership:
    travel(NOW)
    policy(today=NOW.date())
    school = setting("Oakfield", group="education", of=organisation("Oakfield Trust"))
    police = setting("Child Safeguarding Unit", group="police", of=organisation("South Thames Police"))
    person("Alan Frost", senior_lead=police)
    return Partnership(
        person("Ruth Ames", role="business_unit"),
        person("Joan Field", senior_lead=school),
        person("Ned Nurse", practitioner=school),
        school.organisation,
        police.organisation,
    )


def client(user: User | None = None) -> Client:
    found = Client()
    if user:
        found.force_login(user)
    return found


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def sent(survey: Survey, of: Organisation, **said: str) -> Any:
    form = {"organisation": str(of.pk), **YES} | said
    return client().post(survey.get_absolute_url(), form, follow=True)


def test_a_survey_is_opened_passed_on_answered_and_read_beside_the_self_rating(
    them: Partnership, travel: Callable[[datetime], None]
) -> None:
    form = {"key": str(uuid4()), "closes_on_0": "15", "closes_on_1": "9", "closes_on_2": "2026"}
    form |= {"closes_on": "15 9 2026"}
    for _ in range(2):
        assert "It is open" in words(client(them.ruth).post("/surveys/new/", form, follow=True))
    survey = Survey.objects.get()
    told = sorted(Message.objects.values_list("kind", "to__full_name"))
    assert told == [("survey_opened", "Alan Frost"), ("survey_opened", "Joan Field")]
    assert survey.get_absolute_url() in words(client(them.head).get("/surveys/"))

    assert "Is it safe and easy to challenge" in words(client().get(survey.get_absolute_url()))
    for _ in range(9):
        assert "Thank you" in words(sent(survey, them.trust))
    sent(survey, them.trust, supported="no")
    sent(survey, them.police)
    travel(OVER)
    assert "This survey is closed" in words(client().get(survey.get_absolute_url()))
    assert keep_surveys(now=OVER) == 1
    assert keep_surveys(now=OVER) == 0

    shown = words(client(them.head).get("/surveys/"))
    assert "10 people answered." in shown
    assert "My manager would stand by me if I challenged. Yes: 9 In part: 0 No: 1" in shown
    assert "South Thames Police" not in shown, "a lead reads their own organisation's alone"
    assert "South Thames Police Fewer than ten people answered" in words(client(them.ruth).get("/surveys/"))

    rate = {"rating": "partly", "words": "Our staff know it. New staff hear it late."}
    place = f"/assurance/ratings/{them.trust.pk}/4/"
    assert "It is kept" in words(client(them.head).post(place, rate, follow=True))
    both = words(client(them.ruth).get("/assurance/ratings/"))
    assert "In part: there is a gap to close Our staff know it. New staff hear it late." in both
    assert "My manager would stand by me if I challenged. Yes: 9; In part: 0; No: 1" in both
    call_command("verify_audit")


def test_nothing_says_who_answered_or_when(them: Partnership) -> None:
    """No row, event or time is made or changed by an answer but one row of numbers, which is there before."""
    survey = opened(by=them.ruth, now=NOW)
    before = {each.pk: each.counts for each in Tally.objects.all()}
    events = list(Event.objects.values_list("pk", flat=True))
    assert {each.organisation_id for each in Tally.objects.all()} >= {them.trust.pk, them.police.pk}
    answered(survey, them.trust, 1, now=NOW)
    changed = [each.pk for each in Tally.objects.all() if each.counts != before[each.pk]]
    assert changed == [Tally.objects.get(organisation=them.trust).pk]
    assert list(Event.objects.values_list("pk", flat=True)) == events
    assert {field.name for field in Tally._meta.fields} == {
        "id",
        "survey",
        "organisation",
        "counts",
        "sealed",
    }


def test_an_answer_is_whole_in_time_and_from_an_organisation_that_was_asked(
    them: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = opened(by=them.ruth, now=NOW)
    part = {code: said for code, said in YES.items() if code != "supported"}
    for said in (part, YES | {"supported": "sometimes"}, YES | {"more": "yes"}):
        with pytest.raises(Refused, match="an answer to every question"):
            answer(survey, them.trust.pk, said, now=NOW)
    late = setting("Late", of=organisation("Joined later"))
    with pytest.raises(Refused, match="Choose your organisation"):
        answer(survey, late.organisation_id, YES, now=NOW)
    with pytest.raises(Refused, match="closed"):
        answer(survey, them.trust.pk, YES, now=OVER)
    monkeypatch.setattr("escalation.surveys.services.answering.MOST", 2)
    answered(survey, them.trust, 2, now=NOW)
    with pytest.raises(Refused, match="More answers than people"):
        answer(survey, them.trust.pk, YES, now=NOW)
    missing = client().post(survey.get_absolute_url(), {"organisation": str(them.trust.pk), **part})
    assert missing.status_code == 422
    assert "Choose an answer." in words(missing)


def test_what_is_sealed_cannot_be_counted_on(them: Partnership) -> None:
    survey = opened(by=them.ruth, now=NOW)
    answered(survey, them.trust, 3, now=NOW)
    keep_surveys(now=OVER)
    assert list(faults()) == []
    changes: tuple[Callable[[], object], ...] = (
        lambda: Tally.objects.update(counts={}),
        lambda: Tally.objects.all()._raw_delete("default"),
        lambda: Survey.objects.update(sealed_at=NOW),
    )
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_survey_is_the_unit_s_to_open_one_at_a_time_for_a_while(them: Partnership) -> None:
    with pytest.raises(NotPermitted):
        open_up(closes_on=LAST_DAY, key=uuid4(), by=acting(them.head, NOW))
    for days, why in ((2, "at least 3 days"), (61, "within 60 days")):
        with pytest.raises(Refused, match=why):
            opened(by=them.ruth, now=NOW, days=days)
    opened(by=them.ruth, now=NOW)
    with pytest.raises(Refused, match="open already"):
        opened(by=them.ruth, now=NOW)


def test_an_organisation_rates_itself_in_words_without_numbers(them: Partnership) -> None:
    said = {"rating": "partly", "words": "Staff know it."}
    rate_oneself(them.trust, 4, **said, by=for_assurance(them.head, NOW))
    rate_oneself(them.trust, 4, **said, by=for_assurance(them.head, NOW))
    assert SelfRating.objects.count() == 1
    for who in (them.ruth, them.nurse):
        with pytest.raises(NotPermitted):
            rate_oneself(them.trust, 4, **said, by=for_assurance(who, NOW))
    with pytest.raises(Refused, match="“12”: Say it without numbers"):
        rate_oneself(them.trust, 4, rating="partly", words="12 know it.", by=for_assurance(them.head, NOW))
    for standard, rating in ((9, "partly"), (4, "splendid")):
        with pytest.raises(Refused, match="no such standard"):
            rate_oneself(them.trust, standard, rating=rating, words="Yes.", by=for_assurance(them.head, NOW))
    place = f"/assurance/ratings/{them.trust.pk}/4/"
    wrong = client(them.head).post(place, {"rating": "partly", "words": "12 of us know it."})
    assert wrong.status_code == 422
    assert "12 of us know it." in wrong.content.decode(), "what was typed is there"
    with pytest.raises(IntegrityError), transaction.atomic():
        SelfRating.objects.update(rating="assured")
    call_command("verify_audit")


def test_pages_ask_as_little_of_many_organisations_as_of_few(them: Partnership) -> None:
    survey = opened(by=them.ruth, now=NOW)
    answered(survey, them.trust, models.SHOWN_FROM, now=NOW)
    keep_surveys(now=OVER)
    counts = []
    for number in (1, 6):
        for each in range(number):
            setting(f"Team {number} {each}", of=organisation(f"Organisation {number} {each}"))
        counts.append([asks(them.ruth, path) for path in ("/surveys/", "/assurance/ratings/")])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 10


def asks(user: User, path: str) -> int:
    reader = client(user)
    reader.get(path)
    with counted_sql() as found:
        assert reader.get(path).status_code == 200
    return len(found)


def test_what_staff_read_is_for_readers_of_eleven(them: Partnership) -> None:
    survey = opened(by=them.ruth, now=NOW)
    for path in (survey.get_absolute_url(), f"{survey.get_absolute_url()}thanks/"):
        known = KNOWN | {"organisation", "escalation", "policy", "survey"}
        found = {
            text: round(reading_age(text, known=known), 1)
            for text in lines(client().get(path).content.decode())
            if too_old(text) and reading_age(text, known=known) > OLDEST
        }
        assert found == {}, path


def test_a_survey_that_nobody_sealed_in_time_is_over_all_the_same(them: Partnership) -> None:
    survey = opened(by=them.ruth, now=NOW)
    assert survey.is_open(NOW + timedelta(days=14))
    assert not survey.is_open(OVER)
