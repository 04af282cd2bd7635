"""Messages that wait to be sent; each is written in the transaction of what it tells of."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

WAITING = Q(sent_at__isnull=True, given_up_at__isnull=True, told_in_digest_at__isnull=True)
"""Messages that are still to go."""


class AbstractMessage(models.Model):
    """One notice to one person: that there is something to see, and where; never what.

    The subject and the words are constants of `kind`, so no detail of a case is kept here or mailed; what
    a kind counts, such as what is overdue, are numbers.
    `message_id` is the mail's Message-ID and stays the same however often it is tried. A side that must
    not be seen through another's numbers keeps its messages in a table of its own.

    Waiting: neither sent, nor given up, nor told of in a digest. `try_at` is the next time it may go; while
    a worker sends it, that lies ahead, so that another takes it up only where the first was ended midway.
    """

    behind_a_wall: ClassVar[bool] = False
    """Only its own side is told how many wait in its table, or are given up: not even who runs the log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    figures = models.JSONField(default=dict, help_text="Numbers alone, by the names that the kind gives")
    path = models.CharField(max_length=200, help_text="A link within this site, from its root")
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="It may go from then on")
    try_at = models.DateTimeField(help_text="The next try is then")
    message_id = models.CharField(max_length=255, unique=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    told_in_digest_at = models.DateTimeField(
        null=True, blank=True, help_text="The one mail of that day stood for it"
    )
    given_up_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_path_is_ours",
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"),
            ),
        )
        indexes = (
            models.Index(
                name="%(app_label)s_%(class)s_unsent",
                fields=["try_at"],
                condition=WAITING,
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} to person {self.to_id}"


class Message(AbstractMessage):
    """A message of everything that has no table of its own."""

    class Meta(AbstractMessage.Meta):
        pass


class OneMailADay(models.Model):
    """Somebody who wants one mail a day in place of each; what is urgent comes at once all the same."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"one mail a day to person {self.user_id}"
