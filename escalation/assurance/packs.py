"""An evidence pack put together: published figures, what organisations answered, and what is not known.

Figures come from the stored document of a published release alone; nothing here counts a case.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings

from core.web.dates import long_day
from escalation.policy.section11 import Shows, Standard, framework_on, standard_words
from escalation.reporting.models import DOCUMENT, Release
from escalation.reporting.queries import published_file

from .models import AssuranceRequest, EvidencePack, Verdict
from .narrative import flagged_words, published_numbers, strange_numbers
from .workflow import TO_ANSWER, Status

Told = Mapping[str, Any]
NO_RELEASE = "No figures of this quarter are published that are evidence for this standard."
NOT_COUNTED = "No published figure is evidence for this standard. What it says rests on what people show."
ELSEWHERE = (
    "There are releases on other subjects that are evidence for this standard too. Read them beside it."
)
RATED = (Status.RATED.value, Status.FOLLOW_UP.value, Status.ACTED.value, Status.CLOSED.value)


def figures_of(pack: EvidencePack) -> tuple[Release | None, Told | None]:
    """The release of its quarter and subject, and the release's document; None where none is published."""
    file = published_file(pack.subject, pack.number, DOCUMENT) if pack.subject else None
    return (file.release, json.loads(bytes(file.content))) if file else (None, None)


def document_of(pack: EvidencePack, figures: Told | None) -> dict[str, Any]:
    """A pack as plain values: what its page and every file are made from."""
    asked = requests_of_standard(pack)
    return {
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
        "figures": figures,
        "answers": [_answer(each) for each in asked if each.status in RATED and each.rated_at],
        "not_known": list(_not_known(pack, figures, asked)),
        "signed": pack.signed_at.date().isoformat() if pack.signed_at else None,
        "signed_by": pack.signed_by.full_name if pack.signed_by else "",
    }


def standard_in_words(pack: EvidencePack) -> str:
    return standard_words(pack.standard, pack.standard_title, pack.framework, pack.note)


def requests_of_standard(pack: EvidencePack) -> list[AssuranceRequest]:
    """What was asked under its standard up to now; two statements."""
    found = AssuranceRequest.objects.filter(framework=pack.framework, standard=pack.standard)
    kept = found.exclude(status=Status.WITHDRAWN).select_related("organisation").prefetch_related("clauses")
    return list(kept.order_by("organisation__name", "pk"))


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


def _not_known(pack: EvidencePack, figures: Told | None, asked: Sequence[AssuranceRequest]) -> Iterator[str]:
    """Said of every pack, and what its writer adds."""
    yield from _not_counted(pack, figures)
    yield from filter(None, map(_not_shown, asked))
    if not asked:
        yield "No organisation has been asked to show anything under this standard."
    people = [each.title for each in _measures(pack) if each.shows == Shows.PEOPLE]
    if people:
        yield f"The log itself holds nothing on: {' '.join(people)}"
    if pack.gaps.strip():
        yield pack.gaps


def _not_counted(pack: EvidencePack, figures: Told | None) -> Iterator[str]:
    """What no figure says, and which are not shown."""
    if figures is None:
        yield NO_RELEASE if pack.subject else NOT_COUNTED
        return
    yield figures["not_known"]
    standard = _standard(pack)
    if standard and len(standard.subjects) > 1:
        yield ELSEWHERE
    if figures["withdrawn"]:
        yield figures["withdrawn"]
    for table in figures["tables"]:
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


def wrong_in(pack: EvidencePack, figures: Told | None) -> list[str]:
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
    text = f"{pack.narrative}\n{pack.gaps}"
    return strange_numbers(text, published=published_numbers(figures), named=named)


def doubtful_in(pack: EvidencePack) -> list[str]:
    """Words that the second person looks at twice."""
    return flagged_words(f"{pack.narrative}\n{pack.gaps}")
