"""Two logs that differ by what only the LADO team may know are the same to everybody else, byte for byte.

The same people do the same things twice, at the same times and with the same draws of chance: once as they
are, once with a LADO record, a sealed copy or a receipt among them. Compared are every page and answer that
anybody outside the team can get, every table outside the wall with its ids and counters, every mail, and what
whoever runs the log is told. Masked are sign-out tokens alone: they are new each time by design.
"""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from core import chance
from core.outbox import jobs
from core.outbox.sending import send_due
from escalation.lado.models import Referral
from escalation.lado.numbers import receipt_of
from tests import factories
from tests.challenges.cast import CALLED
from tests.factories import SENT, person
from tests.permissions.asking import asking, in_turn, url_of
from tests.permissions.world import NOW, PERSONAS, World

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
Patch = pytest.MonkeyPatch

TEAM = ("lado", "deputy_lado", "lado_support", "neighbour_lado")
OUTSIDE = tuple(who for who in PERSONAS if who not in TEAM)
LATER = NOW + timedelta(hours=2)
"""Then mail that has not gone is an alarm."""
SEARCHES = ("challenges/?q=Northfield", "challenges/?show=all", "api/v1/challenges/?page_size=1")
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*')
ID = UUID("7f3a2c10-0000-4000-8000-00000000000a")


@pytest.fixture(autouse=True)
def policies_in_use() -> None:
    """Both histories find them: the first of a run would read them from their files, and others copy them."""
    factories.policy()


# What only the LADO team may know


def a_record(world: World) -> None:
    """A call that the LADO takes and goes on with."""
    known = world.team.referral
    world.team.contact(key=ID, adult_name="Dominic Achterberg", employer_name="Northfield Transport")
    world.team.take("lado", "add_note", what="He was seen twice.")
    world.team.referral = known


def a_sealed_copy(world: World) -> None:
    """Whoever reads the challenge sends it to the LADO."""
    words = {"key": ID, "referrer_phone": "020 7946 0177", "what": "The driver held his arm."}
    client = signed_in(world, "raiser")
    answer = client.post(f"/tell-lado/challenge/{world.challenge.uuid}/", words)
    client.logout()  # one's own list of where one is signed in would show it, to oneself
    assert b"receipt number" in answer.content
    assert Referral.objects.filter(challenge=world.challenge.uuid).exists()


def a_receipt(world: World) -> None:
    """Somebody tells the LADO, and adds to it under their number."""
    client = signed_in(world, "outsider")
    words = {
        "key": ID,
        "telling_as": "employer",
        "referrer": "Otto Elsewhere",
        "referrer_phone": "020 7946 0177",
        "what": "A helper shouted at a child.",
    }
    assert b"receipt number" in client.post("/tell-lado/", words).content
    more = {"receipt": receipt_of(ID), "what": "She told me more today."}
    assert client.post("/tell-lado/receipt/", more).status_code == 200
    client.logout()


KINDS: dict[str, Callable[[World], None]] = {
    "a record": a_record,
    "a sealed copy": a_sealed_copy,
    "a receipt": a_receipt,
}


def signed_in(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.cast.people[who])
    return client


# What everybody else does, and gets


@dataclass
class Seen:
    """All that leaves the log, or could: `answers` by who asked what, `rows` by table."""

    answers: dict[tuple[str, str], tuple[object, ...]] = field(default_factory=dict)
    rows: dict[str, object] = field(default_factory=dict)
    mails: list[tuple[object, ...]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def history(
    among: Sequence[Callable[[World], None]], patch: Patch, travel: Travel, caplog: Any, *, pages: bool
) -> Seen:
    """Everything from the beginning, with `among` in the middle; undone afterwards."""
    seen = Seen()
    caplog.clear()
    with as_if_new(patch):
        travel(NOW)
        world = World("stage 3")
        for who in ("raiser", "outsider"):
            signed_in(world, who)
        for secret in among:
            secret(world)
        _others_go_on(world)
        seen.answers = _answers(world) if pages else {}
        seen.rows = _rows()
        travel(LATER)
        seen.told = _told()
        seen.mails = _mails(world)
        seen.told += [*_told(), *sorted(jobs._JOBS)]
        seen.told += [each.getMessage() for each in caplog.records if each.name.startswith("core")]
    return seen


def _others_go_on(world: World) -> None:
    """Rows that come after: another challenge, a step with its notices, somebody new."""
    cast, first = world.cast, world.challenge
    cast.raise_it(now=SENT + timedelta(minutes=30))
    cast.take("counterpart", "match", SENT + timedelta(minutes=40), **CALLED)
    cast.challenge = first
    person("Nell Newcomer", practitioner=cast.school)


def _answers(world: World) -> dict[tuple[str, str], tuple[object, ...]]:
    paths = [url_of(address, world) for address in in_turn()] + [f"/{search}" for search in SEARCHES]
    found = {}
    for asker in asking(world, OUTSIDE):
        for path in paths:
            is_api = path.startswith("/api/") and bool(asker.headers)
            client = Client(headers=asker.headers) if is_api else asker.client
            before = transaction.savepoint()
            found[asker.who, path] = _answer(client.get(path))
            transaction.savepoint_rollback(before)
    return found


def _answer(response: Any) -> tuple[object, ...]:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, sorted(response.headers.items()), TOKEN.sub(rb"\1", body)


def _rows() -> dict[str, object]:
    """Every row of every table outside the wall, ids and all; and where each counter of ids stands."""
    found: dict[str, object] = {}
    for model in apps.get_models():
        if model._meta.app_label in ("lado", "core_sessions"):
            continue
        names = [each.attname for each in model._meta.concrete_fields if each.name != "password"]
        found[model._meta.label] = list(model._default_manager.order_by("pk").values_list(*names))
    counters = {name: value for name, value in _counters().items() if not name.startswith("lado_")}
    return {**found, "counters": counters}


def _told() -> list[str]:
    """What whoever runs the log reads of its mail."""
    out = io.StringIO()
    with suppress(SystemExit):
        call_command("outbox", stdout=out)
    return out.getvalue().splitlines()


def _mails(world: World) -> list[tuple[object, ...]]:
    """Sent by the worker to all others."""
    mail.outbox.clear()
    send_due(clock=lambda: LATER)
    team = {world.cast.people[who].email for who in TEAM}
    return [
        (each.subject, each.body, each.to, sorted(each.extra_headers.items()))
        for each in mail.outbox
        if not team & set(each.to)
    ]


# The same beginning, the same chance


@contextmanager
def as_if_new(patch: Patch) -> Iterator[None]:
    """Chance drawn alike for each kind of thing, counters of ids where they were, and nothing kept."""
    draws: Counter[str] = Counter()

    def drawn(purpose: str, size: int) -> bytes:
        draws[purpose] += 1
        return hashlib.shake_256(f"{purpose} {draws[purpose]}".encode()).digest(size)

    before = _counters()
    with patch.context() as fixed:
        fixed.setattr(chance, "drawn", drawn)
        fixed.setattr(factories, "_numbers", count(1))
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    _set_back(before)


def _counters() -> dict[str, int | None]:
    """Where each table's counter of ids stands."""
    postgres = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
    sqlite = "SELECT name, seq FROM sqlite_sequence ORDER BY name"
    with connection.cursor() as cursor:
        cursor.execute(postgres if connection.vendor == "postgresql" else sqlite)
        return dict(cursor.fetchall())


def _set_back(counters: dict[str, int | None]) -> None:
    """SQLite rolls them back with the rest; PostgreSQL never does."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for name, value in counters.items():
            cursor.execute("SELECT setval(%s, %s, %s)", [name, value or 1, value is not None])


# The proof


def different(one: Seen, other: Seen) -> list[object]:
    """What is not the same: who asked what, which table, which mail."""
    answers = [each for each in one.answers if one.answers[each] != other.answers[each]]
    rows = [name for name in one.rows if one.rows[name] != other.rows[name]]
    beside = [name for name in ("mails", "told") if getattr(one, name) != getattr(other, name)]
    return [*answers, *rows, *beside]


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_id_mail_or_alarm_outside_shows_it(
    kind: str, monkeypatch: Patch, travel: Travel, caplog: Any
) -> None:
    without = history([], monkeypatch, travel, caplog, pages=False)
    assert without.mails
    assert different(without, history([KINDS[kind]], monkeypatch, travel, caplog, pages=False)) == []


@pytest.mark.proof
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_outside_gets_another_byte(kind: str, monkeypatch: Patch, travel: Travel, caplog: Any) -> None:
    without = history([], monkeypatch, travel, caplog, pages=True)
    assert len(without.answers) > 1000
    assert different(without, history([KINDS[kind]], monkeypatch, travel, caplog, pages=True)) == []


def test_the_comparison_finds_a_page_that_tells(monkeypatch: Patch, travel: Travel, caplog: Any) -> None:
    """One row more outside the wall, and one notice in the other outbox, are found."""

    def one_more(world: World) -> None:
        person("Somebody Else", practitioner=world.cast.care)

    without = history([], monkeypatch, travel, caplog, pages=False)
    found = different(without, history([one_more], monkeypatch, travel, caplog, pages=False))
    assert {"accounts.User", "counters"} <= set(found)


def test_the_record_is_one_that_would_show(monkeypatch: Patch, travel: Travel) -> None:
    """The LADO's own list has it: what is compared above is not two empty logs."""
    travel(NOW)
    with as_if_new(monkeypatch):
        world = World("stage 3")
        a_record(world)
        page = signed_in(world, "lado").get("/lado/?show=open").content.decode()
        assert "Dominic Achterberg" in page
