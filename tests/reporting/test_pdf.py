"""The PDF of a release, read back: tagged, in English, every published figure in its row, and no other."""

import re
from collections.abc import Iterator
from functools import cached_property
from io import BytesIO
from itertools import chain
from typing import Any

import pytest
from pypdf import PdfReader

from core.typeset import FOLDER
from escalation.policy.quarters import Quarter
from escalation.reporting.pdf import as_pdf
from escalation.reporting.reading import reading_of
from escalation.reporting.tabular import follows
from tests.reporting.documents import told_of

Told = dict[str, Any]
FOOT = re.compile(r"Merton Safeguarding Children Partnership · [^·]+ · edition \d+ Page \d+ of \d+")


class Made:
    """A release's document, the PDF that is made of it, and its words; made and read once."""

    def __init__(self, told: Told) -> None:
        self.told = told

    @cached_property
    def content(self) -> bytes:
        return as_pdf(self.told)

    @cached_property
    def pdf(self) -> PdfReader:
        return PdfReader(BytesIO(self.content))

    @property
    def root(self) -> Any:
        return self.pdf.trailer["/Root"]

    @cached_property
    def text(self) -> str:
        """All words in the order in which they are read, without the foot of each page."""
        return FOOT.sub("", " ".join(" ".join(page.extract_text() for page in self.pdf.pages).split()))

    @property
    def sections(self) -> Iterator[tuple[Told, str]]:
        """Each table of the document with what is printed of it."""
        body, tables = self.text[self.text.rindex("Tables Table 1: ") :], self.told["tables"]
        starts = [body.index(f"Table {at}: {table['title']}") for at, table in enumerate(tables, 1)]
        ends = [*starts[1:], body.rindex("Symbols")]
        for table, start, end in zip(tables, starts, ends, strict=True):
            yield table, body[start:end]

    @property
    def tagged(self) -> Iterator[tuple[str, Any]]:
        """Every element of the structure by its kind, in the order of reading."""

        def inside(element: Any) -> Iterator[tuple[str, Any]]:
            for each in kids(element):
                yield each["/S"], each
                yield from inside(each)

        assert self.root["/MarkInfo"]["/Marked"]
        yield from inside(self.root["/StructTreeRoot"])


YEAR_OVER, SECOND_QUARTER, SOME, FEW, LADO = (
    Made(told_of("challenges_large", Quarter(2026, 4), fives=22)),
    Made(told_of("challenges_large", Quarter(2026, 2), fives=20)),
    Made(told_of("challenges_middle", Quarter(2026, 2), fives=7)),
    Made(told_of("challenges_large", Quarter(2026, 1), fives=2)),
    Made(told_of("lado_middle", Quarter(2026, 4), fives=8)),
)
EACH = pytest.mark.parametrize(
    "made",
    [YEAR_OVER, SECOND_QUARTER, SOME, FEW, LADO],
    ids=["the year over", "the second quarter", "some challenges", "hardly any", "the LADO"],
)


def kids(element: Any) -> list[Any]:
    found = element.get("/K", [])
    listed = [each.get_object() for each in (found if isinstance(found, list) else [found])]
    return [each for each in listed if isinstance(each, dict) and "/S" in each]


def scope(cell: Any) -> str:
    (found,) = [each.get("/Scope") for each in cell["/A"] if each["/O"] == "/Table"]
    return str(found)


def said(cell: Told) -> str:
    """A figure as it stands in a table: "20 16 to 24", "0 [low] 0 to 4", "[x]"."""
    if cell["value"] is None:
        return str(cell["symbol"])
    symbol = f" {cell['symbol']}" if cell["symbol"] else ""
    return f"{cell['value']}{symbol} {cell['low']} to {cell['high']}"


def labels_of(told: Told, code: str) -> dict[str, str]:
    """What the categories of a dimension are called, and at the end all of them."""
    (found,) = [each for each in told["dimensions"] if each["code"] == code]
    return {**{each["code"]: each["label"] for each in found["categories"]}, "": "All"}


def rows_of(table: Told, told: Told) -> Iterator[str]:
    """Each row of a table as it should be read."""
    by = table["parts"][-1]["by"]
    figures = [cell for part in table["parts"] for cell in part["cells"]]
    cells = {tuple(cell.get(code, "") for code in by): said(cell) for cell in figures}
    names = [labels_of(told, code) for code in by]
    if len(by) < 2:
        yield from (f"{names[0][key[0]] if by else 'All'} {words}" for key, words in cells.items())
        return
    across = min((0, 1), key=lambda at: len(names[at]))
    for down, label in names[1 - across].items():
        places = [(other, down) if across == 0 else (down, other) for other in names[across]]
        yield " ".join([label, *(cells[place] for place in places)])


@EACH
def test_every_published_figure_is_printed_in_its_row(made: Made) -> None:
    for table, section in made.sections:
        for row in rows_of(table, made.told):
            assert row in section, table["code"]
        if "percentage" in table:
            assert table["percentage"]["words"] in section


@EACH
def test_the_year_to_date_and_the_last_four_quarters_are_printed(made: Made) -> None:
    for table, section in made.sections:
        for cell in [cell for part in table["parts"] for cell in part["cells"] if "year_to_date" in cell]:
            for name in ("year_to_date", "last_four"):
                assert said(cell[name]) in section, (table["code"], name)


def numbers(values: Any) -> Iterator[str]:
    """Every number in a document, be it a figure or in words."""
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, list):
        return chain.from_iterable(numbers(each) for each in values)
    return iter(re.findall(r"\d+", str(values)))


@EACH
def test_no_number_is_printed_that_is_not_published_or_follows(made: Made) -> None:
    places = {str(at) for at, _ in enumerate(made.told["tables"], 1)}
    for table, section in made.sections:
        derived = numbers([list(each) for each in follows(table, made.told["dimensions"])])
        assert set(re.findall(r"\d+", section)) <= {*numbers(made.told), *derived, *places}, table["code"]


@EACH
def test_the_pages_charts_are_drawn_and_told_in_words(made: Made) -> None:
    views = [view for table in reading_of(made.told).tables for view in table.views]
    charts = [view.chart.title for view in views if view.chart and not view.one_click_away]
    assert charts
    assert [str(each["/Alt"]) for kind, each in made.tagged if kind == "/Figure"] == charts


@EACH
def test_it_says_what_it_is(made: Made) -> None:
    about = made.pdf.metadata
    assert about is not None
    assert about.creation_date is not None
    assert about.title == f"{made.told['title']}, {made.told['period']}"
    assert about.author == made.told["partnership"]
    assert about.creation_date.date().isoformat() == made.told["published"]
    assert made.pdf.pdf_header == "%PDF-1.7"
    assert made.root["/Lang"] == "en-GB"
    assert made.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made.root["/Metadata"].get_data()
    marks = [each.title for each in made.pdf.outline if not isinstance(each, list)]
    assert marks[-2:] == ["Tables", "Symbols"]


@EACH
def test_rows_and_columns_of_each_table_have_heads(made: Made) -> None:
    elements, titles = list(made.tagged), [table["title"] for table in made.told["tables"]]
    tables = [element for kind, element in elements if kind == "/Table"]
    assert len(tables) >= len(titles)
    for table in tables:
        heads, body = kids(table)
        (columns,) = kids(heads)
        assert {(each["/S"], scope(each)) for each in kids(columns)} == {("/TH", "/Column")}
        for row in kids(body):
            first, *others = kids(row)
            assert (first["/S"], scope(first)) == ("/TH", "/Row")
            assert {each["/S"] for each in others} == {"/TD"}
            assert not any("/Headers" in each for cell in kids(row) for each in cell["/A"])
    headings = [element["/T"] for kind, element in elements if kind == "/H2"]
    assert headings[-len(titles) :] == [f"Table {at}: {title}" for at, title in enumerate(titles, 1)]


def test_symbols_are_explained_where_they_stand() -> None:
    sentence = f"[x]: {FEW.told['symbols']['[x]']}"
    assert [sentence in section for _, section in FEW.sections] == [
        "[x]" in section for _, section in FEW.sections
    ]
    assert any(sentence in section for _, section in FEW.sections)


def test_it_says_how_to_read_it_and_what_it_is_evidence_for() -> None:
    back = "Some figures of this release were withdrawn."
    told, text = SOME.told, Made(SOME.told | {"withdrawn": back, "edition": 2}).text
    for words in (
        back,
        told["in_words"],
        told["not_known"],
        told["evidence"][0]["words"],
        *told["definitions"].values(),
        *told["symbols"].values(),
        "Published Tuesday 11 August 2026, edition 2",
        "If you read 5, the true figure is somewhere from 1 to 9",
    ):
        assert words in text, words


def test_the_same_values_give_the_same_bytes() -> None:
    assert as_pdf(SOME.told) == SOME.content


def test_words_are_words_whatever_they_look_like() -> None:
    name = 'Łódź #import "@preview/x:1.0.0": * and $x$ *bold* <b> \\ #panic()'
    made = Made(SOME.told | {"partnership": name})
    assert name in made.text
    assert made.pdf.metadata is not None
    assert made.pdf.metadata.author == name


def test_letters_that_its_fonts_lack_hold_up_no_publication(caplog: pytest.LogCaptureFixture) -> None:
    made = Made(SOME.told | {"partnership": "Merton \N{ELEPHANT}"})
    assert list(made.tagged)
    assert b"pdfuaid" not in made.root["/Metadata"].get_data()
    assert "does not keep to PDF/UA" in caplog.text


def test_nothing_is_fetched_and_its_fonts_are_inside() -> None:
    """The templates name each other and the data, and nothing else; what they make leads nowhere."""
    named = re.compile(r'\b(?:import|include|read|image|json|plugin)(?: "|\()([^")]+)')
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.typ")]
    assert {name for text in texts for name in named.findall(text)} == {
        "style.typ",
        "tables.typ",
        "bytes(sys.inputs.pack",
        "bytes(sys.inputs.mark",
        "bytes(sys.inputs.release",
        "bytes(sys.inputs.sheet",
        "bytes(chart.svg",
    }
    assert not any("@" in text for text in texts)
    resources: list[Any] = [page["/Resources"] for page in SOME.pdf.pages]
    for font in chain.from_iterable(each["/Font"].values() for each in resources):
        (inner,) = font["/DescendantFonts"]
        assert "LiberationSans" in inner["/BaseFont"]
        assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"])
    assert not any(word in SOME.content for word in (b"/URI", b"/JavaScript", b"/Launch"))
