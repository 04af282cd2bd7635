"""Nobody waits in silence: who hears of a clock, when, and how often. Mail has no detail of any of it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from http import HTTPStatus

import pytest
from django.db import transaction
from django.test import Client

from core.outbox.mail import compose
from core.outbox.models import Message
from core.outbox.services import queue
from escalation.access.models import ConflictReason
from escalation.accounts.models import Seat
from escalation.challenges.models import Action
from escalation.challenges.services import name_conflict, remind_all, sweep, tell_of_the_week
from tests.challenges.cast import CALLED, OUTCOME, Cast
from tests.challenges.test_refusals import POLICE_ASKED, answered
from tests.factories import SENT, person
from tests.moments import london

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
Heard = set[tuple[str, str]]

# SENT is Wed 23 Dec 2026, 10:20; Fri 25 and Mon 28 are bank holidays. Two working days: Tue 29 Dec, 5pm.
DAY_BEFORE, DUE_DAY = london(2026, 12, 24, 9), london(2026, 12, 29, 9)
LATE, STILL_LATE = london(2026, 12, 30, 9), london(2027, 1, 5, 9)


@pytest.fixture
def cast() -> Cast:
    """One service asked, by name; which child it is, is agreed on the day."""
    cast = Cast()
    cast.raise_it(asked={cast.care: cast.people["counterpart"]}, supporting=())
    cast.take("raiser", "match", SENT + timedelta(minutes=30), party=cast.party(cast.care), **CALLED)
    return cast


def heard(cast: Cast, now: datetime) -> Heard:
    """Who of the cast hears what when the worker looks at this moment."""
    known = set(Message.objects.values_list("pk", flat=True))
    remind_all(now=now)
    names = {user.pk: name for name, user in cast.people.items()}
    return {(names[m.to_id], m.kind) for m in Message.objects.exclude(pk__in=known)}


def test_the_silent_colleague_is_reminded_then_the_raiser_may_move_up_then_leads_look(cast: Cast) -> None:
    told = {moment: heard(cast, moment) for moment in (DAY_BEFORE, DUE_DAY, LATE, STILL_LATE)}
    assert ("counterpart", "before") in told[DAY_BEFORE]
    assert ("counterpart", "due") in told[DUE_DAY]
    assert {("counterpart", "late"), ("raiser", "can_move_up")} <= told[LATE]
    assert ("responding_lead", "still_late") in told[STILL_LATE]
    everybody = {name for moment in told.values() for name, _ in moment}
    assert everybody <= {"counterpart", "raiser", "responding_lead"}


def test_once_each_however_often_the_worker_looks(cast: Cast) -> None:
    assert heard(cast, DUE_DAY)
    assert not heard(cast, DUE_DAY)
    assert not heard(cast, DUE_DAY + timedelta(hours=3))


def test_who_looks_late_tells_only_where_it_stands_now(cast: Cast) -> None:
    """The worker was away over the holidays: nobody gets four mails on one morning."""
    kinds = [kind for name, kind in heard(cast, LATE) if name == "counterpart"]
    assert set(kinds) == {"late"}


def test_two_clocks_that_end_together_are_one_mail(cast: Cast) -> None:
    """The London procedure gives one week for the answer and for agreement."""
    cast.raise_it(asked={cast.care: cast.people["counterpart"]}, supporting=(), policy_key="london")
    cast.take("raiser", "match", SENT + timedelta(minutes=30), party=cast.party(cast.care), **CALLED)
    Message.objects.all().delete()
    remind_all(now=london(2027, 1, 4, 9))
    here = Message.objects.filter(path=cast.challenge.get_absolute_url(), kind="due")
    assert [message.to for message in here] == [cast.people["counterpart"]]


def test_an_answer_ends_it(cast: Cast) -> None:
    cast.take("counterpart", "reply", DAY_BEFORE, answer="acted", what="A visit today.", acted_on=SENT.date())
    assert not {kind for name, kind in heard(cast, LATE) if name in ("counterpart", "responding_lead")}


def test_moving_up_is_one_click_from_the_mail(cast: Cast, client: Client, travel: Travel) -> None:
    """Prepared, never taken by itself: whoever was asked and is late is ticked on the page."""
    heard(cast, LATE)
    travel(LATE)
    client.force_login(cast.people["raiser"])
    page = client.get(Message.objects.get(kind="can_move_up").path)
    assert page.status_code == HTTPStatus.OK
    form = page.context["form"]
    assert [str(party) for party in form["still_asking"].value()] == [str(cast.party(cast.care))]


def test_a_stand_in_hears_too_and_who_must_not_see_it_does_not(cast: Cast) -> None:
    """At the leads' stage: the deputy of a seat, and a lead who declared a conflict."""
    cast.take("raiser", "escalate", LATE, still_asking=[cast.party(cast.care)])
    lead = Seat.objects.get(user=cast.people["responding_lead"])
    lead.deputy = cast.people["police_lead"]
    lead.save()
    name_conflict(
        cast.challenge,
        user=cast.people["responding_lead"],
        by=cast.people["responding_lead"],
        standing=cast.standings["responding_lead"],
        reason=ConflictReason.CONCERNED,
        now=LATE,
    )
    told = heard(cast, london(2027, 1, 4, 9))
    assert ("police_lead", "due") in told
    assert "responding_lead" not in {name for name, _ in told}


def test_on_hold_the_clock_is_silent_and_speaks_again_when_it_runs(cast: Cast) -> None:
    cast.take("unit", "set_hold", DAY_BEFORE, **POLICE_ASKED)
    assert not heard(cast, DUE_DAY)
    sweep(now=london(2026, 12, 31, 17, 1))
    # It stood at 5pm on Thu 24, Tue 29 and Wed 30; Fri 1 is closed: two working days are Thu 31 and Mon 4.
    assert ("counterpart", "due") in heard(cast, london(2027, 1, 4, 9))
    assert ("counterpart", "late") in heard(cast, london(2027, 1, 5, 9))


def test_the_unit_hears_of_its_week_once_on_the_first_working_day() -> None:
    """Mon 28 Dec 2026 is a bank holiday; in the week after it is the Monday."""
    cast = Cast()
    other = person("Nell Hart", role="business_unit")
    told = [
        (london(2026, 12, 28, 12), 0),
        (london(2026, 12, 29, 8, 59), 0),
        (london(2026, 12, 29, 9), 2),
        (london(2026, 12, 31, 9), 0),
        (london(2027, 1, 4, 9, 5), 2),
    ]
    assert [tell_of_the_week(now=moment) for moment, _ in told] == [number for _, number in told]
    assert {m.to for m in Message.objects.all()} == {cast.people["unit"], other}
    assert {m.path for m in Message.objects.all()} == {"/monday/"}


@pytest.mark.parametrize("moment", [DAY_BEFORE, DUE_DAY, LATE, STILL_LATE])
def test_a_mail_says_nothing_of_what_it_is_about(cast: Cast, moment: datetime) -> None:
    heard(cast, moment)
    for message in Message.objects.select_related("to"):
        mail = compose(message)
        # The link holds a random id, in which any two digits can stand.
        said = f"{mail.subject} {mail.body}".replace(message.path, "")
        for word in (
            cast.challenge.reference,
            "Oakfield",
            "Family Safeguarding",
            "Amara",
            "Tom",
            "29",
            "88213",
        ):
            assert word not in said


# What was agreed on settling


@pytest.fixture
def agreed() -> Cast:
    """Closed on the day, with an action of social care's, due on Fri 15 Jan 2027."""
    cast = Cast()
    answered(cast)
    visit = {"what": "Visit weekly", "party": cast.party(cast.care), "due": date(2027, 1, 15)}
    cast.take("counterpart", "settle", SENT, **OUTCOME, actions=[visit])
    cast.take("raiser", "confirm_settled", SENT)
    return cast


ACTION_MOMENTS = {
    london(2027, 1, 14, 9): {("counterpart", "before")},
    london(2027, 1, 15, 9): {("counterpart", "due")},
    london(2027, 1, 18, 9): {("counterpart", "late"), ("raiser", "action_missed")},
    london(2027, 1, 21, 9): {("responding_lead", "still_late")},
}


def test_an_action_reminds_before_on_the_day_and_after_and_is_a_ground_to_reopen(agreed: Cast) -> None:
    assert not heard(agreed, london(2027, 1, 14, 8, 59))
    for moment, told in ACTION_MOMENTS.items():
        assert heard(agreed, moment) == told, moment
        assert not heard(agreed, moment), "once"
    ground = Message.objects.get(kind="action_missed")
    assert ground.path == f"{agreed.challenge.get_absolute_url()}reopen/"


def test_an_action_done_is_silent(agreed: Cast) -> None:
    action = agreed.challenge.actions.get()
    agreed.take(
        "counterpart",
        "complete_action",
        london(2027, 1, 13, 10),
        action=action.pk,
        what="Done.",
        done_on=date(2027, 1, 13),
    )
    assert not any(heard(agreed, moment) for moment in ACTION_MOMENTS)


def test_a_missed_action_of_ones_own_is_told_once(agreed: Cast) -> None:
    Action.objects.update(setting=agreed.school)
    assert heard(agreed, london(2027, 1, 18, 9)) == {("raiser", "late")}


def test_of_something_withdrawn_meanwhile_nobody_is_reminded(agreed: Cast) -> None:
    agreed.take("raiser", "reopen", SENT, what="Again.")
    agreed.take("raiser", "withdraw", SENT, withdrawal_reason="other")
    assert not any(heard(agreed, moment) for moment in ACTION_MOMENTS)


def test_the_mail_of_the_week_counts_what_the_page_counts_and_names_nobody() -> None:
    cast = Cast()
    cast.raise_it()
    tell_of_the_week(now=london(2027, 1, 4, 9, 5))
    message = Message.objects.get(kind="week")
    body = compose(message).body
    assert message.figures["overdue"] == 1
    assert "Overdue: 1" in body
    assert "Child not agreed yet: 1" in body
    assert "On hold" not in body, "none is no line"
    html = str(compose(message).alternatives[0][0])
    assert "Overdue: <b>1</b>" in html
    for word in ("Oakfield", "Family", "Amara", cast.challenge.reference):
        assert word not in f"{body}{html}"


def test_a_message_counts_in_numbers_alone() -> None:
    with pytest.raises(ValueError, match="whole numbers"), transaction.atomic():
        queue(to=[person()], kind="week", path="/monday/", now=SENT, figures={"overdue": "Amara"})  # type: ignore[dict-item]
