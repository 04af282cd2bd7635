"""A quarter's figures from the worker to another system, which reads them with a key made on a page.

All by HTTP, against a running server whose time the story sets; the worker is a process of its own.
"""

import csv
import json
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPMessage
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoDbBlocker

from escalation.access.permissions import read_lines
from escalation.accounts.models import ApiToken, User
from tests.factories import challenge, person, setting
from tests.moments import london
from tests.reporting.quarters import Unit
from tests.served import ROOT, ServedLog, Template, serve

JULY, AUGUST = london(2026, 7, 6, 10), london(2026, 8, 12, 10)
RELEASE = "/api/v1/reports/2026-27-Q1/"
TOTALS = "/api/v1/reports/quarterly/?quarter=2026-27-Q1"
SHOWN = re.compile(r'id="key" type="text" value="([^"]+)"')
GETS = {"no": 403, "hidden": 404}
"""What a cell of docs/permissions.csv comes to; any other is an answer."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def told(self) -> Any:
        return json.loads(self.content)


@dataclass(frozen=True)
class Caller:
    """Somebody's browser, or another system: what it sends along each time."""

    log: ServedLog
    headers: Mapping[str, str]

    def get(self, path: str, **more: str) -> Answer:
        return self._ask("GET", path, None, {**self.headers, **more})

    def post(self, path: str, *fields: tuple[str, str]) -> Answer:
        body = urlencode([("csrfmiddlewaretoken", SECRET), *fields])
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, {**self.headers, **form})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        with closing(HTTPConnection(urlsplit(self.log.url).netloc, timeout=120)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())


SECRET = "s" * 32
"""The half of a form's secret that a browser keeps as a cookie."""


@dataclass(frozen=True)
class Story:
    """The running log, and the file from which it reads its time."""

    log: ServedLog
    clock: Path

    def at(self, moment: datetime) -> None:
        self.clock.write_text(moment.isoformat(), encoding="utf-8")

    def browser(self, user: User) -> Caller:
        """Signed in just now."""
        with time_machine.travel(datetime.fromisoformat(self.clock.read_text(encoding="utf-8"))):
            client = Client()
            client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={SECRET}"
        return Caller(self.log, {"Cookie": cookies})

    def system(self, key: str) -> Caller:
        return Caller(self.log, {"Authorization": f"Bearer {key}"})

    def worker(self) -> None:
        """One round of it."""
        self.log.manage("worker", "--once")

    def key(self, browser: Caller, name: str, email: str) -> str:
        """A key for published figures, for 30 days, as the page shows it."""
        page = browser.post(
            "/keys/new/",
            ("uuid", str(uuid4())),
            ("system", "new"),
            ("system_name", name),
            ("email", email),
            ("name", "Quarterly figures"),
            ("scopes", "reports"),
            ("days", "30"),
        )
        found = SHOWN.search(page.text)
        assert found is not None, page.text
        return found[1]


@pytest.mark.proof
def test_from_the_worker_to_another_systems_spreadsheet(
    prepared: Template, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    clock = tmp_path / "clock"
    clock.write_text(JULY.isoformat(), encoding="utf-8")
    with (
        django_db_blocker.unblock(),
        prepared.copied(tmp_path) as url,
        serve(url, clock=clock) as log,
    ):
        tell(Story(log, clock))


def tell(story: Story) -> None:
    # In spring a school challenges social care 24 times.
    unit = Unit()
    unit.plan()
    school, team = setting(group="education"), setting(group="social_care")
    lead = person(lead=school, practitioner=school)
    for number in range(24):
        challenge(by=lead, raising=school, asked=[team], now=london(2026, 5, 1 + number, 10))

    # In July Ruth starts the release, the worker makes it, and Omar lets it go.
    quarter = ("subject", "challenges"), ("quarter", "2026-27-Q1")
    page = story.browser(unit.ruth).post("/releases/start/", *quarter).headers["Location"]
    story.worker()
    looked = ("looked", "on"), ("registered", "on")
    assert story.browser(unit.omar).post(f"{page}approve/", *looked).status == 302
    story.worker()

    # In August an administrator gives two systems a key each.
    story.at(AUGUST)
    kim = story.browser(person("Kim Roe", role="administrator"))
    first = story.system(story.key(kim, "Dashboard", "dashboard@example.org"))
    second = story.system(story.key(kim, "Newsletter", "newsletter@example.org"))

    # The first one reads the release in each form, and the same figure in all of them.
    read = first.get(RELEASE)
    opened = next(table for table in read.told["tables"] if table["code"] == "opened")
    total = opened["parts"][0]["cells"][0]
    assert total["value"] in (20, 25)
    assert total["low"] <= 24 <= total["high"]
    [row] = csv.DictReader(StringIO(first.get(f"{RELEASE}tables/opened.csv").text))
    assert row["value"] == str(total["value"])
    book = load_workbook(BytesIO(first.get(f"{RELEASE}release.xlsx").content))
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    sheet = next(each for each in book.worksheets[3:] if str(each["A1"].value).startswith(opened["title"]))
    heads = [cell.value for line in sheet.iter_rows() for cell in line]
    assert total["value"] in heads
    assert "Published figure" in heads
    year = first.get(f"{RELEASE}year-to-date/").told["tables"][0]["parts"][0]["cells"][0]
    assert year == total_of(total)
    assert first.get(TOTALS).told["opened"] == total["value"]

    # It asks again: nothing has changed.
    again = first.get(RELEASE, **{"If-None-Match": read.headers["ETag"]})
    assert (again.status, again.content) == (304, b"")

    # It sees no challenge, and changes nothing.
    assert first.get("/api/v1/challenges/").status == 403
    assert first.get("/releases/").status == 302, "a key opens no page"

    # The second key is ended, and refused at its next request; the first goes on.
    assert second.get(RELEASE).status == 200
    ended = ApiToken.objects.get(user__email="newsletter@example.org")
    assert kim.post(f"/keys/{ended.uuid}/end/").status == 302
    assert [each.get(RELEASE).status for each in (second, first)] == [401, 200]

    # The school's lead gets by their session what the table of permissions says.
    browser = story.browser(lead)
    said = {line.rule: line.people["raising_lead"] for line in lines() if line.act == "read"}
    for path, rule in (
        ("/api/v1/reports/", "published figures"),
        (TOTALS, "api totals"),
        ("/api/v1/challenges/", "api list"),
        ("/api/v1/settings/", "api directory"),
        ("/releases/", "releases"),
        ("/keys/", "keys of systems"),
    ):
        assert browser.get(path).status == GETS.get(said[rule], 200), path
    assert browser.get(RELEASE).status == 200, "what is published is for everybody who signs in"

    # After 30 days the first key is over as well, by itself.
    story.at(AUGUST + timedelta(days=30, seconds=-1))
    assert first.get(RELEASE).status == 200
    story.at(AUGUST + timedelta(days=30))
    refused = first.get(RELEASE)
    assert refused.status == 401
    assert refused.told["status"] == 401
    assert "chains hold" in story.log.manage("verify_audit")


def total_of(cell: Mapping[str, Any]) -> dict[str, Any]:
    return {name: cell[name] for name in ("value", "low", "high", "symbol")}


def lines() -> Any:
    return read_lines(ROOT / "docs/permissions.csv")
