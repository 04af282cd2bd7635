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
from escalation.access.permissions import NOTHING
from escalation.access.standing import standing_of
from escalation.assurance.services import agree, answer_case, offer_pack, sign_pack, write_pack
from escalation.assurance.services import propose_finding as propose_finding_of_challenges
from escalation.forums.services import close
from escalation.lado.models import DipSample, Referral
from escalation.lado.numbers import receipt_of
from escalation.lado.services.sampling import answer_record, propose_finding
from escalation.reporting.models import Release
from escalation.reporting.services import approve, make, work
from escalation.surveys.models import Survey
from escalation.surveys.services import keep_surveys
from tests import factories
from tests.assurance.asked import begun
from tests.assurance.sampled import acting as in_assurance
from tests.challenges.cast import CALLED
from tests.factories import SENT, person
from tests.forums.planned import acting as in_forums
from tests.lado.sampled import acting as in_the_team
from tests.lado.sampled import being_read as lado_sample
from tests.permissions.asking import asking, in_turn, url_of
from tests.permissions.test_matrix import expected
from tests.permissions.world import NOW, PERSONAS, World
from tests.surveys.held import answered as answered_survey

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


def a_dip_sample(world: World) -> None:
    """Two of the team read ended records, and one writes what they found. Nobody has given it out."""
    lado, deputy = (world.cast.people[who] for who in ("lado", "deputy_lado"))
    policy = world.team.referral.policy_version
    sample = lado_sample(by=lado, other=deputy, policy=policy, now=NOW, number=4)
    by = in_the_team(deputy, NOW)
    for each in sample.readings.filter(user=deputy):
        answer_record(sample, each.number, {one["code"]: "partly" for one in sample.questions}, by=by)
    propose_finding(sample, finding="Some talked to the adult early.", despite="", seen=1, by=by)
    assert DipSample.objects.filter(state="proposed").exists()


KINDS: dict[str, Callable[[World], None]] = {
    "a record": a_record,
    "a dip sample": a_dip_sample,
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
    """Every address as it is, and then what changes once all of it is done."""
    paths = [url_of(address, world) for address in in_turn()] + [f"/{search}" for search in SEARCHES]
    found = dict(_walked(world, paths, ""))
    at_the_end = [url_of(each, world) for each in in_turn() if each.route.startswith(ENDS)]
    return found | dict(_walked(world, [*_assured(world), *at_the_end], " at the end"))


def _walked(
    world: World, paths: Sequence[str], when: str
) -> Iterator[tuple[tuple[str, str], tuple[object, ...]]]:
    for asker in asking(world, OUTSIDE):
        for path in paths:
            is_api = path.startswith("/api/") and bool(asker.headers)
            client = Client(headers=asker.headers) if is_api else asker.client
            before = transaction.savepoint()
            yield (asker.who, f"{path}{when}"), _answer(client.get(path))
            transaction.savepoint_rollback(before)


ENDS = (
    "published/",
    "releases/",
    "api/v1/reports/",
    "api/v1/packs/",
    "packs/",
    "forums/",
    "surveys/",
    "dip-",
)
"""Where addresses begin that show something else once a quarter is published, signed, sealed and closed."""


def _assured(world: World) -> list[str]:
    """What stands at the end: a published release, a signed pack with its files, a pack of Standard 7
    that is being written, a finding that was given, a sealed survey, a forum that is over."""
    _published(world)
    unit, other = (in_assurance(world.cast.people["unit"], NOW), in_assurance(world.colleague, NOW))
    pack = begun(by=other.user, now=NOW, standard=3)
    write_pack(pack, narrative="Interpreters are thought of.", gaps="", seen=1, by=other)
    offer_pack(pack, by=other)
    sign_pack(pack, by=unit)
    draft = begun(by=other.user, now=NOW, standard=7)
    _found(world)
    survey = Survey.objects.get(pk=world.survey.pk)
    answered_survey(survey, world.cast.care.organisation, 10, now=NOW)
    keep_surveys(now=NOW + timedelta(days=15))
    close(world.sitting, by=in_forums(other.user, world.sitting.ends_at))
    signed = f"api/v1/packs/{pack.quarter}/3/"
    places = (pack.get_absolute_url(), draft.get_absolute_url(), world.sample.get_absolute_url())
    return [*places, *(f"/{signed}{name}" for name in ("", "pack.xlsx", "pack.pdf"))]


def _published(world: World) -> None:
    """The release that the world has begun."""
    release = make(world.release, now=NOW)
    by = world.cast.people["unit"]
    approved = approve(release, by=by, standing=standing_of(by, today=NOW.date()), now=NOW)
    work(now=approved.publish_at)
    assert Release.objects.get(pk=release.pk).state == "published"


def _found(world: World) -> None:
    """The readers of the dip sample of challenges stand for a finding."""
    chair, head = (in_assurance(world.cast.people[who], NOW) for who in ("chair", "emergency"))
    for by in (chair, head):
        for case in world.sample.cases.all():
            said = {each["code"]: "yes" for each in world.sample.questions}
            answer_case(world.sample, case.number, said, by=by)
    propose_finding_of_challenges(world.sample, finding="Most are in order.", despite="", seen=1, by=chair)
    agree(world.sample, by=head)


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
    pages = [path for (_, path), (status, *_) in without.answers.items() if status == 200]
    for place in ("/published/2026-27-Q1/challenges/", "/api/v1/packs/2026-27-Q1/3/pack.pdf"):
        assert any(each.startswith(place) for each in pages), f"nobody gets {place} at the end"
    assert different(without, history([KINDS[kind]], monkeypatch, travel, caplog, pages=True)) == []


def test_the_comparison_finds_a_page_that_tells(monkeypatch: Patch, travel: Travel, caplog: Any) -> None:
    """One row more outside the wall, and one notice in the other outbox, are found."""

    def one_more(world: World) -> None:
        person("Somebody Else", practitioner=world.cast.care)

    without = history([], monkeypatch, travel, caplog, pages=False)
    found = different(without, history([one_more], monkeypatch, travel, caplog, pages=False))
    assert {"accounts.User", "counters"} <= set(found)


BEHIND, SENT_ALONE = "behind the wall: nobody outside gets a page", "it is sent, and never opened"
AT_THE_END = "there is none yet: the walk comes to it at the end"
NOT_REACHED = {
    **dict.fromkeys(
        (
            "lado list",
            "lado contact",
            "lado search",
            "lado team",
            "lado seats",
            "end a lado seat",
            "lado samples",
            "drawing a lado sample",
            "a lado sample",
            "a record of a lado sample",
            "the finding of a lado sample",
            "lado record",
            "lado people",
            "lado step",
        ),
        BEHIND,
    ),
    **dict.fromkeys(
        (
            "leave",
            "confirming days and numbers",
            "draft",
            "own calendar",
            "let back in",
            "end a grant",
            "review",
            "somebody of ours stays",
            "reminding of the policy",
            "coming to a forum",
            "a second person's word",
            "agreeing to a finding",
            "offering an evidence pack",
            "commenting on an evidence pack",
            "api step",
        ),
        SENT_ALONE,
    ),
    **dict.fromkeys(("published figures of a quarter", "an evidence pack by the API"), AT_THE_END),
    "take a release back": "its page is there while a release is published, and the unit's",
    "sign-in of an organisation": "the settings name no such provider",
    "own picture of a code": "there while somebody sets up an app, for themselves",
    "own factor": "nobody of this world has one",
    "calendar feed": "without a secret address there is nothing",
}
"""Rules under which nobody outside the team gets a page in the walk as the world is, and why."""


def test_the_walk_comes_to_every_page_or_says_why_not(travel: Travel) -> None:
    """Whoever gets a page by the table of permissions is asked for it, and gets one: not a 404 for want of a
    record. A new address is walked, or its rule stands above with a reason; and none stands there in vain."""
    travel(NOW)
    world = World("stage 3")
    askers = {each.who: each for each in asking(world, OUTSIDE)}
    missed = set()
    for address in in_turn():
        line = expected(address.rule, "read", "stage 3")
        who = next((each for each in OUTSIDE if line.people[each] not in NOTHING), None)
        if who is None or askers[who].answer("read", address, world) in NOTHING:
            missed.add(address.rule)
    assert missed == NOT_REACHED.keys()


def test_the_record_is_one_that_would_show(monkeypatch: Patch, travel: Travel) -> None:
    """The LADO's own list has it: what is compared above is not two empty logs."""
    travel(NOW)
    with as_if_new(monkeypatch):
        world = World("stage 3")
        a_record(world)
        page = signed_in(world, "lado").get("/lado/?show=open").content.decode()
        assert "Dominic Achterberg" in page
