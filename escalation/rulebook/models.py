"""The database's side of policy: versions that never change, and days on which the partnership is closed."""

from django.db import models

from escalation.policy import Policy, from_document


class PolicyVersion(models.Model):
    """One version of one policy, as loaded. A case keeps the version it was opened under."""

    key = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    start = models.DateField(help_text="The first day on which new cases open under it.")
    document = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical JSON of the document.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("key", "version")
        constraints = (models.UniqueConstraint(fields=("key", "version"), name="policy_version_once"),)

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def policy(self) -> Policy:
        """The rules themselves, read once a process: a version never changes."""
        if self.digest not in _read:
            _read[self.digest] = from_document(self.document)
        return _read[self.digest]


_read: dict[str, Policy] = {}
"""Policies by digest, which names the rules themselves and so can never point at others."""


class ClosedDay(models.Model):
    """A day that is no working day here, besides weekends and bank holidays: a one-off or a local closure."""

    date = models.DateField(unique=True)
    name = models.CharField(max_length=80, help_text='As in a sentence: "Council closed for training".')
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"
