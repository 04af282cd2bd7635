"""After it ended: thanks, how it went for both sides, how the raiser was treated since; who reads which."""

import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from core.machine import NotPermitted, Refused
from core.outbox.models import Message
from escalation.access.models import ConflictReason
from escalation.accounts.models import Seat
from escalation.challenges.models import Challenge
from escalation.challenges.queries import CaseView, view_case
from escalation.challenges.services import ask_how_treated, name_conflict, sweep
from escalation.policy.steps import STEP_NAMES
from escalation.reporting.counting import challenges as counting
from tests.challenges.cast import Cast
from tests.challenges.test_refusals import settled
from tests.factories import SENT
from tests.moments import london

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]

# Closed on Wed 23 Dec 2026; 91 days later is Wed 24 Mar 2027. Summer time begins on 28 March.
ASKED, BEFORE = london(2027, 3, 24, 9), london(2027, 3, 23, 16)
LATER = SENT + timedelta(hours=2)
PULSE = {"respected": 2, "felt_heard": 5, "note": "Curt at first."}


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    settled(cast)
    cast.take("raiser", "confirm_settled", SENT + timedelta(hours=1))
    Message.objects.all().delete()
    return cast


def seen(cast: Cast, who: str, now: datetime = ASKED) -> CaseView | None:
    """What somebody may read of it; None where they may not know of it."""
    standing = cast.standings[who]
    found = Challenge.objects.visible_to(standing).select_related("policy_version", "raising", "raised_by")
    challenge = found.filter(pk=cast.challenge.pk).first()
    return None if challenge is None else view_case(challenge, standing, now=now)


def readers(cast: Cast, step: str) -> set[str]:
    """Who has the entry of a step in what they get of the case, whatever of it."""
    views = {who: seen(cast, who) for who in cast.people}
    return {who for who, view in views.items() if view and any(e.step == step for e in view.entries)}


def heard() -> set[tuple[str, str]]:
    return {(message.to.full_name, message.kind) for message in Message.objects.select_related("to")}


def test_each_sides_pulse_is_for_its_writer_and_the_unit_alone(cast: Cast) -> None:
    cast.take("counterpart", "give_pulse", LATER, **PULSE)
    assert readers(cast, "give_pulse") == {"counterpart", "unit"}
    cast.take("raiser", "give_pulse", LATER, respected=5, felt_heard=4)
    for who, numbers in (("counterpart", [2]), ("raiser", [5]), ("unit", [5, 2])):
        view = seen(cast, who)
        assert view is not None
        assert [e.codes["respected"] for e in view.entries if e.step == "give_pulse"] == numbers, who
    assert not Message.objects.exists(), "nobody hears that somebody else has said it"


def test_a_pulse_is_given_once_each_and_after_reopening_again(cast: Cast) -> None:
    cast.take("counterpart", "give_pulse", LATER, **PULSE)
    with pytest.raises(Refused):
        cast.take("counterpart", "give_pulse", LATER, respected=1, felt_heard=1)
    cast.take("raiser", "reopen", SENT, what="It started again.")
    view = seen(cast, "counterpart", SENT)
    assert view is not None
    assert not view.offers("give_pulse")


@pytest.mark.parametrize(("rating", "words"), [("0", "valid choice"), ("6", "valid choice"), ("", "Say if")])
def test_it_is_from_one_to_five(cast: Cast, client: Client, travel: Travel, rating: str, words: str) -> None:
    travel(SENT)
    client.force_login(cast.people["counterpart"])
    url = f"{cast.challenge.get_absolute_url()}give_pulse/"
    sent = {"version": cast.challenge.version, "respected": rating, "felt_heard": "3"}
    page = client.post(url, sent)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in str(page.context["form"].errors)


def test_the_form_and_the_api_keep_the_same(cast: Cast, client: Client, travel: Travel) -> None:
    travel(SENT)
    client.force_login(cast.people["counterpart"])
    url = f"{cast.challenge.get_absolute_url()}give_pulse/"
    page = client.get(url)
    assert "only you and the business unit can read it" in page.content.decode()
    sent = {"version": cast.challenge.version, "respected": "2", "felt_heard": "5", "note": ""}
    assert client.post(url, sent).status_code == HTTPStatus.FOUND
    client.force_login(cast.people["raiser"])
    api = f"/api/v1/challenges/{cast.challenge.uuid}/steps/give_pulse/"
    body = {"version": cast.challenge.version + 1, "answers": {"respected": 2, "felt_heard": 5}}
    assert client.post(api, body, content_type="application/json").status_code == HTTPStatus.OK
    codes = [e.codes for e in cast.challenge.entries.filter(step="give_pulse")]
    assert codes == [{"respected": 2, "felt_heard": 5}] * 2


def test_thanks_are_for_everybody_and_the_raiser_hears_of_them(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        cast.take("raiser", "thank", LATER)
    cast.take("counterpart", "thank", LATER, note="It made us look.")
    assert {"raiser", "counterpart", "raising_lead"} <= readers(cast, "thank")
    assert heard() == {("Amara Cole", "news")}
    with pytest.raises(Refused):
        cast.take("counterpart", "thank", LATER)
    cast.take("raising_lead", "thank", LATER)


def test_the_raiser_is_asked_three_months_later_once_in_working_time(cast: Cast) -> None:
    assert not ask_how_treated(now=BEFORE)
    assert ask_how_treated(now=ASKED)
    assert not ask_how_treated(now=ASKED + timedelta(days=1))
    assert heard() == {("Amara Cole", "how_treated")}
    assert Message.objects.get().path.endswith(f"{cast.challenge.uuid}/say_treated/")


def test_asked_on_a_sunday_the_mail_waits_for_monday(cast: Cast) -> None:
    Challenge.objects.update(ask_treated_from=london(2027, 3, 28, 9))
    ask_how_treated(now=london(2027, 3, 28, 9))  # Easter Sunday, and the clocks have gone forward
    assert Message.objects.get().due_at == london(2027, 3, 30, 9)


def test_too_early_it_is_refused_and_answered_it_is_asked_no_more(cast: Cast) -> None:
    with pytest.raises(Refused, match="three months"):
        cast.take("raiser", "say_treated", BEFORE, treated_worse=False)
    cast.take("raiser", "say_treated", ASKED, treated_worse=False)
    with pytest.raises(Refused):
        cast.take("raiser", "say_treated", ASKED, treated_worse=True)
    assert not ask_how_treated(now=ASKED)


def test_how_they_were_treated_is_for_raiser_and_unit_alone(cast: Cast) -> None:
    cast.take("raiser", "say_treated", ASKED, treated_worse=True, note="Left off the rota.")
    assert readers(cast, "say_treated") == {"raiser", "unit"}
    assert heard() == {("Ruth Ames", "your_turn")}, "worse treatment is for somebody to act on"


def test_treated_no_worse_tells_nobody(cast: Cast) -> None:
    cast.take("raiser", "say_treated", ASKED, treated_worse=False)
    assert not heard()


def test_only_the_raiser_is_offered_it(cast: Cast) -> None:
    views = {who: seen(cast, who) for who in cast.people}
    assert {who for who, view in views.items() if view and view.offers("say_treated")} == {"raiser"}


def test_who_withdrew_is_asked_too_and_reopening_puts_the_question_off() -> None:
    cast = Cast()
    cast.raise_it()
    cast.take("raiser", "withdraw", SENT, withdrawal_reason="under_pressure")
    assert cast.challenge.ask_treated_from == ASKED
    cast.take("raiser", "reopen", SENT, what="I want it looked at after all.")
    assert cast.challenge.ask_treated_from is None


def test_one_that_nobody_confirmed_is_asked_about() -> None:
    cast = Cast()
    settled(cast)
    late = london(2027, 2, 1, 9)
    sweep(now=late)
    found = Challenge.objects.get(pk=cast.challenge.pk)
    assert found.status == "closed"
    assert found.ask_treated_from is not None


@pytest.mark.parametrize("gone", ["conflict", "seat", "left"])
def test_who_lost_sight_of_it_is_not_asked(cast: Cast, gone: str) -> None:
    raiser = cast.people["raiser"]
    if gone == "conflict":
        name_conflict(
            cast.challenge,
            user=raiser,
            reason=ConflictReason.values[0],
            by=cast.people["unit"],
            standing=cast.standings["unit"],
            now=SENT,
        )
    elif gone == "seat":
        Seat.objects.filter(user=raiser).delete()
    else:
        type(raiser).objects.filter(pk=raiser.pk).update(is_active=False)
    Message.objects.all().delete()
    assert not ask_how_treated(now=ASKED)
    assert not Message.objects.exists()


def test_the_list_and_the_page_ask_it_and_the_number_is_its_list(
    cast: Cast, client: Client, travel: Travel
) -> None:
    travel(ASKED)
    client.force_login(cast.people["raiser"])
    page = client.get("/challenges/").content.decode()
    assert "We ask you" in page
    listed: Any = client.get("/challenges/?show=asked")
    assert [row.turn.words for group in listed.context["groups"] for row in group.rows] == [
        "A question for you"
    ]
    case = client.get(cast.challenge.get_absolute_url()).content.decode()
    assert "Were you treated any worse because you raised this?" in case
    client.force_login(cast.people["raising_lead"])
    assert "We ask you" not in client.get("/challenges/").content.decode().replace("We ask you</option>", "")


def test_what_is_answered_so_is_in_no_figure() -> None:
    """Nothing of it is reported by setting: no measure counts these steps."""
    private = {"give_pulse", "say_treated"}
    assert private <= STEP_NAMES
    source = inspect.getsource(counting)
    assert not any(name in source for name in (*private, "treated_worse", "felt_heard", "respected"))
