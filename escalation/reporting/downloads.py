"""The files of a release that a page offers, each at its address in the API."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import Resolver404, resolve

from escalation.reporting.models import DOCUMENT, Release, Subject
from escalation.reporting.queries import files_of_edition
from escalation.reporting.running import SUMS

API = "/api/v1/reports"
TABLES, JSON = "tables/", ".json"
WHOLE = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Spreadsheet",
    "application/zip": "Tables as CSV",
    "application/pdf": "PDF to print",
    "application/json": "All figures for a computer",
}
"""What each file of a whole release is for, by its media type, in the order of the page."""
OF_A_TABLE = {"text/csv": "CSV", "application/csvm+json": "what its columns mean", "application/json": "JSON"}
"""What each file of a table is, by its media type, in the order of the page."""

OF_SUMS = {f"{each.name}{JSON}": each.title for each in SUMS}
"""What a file of sums over time is called."""


@dataclass(frozen=True)
class Download:
    """One file: what it is for, its kind and size ("XLSX, 24.0 KB"), and where it is."""

    words: str
    about: str
    address: str


@dataclass(frozen=True)
class Downloads:
    """The files of a whole release, and those of each of its tables by its code."""

    whole: tuple[Download, ...]
    tables: Mapping[str, tuple[Download, ...]]


def downloads_of(release: Release) -> Downloads:
    """Every file that a release has in the edition it is at, where the API has an address for it.

    Save single tables of sums over time: their figures stand in the table, and in the file of that sum.
    """
    whole: list[tuple[str, Download]] = []
    tables: dict[str, list[tuple[str, Download]]] = {}
    for name, media_type, size in files_of_edition(release):
        address, kind = _address(release, name), name.rpartition(".")[2].upper()
        is_table = name.startswith(TABLES)
        words = OF_SUMS.get(name) or (OF_A_TABLE if is_table else WHOLE).get(media_type, name)
        found = media_type, Download(words, f"{kind}, {filesizeformat(size)}", address)
        if f"/{TABLES}" in name:
            continue
        if address and is_table:
            tables.setdefault(name.removeprefix(TABLES).partition(".")[0], []).append(found)
        elif address:
            whole.append(found)
    return Downloads(
        _in_order(whole, WHOLE), {code: _in_order(files, OF_A_TABLE) for code, files in tables.items()}
    )


def _in_order(found: list[tuple[str, Download]], kinds: Mapping[str, str]) -> tuple[Download, ...]:
    """In the order of their kinds; one of a kind that is not known stands last."""
    places = {media_type: place for place, media_type in enumerate(kinds)}
    return tuple(each for _, each in sorted(found, key=lambda file: places.get(file[0], len(places))))


def _address(release: Release, name: str) -> str:
    """Where the API sends a file; "" for one that it does not send. JSON goes by the name without its end."""
    wanted = ["" if name == DOCUMENT else name, f"{name.removesuffix(JSON)}/"]
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
