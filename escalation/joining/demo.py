"""Joining for the demo: somebody new has asked to work for a school, and its lead has not looked yet."""

from datetime import date, datetime, time, timedelta

from escalation.accounts.models import Setting
from escalation.policy.clock import LONDON

from .services import Asker, ask_to_join

SCHOOL = "Oakfield Primary School"
NAME, JOB = "Nadia Greenhill", "pastoral lead"


def fill(today: date) -> None:
    """Written by the service that a newcomer's own page calls, yesterday afternoon."""
    setting = Setting.objects.select_related("organisation").filter(name=SCHOOL).first()
    if setting is None:
        return
    domain, asked = setting.organisation.domains[0], datetime.combine(today, time(15, 40), LONDON)
    email = f"{NAME.lower().replace(' ', '.')}@{domain}"
    ask_to_join(Asker(email, NAME, JOB), setting, now=asked - timedelta(days=1))
