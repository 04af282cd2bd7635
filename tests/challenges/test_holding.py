"""A legal hold on what somebody wrote and did not send: kept past 30 days, let go of by a second person."""

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core.audit.verify import verify_all
from escalation.access.standing import standing_of
from escalation.accounts.models import User
from escalation.accounts.services import leave
from escalation.challenges.models import Draft, DraftHold, Event, KeptWords
from escalation.challenges.services import look_after_unsent, save_draft
from escalation.challenges.services.holding import hold_drafts
from tests.challenges.cast import Cast
from tests.factories import SENT, person

pytestmark = pytest.mark.django_db
WHY = "The coroner asks for it, number 4471 of 2026."
OVER = "The coroner has closed it, letter of 3 March."
LATER = SENT + timedelta(days=45)
Travel = Callable[[datetime], None]


@pytest.fixture
def cast(travel: Travel) -> Cast:
    travel(SENT)
    cast = Cast()
    cast.raise_it()
    return cast


@pytest.fixture
def colleague() -> User:
    return person("Rowan Vale", role="business_unit")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def draft_of(user: User) -> Draft:
    return save_draft(owner=user, words={"label": "five weeks"}, now=SENT)


def held(cast: Cast, who: str) -> DraftHold:
    unit = cast.people["unit"]
    standing = standing_of(unit, today=SENT.date())
    return hold_drafts(cast.people[who], reason=WHY, by=unit, standing=standing, now=SENT)


def kept() -> set[User]:
    look_after_unsent(now=LATER)
    return {draft.owner for draft in Draft.objects.select_related("owner")}


def test_the_unit_holds_once_it_has_read_whose_they_are(cast: Cast) -> None:
    unit, raiser = as_(cast.people["unit"]), cast.people["raiser"]
    said = {"email": raiser.email.upper(), "reason": WHY}
    page = text(unit.post("/holds/", said))
    assert f"Hold what {raiser.full_name} has not sent?" in page
    assert not DraftHold.objects.exists()
    page = text(unit.post("/holds/", {**said, "sure": "yes"}, follow=True))
    assert WHY in page
    assert "A colleague of yours can let go of it." in page
    unit.post("/holds/", {**said, "sure": "yes"})  # a second click
    assert DraftHold.objects.count() == 1
    assert list(Event.objects.filter(chain="draft-holds").values_list("act", "seat")) == [
        ("drafts_held", "unit")
    ]
    assert "coroner" not in str(Event.objects.get(chain="draft-holds").codes)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"email": "nobody@example.org"}, "Nobody in the log has this address."),
        ({"reason": "Court."}, "Say why in at least 30 characters."),
        ({"reason": ""}, "Say why in at least 30 characters."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    cast: Cast, said: dict[str, str], words: str
) -> None:
    typed = {"email": cast.people["raiser"].email, "reason": WHY, "sure": "yes", **said}
    page = text(as_(cast.people["unit"]).post("/holds/", typed))
    assert words in page
    assert typed["email"] in page
    assert not DraftHold.objects.exists()


def test_what_is_held_outlasts_its_time_and_its_writer_and_nothing_else_does(cast: Cast) -> None:
    raiser, other = cast.people["raiser"], cast.people["counterpart"]
    draft_of(raiser), draft_of(other)
    for user in (raiser, other):
        KeptWords.objects.create(owner=user, challenge=cast.challenge, step="reply", saved_at=SENT)
    held(cast, "raiser")
    leave(user=raiser, now=SENT, by=None)
    assert kept() == {raiser}
    assert [words.owner for words in KeptWords.objects.all()] == [raiser]


def test_the_writer_sees_it_and_cannot_throw_it_away_and_can_still_go_on(cast: Cast) -> None:
    draft, writer = draft_of(cast.people["raiser"]), as_(cast.people["raiser"])
    held(cast, "raiser")
    for page in ("/challenges/", "/raise/"):
        shown = text(writer.get(page))
        assert "ept by a legal hold" in shown
        assert "hrow" not in shown
    answer = text(writer.post(f"/raise/{draft.uuid}/throw-away/", follow=True))
    assert "A legal hold keeps this draft, so nobody can throw it away." in answer
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert writer.get(f"/raise/{draft.uuid}/who/").status_code == 200


def test_it_lets_nobody_read_anything(cast: Cast) -> None:
    draft = draft_of(cast.people["raiser"])
    held(cast, "raiser")
    unit = as_(cast.people["unit"])
    assert "five weeks" not in text(unit.get("/holds/"))
    assert unit.get(f"/drafts/{draft.uuid}/").status_code == 404
    assert unit.get(f"/raise/{draft.uuid}/lead/").status_code == 404


def test_a_colleague_lets_go_and_then_what_is_old_is_deleted(cast: Cast, colleague: User) -> None:
    draft_of(cast.people["raiser"])
    hold = held(cast, "raiser")
    url = f"/holds/{hold.pk}/let-go/"
    refused = text(as_(cast.people["unit"]).post(url, {"reason": OVER}))
    assert "Somebody else lets go of it" in refused
    assert kept() == {cast.people["raiser"]}
    page = text(as_(colleague).post(url, {"reason": OVER}, follow=True))
    assert OVER in page
    assert kept() == set()
    assert as_(colleague).get(url).status_code == 404
    acts = Event.objects.filter(chain="draft-holds").order_by("seq")
    assert [(event.act, event.actor) for event in acts] == [
        ("drafts_held", cast.people["unit"]),
        ("drafts_let_go", colleague),
    ]
    assert list(verify_all()) == []


def test_nobody_lets_go_of_their_own(cast: Cast, colleague: User) -> None:
    standing = standing_of(cast.people["unit"], today=SENT.date())
    hold = hold_drafts(colleague, reason=WHY, by=cast.people["unit"], standing=standing, now=SENT)
    assert "not whose drafts they are" in text(
        as_(colleague).post(f"/holds/{hold.pk}/let-go/", {"reason": OVER})
    )


def test_the_database_knows_the_rule_too(cast: Cast) -> None:
    hold = held(cast, "raiser")
    for alone in (hold.held_by, hold.owner):
        with pytest.raises(IntegrityError), transaction.atomic():
            DraftHold.objects.filter(pk=hold.pk).update(lifted_at=SENT, lifted_by=alone)


@pytest.mark.parametrize("how", ["lifted", "gone"])
def test_a_hold_that_ends_past_the_log_is_found(cast: Cast, colleague: User, how: str) -> None:
    hold = held(cast, "raiser")
    if how == "lifted":
        DraftHold.objects.update(lifted_at=SENT, lifted_by=colleague)
    else:
        DraftHold.objects.all().delete()
    assert any(f"draft_hold:{hold.pk}" in fault.wrong for fault in verify_all())
