"""The files of a signed pack: its document, a spreadsheet and a PDF, from the document alone."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from openpyxl import Workbook

from core.typeset import MARK, typeset
from escalation.policy.words import long_date
from escalation.reporting.files import JSON, PDF, XLSX, File, as_json
from escalation.reporting.pdf import with_row_heads
from escalation.reporting.printed import printed
from escalation.reporting.spreadsheet import add_listed, add_table, add_text, bytes_of

from .models import EvidencePack, PackFile

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
    figures = told["figures"]
    if figures:
        add_listed(
            book, "Notes", "Notes", ("Shorthand or word", "What it means"), list(figures["symbols"].items())
        )
        for at, table in enumerate(figures["tables"], 1):
            add_table(book.create_sheet(f"Table {at}"), f"Table_{at}", figures, table)
    return bytes_of(book)


def _cover(told: Told) -> list[str]:
    rated = [f"{each['organisation']}. {each['title']} {each['rating']}." for each in told["answers"]]
    lines = [
        f"{told['title']}: {told['period']}",
        told["standard"],
        f"Signed on {told['signed']} by {told['signed_by']}, edition {told['edition']}.",
        *told["narrative"].split("\n"),
        *rated,
        told["figures"]["in_words"] if told["figures"] else "",
    ]
    return [line for line in lines if line.strip()]


def _plain(text: str) -> str:
    """A sentence that no spreadsheet takes for a formula."""
    return f"’{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text


def as_pdf(told: Told, moment: datetime) -> bytes:
    """Tagged, as a release's is (ADR 0021)."""
    figures = printed(told["figures"]).as_values() if told["figures"] else None
    day = long_date(moment.date())
    words = json.dumps({**told, "figures": figures, "signed": day})
    mark = MARK.read_text(encoding="utf-8")
    return with_row_heads(typeset("pack.typ", {"pack": words, "mark": mark}, moment))
