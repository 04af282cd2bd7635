"""A LADO referral and what belongs to it, in tables of their own. Only services write here.

What says who somebody is (names, dates of birth, posts) is erasable text: it is searched inside the wall in
memory, never by the database.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django_fsm import FSMField

from core.audit.models import Event as AuditEvent
from core.chance import drawn_id
from core.machine import machine
from core.outbox.models import AbstractMessage
from core.text.fields import ErasableTextField
from core.text.words import ErasableWordsField
from escalation.access import models as access
from escalation.access.standing import Standing
from escalation.accounts.groups import LADO_KINDS, SeatKind
from escalation.lado.workflow import CONCLUDED, ENDED, OPEN, STEPS, STRAND_STATES, Status
from escalation.policy.clock import opening
from escalation.policy.lado import LadoPolicy, lado_policy
from escalation.policy.words import london_date

TEAM_KINDS = frozenset(LADO_KINDS)


class PolicyVersion(models.Model):
    """The LADO's clocks and words as they were when a referral was opened; it never changes."""

    version = models.PositiveIntegerField()
    start = models.DateField()
    document = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("start", "version")

    def __str__(self) -> str:
        return f"LADO working times, version {self.version}"

    @property
    def policy(self) -> LadoPolicy:
        if self.digest not in _read():
            _read()[self.digest] = lado_policy(self.document)
        return _read()[self.digest]


@cache
def _read() -> dict[str, LadoPolicy]:
    """Policies by digest, read once a process."""
    return {}


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, standing: Standing) -> Self:
        """The LADO team's alone; and none that concerns the reader. The first call of every read.

        What is about the LADO, their manager or a director is the neighbouring LADO's, who sees nothing
        else; nobody here sees it once they have it.
        """
        if not standing.roles & TEAM_KINDS:
            return self.none()
        is_neighbour = SeatKind.NEIGHBOUR_LADO in standing.roles
        theirs = Q(about_lado=True) if is_neighbour else Q(handed_over_at__isnull=True)
        return self.filter(theirs).exclude(pk__in=Conflict.of(standing.user_id))

    def open(self) -> Self:
        return self.filter(status__in=OPEN)


class Referral(machine("status", STEPS), models.Model):  # type: ignore[misc]  # mypy cannot follow a made class
    """One contact with the LADO, from the call to its last end; nothing here is ever deleted."""

    uuid = models.UUIDField(unique=True, editable=False)
    key = models.UUIDField(
        unique=True, help_text="The form's own key: a second click finds the same referral."
    )
    reference = models.CharField(max_length=8, unique=True, editable=False)
    receipt = models.CharField(max_length=64, unique=True, help_text="Keyed digest of the referrer's number.")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    status = FSMField(default=Status.CONTACT, choices=Status.choices, protected=True)
    episode = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    # Who told whom, and when
    source = models.CharField(max_length=40, blank=True)
    way = models.CharField(max_length=10, help_text="call, form or copy (sealed, of a challenge)")
    challenge = models.UUIDField(null=True, help_text="The challenge that a sealed copy was made of.")
    referrer_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    referrer = ErasableTextField(blank=True)
    referrer_phone = ErasableTextField(blank=True)
    employer_aware = models.DateTimeField(null=True)
    police_as = models.CharField(max_length=10, blank=True)
    police_aware = models.DateTimeField(null=True)
    told_at = models.DateTimeField()
    told_in_time = models.BooleanField(null=True)
    late_reason = ErasableTextField(blank=True)
    only_days = models.JSONField(
        null=True, help_text="Which of these times nobody gave, but only the day: they count from 9am."
    )

    # Whom it is about
    adult_name = ErasableTextField(blank=True)
    adult_born = ErasableTextField(blank=True, help_text="ISO date")
    adult_role = models.CharField(max_length=40, blank=True)
    sector = models.CharField(max_length=40, blank=True)
    agency_worker = models.BooleanField(default=False)
    posts = ErasableTextField(blank=True)
    about_lado = models.BooleanField(default=False)
    handed_over_at = models.DateTimeField(null=True, help_text="Since when the neighbouring LADO has it.")

    # What it comes to
    limbs = models.JSONField(default=list, blank=True)
    transferable_risk = models.BooleanField(default=False)
    accepted_at = models.DateTimeField(null=True)
    removed = models.BooleanField(null=True)
    duties_needed = models.BooleanField(default=False)
    determined_at = models.DateTimeField(null=True)
    dbs_answer = models.CharField(max_length=20, blank=True)
    dbs_on = models.DateField(null=True)
    regulator = models.CharField(max_length=20, blank=True)
    regulator_answer = models.CharField(max_length=20, blank=True)
    regulator_on = models.DateField(null=True)
    head_asked = models.BooleanField(default=False)
    news = models.BooleanField(default=False, help_text="The referrer added something that is not read yet.")
    followed = models.JSONField(default=dict, blank=True)
    ended_at = models.DateTimeField(null=True)

    # Kept by the services, so that a list of thousands sorts in one statement.
    next_due = models.DateTimeField(null=True)
    overdue_from = models.DateTimeField(null=True)
    next_name = models.CharField(max_length=40, blank=True)
    next_about = models.CharField(max_length=40, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = [F("next_due").asc(nulls_last=True), "reference"]
        indexes = [models.Index(fields=["status", "next_due"], name="lado_list")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="lado_status_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="lado_version_from_one"),
            models.CheckConstraint(
                condition=Q(way__in=["call", "form", "copy", "import"]), name="lado_way_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ENDED) | Q(ended_at__isnull=False), name="lado_ended_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["outcome", "duties", "closed"])
                | Q(removed__isnull=False)
                | Q(way="import", status="closed"),
                name="lado_outcome_says_removed",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed", duties_needed=True)
                | (~Q(dbs_answer="") & ~Q(regulator_answer="")),
                name="lado_closed_has_answers",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("lado:referral", args=[self.uuid])

    @property
    def policy(self) -> LadoPolicy:
        return self.policy_version.policy

    @property
    def late_unexplained(self) -> bool:
        """The LADO was told late, and nobody has said why."""
        return self.told_in_time is False and not self.late_reason.strip()

    def note_when(self, name: str, when: date) -> None:
        """Keep when somebody knew, or told: a moment, or a day of which nobody gave the time."""
        is_moment = isinstance(when, datetime)
        setattr(self, name, when if is_moment else opening(when))
        others = [each for each in self.only_days or [] if each != name]
        self.only_days = (others if is_moment else sorted([*others, name])) or None

    def when(self, name: str) -> date | None:
        """As it was given: a moment, or a day; None where nobody said."""
        moment: datetime | None = getattr(self, name)
        return london_date(moment) if moment and name in (self.only_days or []) else moment


class Belonging(models.Model):
    """Something that belongs to one referral."""

    class Meta:
        abstract = True
        ordering = ("pk",)


class Child(Belonging):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="children")
    name = ErasableTextField()
    born = ErasableTextField(blank=True, help_text="ISO date")

    class Meta(Belonging.Meta):
        verbose_name_plural = "children"

    def __str__(self) -> str:
        return f"child {self.pk}"


class Employer(Belonging):
    """One of the adult's employers; where there are several, one leads."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="employers")
    name = ErasableTextField()
    sector = models.CharField(max_length=40)
    contact = ErasableTextField(blank=True)
    phone = ErasableTextField(blank=True)
    is_agency = models.BooleanField(default=False)
    leads = models.BooleanField(default=False)

    class Meta(Belonging.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["referral"], condition=Q(leads=True), name="lado_one_employer_leads"
            ),
        )

    def __str__(self) -> str:
        return f"employer {self.pk}"


class Allegation(Belonging):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="allegations")
    nature = models.CharField(max_length=40)
    non_recent = models.BooleanField(default=False)
    what = ErasableTextField()
    outcome = models.CharField(max_length=20, blank=True)
    outcome_at = models.DateTimeField(null=True)

    class Meta(Belonging.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome_at__isnull=False), name="lado_outcome_has_time"
            ),
        )

    def __str__(self) -> str:
        return f"allegation {self.pk}"


class Strand(Belonging):
    """The police's, social care's or one employer's part, each with a state of its own."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="strands")
    kind = models.CharField(max_length=20)
    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="strands")
    state = models.CharField(max_length=20)
    opened_on = models.DateField()
    concluded_on = models.DateField(null=True)

    class Meta(Belonging.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["referral", "kind"], condition=Q(employer__isnull=True), name="lado_strand_once"
            ),
            models.UniqueConstraint(fields=["referral", "employer"], name="lado_strand_once_an_employer"),
            models.CheckConstraint(
                condition=Q(kind="employment", employer__isnull=False)
                | Q(kind__in=["police", "social_care"], employer__isnull=True),
                name="lado_employment_has_employer",
            ),
            models.CheckConstraint(
                condition=Q(state=CONCLUDED, concluded_on__isnull=False)
                | (~Q(state=CONCLUDED) & Q(concluded_on__isnull=True)),
                name="lado_strand_concluded_has_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}, {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state != CONCLUDED

    @property
    def states(self) -> tuple[str, ...]:
        """Where it can go: anywhere in its own table but where it is."""
        return tuple(state for state in STRAND_STATES[self.kind] if state != self.state)


class Meeting(Belonging):
    """A planning meeting or a review; held once it has a day on which it was."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=10)
    planned_for = models.DateField(null=True)
    held_on = models.DateField(null=True)
    section_47 = models.BooleanField(default=False)

    class Meta(Belonging.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["planning", "review"]), name="lado_meeting_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} meeting"


class Attendee(Belonging):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="attendees")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendees")
    who = ErasableTextField()
    came = models.BooleanField()

    def __str__(self) -> str:
        return f"attendee {self.pk}"


class Action(Belonging):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="actions")
    what = ErasableTextField()
    owner = ErasableTextField()
    due = models.DateField()
    done_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"action due {self.due}"


class Letter(Belonging):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="letters")
    to = models.CharField(max_length=20)
    sent_on = models.DateField()
    answered_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"letter of {self.sent_on}"


class Question(Belonging):
    """Asked of the referrer, who sees it under the receipt number and nothing else."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="questions")
    text = ErasableTextField()
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"question {self.pk}"


class Deadline(Belonging):
    """One row a clock that runs, or ran. `subject` is the letter, action or question it is about."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="deadlines")
    name = models.CharField(max_length=40)
    subject = models.BigIntegerField(null=True)
    about = models.CharField(max_length=40, blank=True)
    started = models.DateTimeField()
    due = models.DateTimeField()
    overdue_from = models.DateTimeField()
    basis = models.JSONField()
    decided_at = models.DateTimeField(null=True)
    met = models.BooleanField(null=True)

    class Meta(Belonging.Meta):
        indexes = (models.Index(fields=["name", "decided_at"], name="lado_deadline_open"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(met__isnull=True) | Q(decided_at__isnull=False), name="lado_met_is_decided"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, due {self.due:%Y-%m-%d %H:%M}"


class Reminded(models.Model):
    """A clock that has run out has said so, once; no part of a referral's state."""

    deadline = models.OneToOneField(Deadline, on_delete=models.PROTECT, related_name="reminded")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "reminded"

    def __str__(self) -> str:
        return f"reminded {self.at:%Y-%m-%d %H:%M}"


class Conflict(access.Conflict):
    """This person must not see this referral, whatever their seat.

    Without a reason and who named them where it is older than that was kept.
    """

    RECORD = "referral"
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="conflicts")
    reason = models.CharField(max_length=20, choices=access.ConflictReason.choices, blank=True)
    named_by = models.ForeignKey(  # type: ignore[assignment]  # here it may be missing
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(access.Conflict.Meta):
        constraints = access.conflict_constraints("referral", "lado_conflict")


class Grant(Belonging):
    """LADO support may read the words until a day, or until somebody ends it.

    Without when it was given and by whom where it is older than that was kept; why is in its entry.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="grants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(null=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    until = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Belonging.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_by__isnull=False), name="lado_grant_ended_by"
            ),
        )

    def __str__(self) -> str:
        return f"grant until {self.until}"

    def is_live(self, day: date) -> bool:
        return self.ended_at is None and day <= self.until


class Entry(models.Model):
    """One line of the chronology. Words are erasable; everything else stands as it was written."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="entries")
    version = models.PositiveIntegerField()
    episode = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    codes = models.JSONField(default=dict)
    words = ErasableWordsField(default=dict)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")

    class Meta:
        ordering = ["-version", "-id"]
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["referral", "-version"], name="lado_chronology")]

    def __str__(self) -> str:
        return f"{self.step} at version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise ValueError("An entry is never edited; a correction is an entry of its own.")
        super().save(*args, **kwargs)


class SampleState(models.TextChoices):
    """Where a dip sample stands. What is given has left the wall, as words; ended is an end without that."""

    READING = "reading", "Being read"
    PROPOSED = "proposed", "Waits for the second reader"
    GIVEN = "given", "Finding given"
    ENDED = "ended", "Ended without a finding"


class DipSample(models.Model):
    """Ended records of a year, of one employer's sector, drawn by the log and read by two.

    `seed` and `population` say what was drawn and from what. `finding` leaves the wall once it is given, by
    the door `lado.findings`, and nothing else of it ever does.
    """

    OPEN = (SampleState.READING.value, SampleState.PROPOSED.value)

    uuid = models.UUIDField(unique=True, editable=False)
    quarter = models.CharField(max_length=10, help_text="The last of its year.")
    sector = models.CharField(max_length=40, blank=True, help_text="Of which employers; empty: of any.")
    sector_label = models.CharField(max_length=120, blank=True)
    standard = models.PositiveSmallIntegerField()
    standard_words = models.CharField(max_length=400)
    title = models.CharField(max_length=200)
    questions = models.JSONField(help_text="Each with its code and label.")
    answers = models.JSONField(help_text="Each with its code and label.")
    seed = models.CharField(max_length=64)
    population = models.JSONField()
    state = models.CharField(max_length=10, choices=SampleState, default=SampleState.READING)
    version = models.PositiveIntegerField(default=1)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    finding = ErasableTextField(blank=True)
    despite = ErasableTextField(blank=True, help_text="Why what the linter found may stay.")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    sent_back = ErasableTextField(blank=True)
    why_ended = ErasableTextField(blank=True)

    class Meta:
        ordering = ("-drawn_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=SampleState.values), name="lado_sample_state_known"),
            models.CheckConstraint(
                condition=~Q(state=SampleState.GIVEN)
                | Q(written_by__isnull=False, given_by__isnull=False) & ~Q(given_by=F("written_by")),
                name="lado_sample_given_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reading", "proposed"], ended_at__isnull=True)
                | ~Q(state__in=["reading", "proposed"]) & Q(ended_at__isnull=False),
                name="lado_sample_ended_iff_not_open",
            ),
        )

    def __str__(self) -> str:
        return f"Dip sample up to {self.quarter}"

    def get_absolute_url(self) -> str:
        return reverse("lado:sample", args=[self.uuid])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def employers(self) -> str:
        """Of which employers, in words."""
        return self.sector_label or "All employers"


class SampleReader(models.Model):
    """One of the two who read a sample."""

    sample = models.ForeignKey(DipSample, on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("sample", "user"), name="lado_sample_reader_once"),)

    def __str__(self) -> str:
        return f"{self.user} reads {self.sample}"


class SampleReading(models.Model):
    """What one reader answers of one record of a sample, in codes; empty until they have."""

    sample = models.ForeignKey(DipSample, on_delete=models.PROTECT, related_name="readings")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number", "pk")
        constraints = (
            models.UniqueConstraint(fields=("sample", "referral", "user"), name="lado_sample_reading_once"),
        )

    def __str__(self) -> str:
        return f"record {self.number} of {self.sample}"


class Event(AuditEvent):
    """The LADO's audit trail: chains "lado:<uuid>", "lado-openings", "lado-access" and "lado-samples"."""


class Message(AbstractMessage):
    """Notices of the LADO side wait in a table of their own, so that no number of the other shows them."""

    behind_a_wall = True

    class Meta(AbstractMessage.Meta):
        pass


class Unsent(models.Model):
    """A referral that somebody began and did not send: theirs alone, not told to anybody, 30 days long."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = ErasableWordsField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "unsent referrals"

    def __str__(self) -> str:
        return f"unsent, kept on {self.saved_at:%Y-%m-%d}"


PARTS: Mapping[str, type[models.Model]] = {
    "children": Child,
    "employers": Employer,
    "allegations": Allegation,
    "strands": Strand,
    "meetings": Meeting,
    "attendees": Attendee,
    "actions": Action,
    "letters": Letter,
    "questions": Question,
    "deadlines": Deadline,
    "conflicts": Conflict,
    "grants": Grant,
}
"""What belongs to a referral and makes up its state, by the name of its list."""


def fresh_key() -> uuid.UUID:
    """The key of a form that was just opened; a form that was sent has its own, and none is drawn for it."""
    return drawn_id("form")
