"""For which organisations somebody answers, by the seats they hold or cover."""

from django.db.models import Q, QuerySet

from escalation.access.standing import Standing
from escalation.accounts.models import Organisation


def answering_for(standing: Standing) -> QuerySet[Organisation]:
    """For which organisations somebody answers: leads, heads of service and partners, and who covers for
    them. The business unit answers for services outside the log."""
    leads = standing.lead_settings | standing.senior_settings
    works = Q(settings__in=leads) | Q(pk__in=standing.partner_organisations)
    return Organisation.objects.filter(works).order_by().distinct()


def answers_for_any(standing: Standing) -> bool:
    """Whether there is any; no statement."""
    return bool(standing.lead_settings or standing.senior_settings or standing.partner_organisations)
