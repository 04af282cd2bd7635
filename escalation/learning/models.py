"""What was learnt from challenges, what a sub-group decided about it, and what organisations do.

A learning point is text of its own, without a child, a family or a worker (domain.md, section 1.5). From
which challenges it comes are rows beside, for those alone who may read their words.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.audit.models import Event as AuditEvent
from core.text import ErasableTextField
from escalation.access.standing import Standing
from escalation.challenges.models import Challenge
from escalation.retelling.models import Promise, PromiseState, Retold, TextState
from escalation.rulebook.models import PolicyVersion


class Kind(models.TextChoices):
    """What would help. Training needs are counted on their own (Standard 6)."""

    PRACTICE = "practice", "A new way to work"
    POLICY = "policy", "A new policy or form"
    TRAINING = "training", "Training"


class PointQuerySet(models.QuerySet["Point"]):
    def visible_to(self, standing: Standing) -> Self:
        """The business unit sees all; everybody else what they wrote themselves. Approved ones are on the
        board, for all who work in a service."""
        if standing.in_business_unit:
            return self
        return self.filter(written_by=standing.user_id) if standing.user_id else self.none()

    def told(self) -> Self:
        """What a second person has approved, with all that its place on the board says; three statements."""
        approved = self.filter(state=TextState.APPROVED).select_related("policy_version")
        return approved.prefetch_related("decisions", "actions__organisation")


class Point(Retold):
    """Something that was learnt, and where it is sent. Its codes are those of one policy version."""

    kind = models.CharField(max_length=10, choices=Kind)
    theme = models.CharField(max_length=40, help_text="A code of the policy's learning themes.")
    sub_group = models.CharField(max_length=40, help_text="A code of where the policy sends learning.")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")

    objects = PointQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        return reverse("learning-point", args=[self.uuid])

    @property
    def theme_words(self) -> str:
        return self.policy_version.policy.term("learning_theme", self.theme).label

    @property
    def sub_group_words(self) -> str:
        return self.policy_version.policy.term("sent_to", self.sub_group).label


class Origin(models.Model):
    """A closed challenge that a point comes from. Shown to nobody who may not read that challenge's words
    themselves; the trail has it as a keyed digest."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="origins")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("point", "challenge"), name="origin_once"),)

    def __str__(self) -> str:
        return f"origin of {self.point_id}"


class Verdict(models.TextChoices):
    """What a sub-group makes of a point."""

    TAKEN_UP = "taken_up", "It takes it up"
    LATER = "later", "It comes back to it"
    NOTED = "noted", "It notes it, and nothing is to be done"


class Decision(models.Model):
    """The business unit minutes what a sub-group decided. Never changed: the latest counts."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="decisions")
    key = models.UUIDField(unique=True, editable=False)
    met_on = models.DateField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    words = ErasableTextField(help_text="What it decided and why, as minuted.")
    minuted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    minuted_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="decision_verdict_known"),
        )

    def __str__(self) -> str:
        return f"{self.verdict}, {self.met_on:%d/%m/%Y}"


class ActionQuerySet(models.QuerySet["Action"]):
    def standing(self) -> Self:
        """What is still to be done: of a point that was taken back, nothing is."""
        return self.filter(state=PromiseState.OPEN, point__state=TextState.APPROVED)


class Action(Promise):
    """What an organisation does about a point, by when, and what came of it."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="actions")

    objects = ActionQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        return reverse("learning-action", args=[self.uuid])


class Event(AuditEvent):
    """The audit trail of learning: chain "learning"."""
