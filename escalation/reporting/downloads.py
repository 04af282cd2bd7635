"""The files of a release that a page offers, each at its address in the API."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import Resolver404, resolve

from escalation.reporting.files import CSV, CSVM, JSON, PDF, XLSX, ZIP
from escalation.reporting.models import DOCUMENT, Release, Subject
from escalation.reporting.queries import files_of_edition
from escalation.reporting.running import SUMS

API = "/api/v1/reports"
TABLES, JSON_ENDING = "tables/", ".json"
WHOLE = {
    XLSX: "Spreadsheet",
    ZIP: "Tables as CSV",
    PDF: "PDF to print",
    JSON: "All figures for a computer",
}
"""What each file of a whole release is for, by its media type, in the order of the page."""
OF_A_TABLE = {CSV: "CSV", CSVM: "what its columns mean", JSON: "JSON"}
"""What each file of a table is, by its media type, in the order of the page."""

OF_SUMS = {f"{each.name}{JSON_ENDING}": each.title for each in SUMS}
"""What a file of sums over time is called."""
FOLDERS = {"": "This table", **{f"{each.name}/": each.title for each in SUMS}}
"""What the files of a table say, by the folder they lie in: the quarter itself, or a sum over time."""


@dataclass(frozen=True)
class Download:
    """One file: what it is for, its kind and size ("XLSX, 24.0 KB"), and where it is."""

    words: str
    about: str
    address: str


Kinds = list[tuple[str, Download]]
"""Files, each with its media type."""


@dataclass(frozen=True)
class Group:
    """The files of a table that say the same in other forms: its own figures, or a sum over time."""

    words: str
    files: tuple[Download, ...]


@dataclass(frozen=True)
class Downloads:
    """The files of a whole release, and those of each of its tables by its code."""

    whole: tuple[Download, ...]
    tables: Mapping[str, tuple[Group, ...]]


def downloads_of(release: Release) -> Downloads:
    """Every file that a release has in the edition it is at, where the API has an address for it."""
    whole: Kinds = []
    tables: dict[str, dict[str, Kinds]] = {}
    for name, media_type, size in files_of_edition(release):
        address, kind = _address(release, name), name.rpartition(".")[2].upper()
        folder, of_table, file = name.partition(TABLES)
        words = OF_SUMS.get(name) or (OF_A_TABLE if of_table else WHOLE).get(media_type, name)
        found = media_type, Download(words, f"{kind}, {filesizeformat(size)}", address)
        if address and of_table:
            tables.setdefault(file.partition(".")[0], {}).setdefault(folder, []).append(found)
        elif address:
            whole.append(found)
    return Downloads(_in_order(whole, WHOLE), {code: _groups(files) for code, files in tables.items()})


def _groups(files: Mapping[str, Kinds]) -> tuple[Group, ...]:
    return tuple(
        Group(words, _in_order(files[folder], OF_A_TABLE))
        for folder, words in FOLDERS.items()
        if folder in files
    )


def _in_order(found: Kinds, kinds: Mapping[str, str]) -> tuple[Download, ...]:
    """In the order of their kinds, sums over time after them; one of a kind that is not known stands last."""
    places = {media_type: place for place, media_type in enumerate(kinds)}

    def place(file: tuple[str, Download]) -> tuple[bool, int]:
        media_type, download = file
        return download.words in OF_SUMS.values(), places.get(media_type, len(places))

    return tuple(each for _, each in sorted(found, key=place))


def _address(release: Release, name: str) -> str:
    """Where the API sends a file; "" for one that it does not send. JSON goes by the name without its end."""
    wanted = ["" if name == DOCUMENT else name, f"{name.removesuffix(JSON_ENDING)}/"]
    for each in wanted:
        path = f"{API}/{release.quarter}/{each}"
        if _is_sent(path):
            return path if release.subject == Subject.CHALLENGES else f"{path}?subject={release.subject}"
    return ""


def _is_sent(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
