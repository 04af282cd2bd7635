"""A challenge, its parties, what was said and what is due. Only services write here."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django_fsm import FSMField

from core.audit.models import Event as AuditEvent
from core.machine import machine
from core.rows import JSONRows
from core.text.fields import ErasableTextField
from core.text.words import ErasableWordsField
from escalation.access import models as access
from escalation.access.exceptions import Exceptions, from_rows
from escalation.access.standing import Standing
from escalation.accounts.models import Setting
from escalation.challenges.reference import new_reference
from escalation.challenges.workflow import CLOSING, ENDED, OPEN, STEPS, Status
from escalation.policy.document import Policy
from escalation.rulebook.models import PolicyVersion

UNIT, AUDITOR = "business_unit", "auditor"
SENIOR_FROM, PARTNER_FROM = 3, 5


class PartyRole(models.TextChoices):
    RAISING = "raising", "asked"
    RESPONDING = "responding", "was asked"
    SUPPORTING = "supporting", "supports this"


class Audience(models.TextChoices):
    """Who may read an entry, among those who may read the words at all."""

    ALL_PARTIES = "all_parties", "Both sides"
    OWN_SETTING = "own_setting_and_unit", "Only our side and the unit"
    RAISER_AND_UNIT = "raiser_and_unit", "Only the person who raised it and the unit"
    WRITER_AND_UNIT = "writer_and_unit", "Only who wrote it and the unit"
    UNIT_ONLY = "unit_only", "Only the unit"


def seats_see(standing: Standing) -> Q:
    """The challenges that a person's seats let them know of: own raised, counterpart, lead from the start,
    senior lead from stage 3, partner at stage 5. Sight stays for those who acted, while they still have a
    seat in that setting.
    """
    seats, for_whom = standing.settings, standing.acts_for
    at_party = Q(role__in=[PartyRole.RAISING, PartyRole.RESPONDING])
    parties = Party.objects.filter(
        (at_party & Q(counterpart__in=for_whom, setting__in=seats))
        | Q(setting__in=standing.lead_settings)
        | (at_party & Q(setting__in=standing.senior_settings, challenge__stage_reached__gte=SENIOR_FROM))
        | (
            at_party
            & Q(
                setting__organisation__in=standing.partner_organisations,
                challenge__stage_reached__gte=PARTNER_FROM,
            )
        )
    )
    acted = Entry.objects.filter(actor=standing.user_id, setting__in=seats)
    return (
        Q(raised_by__in=for_whom, raising__in=seats)
        | Q(pk__in=parties.values("challenge"))
        | Q(pk__in=acted.values("challenge"))
    )


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def visible_to(self, standing: Standing) -> Self:
        """The challenges a person may know of at all; the first call of every read.

        By their seats, by a grant, or in the place of somebody who must not see it; the business unit and
        the auditor know of all. Whoever has a conflict knows of none, whatever else they are (rule 15).
        """
        out = Conflict.of(standing.user_id)
        if standing.roles & {UNIT, AUDITOR}:
            return self.exclude(pk__in=out)
        seen = seats_see(standing) | Q(
            pk__in=Grant.live(standing.at).filter(user=standing.user_id).values("challenge")
        )
        for holder, stand_in in standing.standby.items():
            seen |= seats_see(stand_in) & Q(pk__in=Conflict.of(holder))
        return self.filter(seen).exclude(pk__in=out)

    def with_exceptions(self, at: datetime | None) -> Self:
        """Each with who is kept out and who is let in at a moment, for `Challenge.exceptions`."""
        out = Conflict.standing().filter(challenge=OuterRef("pk")).order_by().values("challenge")
        granted = Grant.live(at).filter(challenge=OuterRef("pk")).order_by().values("challenge")
        facts = JSONObject(user="user", kind="kind", setting="setting", seat="seat", instead_of="instead_of")
        return self.annotate(
            conflicted_rows=Subquery(out.annotate(rows=JSONRows("user")).values("rows")),
            granted_rows=Subquery(granted.annotate(rows=JSONRows(facts)).values("rows")),
        )

    def raised_here(self) -> Self:
        """Without those brought in from an earlier log: they were counted there, and count here no more."""
        return self.filter(imported_at__isnull=True)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def overdue(self, now: datetime) -> Self:
        return self.filter(status__in=OPEN, overdue_from__lt=now)


class Challenge(machine("status", STEPS), models.Model):  # type: ignore[misc]  # mypy cannot follow a made class
    """One professional challenge, from sending to its last exit; nothing here is ever deleted."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(
        unique=True, help_text="The form's own key: a second click finds the same challenge."
    )
    reference = models.CharField(max_length=7, unique=True, default=new_reference, editable=False)
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    raising = models.ForeignKey(Setting, on_delete=models.PROTECT, related_name="raised")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="raised",
        help_text="Empty: somebody whom the log does not know, in an earlier log.",
    )
    name_withheld = models.BooleanField(
        default=False, help_text="The other side sees the raiser's role and not their name."
    )
    name_released = models.BooleanField(default=False, help_text="Two people agreed to show it.")
    disclosure_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(help_text="When it was raised, here or in an earlier log.")
    imported_at = models.DateTimeField(
        null=True, help_text="When it was brought in from an earlier log; empty: it was raised here."
    )

    status = FSMField(default=Status.AWAITING_RESPONSE, choices=Status.choices, protected=True)
    stage = models.PositiveSmallIntegerField()
    stage_reached = models.PositiveSmallIntegerField()
    episode = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    fast = models.BooleanField(default=False)

    about = models.CharField(max_length=40)
    issue = models.CharField(max_length=60, blank=True)
    other_issues = models.JSONField(default=list, blank=True)
    label = ErasableTextField(
        blank=True, help_text="The raiser's own words for lists; shown only to those who may read the text."
    )
    age_band = models.CharField(max_length=20)
    no_single_child = models.BooleanField(default=False)
    our_pointer = ErasableTextField(blank=True)
    voice_given = models.BooleanField(default=False)
    scope = models.CharField(max_length=40, blank=True)
    sibling_count = models.PositiveSmallIntegerField(null=True, blank=True)
    child_status = models.CharField(max_length=40, blank=True)
    interpreter_considered = models.BooleanField(null=True)
    supervisor_consulted = models.BooleanField(null=True)
    form_completed_at = models.DateTimeField(null=True)
    form_checked_at = models.DateTimeField(null=True)

    concern_arose = models.DateTimeField(null=True)
    needed_by = models.DateTimeField(null=True)
    child_cannot_wait = models.BooleanField(default=False)
    skip_reason = models.CharField(max_length=40, blank=True)

    pending = models.CharField(
        max_length=10, blank=True, help_text="What is proposed and not yet agreed: hold, return or transfer."
    )
    pending_until = models.DateTimeField(null=True)
    pending_stage = models.PositiveSmallIntegerField(null=True)
    returned_once = models.BooleanField(default=False)
    convened_at = models.DateTimeField(null=True)
    recommended_at = models.DateTimeField(null=True)

    outcome = models.CharField(max_length=60, blank=True)
    impact = models.CharField(max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(
        null=True, help_text="Whether the raising side said that this keeps the child safe."
    )
    closed_at = models.DateTimeField(null=True)
    ask_treated_from = models.DateTimeField(
        null=True, help_text="From then on the raiser is asked if they were treated any worse."
    )
    treated_told_at = models.DateTimeField(null=True, help_text="When a notice asked the raiser so.")
    void_reason = models.CharField(max_length=40, blank=True)
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    recurrence_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="recurrences")

    # Kept by the services, so that a list of thousands sorts and filters in one statement.
    next_due = models.DateTimeField(null=True)
    overdue_from = models.DateTimeField(null=True)
    unit_owes = models.BooleanField(default=False)
    partners_owe = models.BooleanField(default=False)

    # There once `with_exceptions` has read them.
    conflicted_rows: list[int] | None
    granted_rows: list[dict[str, Any]] | None

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["next_due", "reference"]
        indexes = [
            models.Index(fields=["status", "next_due"], name="challenge_worklist"),
            models.Index(fields=["raised_by"], name="challenge_raiser"),
            models.Index(fields=["opened_at"], name="challenge_opened"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="challenge_status_known"),
            models.CheckConstraint(
                condition=Q(stage__gte=1) & Q(stage_reached__gte=F("stage")), name="challenge_stage_reached"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="challenge_version_from_one"),
            models.CheckConstraint(
                condition=Q(name_withheld=True) | Q(disclosure_asked_by__isnull=True),
                name="challenge_disclosure_of_withheld",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.ON_HOLD) | Q(fast=False), name="challenge_fast_never_held"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SETTLED) | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="challenge_settled_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.CLOSED, Status.CLOSED_ACTIONS_OPEN])
                | Q(closed_at__isnull=False),
                name="challenge_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.VOID) | ~Q(void_reason=""), name="challenge_void_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | Q(status=Status.VOID),
                name="challenge_duplicate_is_void",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.RECOMMENDED) | Q(recommended_at__isnull=False),
                name="challenge_recommended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(pending__in=["", "hold", "return", "transfer"]), name="challenge_pending_known"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("challenges:case", args=[self.uuid])

    @property
    def policy(self) -> Policy:
        return self.policy_version.policy

    @property
    def exceptions(self) -> Exceptions:
        """Who is kept out and who is let in, as `with_exceptions` read it; one statement without that."""
        if not hasattr(self, "granted_rows"):
            rows = Challenge.objects.with_exceptions(None).get(pk=self.pk)
            self.conflicted_rows, self.granted_rows = rows.conflicted_rows, rows.granted_rows
        return from_rows(self.conflicted_rows, self.granted_rows)


class Party(models.Model):
    """A setting's place in a challenge: it asked, was asked, or supports. `owes` = it is its turn."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="parties")
    setting = models.ForeignKey(Setting, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=10, choices=PartyRole.choices)
    counterpart = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="asked"
    )
    stage = models.PositiveSmallIntegerField()
    their_pointer = ErasableTextField(blank=True)
    matched_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=20, blank=True)
    answered_at = models.DateTimeField(null=True)
    question_open = models.BooleanField(default=False)
    question_used = models.BooleanField(default=False)
    agreed_to_pending = models.BooleanField(default=False)
    must_answer_recommendation = models.BooleanField(default=False)
    recommendation_answer = models.CharField(max_length=20, blank=True)
    on_record = models.DateField(null=True)
    owes = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["setting", "role"], name="party_setting")]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "setting"], name="party_once"),
            models.UniqueConstraint(
                fields=["challenge"], condition=Q(role=PartyRole.RAISING), name="party_one_raising"
            ),
            models.CheckConstraint(condition=Q(role__in=PartyRole.values), name="party_role_known"),
            models.CheckConstraint(
                condition=Q(answer="") | Q(role=PartyRole.RESPONDING), name="party_only_responding_answers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.setting} ({self.role})"


class Entry(models.Model):
    """One line of the chronology. Words are erasable; everything else stands as it was written."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="entries")
    version = models.PositiveIntegerField()
    episode = models.PositiveSmallIntegerField()
    stage = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=40)
    setting = models.ForeignKey(Setting, null=True, on_delete=models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    audience = models.CharField(max_length=24, choices=Audience.choices, default=Audience.ALL_PARTIES)
    codes = models.JSONField(default=dict)
    words = ErasableWordsField(default=dict)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")

    class Meta:
        ordering = ["-version", "-id"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["challenge", "-version"], name="entry_chronology"),
            models.Index(fields=["actor"], name="entry_actor"),
            # What a quarter counts: the steps that end a challenge, by the day they were recorded.
            models.Index(fields=["step", "recorded_at"], name="entry_step_recorded"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="entry_audience_known")
        ]

    def __str__(self) -> str:
        return f"{self.step} at version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise ValueError("An entry is never edited; a correction is an entry of its own.")
        super().save(*args, **kwargs)


class Deadline(models.Model):
    """One row a milestone. A decided row never moves; `met` stays empty where it ended undecided.

    `overdue_from` is when it counts as overdue: the due time, or 17:00 of that working day for
    what is due "at once". `basis` holds all that the due time was computed from.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="deadlines")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="deadlines")
    episode = models.PositiveSmallIntegerField()
    stage = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    owed_by = models.CharField(max_length=20)
    audience = models.CharField(max_length=24, choices=Audience.choices, default=Audience.ALL_PARTIES)
    started = models.DateTimeField()
    due = models.DateTimeField()
    overdue_from = models.DateTimeField()
    basis = models.JSONField()
    decided_at = models.DateTimeField(null=True)
    met = models.BooleanField(null=True)

    class Meta:
        ordering = ["due", "id"]
        indexes = [models.Index(fields=["challenge", "decided_at"], name="deadline_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(met__isnull=True) | Q(decided_at__isnull=False), name="deadline_met_is_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, due {self.due:%Y-%m-%d %H:%M}"


class Reminded(models.Model):
    """A reminder that a clock or an action has given. One whose due time was moved since gives them anew."""

    deadline = models.ForeignKey(Deadline, null=True, on_delete=models.PROTECT, related_name="reminded")
    action = models.ForeignKey("Action", null=True, on_delete=models.PROTECT, related_name="reminded")
    kind = models.CharField(max_length=20, help_text="One of policy.reminders.Reminder")
    due = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deadline", "kind", "due"], name="reminded_once"),
            models.UniqueConstraint(fields=["action", "kind", "due"], name="reminded_of_action_once"),
            models.CheckConstraint(
                condition=Q(deadline__isnull=True) ^ Q(action__isnull=True), name="reminded_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, told {self.told_at:%Y-%m-%d %H:%M}"


class Action(models.Model):
    """Something agreed on settling, with an owner and a date; the review of an agreed difference too."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="actions")
    setting = models.ForeignKey(Setting, on_delete=models.PROTECT, related_name="+")
    episode = models.PositiveSmallIntegerField()
    what = ErasableTextField()
    is_review = models.BooleanField(default=False)
    due = models.DateField()
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ["due", "id"]

    def __str__(self) -> str:
        return f"action due {self.due}"


class Hold(models.Model):
    """A time in which the clock stood. `limit` is when it ends by itself; `resumes_to` the status then."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="holds")
    started = models.DateTimeField()
    limit = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    resumes_to = models.CharField(max_length=40)
    by_unit = models.BooleanField(default=False)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["started"]
        constraints = [
            models.UniqueConstraint(
                fields=["challenge"], condition=Q(ended__isnull=True), name="hold_one_open"
            ),
            models.CheckConstraint(condition=Q(limit__gt=F("started")), name="hold_limit_after_start"),
        ]

    def __str__(self) -> str:
        return f"held from {self.started:%Y-%m-%d}"


class Conflict(access.Conflict):
    """Somebody who must not see a challenge, whatever they are to it otherwise (rule 15)."""

    RECORD = "challenge"
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="conflicts")

    class Meta(access.Conflict.Meta):
        constraints = access.conflict_constraints("challenge", "conflict")


class Grant(access.Grant):
    """Somebody let in to a challenge. A panel's sight ends when the challenge does."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="grants")
    episode = models.PositiveSmallIntegerField()

    class Meta(access.Grant.Meta):
        indexes = [models.Index(fields=["user", "kind"], name="grant_user")]

    @classmethod
    def live(cls, at: datetime | None) -> QuerySet["Grant"]:
        """Those that hold at a moment: not ended, not run out, a panel's while its episode is open, and a
        dip sample's while it is closed."""
        panel, sample = Q(kind__in=access.PANEL_GRANTS), Q(kind=access.GrantKind.SAMPLE)
        open_still = Q(challenge__episode=F("episode")) & ~Q(challenge__status__in=ENDED)
        closed_still = Q(challenge__status__in=CLOSING)
        still = Q(until__isnull=True) if at is None else Q(until__isnull=True) | Q(until__gt=at)
        return cls.objects.filter(still, ~panel | open_still, ~sample | closed_still, ended_at__isnull=True)


class IndependentLead(models.Model):
    """Who acts as the asking service's lead where both services have the same one (rule 5)."""

    asking = models.ForeignKey(Setting, on_delete=models.PROTECT, related_name="+")
    asked = models.ForeignKey(Setting, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        ordering = ["asking__name", "asked__name"]
        constraints = [
            models.UniqueConstraint(fields=["asking", "asked"], name="independent_lead_once"),
            models.CheckConstraint(condition=~Q(asking=F("asked")), name="independent_lead_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.asking}"


class Event(AuditEvent):
    """The audit trail of challenges: chains "challenge:<uuid>", "openings" and "access"."""


class Draft(models.Model):
    """A challenge being written: not a challenge until it is sent. One a person; kept apart."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    words = ErasableWordsField(default=dict)
    saved_at = models.DateTimeField(db_index=True)
    reminded_at = models.DateTimeField(
        null=True, editable=False, help_text="Saved again since, it waits anew."
    )
    shown_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The one lead who may read it now: a private word before it is sent.",
    )
    shown_at = models.DateTimeField(null=True)

    held: bool = False
    """Whether a legal hold keeps it, once `with_holds` has read it."""

    class Meta:
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return f"draft of {self.saved_at:%Y-%m-%d}"

    @classmethod
    def with_holds(cls) -> QuerySet["Draft"]:
        """Drafts, each with whether a legal hold keeps it, in the same statement."""
        return cls.objects.annotate(held=Exists(DraftHold.standing().filter(owner=OuterRef("owner"))))


class DraftWord(models.Model):
    """What the writer of a draft and the lead whom they showed it to say about it. It goes with the draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="said")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = ErasableTextField()
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["said_at", "id"]

    def __str__(self) -> str:
        return f"said on {self.said_at:%Y-%m-%d}"


class DraftHold(models.Model):
    """A legal hold: nothing that somebody wrote and did not send is deleted while it stands (trust.md 6).

    It names a person and no draft: whether they have any, nobody learns by it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="draft_holds")
    reason = ErasableTextField()
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_because = ErasableTextField(blank=True)

    class Meta:
        ordering = ["-held_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(lifted_at__isnull=True), name="draft_hold_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False)
                & ~Q(lifted_by=F("held_by"))
                & ~Q(lifted_by=F("owner")),
                name="draft_hold_lifted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"held since {self.held_at:%Y-%m-%d}"

    @classmethod
    def standing(cls) -> QuerySet["DraftHold"]:
        """Those that nobody has lifted."""
        return cls.objects.filter(lifted_at__isnull=True)


class CalendarFeed(models.Model):
    """The secret address of somebody's due times. Only its digest is kept; a new one ends the old one."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of person {self.owner_id}"


class KeptWords(models.Model):
    """What somebody wrote for a step that was not taken: theirs alone, until it is used or 30 days old."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=40)
    words = ErasableWordsField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "kept words"
        constraints = [models.UniqueConstraint(fields=["owner", "challenge"], name="kept_words_once")]

    def __str__(self) -> str:
        return f"kept on {self.saved_at:%Y-%m-%d}"
