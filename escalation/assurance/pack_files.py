"""The files of a signed pack: its document, a spreadsheet and a PDF, from the document alone."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook

from core.typeset import MARK, typeset
from escalation.policy.words import long_date
from escalation.reporting.files import JSON, PDF, XLSX, File, as_json
from escalation.reporting.pdf import with_row_heads
from escalation.reporting.printed import printed
from escalation.reporting.spreadsheet import add_listed, add_table, add_text, bytes_of

from .models import EvidencePack, PackFile
from .packs import all_figures, subject_of

DOCUMENT, WORKBOOK, ON_PAPER = "pack.json", "pack.xlsx", "pack.pdf"
Told = Mapping[str, Any]


def files_of(told: Told, moment: datetime) -> Iterator[File]:
    """Every file of a pack; the same document and moment always give the same document and PDF."""
    yield File(DOCUMENT, JSON, as_json(told))
    yield File(WORKBOOK, XLSX, as_workbook(told))
    yield File(ON_PAPER, PDF, as_pdf(told, moment))


def kept(pack: EvidencePack, file: File) -> PackFile:
    etag = hashlib.sha256(file.content).hexdigest()
    return PackFile(pack=pack, name=file.name, media_type=file.media_type, content=file.content, etag=etag)


def as_workbook(told: Told) -> bytes:
    """Cover, what is not known, answers, and one published table a sheet. No cell can be a formula."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = f"{told['title']}, {told['period']}"
    book.properties.creator = told["partnership"]
    add_text(book, "Cover", [_plain(line) for line in _cover(told)])
    add_text(book, "Not known", ["What is not known", *map(_plain, told["not_known"])])
    if told["answers"]:
        rows = [
            (_plain(f"{each['organisation']}: {clause['title']}"), clause["verdict"])
            for each in told["answers"]
            for clause in each["clauses"]
        ]
        add_listed(
            book, "Answers", "Clause by clause", ("Organisation and clause", "Beside local policy"), rows
        )
    for name, title, heads, rows in _lists(told):
        if rows:
            add_listed(book, name, title, heads, [(_plain(one), _plain(other)) for one, other in rows])
    figures = all_figures(told)
    if figures:
        symbols = list(figures[0]["symbols"].items())
        add_listed(book, "Notes", "Notes", ("Shorthand or word", "What it means"), symbols)
    tables = [(each, table) for each in figures for table in each["tables"]]
    for at, (each, table) in enumerate(tables, 1):
        add_table(book.create_sheet(f"Table {at}"), f"Table_{at}", each, table)
    return bytes_of(book)


def _lists(told: Told) -> Iterator[tuple[str, str, tuple[str, str], list[tuple[str, str]]]]:
    """What organisations say of themselves, what was found and what was done: a sheet for each."""
    own = [
        (each["organisation"], f"{each['rating']}. {each['words']}") for each in told.get("self_ratings", ())
    ]
    yield "Self-ratings", "What organisations say of themselves", ("Organisation", "What it says"), own
    found = [
        (f"{each['title']}, {each['period']}", f"{each['words']} ({each['readers']}, {each['given']})")
        for each in told.get("findings", ())
    ]
    yield "Findings", "What dip samples found", ("Dip sample", "What was found"), found
    done = [(each["said"], action_in_words(each)) for each in told.get("actions", ())]
    yield "Actions", "What was said and learnt, and what changed", ("Said or learnt", "What came of it"), done


def action_in_words(told: Told) -> str:
    """ "Said at a forum. A card for each desk. The Trust: Done. It hangs there. See: minutes of May." """
    see = f"See: {told['evidence']}" if told["evidence"] else ""
    words = (
        f"{told['from']}.",
        told["what"],
        f"{told['organisation']}: {told['state']}.",
        told["changed"],
        see,
    )
    return " ".join(filter(None, words))


def _cover(told: Told) -> list[str]:
    rated = [f"{each['organisation']}. {each['title']} {each['rating']}." for each in told["answers"]]
    lines = [
        f"{told['title']}: {told['period']}",
        told["standard"],
        f"Signed on {told['signed']} by {told['signed_by']}, edition {told['edition']}.",
        *told["narrative"].split("\n"),
        *rated,
        *[each["in_words"] for each in all_figures(told)[:1]],
    ]
    return [line for line in lines if line.strip()]


def _plain(text: str) -> str:
    """A sentence that no spreadsheet takes for a formula."""
    return f"’{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text


def _day(told: str) -> str:
    return long_date(date.fromisoformat(told))


def as_pdf(told: Told, moment: datetime) -> bytes:
    """Tagged, as a release's is (ADR 0021)."""
    figures = [{**printed(each).as_values(), "subject": subject_of(each)} for each in all_figures(told)]
    day = long_date(moment.date())
    own = [{**each, "said": _day(each["said"])} for each in told.get("self_ratings", ())]
    found = [{**each, "given": _day(each["given"])} for each in told.get("findings", ())]
    lists = {"self_ratings": own, "findings": found, "actions": list(told.get("actions", ()))}
    words = json.dumps({**told, **lists, "figures": figures, "signed": day})
    mark = MARK.read_text(encoding="utf-8")
    return with_row_heads(typeset("pack.typ", {"pack": words, "mark": mark}, moment))
