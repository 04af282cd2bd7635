"""What is told of challenges so that nobody is known by it, and what organisations say they will do about it.

Two shapes without a table of their own: an app that tells something takes them, with its own words beside.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.text import ErasableTextField
from escalation.accounts.models import Organisation


class TextState(models.TextChoices):
    """A text is written, proposed to a second person, and approved by one; it can be taken back."""

    DRAFT = "draft", "Being written"
    PROPOSED = "proposed", "Waits for a second person"
    APPROVED = "approved", "Approved"
    WITHDRAWN = "withdrawn", "Taken back"


class Retold(models.Model):
    """An anonymised text. What it was made from is a row of its own."""

    uuid = models.UUIDField(unique=True, editable=False)
    title = models.CharField(max_length=120)
    text = ErasableTextField()
    state = models.CharField(max_length=10, choices=TextState, default=TextState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    despite = ErasableTextField(blank=True, help_text="Why what the linter found may stay.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    sent_back = ErasableTextField(blank=True, help_text="Why a second person did not approve it.")

    WORDS: tuple[str, ...] = ("title", "text")
    """The fields that tell something, in the order in which they are read."""

    class Meta:
        abstract = True
        ordering = ("-written_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=TextState.values), name="%(class)s_state_known"),
            models.CheckConstraint(
                condition=~Q(state=TextState.APPROVED)
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("written_by"))),
                name="%(class)s_approved_by_another",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def may_change(self) -> bool:
        """Not decided yet: once approved, or taken back, its words stay."""
        return self.state in (TextState.DRAFT, TextState.PROPOSED)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(getattr(self, name) for name in self.WORDS)


class PromiseState(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Not done, and why"


class Promise(models.Model):
    """What an organisation does, by when, and what came of it; by a job and never a name."""

    uuid = models.UUIDField(unique=True, editable=False)
    what = ErasableTextField(help_text="We will: what is to be done.")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    owner = models.CharField(max_length=120, help_text="The job of who does it, never a name.")
    due = models.DateField()
    state = models.CharField(max_length=8, choices=PromiseState, default=PromiseState.OPEN)
    changed = ErasableTextField(blank=True, help_text="We changed: what is other now; or why it is not done.")
    evidence = ErasableTextField(blank=True, help_text="Where one can see it.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ("due", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=PromiseState.values), name="%(class)s_state_known"),
            models.CheckConstraint(
                condition=Q(state=PromiseState.OPEN, ended_at__isnull=True)
                | (~Q(state=PromiseState.OPEN) & Q(ended_at__isnull=False)),
                name="%(class)s_ended_iff_not_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}, due {self.due:%d/%m/%Y}"
