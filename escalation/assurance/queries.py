"""What pages about assurance read, in few statements however many requests there are."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import attrgetter

from escalation.access.models import PANEL_GRANTS
from escalation.access.organisations import answering_for, answers_for_any
from escalation.access.standing import Standing
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation, Seat, User
from escalation.challenges.models import Challenge, Grant
from escalation.policy import Term
from escalation.policy.clock import LONDON
from escalation.policy.quarters import Quarter
from escalation.policy.section11 import Framework, framework_on
from escalation.reporting.models import Subject

from .acting import Acting
from .models import (
    AssuranceRequest,
    CaseReading,
    DipSample,
    EvidencePack,
    PackFile,
    SampleCase,
    SelfRating,
)
from .workflow import TO_ANSWER, Facts


def has_pages(standing: Standing) -> bool:
    """The business unit, and whoever may answer for an organisation: leads, heads, partners."""
    return standing.in_business_unit or answers_for_any(standing)


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
    pack = signed.with_releases().order_by("-edition").first()
    if pack is None or pack.is_withdrawn:
        return None
    return PackFile.objects.filter(pack=pack, name=name).first()


def organisations_rated_by(standing: Standing) -> list[Organisation]:
    """Every organisation for the unit; for others those for which they answer. One statement."""
    if standing.in_business_unit:
        return list(Organisation.objects.order_by("name", "pk"))
    return list(answering_for(standing).order_by("name", "pk"))


def self_ratings(framework: str) -> dict[tuple[int, int], SelfRating]:
    """The latest of each organisation and standard, by both; one statement."""
    rows = SelfRating.objects.filter(framework=framework).select_related("organisation").order_by("pk")
    return {(each.organisation_id, each.standard): each for each in rows}


def has_sat_on_a_panel(user: User, pack: EvidencePack) -> bool:
    """Whether somebody chaired, or sat on, the panel of a challenge that closed in the quarter of a pack with
    figures of challenges: they do not scrutinise it. Of which pack's samples it was part is not told so."""
    begins, ends = moments_of(pack.period)
    panels = Grant.objects.filter(user=user, kind__in=PANEL_GRANTS)
    closed = panels.filter(challenge__closed_at__gte=begins, challenge__closed_at__lt=ends)
    return pack.subject == Subject.CHALLENGES and closed.exists()


# Dip samples

READS = (SeatKind.LEAD, SeatKind.SENIOR_LEAD, SeatKind.PARTNER)


def moments_of(quarter: Quarter) -> tuple[datetime, datetime]:
    """From the first moment of a quarter's first London day to that of the day after its last."""
    first, after = (
        datetime.combine(day, time.min, tzinfo=LONDON)
        for day in (quarter.start, quarter.end + timedelta(days=1))
    )
    return first, after


def could_read(today: date) -> list[Seat]:
    """Leads, heads of service and partners who work with the log today, by organisation; one statement. One
    seat of each in an organisation."""
    seats = Seat.objects.on(today).filter(kind__in=READS, user__is_active=True, setting__isnull=False)
    rows = seats.select_related("user", "setting__organisation").order_by(
        "setting__organisation__name", "user__full_name", "pk"
    )
    found = {(each.user_id, each.setting.organisation_id): each for each in rows if each.setting}
    return list(found.values())


def cases_in_sight(sample: DipSample, by: Acting) -> frozenset[int]:
    """Which cases of a sample this person may see now: a conflict of interest beats what a sample gives."""
    seen = Challenge.objects.visible_to(by.standing)
    cases = SampleCase.objects.filter(sample=sample, challenge__in=seen.order_by().values("pk"))
    return frozenset(cases.values_list("pk", flat=True))


@dataclass(frozen=True)
class Sight:
    """What a reader gets of a sample: their own readings of what they may see, in order, and how many
    challenges the other has answered. `differ`: to how many questions both gave another answer."""

    readings: tuple[CaseReading, ...]
    answered: int
    others: int
    differ: int


def sight_of(sample: DipSample, by: Acting) -> Sight:
    """Three statements, however many there are."""
    seen = cases_in_sight(sample, by)
    rows = CaseReading.objects.filter(case__sample=sample, case__in=seen).select_related(
        "case__challenge", "reader"
    )
    mine = {each.case_id: each for each in rows if each.reader.user_id == by.user.pk}
    theirs = {each.case_id: each for each in rows if each.reader.user_id != by.user.pk}
    both = [(mine[pk], theirs[pk]) for pk in mine.keys() & theirs.keys()]
    return Sight(
        tuple(sorted(mine.values(), key=attrgetter("case.number"))),
        sum(bool(each.answers) for each in mine.values()),
        sum(bool(each.answers) for each in theirs.values()),
        sum(_differ(one, other) for one, other in both if one.answers and other.answers),
    )


def _differ(one: CaseReading, other: CaseReading) -> int:
    return sum(answer != other.answers.get(code) for code, answer in one.answers.items())


def findings_given() -> list[DipSample]:
    """Dip samples whose finding both readers stand for, the newest first; three statements."""
    found = DipSample.objects.given().prefetch_related("readers__organisation")
    return list(found.order_by("-number", "-pk"))
