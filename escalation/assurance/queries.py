"""What pages about assurance read, in few statements however many requests there are."""

from datetime import date

from escalation.access.standing import Standing
from escalation.policy import Term
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.policy.section11 import Framework, framework_on

from .acting import Acting
from .models import AssuranceRequest, EvidencePack, PackFile
from .workflow import TO_ANSWER, Facts


def has_pages(standing: Standing) -> bool:
    """The business unit, and whoever may answer for an organisation: leads, heads, partners."""
    answers = standing.lead_settings or standing.senior_settings or standing.partner_organisations
    return bool(standing.in_business_unit or answers)


def requests_of(standing: Standing) -> list[AssuranceRequest]:
    """All in their sight, by day; one statement."""
    found = AssuranceRequest.objects.visible_to(standing)
    return list(found.select_related("organisation", "asked_again").order_by("due", "pk"))


def facts_of(request: AssuranceRequest, by: Acting) -> Facts:
    """What the step table asks about a request and who acts; one statement while it is being answered.

    `request` was read by `visible_to` for them, with `asked_again`.
    """
    return Facts(
        status=request.status,
        parts=request.parts(by.standing),
        is_complete=_is_complete(request) if request.status in TO_ANSWER else True,
        answered_it=request.answered_by_id == by.user.pk,
        asked_again=hasattr(request, "asked_again"),
    )


def _is_complete(request: AssuranceRequest) -> bool:
    said = (request.procedure, request.procedure_version, request.procedure_owner, request.signed_by)
    clauses = request.clauses.all()
    return all(said) and all(each.verdict and each.evidence.strip() for each in clauses)


def framework_now(by: Acting) -> Framework | None:
    """The framework of the day, from which new requests are made."""
    return framework_on(by.today)


def ratings_of(request: AssuranceRequest) -> tuple[Term, ...]:
    """How an answer can be rated, by the framework of the day on which it was asked."""
    framework = framework_on(request.asked_at.astimezone(LONDON).date())
    return framework.ratings if framework else ()


QUARTERS_TO_CHOOSE = 4


def past_quarters(today: date) -> list[Quarter]:
    """The last quarters that are over, the newest first."""
    found = [Quarter.of(today).previous]
    while len(found) < QUARTERS_TO_CHOOSE:
        found.append(found[-1].previous)
    return found


def pack_file(number: int, standard: int, name: str) -> PackFile | None:
    """A file of the newest signed pack of a quarter and standard, if no figure of it was taken back."""
    signed = EvidencePack.objects.signed().filter(number=number, standard=standard)
    pack = signed.select_related("release").order_by("-edition").first()
    if pack is None or pack.is_withdrawn:
        return None
    return PackFile.objects.filter(pack=pack, name=name).first()
