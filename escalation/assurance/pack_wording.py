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
from .packs import (
    all_figures,
    document_of,
    doubtful_in,
    figures_of,
    standard_in_words,
    subject_of,
    wrong_in,
)

API = "/api/v1/packs"
FILES = ((WORKBOOK, "Spreadsheet"), (ON_PAPER, "PDF to print"), ("", "All of it for a computer"))
Told = Mapping[str, Any]
NOTHING: Told = {
    "narrative": "",
    "answers": (),
    "self_ratings": (),
    "findings": (),
    "actions": (),
    "not_known": (),
    "figures": None,
    "more_figures": (),
}
"""What is shown of a pack whose figures were taken back."""
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
class SaidShown:
    """What an organisation says of itself, or what a dip sample found: of what, in which words, and when."""

    heading: str
    label: str
    words: str
    when: str


@dataclass(frozen=True)
class PackShown:
    """A pack's page. `wrong`, `doubtful`: numbers nobody published, and words to look at twice; while it is
    being written. `withdrawn`: why nothing of it is shown any more, or ""."""

    standard: str
    state: State
    narrative: str
    answers: Sequence[AnswerShown]
    self_ratings: Sequence[SaidShown]
    findings: Sequence[SaidShown]
    actions: Sequence[Told]
    not_known: Sequence[str]
    readings: Sequence[tuple[str, Reading]]
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
    figures = [] if pack.is_signed else figures_of(pack)
    told: Told = _signed(pack) if pack.is_signed else document_of(pack, figures)
    if gone:
        told = {**told, **NOTHING}
    return PackShown(
        standard=standard_in_words(pack),
        state=pack_state(pack),
        narrative=told["narrative"],
        answers=[_answer(each) for each in told["answers"]],
        self_ratings=[_self_rating(each) for each in told.get("self_ratings", ())],
        findings=[_finding(each) for each in told.get("findings", ())],
        actions=told.get("actions", ()),
        not_known=told["not_known"],
        readings=[(subject_of(each), reading_of(each)) for each in all_figures(told)],
        wrong=[] if pack.is_signed else wrong_in(pack, figures),
        doubtful=[] if pack.is_signed else doubtful_in(pack),
        withdrawn=WITHDRAWN if gone else "",
        signed=f"{told['signed_by']}, {long_day(pack.signed_at)}" if pack.signed_at else "",
        downloads=_downloads(pack) if pack.is_signed and not gone else [],
    )


def _signed(pack: EvidencePack) -> Told:
    content = pack.files.values_list("content", flat=True).get(name=DOCUMENT)
    told: Told = json.loads(bytes(content))
    return told


def _answer(told: Told) -> AnswerShown:
    clauses = [(each["title"], each["verdict"]) for each in told["clauses"]]
    heading = f"{told['organisation']}: {told['title']}"
    return AnswerShown(heading, told["rating"], _day(told["rated"]), clauses)


def _self_rating(told: Told) -> SaidShown:
    return SaidShown(told["organisation"], told["rating"], told["words"], _day(told["said"]))


def _finding(told: Told) -> SaidShown:
    return SaidShown(
        f"{told['title']}, {told['period']}", told["readers"], told["words"], _day(told["given"])
    )


def _day(told: str) -> str:
    return long_day(date.fromisoformat(told))


def _downloads(pack: EvidencePack) -> list[Act]:
    return [Act(words, f"{API}/{pack.quarter}/{pack.standard}/{name}") for name, words in FILES]
