"""Who says what came of a pledge."""

from escalation.access.standing import Standing
from escalation.accounts.models import Setting

from .models import Pledge


def may_end(standing: Standing, pledge: Pledge) -> bool:
    """The unit, and leads of a service of the organisation that said it would."""
    if standing.in_business_unit:
        return True
    leads = standing.lead_settings | standing.senior_settings
    return Setting.objects.filter(pk__in=leads, organisation=pledge.organisation_id).exists()
