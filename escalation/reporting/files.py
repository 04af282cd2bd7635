"""What of a release is published, as bytes: made from published values alone, before anybody asks for it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings

from escalation.disclosure.audit import Publication
from escalation.disclosure.document import document
from escalation.disclosure.form import NOT_OF_PUBLISHED, departures
from escalation.disclosure.releasing import Refused
from escalation.policy.clock import LONDON
from escalation.reporting.models import DOCUMENT, Release, Subject, Withdrawal
from escalation.reporting.pdf import as_pdf
from escalation.reporting.queries import standing_publications
from escalation.reporting.running import SUMS, summed
from escalation.reporting.spreadsheet import as_workbook
from escalation.reporting.standards import standards_of
from escalation.reporting.tabular import as_csv, described, rows_of

JSON, CSV, CSVM = "application/json", "text/csv", "application/csvm+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
PDF = "application/pdf"
WORKBOOK, ALL_TABLES, ON_PAPER = "release.xlsx", "tables.zip", "release.pdf"
DEFINITIONS: dict[str, dict[str, str]] = {
    Subject.CHALLENGES: {
        "logged": "Challenges that were sent in the period. Drafts are not counted, nor those of an earlier "
        "log, which counted them itself.",
        "closed": "Challenges whose end was recorded in the period, for the first time: closed (also with "
        "actions still open), withdrawn, transferred, void or a duplicate.",
    },
    Subject.LADO: {
        "logged": "Contacts with the designated officer (LADO) that were recorded in the period.",
        "closed": "Contacts whose end was recorded in the period, for the first time.",
    },
    Subject.FORUMS: {
        "logged": "People counted at the door of open forums that were closed in the period. Somebody who "
        "comes to two forums counts at each.",
        "closed": "Answers to the one question of open forums, where the time to answer ended in the period. "
        "Nobody's name is known, so that nobody can be kept from answering twice.",
    },
    Subject.LEARNING: {
        "logged": "Learning points that a second person approved in the period. Several challenges can show "
        "the same; which they are is counted nowhere.",
        "closed": "Actions from learning of which it was said in the period what came of them: done, or not "
        "done and why.",
    },
    Subject.SURVEY: {
        "closed": "People who answered a staff survey whose time ended in the period; each answered every "
        "question. Nobody's name is known, so that nobody can be kept from answering twice.",
    },
}
"""Which day makes a case count, and what is left out."""
NOT_KNOWN: dict[str, str] = {
    Subject.CHALLENGES: "Worries settled by a phone call and never logged are not here. Few challenges may "
    "mean few worries, or that people did not feel able to raise them.",
    Subject.LADO: "Allegations that nobody told the LADO of are not here. Few contacts may mean few "
    "allegations, or that people did not know whom to tell.",
    Subject.FORUMS: "Who did not come, or did not answer, is not here. Those who answer after a forum need "
    "not be those who answered before it.",
    Subject.LEARNING: "What was learnt and never written down is not here. Few learning points may mean "
    "little to learn, or that nobody stopped to ask. An action that is done need not have changed the work.",
    Subject.SURVEY: "Who did not answer is not here, nor how many staff there are. People who find it hard "
    "to challenge may find it hard to say so.",
}
"""What no figure of the log can say; it is said beside them."""
TAKEN_BACK = (
    "Some figures of this release were withdrawn and are shown as not available. They are not replaced; "
    "corrections count in later periods."
)


@dataclass(frozen=True)
class File:
    """A file to be kept and sent."""

    name: str
    media_type: str
    content: bytes


def files_of(release: Release) -> Iterator[File]:
    """Every file of a release, in the edition that it is at.

    Raises Refused where the document, read back, says anything that does not follow from published figures.
    """
    publications = standing_publications(release.subject, besides=release)
    told = document_of(release, publications)
    whole = as_json(told)
    if departures(json.loads(whole), release.plan.plan, release.number, publications):
        raise Refused(NOT_OF_PUBLISHED)
    tables = list(_tables(told))
    yield File(DOCUMENT, JSON, whole)
    yield from tables
    yield File(ON_PAPER, PDF, as_pdf(told))
    yield File(WORKBOOK, XLSX, as_workbook(told))
    yield File(ALL_TABLES, ZIP, _zipped(each for each in tables if each.media_type != JSON))
    for each in SUMS:
        yield from _sums(summed(told, each), each.name)


def _sums(told: Mapping[str, Any], name: str) -> Iterator[File]:
    """Where no table is quarterly there is nothing to add up, and no file."""
    if told["tables"]:
        yield File(f"{name}.json", JSON, as_json(told))
        yield from _tables(told, f"{name}/tables")


def _tables(told: Mapping[str, Any], folder: str = "tables") -> Iterator[File]:
    about = {name: value for name, value in told.items() if name != "tables"}
    for table in told["tables"]:
        rows = list(rows_of(table, told["dimensions"]))
        name = f"{folder}/{table['code']}"
        yield File(f"{name}.json", JSON, as_json({**about, "table": table}))
        yield File(f"{name}.csv", CSV, as_csv(rows))
        yield File(f"{name}.csv-metadata.json", CSVM, as_json(described(told, table, rows)))


def _zipped(files: Iterable[File]) -> bytes:
    """The same files always give the same bytes: no file has a time of its own."""
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for each in files:
            archive.writestr(ZipInfo(each.name), each.content, ZIP_DEFLATED)
    return stream.getvalue()


def document_of(release: Release, publications: Sequence[Publication]) -> dict[str, Any]:
    """A release as plain values: what every file, page and answer is made from.

    `publications` are all figures of its subject that stand, its own among them.
    """
    period = release.period
    return {
        "partnership": settings.PARTNERSHIP_NAME,
        "subject": release.subject,
        "title": release.get_subject_display(),
        "period": period.label,
        "published": release.publish_at.astimezone(LONDON).date().isoformat(),
        "counted": None if release.cut_off is None else release.cut_off.astimezone(LONDON).date().isoformat(),
        "edition": release.edition,
        "definitions": DEFINITIONS[release.subject],
        "not_known": NOT_KNOWN[release.subject],
        "evidence": [
            {**asdict(each), "words": each.words} for each in standards_of(release.subject, on=period.end)
        ],
        "withdrawn": TAKEN_BACK if Withdrawal.objects.filter(release=release).exists() else "",
        **document(release.plan.plan, release.number, publications),
    }


def as_json(told: Mapping[str, Any]) -> bytes:
    """The same values always give the same bytes."""
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
