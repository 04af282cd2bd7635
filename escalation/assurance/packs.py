"""An evidence pack put together: published figures, what organisations answered and say of themselves, what
dip samples and forums came to, and what is not known.

Figures come from the stored documents of published releases alone; nothing here counts a case.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q

from core.web.dates import long_day
from escalation.accounts.models import Organisation
from escalation.forums.models import Pledge
from escalation.learning.models import Action
from escalation.policy.section11 import Shows, Standard, framework_on, standard_words
from escalation.policy.words import join
from escalation.reporting.models import DOCUMENT, Release, Subject
from escalation.reporting.queries import published_file
from escalation.retelling.models import PromiseState, TextState
from escalation.retelling.narrative import flagged_words, published_numbers, strange_numbers

from .evidence import Finding, findings_for
from .models import AssuranceRequest, EvidencePack, SelfRating, Verdict
from .queries import moments_of, self_ratings
from .workflow import TO_ANSWER, Status

Told = Mapping[str, Any]
FORM = 2
"""Which form a pack's document has: what was signed in an earlier one stays in it, and is read as it is. The
first had the figures of one subject, and neither findings, actions nor self-ratings."""
NO_RELEASE = "No figures of this quarter are published that are evidence for this standard."
NOT_COUNTED = "No published figure is evidence for this standard. What it says rests on what people show."
NO_SAMPLE = "No dip sample was read for this standard in the year up to this quarter."
NO_ACTION = "No action from forums or from what was learnt stands open, or came to an end in this quarter."
SAID, LEARNT = "Said at a forum", "Learnt from challenges"
NOT_ALL_RATED = "Not every organisation has said how it sees itself under this standard."
RATED = (Status.RATED.value, Status.FOLLOW_UP.value, Status.ACTED.value, Status.CLOSED.value)


@dataclass(frozen=True)
class Figures:
    """What is published on one subject after a quarter: the release, and its document whole."""

    release: Release
    told: Told


@dataclass(frozen=True)
class Evidence:
    """All that a pack holds beside figures and words."""

    asked: Sequence[AssuranceRequest]
    ratings: Sequence[SelfRating]
    findings: Sequence[Finding]
    actions: Sequence[Pledge | Action]


def figures_of(pack: EvidencePack) -> list[Figures]:
    """What is published on each subject of its standard after its quarter; a statement for each."""
    files = [published_file(each, pack.number, DOCUMENT) for each in _subjects(pack)]
    return [Figures(each.release, json.loads(bytes(each.content))) for each in files if each]


def _subjects(pack: EvidencePack) -> Sequence[str]:
    standard = _standard(pack)
    return standard.subjects if standard else ()


def document_of(pack: EvidencePack, figures: Sequence[Figures]) -> dict[str, Any]:
    """A pack as plain values: what its page and every file are made from."""
    evidence = _evidence(pack)
    told = [each.told for each in figures]
    return {
        "form": FORM,
        "partnership": settings.PARTNERSHIP_NAME,
        "title": f"Evidence for standard {pack.standard}",
        "standard": standard_in_words(pack),
        "number": pack.standard,
        "framework": pack.framework,
        "quarter": pack.quarter,
        "period": pack.period.label,
        "edition": pack.edition,
        "narrative": pack.narrative,
        "measures": [{"title": each.title, "from": each.shows.value} for each in _measures(pack)],
        "figures": told[0] if told else None,
        "more_figures": told[1:],
        "answers": [_answer(each) for each in evidence.asked if each.status in RATED and each.rated_at],
        "self_ratings": [_self_rating(each) for each in evidence.ratings],
        "findings": [each.as_values() for each in evidence.findings],
        "actions": [_action(each) for each in evidence.actions],
        "not_known": list(_not_known(pack, figures, evidence)),
        "signed": pack.signed_at.date().isoformat() if pack.signed_at else None,
        "signed_by": pack.signed_by.full_name if pack.signed_by else "",
    }


def all_figures(told: Told) -> list[Told]:
    """Every release's document in a pack's, in any of its forms."""
    return [*([told["figures"]] if told["figures"] else []), *told.get("more_figures", ())]


def subject_of(figures: Told) -> str:
    """On what the figures of a release's document are, in words."""
    return str(Subject(figures["subject"]).label)


def standard_in_words(pack: EvidencePack) -> str:
    return standard_words(pack.standard, pack.standard_title, pack.framework, pack.note)


def _evidence(pack: EvidencePack) -> Evidence:
    return Evidence(
        requests_of_standard(pack),
        [
            each
            for (_, standard), each in sorted(
                self_ratings(pack.framework).items(), key=lambda both: both[1].organisation.name
            )
            if standard == pack.standard
        ],
        findings_for(pack),
        list(_actions_of(pack)),
    )


def requests_of_standard(pack: EvidencePack) -> list[AssuranceRequest]:
    """What was asked under its standard up to now; two statements."""
    found = AssuranceRequest.objects.filter(framework=pack.framework, standard=pack.standard)
    kept = found.exclude(status=Status.WITHDRAWN).select_related("organisation").prefetch_related("clauses")
    return list(kept.order_by("organisation__name", "pk"))


def _actions_of(pack: EvidencePack) -> Iterator[Pledge | Action]:
    """What was said at forums, and about what was learnt, up to the quarter's end, and stands open or came to
    an end in it; each where its figures are evidence."""
    begins, ends = moments_of(pack.period)
    still = Q(state=PromiseState.OPEN, made_at__lt=ends) | Q(ended_at__gte=begins, made_at__lt=ends)
    subjects = _subjects(pack)
    if Subject.FORUMS.value in subjects:
        yield from Pledge.objects.filter(still).select_related("organisation").order_by("due", "pk")
    if Subject.LEARNING.value in subjects:
        learnt = Action.objects.filter(still, point__state=TextState.APPROVED)
        yield from learnt.select_related("organisation", "point").order_by("due", "pk")


def _measures(pack: EvidencePack) -> Sequence[Any]:
    standard = _standard(pack)
    return standard.measures if standard else ()


def _standard(pack: EvidencePack) -> Standard | None:
    framework = framework_on(pack.period.end)
    found = [each for each in framework.standards if each.number == pack.standard] if framework else []
    return found[0] if found else None


def _answer(request: AssuranceRequest) -> dict[str, Any]:
    """How it was rated and how each clause compares: the organisation's own words stay on its page."""
    assert request.rated_at is not None  # noqa: S101 - the caller's choice
    return {
        "organisation": request.organisation.name,
        "title": request.title,
        "rating": request.rating_words,
        "rated": request.rated_at.date().isoformat(),
        "ask_again": request.retest_on.isoformat() if request.retest_on else None,
        "clauses": [
            {"title": each.title, "verdict": Verdict(each.verdict).label}
            for each in request.clauses.all()
            if each.verdict
        ],
    }


def _self_rating(row: SelfRating) -> dict[str, str]:
    return {
        "organisation": row.organisation.name,
        "rating": row.rating_words,
        "words": row.words,
        "said": row.at.date().isoformat(),
    }


def _action(row: Pledge | Action) -> dict[str, str]:
    """You said or we learnt, we will, we changed, and where one can see it."""
    source, said = (LEARNT, row.point.title) if isinstance(row, Action) else (SAID, row.said)
    return {
        "from": source,
        "said": said,
        "what": row.what,
        "organisation": row.organisation.name,
        "due": row.due.isoformat(),
        "state": row.get_state_display(),
        "changed": row.changed,
        "evidence": row.evidence,
    }


def _not_known(pack: EvidencePack, figures: Sequence[Figures], evidence: Evidence) -> Iterator[str]:
    """Said of every pack, and what its writer adds."""
    yield from _not_counted(pack, figures)
    yield from filter(None, map(_not_shown, evidence.asked))
    if not evidence.asked:
        yield "No organisation has been asked to show anything under this standard."
    yield from _not_told(pack, evidence)
    people = [each.title for each in _measures(pack) if each.shows == Shows.PEOPLE]
    if people:
        yield f"The log itself holds nothing on: {' '.join(people)}"
    if pack.gaps.strip():
        yield pack.gaps


def _not_told(pack: EvidencePack, evidence: Evidence) -> Iterator[str]:
    """What dip samples, forums and organisations have not said. Which organisations, is no reader's."""
    framework = framework_on(pack.period.end)
    has_samples = framework and any(each.standard == pack.standard for each in framework.samples)
    if has_samples and not evidence.findings:
        yield NO_SAMPLE
    if {Subject.FORUMS.value, Subject.LEARNING.value} & set(_subjects(pack)) and not evidence.actions:
        yield NO_ACTION
    if Organisation.objects.count() > len(evidence.ratings):
        yield NOT_ALL_RATED


def _not_counted(pack: EvidencePack, figures: Sequence[Figures]) -> Iterator[str]:
    """What no figure says, and which are not shown."""
    subjects = _subjects(pack)
    if not figures:
        yield NO_RELEASE if subjects else NOT_COUNTED
        return
    there = {each.release.subject for each in figures}
    missing = [f"“{Subject(each).label}”" for each in subjects if each not in there]
    if missing:
        yield f"No figures of this quarter are published on {join(missing)}."
    for each in figures:
        yield from _not_in(each.told)


def _not_in(told: Told) -> Iterator[str]:
    yield told["not_known"]
    if told["withdrawn"]:
        yield told["withdrawn"]
    for table in told["tables"]:
        if not _shown(table):
            yield f"“{table['title']}” is not shown for this period: [x]."


def _not_shown(request: AssuranceRequest) -> str:
    """What is not known of a request yet; "" once it is rated."""
    asked = f"{request.organisation.name} was asked “{request.title}”"
    if request.status in TO_ANSWER:
        return f"{asked} It has until {long_day(request.due)} to answer."
    return "" if request.rated_at else f"{asked} Its answer is not rated yet."


def _shown(table: Told) -> bool:
    return any(cell["value"] is not None for part in table["parts"] for cell in part["cells"])


# Words of its writer


def wrong_in(pack: EvidencePack, figures: Sequence[Figures]) -> list[str]:
    """Numbers in the writer's words that nobody published; each as it was written."""
    period = pack.period
    years = {str(period.start.year), str(period.end.year), period.financial_year}
    named = {
        f"standard {pack.standard}",
        pack.framework,
        pack.quarter,
        period.label,
        f"quarter {period.number}",
        "section 11",
        *(f"{month} {year}" for year in years for month in (f"{period.start:%B}", f"{period.end:%B}")),
        period.financial_year,
    }
    published = {number for each in figures for number in published_numbers(each.told)}
    return strange_numbers(f"{pack.narrative}\n{pack.gaps}", published=published, named=named)


def doubtful_in(pack: EvidencePack) -> list[str]:
    """Words that the second person looks at twice."""
    return flagged_words(f"{pack.narrative}\n{pack.gaps}")
