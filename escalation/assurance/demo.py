"""Assurance for the demo: the police are at one answer, and another was answered and rated."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from escalation.access.standing import standing_of
from escalation.accounts.groups import SeatKind, SettingGroup
from escalation.accounts.models import Organisation, User
from escalation.policy.clock import LONDON
from escalation.policy.section11 import framework_on

from .acting import Acting
from .models import AssuranceRequest
from .services import ClauseSaid, NewRequest, ask, take
from .workflow import STEP

LADO, ESCALATION = "lado_policy", "escalation_policy"
PROCEDURE = {
    "procedure": "Allegations against officers and staff",
    "procedure_version": "4.2, March 2025",
    "procedure_owner": "Head of professional standards",
    "signed_by": "",
}
SAID = {
    1: ClauseSaid(
        "differs", "Section 3 says two working days. A change to one day is with our policy board."
    ),
    2: ClauseSaid("same", "Section 3.1: the detective chief inspector of professional standards."),
    3: ClauseSaid("same", "Section 4 and the card that each sergeant carries."),
    5: ClauseSaid("silent", "Nothing is said. In practice the record goes to the LADO by secure mail."),
}
"""So far: two clauses and who signs are still to come."""
POLICY = {
    "procedure": "Professional challenge in practice",
    "procedure_version": "2",
    "procedure_owner": "Detective chief inspector, safeguarding",
    "signed_by": "Detective superintendent",
}
SHOWN = {
    1: ClauseSaid("same", "Page 2 links to the partnership’s current policy."),
    2: ClauseSaid("same", "Day three of the first week; signed off by the sergeant."),
    3: ClauseSaid(
        "silent", "Our grievance policy covers it in general. A sentence of our own is to be added."
    ),
}


def fill(today: date) -> None:
    """Asked of the organisation of the police: one three weeks ago, one three months ago."""
    police = Organisation.objects.filter(settings__group=SettingGroup.POLICE).order_by("pk").first()
    unit = list(User.objects.filter(seats__kind=SeatKind.BUSINESS_UNIT).order_by("pk").distinct()[:2])
    if police is None or len(unit) < 2 or framework_on(today) is None:
        return
    heads = User.objects.filter(seats__setting__organisation=police, seats__kind=SeatKind.SENIOR_LEAD)
    head = heads.order_by("pk").first()
    if head is None:
        return
    _rated(police, unit, head, today - timedelta(days=84))
    request = _asked(police, LADO, unit[0], today - timedelta(days=21), days=35)
    _step(request, "save", head, today - timedelta(days=5), clauses=SAID, **PROCEDURE)


def _rated(police: Organisation, unit: list[User], head: User, day: date) -> None:
    request = _asked(police, ESCALATION, unit[0], day, days=28)
    _step(request, "answer", head, day + timedelta(days=20), clauses=SHOWN, **POLICY)
    _step(
        request,
        "rate",
        unit[1],
        day + timedelta(days=27),
        rating="partly",
        rating_words="In part: there is a gap to close",
        what="Staff are told early, and that is checked. That nobody is treated worse is not said yet.",
        retest_on=day + timedelta(days=180),
    )


def _asked(police: Organisation, about: str, unit: User, day: date, *, days: int) -> AssuranceRequest:
    framework = framework_on(day)
    assert framework is not None  # noqa: S101 - `fill` looked
    new = NewRequest(police, about, framework.clauses(about).question, day + timedelta(days=days))
    return ask(new, key=uuid5(NAMESPACE_URL, f"assurance {about} {day}"), by=_acting(unit, day))


def _step(request: AssuranceRequest, name: str, who: User, day: date, **said: Any) -> None:
    seen = AssuranceRequest.objects.values_list("version", flat=True).get(pk=request.pk)
    take(request, STEP[name], by=_acting(who, day), seen=seen, **said)


def _acting(user: User, day: date) -> Acting:
    return Acting(user, standing_of(user, today=day), datetime.combine(day, time(10), tzinfo=LONDON))
