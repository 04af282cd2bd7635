"""Which organisations have put the Escalation Policy that is in force before their staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from escalation.access.standing import Standing
from escalation.accounts.models import Organisation
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import current_policy

from .models import Promotion, PromotionReminder


@dataclass(frozen=True)
class Said:
    """An organisation, and the last that it said of this version, if anything."""

    organisation: Organisation
    promotion: Promotion | None


@dataclass(frozen=True)
class Board:
    """The version in force, each organisation that has a service in the log, and the last reminder."""

    version: PolicyVersion
    rows: Sequence[Said]
    reminded: PromotionReminder | None

    @property
    def missing(self) -> list[Said]:
        return [each for each in self.rows if each.promotion is None]

    @property
    def confirmed(self) -> list[Said]:
        return [each for each in self.rows if each.promotion is not None]


def may_read(standing: Standing) -> bool:
    return bool(standing.in_business_unit or standing.lead_settings or standing.senior_settings)


def confirms(standing: Standing) -> list[Organisation]:
    """For which organisations somebody says it: leads and heads for theirs, the unit for all; by name."""
    found = Organisation.objects.filter(settings__outside=False)
    if not standing.in_business_unit:
        found = found.filter(settings__in=standing.lead_settings | standing.senior_settings)
    return list(found.order_by("name").distinct())


def board(standing: Standing, today: date) -> Board:
    """The unit's is of all; a lead's of their own: who has not said so is no one else's to see."""
    version = current_policy(today)
    said = Promotion.objects.filter(policy_version=version).select_related("said_by")
    last = {each.organisation_id: each for each in said}
    rows = [Said(each, last.get(each.pk)) for each in confirms(standing)]
    reminded = PromotionReminder.objects.filter(policy_version=version).order_by("-pk").first()
    return Board(version, rows, reminded)
