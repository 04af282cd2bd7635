"""An assurance request as the business unit makes it, and its answer, by the services; called with little."""

from datetime import datetime, timedelta
from typing import Any

from core.chance import drawn_id
from escalation.access.standing import standing_of
from escalation.accounts.models import Organisation, User
from escalation.assurance.acting import Acting
from escalation.assurance.models import AssuranceRequest, EvidencePack
from escalation.assurance.services import ClauseSaid, NewRequest, ask, begin_pack, take
from escalation.assurance.workflow import STEP
from escalation.policy.quarters import Quarter
from tests.moments import LONDON

PROCEDURE = {
    "procedure": "Allegations against staff",
    "procedure_version": "4.2",
    "procedure_owner": "Head of professional standards",
    "signed_by": "Detective superintendent",
}


def acting(user: User, now: datetime) -> Acting:
    return Acting(user, standing_of(user, today=now.astimezone(LONDON).date()), now)


def asked(
    *, by: User, of: Organisation, now: datetime, about: str = "lado_policy", days: int = 21
) -> AssuranceRequest:
    due = (now + timedelta(days=days)).astimezone(LONDON).date()
    new = NewRequest(of, about, "Please show us your procedure.", due)
    return ask(new, key=drawn_id("form"), by=acting(by, now))


def step(request: AssuranceRequest, name: str, *, by: User, now: datetime, **said: Any) -> AssuranceRequest:
    """One step, from the page as it is now."""
    seen = AssuranceRequest.objects.get(pk=request.pk).version
    return take(request, STEP[name], by=acting(by, now), seen=seen, **said)


def answered(request: AssuranceRequest, *, by: User, now: datetime) -> AssuranceRequest:
    """Every clause: the first differs, all others say the same."""
    clauses = {
        each.number: ClauseSaid("same" if each.number > 1 else "differs", f"Section {each.number}.")
        for each in request.clauses.all()
    }
    return step(request, "answer", by=by, now=now, clauses=clauses, **PROCEDURE)


def begun(*, by: User, now: datetime, standard: int = 4, number: int = 1) -> EvidencePack:
    """A pack that is being written, of a quarter of 2026-27."""
    return begin_pack(Quarter(2026, number), standard, key=drawn_id("form"), by=acting(by, now))
