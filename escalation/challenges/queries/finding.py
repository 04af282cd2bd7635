"""Which challenges a person may know of."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from escalation.access.standing import Standing
from escalation.accounts.models import Seat
from escalation.challenges.models import Challenge, Conflict, KeptWords, Party


def find(uuid: UUID, standing: Standing) -> Challenge:
    """One challenge that this person may know of; raises Challenge.DoesNotExist for all others.

    A challenge that it points to is read when there is one: few do, and it has as many columns again.
    """
    return (
        Challenge.objects.visible_to(standing)
        .select_related("policy_version", "raising__organisation", "raised_by")
        .with_exceptions(standing.at)
        .get(uuid=uuid)
    )


def listed(standing: Standing) -> QuerySet[Challenge]:
    """Those a person may know of, with what a row of a list shows; two statements whatever their number."""
    return (
        Challenge.objects.visible_to(standing)
        .select_related("policy_version", "raising")
        .prefetch_related(Prefetch("parties", Party.objects.select_related("setting")))
    )


def people_of(party: int) -> list[tuple[int, str]]:
    """Who can be given a challenge: who works in this party's setting and may see it, by name."""
    seats = Seat.objects.filter(setting__parties=party, user__is_active=True).select_related("user")
    seats = seats.exclude(user__in=Conflict.standing().filter(challenge__parties=party).values("user"))
    people = {
        s.user_id: f"{s.user.full_name}, {s.user.job_title}" if s.user.job_title else s.user.full_name
        for s in seats
    }
    return sorted(people.items(), key=lambda person: person[1])


def kept_words(challenge: Challenge, user_id: int) -> KeptWords | None:
    """What this person wrote here for a step that was not taken, if anything."""
    return KeptWords.objects.filter(challenge=challenge, owner=user_id).first()
