"""Who is let in beyond their seats: the panel, a cover, an independent lead, and who breaks the glass."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from core.machine import NotPermitted, Refused
from core.outbox.models import Message
from escalation.access.standing import Standing, standing_of
from escalation.accounts.models import Setting, User
from escalation.challenges.events import ACCESS
from escalation.challenges.models import Challenge, Conflict, Event, Grant
from escalation.challenges.queries import find, open_case, view_case
from escalation.challenges.services import (
    NewGrant,
    break_glass,
    end_grant,
    let_in,
    name_conflict,
    name_independent,
    review_break_glass,
)
from tests.challenges.cast import CALLED, Cast
from tests.challenges.test_refusals import at_panel
from tests.factories import PASSWORD, SENT, WORDS, challenge, organisation, person, setting

pytestmark = pytest.mark.django_db
LATE = SENT + timedelta(days=60)
REASON = "The child is on a ward tonight and nobody of either side answers."


@pytest.fixture
def cast(travel: Callable[[datetime], None]) -> Cast:
    """At the panel's stage."""
    cast = at_panel(Cast())
    travel(LATE)
    return cast


@pytest.fixture
def chair() -> User:
    return person("Miriam Chair", lead=setting("Housing Options", group="housing"))


def standing(user: User, at: datetime = LATE) -> Standing:
    return standing_of(user, today=SENT.date(), at=at)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def let(cast: Cast, user: User, kind: str, by: str = "unit", **seat: Any) -> Grant:
    new = NewGrant(user=user, kind=kind, **seat)
    return let_in(cast.challenge, new, by=cast.people[by], standing=cast.standings[by], now=LATE)


def steps_of(cast: Cast, user: User, at: datetime = LATE) -> set[str]:
    return {
        step.name
        for step in view_case(find(cast.challenge.uuid, standing(user, at)), standing(user, at), now=at).steps
    }


def sees(cast: Cast, user: User, at: datetime = LATE) -> bool:
    return Challenge.objects.visible_to(standing(user, at)).filter(pk=cast.challenge.pk).exists()


# The panel


@pytest.mark.parametrize("kind", ["chair", "member"])
def test_the_panel_reads_and_recommends_until_it_closes(cast: Cast, chair: User, kind: str) -> None:
    assert not sees(cast, chair)
    let(cast, chair, kind)
    page = client_of(chair).get(cast.challenge.get_absolute_url()).content.decode()
    assert WORDS["worry"] in page
    assert "Amara Cole" not in page
    assert steps_of(cast, chair) == {"recommend"}
    cast.people["chair"], cast.standings["chair"] = chair, standing(chair)
    cast.take("chair", "recommend", LATE, what="Visit each week.", reasons="It keeps the child safe.")
    assert cast.challenge.status == "recommended"
    assert steps_of(cast, chair) == set()
    Challenge.objects.filter(pk=cast.challenge.pk).update(status="closed", closed_at=LATE)
    assert not sees(cast, chair)


@pytest.mark.parametrize(
    "who", ["raiser", "responding_lead", "police_senior", "supporting_lead", "raising_senior"]
)
def test_who_belongs_to_a_side_is_on_no_panel(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="independent"):
        let(cast, cast.people[who], "chair")


def test_a_panel_has_one_chair(cast: Cast, chair: User) -> None:
    let(cast, chair, "chair")
    with pytest.raises(Refused, match="has a chair"):
        let(cast, person("Second", lead=setting("Youth Justice")), "chair")


def test_who_must_not_see_it_cannot_be_let_in_and_loses_what_they_had(cast: Cast, chair: User) -> None:
    let(cast, chair, "chair")
    name_conflict(cast.challenge, user=chair, reason="family", by=chair, standing=standing(chair), now=LATE)
    assert not sees(cast, chair)
    with pytest.raises(Refused, match="must not see"):
        let(cast, chair, "member")


@pytest.mark.parametrize("who", ["raiser", "raising_senior", "responding_senior", "partner", "auditor"])
def test_only_the_unit_lets_somebody_in(cast: Cast, chair: User, who: str) -> None:
    with pytest.raises(NotPermitted):
        let(cast, chair, "chair", by=who)


def test_a_panel_is_named_at_its_stage(chair: User) -> None:
    cast = Cast()
    cast.raise_it()
    with pytest.raises(Refused, match="panel’s stage"):
        let(cast, chair, "chair")


def test_what_the_unit_ended_is_over(cast: Cast, chair: User) -> None:
    grant = let(cast, chair, "chair")
    end_grant(grant, by=cast.people["unit"], standing=cast.standings["unit"], now=LATE)
    assert not sees(cast, chair)
    assert Event.objects.filter(chain=ACCESS, act="grant_ended").count() == 1


def test_the_page_lets_in_and_asks_for_conflicts_first(cast: Cast, chair: User) -> None:
    unit, url = client_of(cast.people["unit"]), f"{cast.challenge.get_absolute_url()}people/"
    said = {"kind": "chair", "user": str(chair.pk)}
    assert unit.post(url, said).status_code == 422
    assert not Grant.objects.exists()
    page = unit.post(url, {**said, "asked": "on"}, follow=True).content.decode()
    assert "Miriam Chair is let in." in page
    unit.post(f"{url}{Grant.objects.get().pk}/end/")
    assert not sees(cast, chair)
    assert client_of(cast.people["raising_senior"]).post(url, said).status_code == 403


def test_who_was_let_in_is_said_to_those_who_read(cast: Cast, chair: User) -> None:
    let(cast, chair, "chair")
    reader = cast.standings["raising_senior"]
    _, readers = open_case(find(cast.challenge.uuid, reader), reader, now=LATE)
    assert ("Miriam Chair", "chair") in {(each.name, each.seat) for each in readers}


# A cover


def test_a_cover_acts_for_a_seat_whose_holder_must_not_see_it(travel: Any) -> None:
    travel(SENT)
    cast = Cast()
    cast.raise_it(asked={cast.care: None})
    lead, cover = cast.people["responding_lead"], person("Olu Cover", lead=setting("Team 9"))
    name_conflict(
        cast.challenge,
        user=lead,
        reason="family",
        by=lead,
        standing=cast.standings["responding_lead"],
        now=SENT,
    )
    let(cast, cover, "cover", setting=cast.care, seat="lead", instead_of=lead)
    cast.people["cover"], cast.standings["cover"] = cover, standing(cover)
    cast.take("cover", "match", SENT, **CALLED)
    Message.objects.all().delete()
    cast.take("raiser", "add_note", SENT, what="New.", audience="all_parties")
    assert Message.objects.filter(to=cover, kind="your_turn").exists()
    cast.take("cover", "reply", SENT, answer="acted", what="Done.", acted_on=SENT.date())
    assert cast.challenge.status == "responded"


def test_nobody_of_one_side_covers_for_the_other(cast: Cast) -> None:
    with pytest.raises(Refused, match="other side"):
        let(cast, cast.people["raising_lead"], "cover", setting=cast.care, seat="lead")


# An independent lead


@pytest.fixture
def shared() -> tuple[Setting, Setting, User]:
    """Two services of one council with one lead."""
    council = organisation("Merton Council")
    asking, asked = setting("Early Help", of=council), setting("Assessment Team", of=council)
    return asking, asked, person("Lea Both", lead=[asking, asked])


def test_an_independent_lead_acts_for_the_side_that_asks(
    shared: tuple[Setting, Setting, User], travel: Any
) -> None:
    travel(SENT)
    asking, asked, both = shared
    raiser, unit = person("Ada Raiser", practitioner=asking), person("Ruth Ames", role="business_unit")
    other = person("Ines Independent", lead=setting("Team 12"))
    with pytest.raises(Refused, match="same lead"):
        challenge(by=raiser, raising=asking, asked=[asked])
    page = client_of(unit).post(
        "/independent-leads/",
        {"asking": str(asking.pk), "asked": str(asked.pk), "user": str(other.pk)},
        follow=True,
    )
    assert "Ines Independent is the independent lead" in page.content.decode()
    sent = challenge(by=raiser, raising=asking, asked=[asked])
    theirs = view_case(find(sent.uuid, standing(other, SENT)), standing(other, SENT), now=SENT)
    assert "raising_lead" in theirs.parts
    mine = view_case(find(sent.uuid, standing(both, SENT)), standing(both, SENT), now=SENT)
    assert "responding_lead" in mine.parts
    assert "raising_lead" not in mine.parts


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda asking, asked, both: (asking, asking, None), "Choose two services"),
        (lambda asking, asked, both: (asking, setting("Elsewhere"), None), "different leads"),
        (lambda asking, asked, both: (asking, asked, both), "not the lead of both"),
    ],
    ids=["one service", "no shared lead", "the shared lead"],
)
def test_what_is_no_independent_lead(shared: tuple[Setting, Setting, User], change: Any, words: str) -> None:
    asking, asked, both = shared
    unit = person("Ruth Ames", role="business_unit")
    one, two, lead = change(asking, asked, both)
    lead = lead or person("Ines Independent", lead=setting("Team 12"))
    with pytest.raises(Refused, match=words):
        name_independent(asking=one, asked=two, user=lead, by=unit, standing=standing(unit), now=SENT)


# An emergency


@pytest.fixture
def quiet(travel: Callable[[datetime], None]) -> Cast:
    """At stage 1, which no head of service sees."""
    travel(SENT)
    cast = Cast()
    cast.raise_it()
    return cast


def head() -> User:
    return person("Hana Head", senior_lead=setting("Hospital Ward 3", group="health"), password=PASSWORD)


def broken(cast: Cast, user: User, **said: Any) -> Grant:
    given = {"reference": cast.challenge.reference, "reason": REASON, **said}
    return break_glass(**given, by=user, standing=standing(user, SENT), now=SENT)


def test_a_head_of_service_reads_for_an_hour_and_changes_nothing(quiet: Cast, travel: Any) -> None:
    user = head()
    client = client_of(user)
    assert client.get(quiet.challenge.get_absolute_url()).status_code == 404
    Message.objects.all().delete()
    said = {"reference": quiet.challenge.reference.lower(), "reason": REASON, "password": PASSWORD}
    page = client.post("/emergency/", said, follow=True).content.decode()
    assert WORDS["worry"] in page
    assert "Amara Cole" not in page
    assert steps_of(quiet, user, SENT) == set()
    told = {(m.to, m.kind) for m in Message.objects.all()}
    assert told == {(quiet.people["unit"], "your_turn"), (quiet.people["raising_lead"], "news")}
    (line,) = Event.objects.filter(chain=ACCESS, act="break_glass")
    assert (line.actor, line.object) == (user, str(quiet.challenge.uuid))
    (read,) = Event.objects.filter(chain=ACCESS, act="read")
    assert read.seat == "break_glass"
    travel(SENT + timedelta(minutes=61))
    assert client_of(user).get(quiet.challenge.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("role", ["lado", "deputy_lado"])
def test_the_lado_can(quiet: Cast, role: str) -> None:
    broken(quiet, person("Lara Lado", role=role))


@pytest.mark.parametrize("who", ["raiser", "raising_lead", "counterpart", "unit", "partner", "auditor"])
def test_nobody_else_can(quiet: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        broken(quiet, quiet.people[who])
    assert client_of(quiet.people[who]).get("/emergency/").status_code == 403


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "not this one"}, "This is not your password"),
        ({"reason": "x" * 29}, "at least 30 characters"),
        ({"reason": " " * 40}, "Say why it can’t wait"),
        ({"reference": "ZZZ 9999"}, "There is no challenge with this reference"),
    ],
)
def test_what_does_not_open_it(quiet: Cast, change: dict[str, str], words: str) -> None:
    said = {"reference": quiet.challenge.reference, "reason": REASON, "password": PASSWORD, **change}
    response = client_of(head()).post("/emergency/", said)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Grant.objects.exists()


def test_ten_wrong_passwords_have_to_wait(quiet: Cast) -> None:
    client = client_of(head())
    said = {"reference": quiet.challenge.reference, "reason": REASON, "password": "guess"}
    for _ in range(10):
        client.post("/emergency/", said)
    response = client.post("/emergency/", {**said, "password": PASSWORD})
    assert "Wait 15 minutes" in response.content.decode()
    assert not Grant.objects.exists()


def test_a_conflict_beats_it_and_says_no_more_than_a_wrong_reference(quiet: Cast) -> None:
    user = head()
    unit = quiet.people["unit"]
    Conflict.objects.create(challenge=quiet.challenge, user=user, reason="family", since=SENT, named_by=unit)
    with pytest.raises(Refused, match="There is no challenge with this reference"):
        broken(quiet, user)
    assert Event.objects.filter(chain=ACCESS, act="break_glass_refused", actor=user, object="").count() == 1


def test_the_unit_reviews_it_within_two_working_days(quiet: Cast, travel: Any) -> None:
    grant = broken(quiet, head())
    assert grant.review_due is not None
    assert (
        f"{grant.review_due:%Y-%m-%d}" == "2026-12-29"
    )  # the 23rd is day 0; then 24, and 29 after the holidays
    unit = client_of(quiet.people["unit"])
    assert REASON in unit.get("/emergencies/").content.decode()
    auditor = client_of(quiet.people["auditor"]).get("/emergencies/").content.decode()
    assert "Hana Head" in auditor
    assert REASON not in auditor
    travel(SENT + timedelta(days=14))
    unit = client_of(quiet.people["unit"])
    assert "The review is overdue" in unit.get("/emergencies/").content.decode()
    unit.post(f"/emergencies/{grant.pk}/review/", {"review": "right"})
    assert "It was right to open it" in unit.get("/emergencies/").content.decode()
    assert client_of(quiet.people["raising_lead"]).get("/emergencies/").status_code == 403


def test_nobody_reviews_their_own(quiet: Cast) -> None:
    user = person("Two Hats", senior_lead=setting("Ward 5"), role="business_unit")
    grant = broken(quiet, user)
    with pytest.raises(NotPermitted):
        review_break_glass(grant, review="right", by=user, standing=standing(user, SENT), now=SENT)


def test_a_grant_past_the_log_is_found(cast: Cast, chair: User) -> None:
    let(cast, chair, "chair")
    call_command("verify_audit")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE challenges_grant SET ended_at = since")
    with pytest.raises(CommandError, match="is not what the events say"):
        call_command("verify_audit")
