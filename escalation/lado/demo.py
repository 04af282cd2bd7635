"""A handful of fictional LADO referrals for the demo, written by the services at their own time.

The demo finds `fill` by its name in the settings, since nothing outside imports what is behind the wall.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db.models import F

from escalation.access.standing import Standing, standing_of
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Seat, User
from escalation.lado.models import Message, Referral
from escalation.lado.services import Contact, take_contact, take_step
from escalation.lado.workflow import STEP
from escalation.policy.clock import LONDON

PHONE = "020 7946 0177"


def fill(today: date) -> None:
    """Eight referrals as they stand when `today`, a London date, begins: from a call to a closed one."""
    lado = Seat.objects.select_related("user").filter(kind=SeatKind.LADO).earliest("pk").user
    for number, make in enumerate((_fresh, _late, _advice, _planned, _police, _letters, _duties, _closed)):
        make(_Play(lado, today, number))
    # Made-up people get no mail, and in the story theirs was read long ago.
    Message.objects.filter(sent_at=None).update(sent_at=F("due_at"))


class _Play:
    """One referral, and the LADO who takes its steps, a day at a time."""

    referral: Referral

    def __init__(self, lado: User, today: date, number: int) -> None:
        self.lado, self.today, self.number = lado, today, number

    def on(self, ago: int) -> tuple[datetime, date]:
        """10am so many days ago."""
        day = self.today - timedelta(days=ago)
        return datetime.combine(day, time(10), tzinfo=LONDON), day

    def standing(self, day: date) -> Standing:
        return standing_of(self.lado, today=day)

    def call(self, ago: int, what: str, *, knew: int | None = None, **known: Any) -> None:
        now, day = self.on(ago)
        aware = self.on(knew)[0] if knew is not None else None
        contact = Contact(
            way="call", referrer_phone=PHONE, words={"what": what}, employer_aware=aware, **known
        )
        key = uuid5(NAMESPACE_URL, f"demo referral {self.number}")
        self.referral = take_contact(contact, by=self.lado, standing=self.standing(day), key=key, now=now)

    def take(self, ago: int, step: str, **answers: Any) -> None:
        now, day = self.on(ago)
        self.referral = take_step(
            self.referral,
            STEP[step],
            by=self.lado,
            standing=self.standing(day),
            expected=Referral.objects.get(pk=self.referral.pk).version,
            now=now,
            answers=answers,
        )

    def rows(self, name: str) -> Iterator[int]:
        yield from getattr(self.referral, name).values_list("pk", flat=True)


def _fresh(play: _Play) -> None:
    play.call(
        1,
        "An escort driver is said to have held a child's arm hard. A red mark was seen.",
        knew=2,
        referrer="Bernadette Quarshie-Lund, transport manager",
        source="transport",
        sector="transport",
        adult_role="driver",
        adult_name="Dominic Achterberg",
        limbs=("harmed",),
    )


def _late(play: _Play) -> None:
    play.call(
        5,
        "A coach sent messages to a young player late at night. The club talked to him first.",
        knew=19,
        referrer="Club welfare officer",
        source="voluntary",
        sector="sport",
        adult_role="coach",
        adult_name="Jon Merriweather",
        limbs=("risk",),
    )


def _advice(play: _Play) -> None:
    play.call(
        60, "A volunteer was short with a child at a lunch club.", referrer="Club leader", sector="voluntary"
    )
    play.take(
        59, "give_advice", what="A word with the volunteer, and their supervision. No threshold is met."
    )


def _accepted(play: _Play, ago: int, name: str, role: str, sector: str, what: str) -> None:
    play.call(
        ago,
        what,
        knew=ago + 1,
        referrer="Designated safeguarding lead",
        source="school",
        sector=sector,
        adult_role=role,
        adult_name=name,
        employer_name="Northfield Academy",
        limbs=("harmed", "risk"),
    )
    play.take(ago - 1, "accept", what="A child may have been harmed.")
    play.take(ago - 1, "start_evaluation", what="The police and social care were asked.")


def _planned(play: _Play) -> None:
    what = "A teaching assistant pulled a child from a chair."
    _accepted(play, 4, "Harriet Vance-Morrison", "teaching_assistant", "primary", what)
    play.take(1, "plan_meeting", meets_on=play.today + timedelta(days=2), section_47=False)


def _strands(play: _Play, ago: int, name: str, what: str) -> None:
    _accepted(play, ago, name, "teacher", "secondary", what)
    play.take(ago - 2, "plan_meeting", meets_on=play.on(ago - 4)[1], section_47=False)
    people = ["LADO", "Detective sergeant, police", "Head of safeguarding, Northfield Academy"]
    held = play.on(ago - 4)[1]
    play.take(ago - 4, "hold_meeting", held_on=held, attendees=people, what="The police look first.")
    play.take(ago - 4, "add_allegation", nature="physical", what=what)
    play.take(ago - 4, "add_strand", strand_kind="police")
    play.take(ago - 4, "add_strand", strand_kind="employment", employer=next(play.rows("employers")))
    play.take(ago - 4, "open_strands")


def _police(play: _Play) -> None:
    _strands(play, 130, "Kwame Prendergast", "A pupil says the teacher hit him in a store room.")
    review = play.on(-5)[1]
    play.take(
        100, "hold_review", held_on=play.on(100)[1], what="The police need more time.", next_review=review
    )


def _letters(play: _Play) -> None:
    _strands(play, 40, "Marguerite Oyelaran-Stokes", "A child was shut in a room alone.")
    play.take(30, "write_letter", letter_to="employer", sent_on=play.on(30)[1], what="Your findings, please.")


def _decided(play: _Play, ago: int, name: str, outcome: str) -> None:
    _strands(play, ago, name, "A pupil was pushed against a wall.")
    for strand in list(play.rows("strands")):
        play.take(ago - 20, "move_strand", strand=strand, strand_state="concluded", what="It has ended.")
    for allegation in list(play.rows("allegations")):
        play.take(ago - 21, "record_outcome", allegation=allegation, outcome=outcome, reasons="Two saw it.")
    play.take(ago - 21, "determine", removed=outcome == "substantiated")
    play.take(ago - 22, "start_duties", what="The teacher, the school and the parents were told.")


def _duties(play: _Play) -> None:
    _decided(play, 50, "Jonathan Tarrant-Bligh", "substantiated")
    play.take(20, "answer_dbs", dbs_answer="referred", dbs_on=play.on(21)[1])


def _closed(play: _Play) -> None:
    _decided(play, 90, "Simone Adeyemi-Castellanos", "unfounded")
    play.take(60, "close")
