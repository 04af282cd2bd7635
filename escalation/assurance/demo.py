"""Assurance for the demo: the police are at one answer, another was rated, they say how they see themselves,
and one pack is signed."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from escalation.access.standing import standing_of
from escalation.accounts.groups import SeatKind, SettingGroup
from escalation.accounts.models import Organisation, User
from escalation.policy.clock import LONDON
from escalation.policy.section11 import framework_on
from escalation.reporting.models import Release, Subject

from .acting import Acting
from .models import AssuranceRequest
from .services import (
    ClauseSaid,
    NewRequest,
    ask,
    begin_pack,
    offer_pack,
    rate_oneself,
    sign_pack,
    take,
    write_pack,
)
from .workflow import STEP

CHALLENGE = 4
NARRATIVE = (
    "Services ask each other to look again, and most of it is settled between leads. Schools raise more than "
    "others, which fits how many children they see.\n\nNext: the forum on calls that nobody returns, and the "
    "sentence that the police add to their procedure."
)
GAPS = "We do not know how many worries are settled by a phone call and never logged."
OWN = {
    4: ("partly", "Officers know whom to call. New ones hear of the policy late, and that is to change."),
    7: ("partly", "Supervisors know the route. Our procedure gives another time than local policy."),
}
"""How the police see themselves, by standard."""
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
    for standard, (rating, words) in OWN.items():
        by = _acting(head, today - timedelta(days=40))
        rate_oneself(police, standard, rating=rating, words=words, by=by)
    request = _asked(police, LADO, unit[0], today - timedelta(days=21), days=35)
    _step(request, "save", head, today - timedelta(days=5), clauses=SAID, **PROCEDURE)
    _signed_pack(unit, today)


def _signed_pack(unit: list[User], today: date) -> None:
    """Of the newest quarter whose figures are published; written by one and signed by the other."""
    release = Release.objects.published().filter(subject=Subject.CHALLENGES).order_by("-number").first()
    if release is None:
        return
    one, other = _acting(unit[0], today - timedelta(days=2)), _acting(unit[1], today - timedelta(days=1))
    pack = begin_pack(release.period, CHALLENGE, key=uuid5(NAMESPACE_URL, f"pack {release.quarter}"), by=one)
    write_pack(pack, narrative=NARRATIVE, gaps=GAPS, seen=pack.version, by=one)
    offer_pack(pack, by=one)
    sign_pack(pack, by=other)


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
