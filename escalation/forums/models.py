"""Open forums: sittings at which people of many organisations talk about how to challenge well.

No case is here, and no person's words. Who signs up is known until the sitting is over, so that they can be
told of a change; what is kept after that is how many of each organisation came (domain.md, section 3).
"""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from core.audit.models import Event as AuditEvent
from core.text import ErasableTextField
from escalation.access.standing import Standing
from escalation.accounts.models import Organisation
from escalation.challenges.models import Challenge
from escalation.retelling.models import Promise, Retold
from escalation.rulebook.models import PolicyVersion

MOST_PLACES = 500
AFTER_UNTIL, LATER_FROM, LATER_UNTIL = timedelta(days=14), timedelta(days=90), timedelta(days=120)
"""How long after a forum its people are asked, and from when to when once more (domain.md, section 3)."""


class State(models.TextChoices):
    """Where a sitting stands. Over and called off are both ends."""

    PLANNED = "planned", "Planned"
    CLOSED = "closed", "Over"
    CANCELLED = "cancelled", "Called off"


def organisations_of(standing: Standing) -> models.QuerySet[Organisation]:
    """For which organisations somebody works or covers today."""
    works = Q(settings__in=standing.settings) | Q(pk__in=standing.partner_organisations)
    return Organisation.objects.filter(works).order_by().distinct()


class SittingQuerySet(models.QuerySet["Sitting"]):
    def visible_to(self, standing: Standing) -> Self:
        """The business unit sees all; everybody else those to which their organisation is invited, or of
        which it is host. Who works nowhere sees none."""
        if standing.in_business_unit:
            return self
        mine = organisations_of(standing).values("pk")
        invited = Invitation.objects.filter(organisation__in=mine).order_by().values("sitting")
        return self.filter(Q(host__in=mine) | Q(pk__in=invited))

    def with_numbers(self) -> Self:
        """Each with how many organisations are invited, how many people come, and how many came."""
        return self.annotate(
            invited=_of_each("invitations", Count("pk")),
            coming=_of_each("sign_ups", Count("pk")),
            came=_of_each("invitations", Sum("came")),
            organisations_there=_of_each("invitations", Count("pk", filter=Q(came__gt=0))),
        )


def _of_each(rows: str, number: models.Aggregate) -> Coalesce:
    """One number of the rows that belong to a sitting, 0 where there are none."""
    model = {"invitations": Invitation, "sign_ups": SignUp}[rows]
    of_it = model._default_manager.filter(sitting=OuterRef("pk")).order_by().values("sitting")
    return Coalesce(Subquery(of_it.annotate(number=number).values("number")), 0, output_field=IntegerField())


class Sitting(models.Model):
    """One forum on one day. `version` goes up with each change, so that nobody’s is lost."""

    uuid = models.UUIDField(unique=True, editable=False)
    theme = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="forums_hosted")
    places = models.PositiveIntegerField()
    agenda = ErasableTextField()
    notice = ErasableTextField(help_text="What may be told afterwards: the Chatham House rule, in words.")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    version = models.PositiveIntegerField(default=1)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When it was closed, or called off.")
    why_cancelled = ErasableTextField(blank=True)

    invited: int
    coming: int
    came: int
    organisations_there: int

    objects = SittingQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="sitting_state_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="sitting_in_order"),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=MOST_PLACES), name="sitting_has_places"
            ),
            models.CheckConstraint(
                condition=Q(state=State.PLANNED, ended_at__isnull=True)
                | (~Q(state=State.PLANNED) & Q(ended_at__isnull=False)),
                name="sitting_ended_iff_not_planned",
            ),
        )

    def __str__(self) -> str:
        return f"{self.theme}, {self.starts_at:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("forum", args=[self.uuid])

    @property
    def is_planned(self) -> bool:
        return self.state == State.PLANNED

    def has_begun(self, now: datetime) -> bool:
        """By its time; or by the word of whoever closed it, a little early."""
        return self.starts_at <= now or self.state == State.CLOSED


class Invitation(models.Model):
    """An organisation at a sitting, invited or counted at the door without it; and how many of it came."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="forum_invitations")
    at = models.DateTimeField()
    at_the_door = models.BooleanField(default=False)
    signed_up = models.PositiveIntegerField(
        null=True, help_text="Once it is over: how many had signed up; who, is forgotten then."
    )
    came = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("organisation__name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("sitting", "organisation"), name="invitation_once"),
            models.CheckConstraint(condition=Q(came__lte=MOST_PLACES), name="invitation_came_can_be"),
        )

    def __str__(self) -> str:
        return f"{self.organisation} at {self.sitting}"


class SignUp(models.Model):
    """Somebody means to come, for one organisation; gone when they take it back, or once it is over."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="sign_ups")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="forum_sign_ups"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=("sitting", "user"), name="sign_up_once"),)

    def __str__(self) -> str:
        return f"{self.user} for {self.organisation}"


class VignetteQuerySet(models.QuerySet["Vignette"]):
    def visible_to(self, standing: Standing) -> Self:
        """The business unit sees all; everybody else what they wrote themselves. At a forum its text is shown
        with the sitting, once it is approved."""
        if standing.in_business_unit:
            return self
        return self.filter(written_by=standing.user_id) if standing.user_id else self.none()


class Vignette(Retold):
    """A topic for forums, as anonymised text. What it was made from is a row of its own."""

    question = ErasableTextField(help_text="What people talk about.")

    WORDS = ("title", "text", "question")

    objects = VignetteQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.uuid])


class Source(models.Model):
    """The closed challenge that a topic was made from. Shown to nobody who may not read that challenge's
    words themselves; the trail has it as a keyed digest."""

    vignette = models.OneToOneField(Vignette, on_delete=models.PROTECT, related_name="source")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"source of {self.vignette_id}"


class Topic(models.Model):
    """A vignette that is talked about at a sitting; shown there only while it is approved."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="topics")
    vignette = models.ForeignKey(Vignette, on_delete=models.PROTECT, related_name="topics")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("sitting", "vignette"), name="topic_once"),)

    def __str__(self) -> str:
        return f"{self.vignette} at {self.sitting}"


class Wave(models.TextChoices):
    """When a forum asks how confident people are to challenge."""

    BEFORE = "before", "Before"
    AFTER = "after", "After"
    LATER = "later", "Three months later"


LEVELS = ("1", "2", "3", "4", "5")


def no_answers() -> dict[str, int]:
    return dict.fromkeys(LEVELS, 0)


class Pulse(models.Model):
    """One question at one time: how many chose each answer, and nothing else.

    There is no row for an answer, no time and no order, so that none can be tied to a person. Its address is
    the same for everybody. Once its time is over the numbers are `sealed`, and stand in the trail.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="pulses")
    wave = models.CharField(max_length=8, choices=Wave)
    code = models.CharField(max_length=8, unique=True, help_text="Its address: eight random signs.")
    counts = models.JSONField(default=no_answers)
    sealed = models.JSONField(null=True)
    sealed_at = models.DateTimeField(null=True, help_text="The day on which published figures count it.")
    told_at = models.DateTimeField(null=True, help_text="When organisations were told that it is open.")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("sitting", "wave"), name="pulse_once"),
            models.CheckConstraint(condition=Q(wave__in=Wave.values), name="pulse_wave_known"),
            models.CheckConstraint(
                condition=Q(sealed__isnull=True, sealed_at__isnull=True)
                | Q(sealed__isnull=False, sealed_at__isnull=False),
                name="pulse_sealed_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_wave_display()}, {self.sitting}"

    def get_absolute_url(self) -> str:
        return reverse("pulse", args=[self.code])

    @property
    def opens(self) -> datetime:
        """Its time follows the sitting's, so that another day moves it too."""
        begins = {
            Wave.BEFORE: self.sitting.planned_at,
            Wave.AFTER: self.sitting.starts_at,
            Wave.LATER: self.sitting.ends_at + LATER_FROM,
        }
        return begins[Wave(self.wave)]

    @property
    def closes(self) -> datetime:
        ends = {
            Wave.BEFORE: self.sitting.starts_at,
            Wave.AFTER: self.sitting.ends_at + AFTER_UNTIL,
            Wave.LATER: self.sitting.ends_at + LATER_UNTIL,
        }
        return ends[Wave(self.wave)]

    def is_open(self, now: datetime) -> bool:
        called_off = self.sitting.state == State.CANCELLED
        return self.sealed is None and not called_off and self.opens <= now < self.closes


class Pledge(Promise):
    """What was said at a forum, what an organisation will do about it, and what came of it."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="pledges")
    said = ErasableTextField(help_text="You said: what people asked for, by nobody's name.")

    def get_absolute_url(self) -> str:
        return reverse("pledge", args=[self.uuid])


class How(models.TextChoices):
    """In which way an organisation put the policy before its staff."""

    MEETING = "meeting", "In a meeting"
    TRAINING = "training", "In training"
    INDUCTION = "induction", "When new people start"
    WRITTEN = "written", "In writing, such as a mail or a briefing sheet"


MOST_STAFF = 100_000


class Promotion(models.Model):
    """An organisation has put one version of the Escalation Policy before its staff: when, to how many, how.

    What is said later stands beside what was said before; the latest counts.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="promotions")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    people = models.PositiveIntegerField()
    how = models.CharField(max_length=10, choices=How)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(how__in=How.values), name="promotion_how_known"),
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=MOST_STAFF), name="promotion_people_can_be"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}, {self.policy_version}"


class PromotionReminder(models.Model):
    """The unit has asked those who have not said so yet."""

    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"reminded of {self.policy_version}"


class Event(AuditEvent):
    """The audit trail of forums: chain "forums"."""
