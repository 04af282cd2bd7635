"""Many referrals at once, past the services: for pages and searches that have thousands to read."""

import random
import uuid
from datetime import timedelta

from escalation.lado.models import Child, Deadline, Employer, PolicyVersion, Referral, Strand
from escalation.lado.numbers import receipt_digest, receipt_of, reference_of, uuid_of
from tests.lado.cast import NOW

FIRST = ("Dominic", "Harriet", "Jonathan", "Zoe", "Amara", "Idris", "Priya", "Tom", "Ruth", "Kit")
LAST = ("Achterberg", "Vance-Morrison", "Tarrant-Bligh", "Browne", "Lovell", "Quarshie", "Okafor", "Lund")
STATUSES = ("contact", "accepted", "evaluation", "strands_open", "closed")


def many(number: int, version: PolicyVersion, *, seed: int = 1) -> None:
    """So many referrals with a child, an employer, a strand and a clock each; a fifth have ended."""
    draw = random.Random(seed)
    taken = set(Referral.objects.values_list("reference", flat=True))
    rows = Referral.objects.bulk_create(_referral(draw, version, taken) for _ in range(number))
    Child.objects.bulk_create(Child(referral=r, name=_name(draw)) for r in rows)
    Employer.objects.bulk_create(Employer(referral=r, name=_name(draw), sector="other") for r in rows)
    Strand.objects.bulk_create(
        Strand(referral=r, kind="police", state="open", opened_on=NOW.date()) for r in rows
    )
    Deadline.objects.bulk_create(
        Deadline(referral=r, name="reply", started=NOW, due=due, overdue_from=due, basis={})
        for r in rows
        if (due := r.next_due)
    )


def _name(draw: random.Random) -> str:
    return f"{draw.choice(FIRST)} {draw.choice(LAST)}"


def _referral(draw: random.Random, version: PolicyVersion, taken: set[str]) -> Referral:
    key, status = uuid.UUID(int=draw.getrandbits(128), version=4), draw.choice(STATUSES)
    ended = status == "closed"
    reference = reference_of(key, taken=taken)
    taken.add(reference)
    due = None if ended else NOW + timedelta(days=draw.randrange(-9, 30))
    return Referral(
        key=key,
        uuid=uuid_of(key),
        reference=reference,
        receipt=receipt_digest(receipt_of(key)),
        policy_version=version,
        opened_at=NOW,
        told_at=NOW,
        way="call",
        status=status,
        adult_name=_name(draw),
        removed=False if ended else None,
        ended_at=NOW if ended else None,
        next_due=due,
        overdue_from=due,
        next_name="" if ended else "reply",
    )
