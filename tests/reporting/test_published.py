"""What is published, as systems with a key get it; and that nothing of it, pages too, asks for a case."""

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from openpyxl import load_workbook

from escalation.accounts.services import issue_token, revoke_tokens, service_user
from escalation.reporting.models import DOCUMENT, Release, Subject
from escalation.reporting.services import refuse, withdraw, work
from escalation.reporting.tabular import follows
from tests.architecture.test_every_address_is_closed import routes
from tests.factories import person, setting, standing
from tests.reporting.quarters import Unit, unit_in_august
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
REPORTS = "/api/v1/reports/"
RELEASE = f"{REPORTS}2026-27-Q1/"
OPENED = f"{RELEASE}tables/opened_by_issue"
FILES = (f"{RELEASE}release.xlsx", f"{RELEASE}tables.zip", f"{RELEASE}release.pdf")
SUMS = f"{RELEASE}year-to-date/"
OPENED_SUMS = f"{SUMS}tables/opened_by_issue"
STORED = (
    RELEASE,
    *(f"{OPENED}{ending}" for ending in ("/", ".csv", ".csv-metadata.json")),
    *FILES,
    SUMS,
    *(f"{OPENED_SUMS}{ending}" for ending in ("/", ".csv", ".csv-metadata.json")),
)
ADDRESSES = (REPORTS, f"{REPORTS}quarterly/?quarter=2026-27-Q1", *STORED)
PAGES = ("/published/", "/published/themes/", "/published/2026-27-Q1/challenges/")


class Reader:
    """A system with a key of its own."""

    def __init__(self) -> None:
        self.user = service_user(email="dashboard@example.org", name="Dashboard")
        self.key = self.new_key()

    def new_key(self, days: int = 30) -> str:
        made = issue_token(user=self.user, name="Dashboard", days=days, now=timezone.now(), scopes="reports")
        return made.plain

    def get(self, address: str, key: str = "", **headers: str) -> HttpResponse:
        if address in PAGES:
            return self.page(address)
        sent = {"Authorization": f"Bearer {key or self.key}", **headers}
        answer: Any = Client().get(address, headers=sent)
        return answer  # type: ignore[no-any-return]

    def page(self, address: str) -> HttpResponse:
        client: Any = Client()
        client.force_login(person(role="scrutineer"))
        return client.get(address)  # type: ignore[no-any-return]


@pytest.fixture
def unit(travel: Travel) -> Unit:
    return unit_in_august(travel, 27)


@pytest.fixture
def published(unit: Unit) -> Release:
    return unit.published()


@pytest.fixture
def reader(unit: Unit) -> Reader:
    return Reader()


def test_a_system_finds_and_reads_a_release(published: Release, reader: Reader) -> None:
    [listed] = reader.get(REPORTS).json()["releases"]  # type: ignore[attr-defined]
    assert (listed["quarter"], listed["published"]) == ("2026-27-Q1", "2026-08-11")
    told = reader.get(listed["url"]).json()  # type: ignore[attr-defined]
    assert told["tables"][0]["code"] == "opened"
    assert "within 4 of the true one" in told["in_words"]
    assert "Drafts are not counted" in told["definitions"]["logged"]
    assert "[x]" in told["symbols"]
    assert [each["number"] for each in told["evidence"]] == [4]


def test_what_is_sent_is_what_was_stored(published: Release, reader: Reader) -> None:
    stored = published.files.get(name=DOCUMENT)
    answer = reader.get(RELEASE)
    assert answer.content == bytes(stored.content)
    assert answer["ETag"] == f'"{stored.etag}"'
    assert answer["Content-Type"] == "application/json"


def test_a_second_call_is_told_that_nothing_has_changed(published: Release, reader: Reader) -> None:
    for address in STORED:
        first = reader.get(address)
        assert first.status_code == 200, address
        again = reader.get(address, **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), address


def test_a_table_as_rows(published: Release, reader: Reader) -> None:
    answer = reader.get(f"{OPENED}.csv", Accept="text/csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    described = json.loads(reader.get(f"{OPENED}.csv-metadata.json").content)
    assert [column["name"] for column in described["tableSchema"]["columns"]] == list(rows[0])
    assert rows[0]["issue_group_label"] == "Total"
    assert sum(int(row["value"]) for row in rows[1:]) == int(rows[0]["value"])
    told = json.loads(reader.get(f"{OPENED}/").content)
    cells = [cell for part in told["table"]["parts"] for cell in part["cells"]]
    assert [str(cell["value"]) for cell in cells] == [row["value"] for row in rows]


def test_after_a_withdrawal_there_is_a_new_edition(published: Release, reader: Reader, unit: Unit) -> None:
    before = reader.get(RELEASE)
    mine = standing(unit.ruth)
    withdraw(published, [("logged", 1)], reason="advice", by=unit.ruth, standing=mine, now=timezone.now())
    assert reader.get(RELEASE).status_code == 404
    work(now=timezone.now())
    again = reader.get(RELEASE, **{"If-None-Match": before["ETag"]})
    assert again.status_code == 200
    assert json.loads(again.content)["tables"][0]["parts"][0]["cells"][0]["symbol"] == "[x]"


def test_no_figures_in_the_same_words_whatever_the_reason(unit: Unit, reader: Reader, travel: Travel) -> None:
    def words(quarter: str) -> str:
        answer = reader.get(f"{REPORTS}{quarter}/")
        assert answer.status_code == 404
        return str(answer.json()["detail"]).replace(quarter, "it")  # type: ignore[attr-defined]

    never = words("2025-26-Q4")
    waiting = words("2026-27-Q1")
    release = unit.approved()
    approved = words("2026-27-Q1")
    refuse(release, reason="advice", by=unit.ruth, standing=standing(unit.ruth), now=timezone.now())
    assert {never, waiting, approved, words("2026-27-Q1")} == {"No figures are available for it."}


def test_an_unfinished_quarter_is_refused_in_words(unit: Unit, reader: Reader) -> None:
    answer = reader.get(f"{REPORTS}2026-27-Q2/").json()  # type: ignore[attr-defined]
    assert answer["detail"].startswith("2026-27-Q2 is not over: it ends on Wednesday 30 September 2026")


WRONG = {
    "no quarter": ("april/", 400, "Write a quarter like 2026-27-Q1"),
    "no subject": ("2026-27-Q1/?subject=police", 400, "Choose one of: challenges, lado"),
    "no such table": ("2026-27-Q1/tables/police/", 404, "No such table is available"),
    "another file": ("2026-27-Q1/tables/release/", 404, "No such table is available"),
    "of the other subject": ("2026-27-Q1/?subject=lado", 404, "No figures are available"),
}


def test_what_is_not_there_says_so(published: Release, reader: Reader) -> None:
    for case, (address, status, words) in WRONG.items():
        answer = reader.get(REPORTS + address)
        assert answer.status_code == status, case
        assert words in answer.content.decode(), case


def test_a_key_that_is_revoked_or_has_run_out_opens_nothing(
    published: Release, reader: Reader, travel: Travel
) -> None:
    assert reader.get(RELEASE).status_code == 200
    travel(timezone.now() + timedelta(days=31))
    assert reader.get(RELEASE).status_code == 401
    fresh = reader.new_key()
    assert reader.get(RELEASE, fresh).status_code == 200
    revoke_tokens(user=reader.user, now=timezone.now())
    assert reader.get(RELEASE, fresh).status_code == 401
    assert Client().get(RELEASE).status_code == 401


def test_whoever_signs_in_reads_what_is_published(published: Release) -> None:
    for user in (person(lead=setting()), person(role="scrutineer"), person(role="auditor")):
        client = Client()
        client.force_login(user)
        assert client.get(RELEASE).status_code == 200


# Nothing that is published comes from a case.

CASE_TABLES = {
    model._meta.db_table
    for label in ("challenges", "lado")
    for model in apps.get_app_config(label).get_models()
}


def published_routes() -> set[str]:
    below = ("api/v1/reports/", "published/")
    return {route for route in routes(get_resolver().url_patterns) if route.startswith(below)}


def test_every_published_address_is_watched() -> None:
    """Whoever adds one adds it to ADDRESSES or PAGES."""
    shapes = {
        address.removeprefix("/")
        .partition("?")[0]
        .replace("2026-27-Q1", "<str:quarter>")
        .replace("year-to-date", "<over:over>")
        .replace("opened_by_issue", "<slug:code>")
        .replace("challenges", "<str:subject>")
        for address in (*ADDRESSES, *PAGES)
    }
    assert published_routes() == shapes


def test_no_published_address_reads_a_case(published: Release, reader: Reader) -> None:
    assert len(CASE_TABLES) > 20
    for address in (*ADDRESSES, *PAGES):
        with counted_sql() as statements:
            assert reader.get(address).status_code == 200, address
        read = {table for table in CASE_TABLES for sql in statements if f'"{table}"' in sql}
        assert read == set(), (address, statements)


def test_it_takes_three_statements_at_most(published: Release, reader: Reader) -> None:
    """Beside those that find out whose key it is, and whether they have asked too often."""
    about = ("accounts_", "api_")
    for address in ADDRESSES:
        with counted_sql() as statements:
            reader.get(address)
        own = [sql for sql in statements if not any(f'"{name}' in sql for name in about)]
        assert 1 <= len(own) <= 3, (address, statements)


def test_contacts_with_the_lado_are_released_too(unit: Unit, reader: Reader) -> None:
    """There are none: 0 does not mean none, and says so."""
    unit.plan("lado_middle", expected=150)
    unit.approved(subject=Subject.LADO)
    work(now=timezone.now())
    told = reader.get(f"{RELEASE}?subject=lado").json()  # type: ignore[attr-defined]
    [table] = told["tables"]
    assert [cell["symbol"] for part in table["parts"] if not part["by"] for cell in part["cells"]] == [
        "[low]"
    ]
    assert "0 does not mean none" in told["in_words"]
    assert [each["number"] for each in told["evidence"]] == [7]


def test_the_spreadsheet_reads_back_what_was_published(published: Release, reader: Reader) -> None:
    """A total can be hidden in no other way than with its symbol, and no cell is a formula."""
    told = reader.get(RELEASE).json()  # type: ignore[attr-defined]
    book = load_workbook(BytesIO(reader.get(FILES[0]).content))
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    assert len(book.sheetnames) == 3 + len(told["tables"])
    for sheet, table in zip(book.worksheets[3:], told["tables"], strict=True):
        assert str(sheet["A1"].value).startswith(table["title"])
        total = next(part["cells"][0] for part in table["parts"] if not part["by"])
        first = next(iter(sheet.tables.values())).ref
        heads, totals = ([cell.value for cell in row] for row in sheet[first][:2])
        assert totals[heads.index("Published figure")] == (
            total["symbol"] if total["value"] is None else total["value"]
        )
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        said = {": ".join(each) for each in follows(table, told["dimensions"])}
        assert said <= {cell.value for cell in sheet["A"]}
    notes = {row[0].value for row in book["Notes"].iter_rows(min_row=4)}
    assert set(told["symbols"]) <= notes


def test_the_archive_holds_each_table_with_its_description(published: Release, reader: Reader) -> None:
    with ZipFile(BytesIO(reader.get(FILES[1]).content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert archive.read(name) == bytes(published.files.get(name=name).content)
        kept = published.files.filter(name__startswith="tables/", name__contains=".csv").values_list(
            "name", flat=True
        )
        assert sorted(archive.namelist()) == sorted(kept)
