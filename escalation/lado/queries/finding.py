"""Which referrals a person may know of."""

from datetime import date
from uuid import UUID

from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.lado.models import Referral, ReferralQuerySet, Unsent
from escalation.lado.numbers import receipt_digest
from escalation.policy.lado import LadoPolicy, shipped_lado_policies


def find(uuid: UUID, standing: Standing) -> Referral:
    """One referral that this person may know of; raises Referral.DoesNotExist for all others."""
    return Referral.objects.visible_to(standing).select_related("policy_version", "owner").get(uuid=uuid)


def listed(standing: Standing) -> ReferralQuerySet:
    """Those a person may know of, with what a row of a list shows."""
    return Referral.objects.visible_to(standing).select_related("policy_version", "owner")


def of_receipt(typed: str) -> Referral | None:
    """The referral that a receipt number belongs to; for the one page of whoever holds it."""
    return Referral.objects.select_related("policy_version").filter(receipt=receipt_digest(typed)).first()


def unsent_of(user: User) -> Unsent | None:
    """What somebody began and did not send."""
    return Unsent.objects.filter(owner=user).first()


def current_policy(today: date) -> LadoPolicy:
    """The newest version in force on a London day; no statement: a referral keeps the one it opened under."""
    found = [policy for policy in shipped_lado_policies() if policy.start <= today]
    if not found:
        raise LookupError(f"No LADO working times are in force on {today:%d/%m/%Y}.")
    return found[-1]
