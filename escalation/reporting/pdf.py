"""A release as a PDF to print and to keep: tagged, in one language, with its fonts inside (PDF/UA-1).

It is typeset by core.typeset from templates/print/.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, cast

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, PdfObject

from core.typeset import MARK, typeset
from escalation.policy.clock import LONDON
from escalation.reporting.models import PUBLISHED_AT
from escalation.reporting.printed import printed


def as_pdf(told: Mapping[str, Any]) -> bytes:
    """The bytes of a PDF of a release, from its document. The same values always give the same bytes."""
    words = {"release": json.dumps(printed(told).as_values()), "mark": MARK.read_text(encoding="utf-8")}
    day = datetime.fromisoformat(told["published"])
    moment = datetime.combine(day, PUBLISHED_AT, tzinfo=LONDON)
    return with_row_heads(typeset("release.typ", words, moment))


def with_row_heads(pdf: bytes) -> bytes:
    """The same, with the first cell of each row tagged as its head; Typst knows heads of columns only."""
    reader = PdfReader(BytesIO(pdf))
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    tree = writer.root_object["/StructTreeRoot"]
    for body in _elements(tree, "/TBody"):
        for row in _elements(body, "/TR"):
            head, *cells = _kids(row)
            head[NameObject("/S")] = NameObject("/TH")
            _scope(head)[NameObject("/Scope")] = NameObject("/Row")
            for cell in (head, *cells):
                # Heads named by their ids would be all that counts, and those of the row are not among them.
                _scope(cell).pop("/Headers", None)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _elements(within: PdfObject, kind: str) -> Iterator[DictionaryObject]:
    """The elements of a kind at any depth, not looking for more inside of one."""
    for each in _kids(within):
        if each.get("/S") == kind:
            yield each
        else:
            yield from _elements(each, kind)


def _kids(element: PdfObject) -> list[DictionaryObject]:
    """The elements inside of one; marks in a page's content are none."""
    kids = element.get("/K", []) if isinstance(element, DictionaryObject) else []
    listed = kids if isinstance(kids, ArrayObject) else [kids]
    found = [each.get_object() for each in listed if isinstance(each, PdfObject)]
    return [each for each in found if isinstance(each, DictionaryObject)]


def _scope(cell: DictionaryObject) -> DictionaryObject:
    """What a cell says of itself as a part of a table."""
    said = cast("list[DictionaryObject]", cell["/A"])
    return next(each for each in said if each.get("/O") == "/Table")
