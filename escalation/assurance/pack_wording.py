"""Evidence packs in words, from their document."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.web.components import Act, State
from core.web.dates import long_day
from escalation.reporting.reading import Reading, reading_of

from .models import EvidencePack, PackState
from .pack_files import DOCUMENT, ON_PAPER, WORKBOOK
from .packs import document_of, doubtful_in, figures_of, standard_in_words, wrong_in

API = "/api/v1/packs"
FILES = ((WORKBOOK, "Spreadsheet"), (ON_PAPER, "PDF to print"), ("", "All of it for a computer"))
WITHDRAWN = (
    "Figures in this pack were taken back after it was signed. It is not handed out any more. The business "
    "unit can begin another for this quarter and standard."
)


@dataclass(frozen=True)
class PackRow:
    """A pack in the list."""

    pack: EvidencePack
    standard: str
    state: State


@dataclass(frozen=True)
class AnswerShown:
    """What an organisation showed: how it was rated, and each clause beside local policy."""

    heading: str
    rating: str
    when: str
    clauses: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class PackShown:
    """A pack's page. `wrong`, `doubtful`: numbers nobody published, and words to look at twice; while it is
    being written. `withdrawn`: why nothing of it is shown any more, or ""."""

    standard: str
    state: State
    narrative: str
    answers: Sequence[AnswerShown]
    not_known: Sequence[str]
    reading: Reading | None
    wrong: Sequence[str]
    doubtful: Sequence[str]
    withdrawn: str
    signed: str
    downloads: Sequence[Act]


def pack_rows(packs: Iterable[EvidencePack]) -> list[PackRow]:
    return [PackRow(each, standard_in_words(each), pack_state(each)) for each in packs]


def pack_state(pack: EvidencePack) -> State:
    if pack.is_signed and pack.is_withdrawn:
        return State("hold", "Figures taken back")
    kinds = {PackState.DRAFT: "wait", PackState.OFFERED: "due", PackState.SIGNED: "done"}
    return State(kinds[PackState(pack.state)], PackState(pack.state).label)


def shown_pack(pack: EvidencePack) -> PackShown:
    """As it was signed; or, while it is being written, as it would be signed now."""
    gone = pack.is_signed and pack.is_withdrawn
    figures = None if pack.is_signed else figures_of(pack)[1]
    told: Mapping[str, Any] = _signed(pack) if pack.is_signed else document_of(pack, figures)
    return PackShown(
        standard=standard_in_words(pack),
        state=pack_state(pack),
        narrative="" if gone else told["narrative"],
        answers=[] if gone else [_answer(each) for each in told["answers"]],
        not_known=[] if gone else told["not_known"],
        reading=reading_of(told["figures"]) if told["figures"] and not gone else None,
        wrong=[] if pack.is_signed else wrong_in(pack, figures),
        doubtful=[] if pack.is_signed else doubtful_in(pack),
        withdrawn=WITHDRAWN if gone else "",
        signed=f"{told['signed_by']}, {long_day(pack.signed_at)}" if pack.signed_at else "",
        downloads=_downloads(pack) if pack.is_signed and not gone else [],
    )


def _signed(pack: EvidencePack) -> Mapping[str, Any]:
    content = pack.files.values_list("content", flat=True).get(name=DOCUMENT)
    told: Mapping[str, Any] = json.loads(bytes(content))
    return told


def _answer(told: Mapping[str, Any]) -> AnswerShown:
    clauses = [(each["title"], each["verdict"]) for each in told["clauses"]]
    when = long_day(date.fromisoformat(told["rated"]))
    return AnswerShown(f"{told['organisation']}: {told['title']}", told["rating"], when, clauses)


def _downloads(pack: EvidencePack) -> list[Act]:
    return [Act(words, f"{API}/{pack.quarter}/{pack.standard}/{name}") for name, words in FILES]
