"""Many people, one step, at the same moment: a real server of two processes, on a real database.

Eight people who may all take a step send it at once. One wins; the others read on a page (or in a
problem) that somebody was first, with their own words on it. `make test` runs a few rounds, `make proof`
fifty of each.
"""

import html
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from io import StringIO
from threading import Barrier
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from core.sessions.store import SessionStore
from escalation.accounts.models import Setting, User
from escalation.accounts.services import issue_token
from escalation.challenges.models import Challenge, Draft, Entry, Event, KeptWords
from escalation.challenges.services import save_draft
from escalation.joining.models import JoinRequest
from escalation.signing_in.proved import PROVED
from tests.factories import challenge, person, setting
from tests.served import ServedLog, Template, serve

MANY = 8
FEW_ROUNDS, PROOF_ROUNDS = 3, 50
PATIENCE = 60
"""Seconds: longer than any answer may take, so that a hanging server fails the test."""
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    body: str
    location: str = ""

    @property
    def words(self) -> str:
        """As a reader sees it, not as HTML writes it."""
        return html.unescape(self.body)


@dataclass(frozen=True)
class Caller:
    """Somebody's browser, or their program."""

    user: User
    headers: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)
    """What every form of theirs sends with it."""

    @property
    def by_program(self) -> bool:
        return "Authorization" in self.headers

    def body(self, answers: Mapping[str, Any]) -> bytes:
        return (json.dumps(answers) if self.by_program else urlencode({**self.fields, **answers})).encode()


def browser_of(user: User) -> Caller:
    """Signed in already: hashing eight passwords would only make the test slow."""
    client = Client()
    client.force_login(user)
    session, secret = client.cookies[settings.SESSION_COOKIE_NAME].value, "s" * 32
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={secret}"
    return Caller(user, {"Cookie": cookies, "Content-Type": FORM}, {"csrfmiddlewaretoken": secret})


def program_of(user: User) -> Caller:
    key = issue_token(user=user, name="race", days=1, now=timezone.now()).plain
    return Caller(user, {"Authorization": f"Bearer {key}", "Content-Type": JSON})


@dataclass(frozen=True)
class Sent:
    """One request, ready to go."""

    caller: Caller
    path: str
    answers: Mapping[str, Any]
    more: Mapping[str, str] = field(default_factory=dict)


def at_once(log: ServedLog, requests: Sequence[Sent]) -> list[Answer]:
    """Every connection is open before the first request leaves; then all leave together."""
    barrier = Barrier(len(requests))
    address = urlsplit(log.url).netloc

    def send(sent: Sent) -> Answer:
        connection = HTTPConnection(address, timeout=PATIENCE)
        try:
            connection.connect()
            body, headers = sent.caller.body(sent.answers), {**sent.caller.headers, **sent.more}
            barrier.wait(timeout=PATIENCE)
            connection.request("POST", sent.path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode(), answer.getheader("Location", ""))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


@dataclass
class Sides:
    """A school with eight leads asks a team with eight leads: each of them may act for their side."""

    log: ServedLog
    school: Setting = field(init=False)
    team: Setting = field(init=False)
    teacher: User = field(init=False)
    worker: User = field(init=False)
    raising: list[User] = field(init=False)
    responding: list[User] = field(init=False)

    def __post_init__(self) -> None:
        self.school = setting("Oakfield Primary School", short="the school", group="education")
        self.team = setting("Family Safeguarding Team 2", short="social care")
        self.teacher = person("Amara Cole", practitioner=self.school)
        self.worker = person("Tom Whitfield", practitioner=self.team)
        self.raising = [person(f"Priya Shah {n}", lead=self.school) for n in range(MANY)]
        self.responding = [person(f"Chinwe Adebayo {n}", lead=self.team) for n in range(MANY)]

    def at_stage_2(self) -> Challenge:
        """About no single child, so that an answer needs no match first."""
        return challenge(
            by=self.teacher,
            raising=self.school,
            asked=[self.team],
            now=timezone.now(),
            no_single_child=True,
            start_stage=2,
            skip_reason="child_cannot_wait",
        )

    def answered(self) -> Challenge:
        """At stage 1, and the other side sees it differently: the school can ask the next level."""
        made = challenge(
            by=self.teacher,
            raising=self.school,
            asked={self.team: self.worker},
            now=timezone.now(),
            no_single_child=True,
        )
        reply = {"version": 1, "answer": "differs", "what_differs": "We see it differently."}
        [answer] = at_once(self.log, [Sent(browser_of(self.worker), page_of(made, "reply"), reply)])
        assert answer.status == 302, answer.words
        return Challenge.objects.get(pk=made.pk)


def page_of(case: Challenge, step: str) -> str:
    return f"/challenges/{case.uuid}/{step}/"


def api_of(case: Challenge, step: str) -> str:
    return f"/api/v1/challenges/{case.uuid}/steps/{step}/"


def words_of(user: User, number: int) -> str:
    """Everybody's own, with what HTML has to write otherwise."""
    return f'Round {number}, {user.full_name}: "a visit" & <a date>, as agreed; what came back?'


# The races: what is raced for, and what each person sends


@dataclass(frozen=True)
class Race:
    """One step that several people want to take: how it comes about, and what each of them sends."""

    step: str
    start: Callable[[Sides], Challenge]
    people: Callable[[Sides], list[User]]
    answers: Callable[[Challenge, str], dict[str, Any]]
    """Of the challenge as they saw it, with their own words."""


def _reply(case: Challenge, words: str) -> dict[str, Any]:
    return {"version": case.version, "answer": "differs", "what_differs": words}


def _escalate(case: Challenge, words: str) -> dict[str, Any]:
    asked = case.parties.get(role="responding").pk
    return {"version": case.version, "still_asking": asked, "what": words}


def _reply_by_api(case: Challenge, words: str) -> dict[str, Any]:
    return {"version": case.version, "answers": {"answer": "differs", "what": words}}


REPLY = Race("reply", Sides.at_stage_2, lambda sides: sides.responding, _reply)
ESCALATE = Race("escalate", Sides.answered, lambda sides: sides.raising, _escalate)
BY_API = Race("reply", Sides.at_stage_2, lambda sides: sides.responding, _reply_by_api)


@dataclass(frozen=True)
class Counts:
    """How much was written."""

    entries: int
    events: int
    version: int

    @classmethod
    def of(cls, case: Challenge) -> "Counts":
        version = Challenge.objects.values_list("version", flat=True).get(pk=case.pk)
        return cls(Entry.objects.filter(challenge=case).count(), _events(), version)

    def and_one(self) -> "Counts":
        return Counts(self.entries + 1, self.events + 1, self.version + 1)


def _events() -> int:
    """What was done, not what was read."""
    return Event.objects.exclude(chain="access").count()


def run(race: Race, sides: Sides, callers: Sequence[Caller], number: int) -> None:
    """One round: one winner, whose words are kept; the others are told, with theirs."""
    case = race.start(sides)
    by_program = callers[0].by_program
    path = (api_of if by_program else page_of)(case, race.step)
    typed = [words_of(caller.user, number) for caller in callers]
    requests = [
        Sent(caller, path, race.answers(case, words)) for caller, words in zip(callers, typed, strict=True)
    ]
    before = Counts.of(case)
    answers = at_once(sides.log, requests)
    won = 200 if by_program else 302
    assert Counter(a.status for a in answers) == {won: 1, 409: len(callers) - 1}, _odd(answers, won)
    assert Counts.of(case) == before.and_one()
    for caller, words, answer in zip(callers, typed, answers, strict=True):
        if answer.status == won:
            entry = Entry.objects.get(challenge=case, version=before.version + 1)
            assert (entry.actor, entry.words["what"]) == (caller.user, words)
            assert by_program or answer.location == f"/challenges/{case.uuid}/"
        elif by_program:
            assert json.loads(answer.body)["version"] == before.version + 1
        else:
            assert words in answer.words
            assert KeptWords.objects.filter(owner=caller.user, challenge=case).exists()


def _odd(answers: Sequence[Answer], won: int) -> str:
    """What came that should not have, for whoever reads the failure."""
    return "\n".join(f"{a.status}: {a.words[-3000:]}" for a in answers if a.status not in (won, 409))


ROUNDS = [FEW_ROUNDS, pytest.param(PROOF_ROUNDS, marks=pytest.mark.proof)]


@pytest.fixture(scope="module")
def everybody(
    prepared: Template, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Sides]:
    """One server for all these tests: each works on challenges of its own."""
    folder = tmp_path_factory.mktemp("races")
    with django_db_blocker.unblock(), prepared.copied(folder) as url, serve(url) as log:
        yield Sides(log)


@pytest.fixture
def sides(everybody: Sides) -> Iterator[Sides]:
    """When a test is over the audit trail holds, and every case is what its events say."""
    yield everybody
    call_command("verify_audit", stdout=StringIO())


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize(
    ("race", "caller_of"),
    [(REPLY, browser_of), (ESCALATE, browser_of), (BY_API, program_of)],
    ids=["eight leads answer", "eight leads ask the next level", "eight programs answer"],
)
def test_one_wins_and_the_others_keep_their_words(
    sides: Sides, race: Race, caller_of: Callable[[User], Caller], rounds: int
) -> None:
    callers = [caller_of(user) for user in race.people(sides)]
    for number in range(rounds):
        run(race, sides, callers, number)


# Programs that saw the same: the tag says so, and only one of them is not overtaken


def seen_by(log: ServedLog, caller: Caller, case: Challenge) -> str:
    """The ETag of the challenge as this caller reads it."""
    request = Request(f"{log.url}/api/v1/challenges/{case.uuid}/", headers=dict(caller.headers))  # noqa: S310
    with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - our own http address
        return str(answer.headers["ETag"])


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("many", [2, MANY])
def test_of_programs_with_one_etag_one_wins_and_the_others_read_412(
    sides: Sides, many: int, rounds: int
) -> None:
    callers = [program_of(user) for user in sides.responding[:many]]
    for number in range(rounds):
        case = sides.at_stage_2()
        [tag] = {seen_by(sides.log, caller, case) for caller in callers}
        path, before = api_of(case, "reply"), Counts.of(case)
        bodies = [{"answers": {"answer": "differs", "what": words_of(c.user, number)}} for c in callers]
        answers = at_once(
            sides.log,
            [Sent(c, path, b, {"If-Match": tag}) for c, b in zip(callers, bodies, strict=True)],
        )
        assert Counter(a.status for a in answers) == {200: 1, 412: many - 1}, _odd(answers, 200)
        assert Counts.of(case) == before.and_one()
        [winner] = [b["answers"]["what"] for a, b in zip(answers, bodies, strict=True) if a.status == 200]
        assert Entry.objects.get(challenge=case, version=before.version + 1).words["what"] == winner
        assert {json.loads(a.body)["version"] for a in answers} == {before.version + 1}


# One person, two clicks


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("by_program", [False, True], ids=["on the page", "by the API"])
def test_ones_own_second_click_on_a_step_is_one_change_and_twice_success(
    sides: Sides, by_program: bool, rounds: int
) -> None:
    lead = sides.responding[0]
    caller = program_of(lead) if by_program else browser_of(lead)
    race, won = (BY_API, 200) if by_program else (REPLY, 302)
    for number in range(rounds):
        case = sides.at_stage_2()
        path = (api_of if by_program else page_of)(case, race.step)
        sent = Sent(caller, path, race.answers(case, words_of(lead, number)))
        before = Counts.of(case)
        answers = at_once(sides.log, [sent, sent])
        assert [a.status for a in answers] == [won, won], _odd(answers, won)
        assert Counts.of(case) == before.and_one()


def _draft(sides: Sides) -> Draft:
    """Three pages filled in, as Amara left them."""
    words = {
        "asked_1": str(sides.team.uuid),
        "about": "plan_not_moving",
        "decision": "the plan of October",
        "callback": "020 7946 0177",
        "worry": "the plan has not started",
        "heard": "The child slept in a car seat.",
        "want": "a visit this week",
        "child": "none",
        "age_band": "age_0_4",
        "spoken": "no",
        "not_spoken": "I called twice",
        "needed": "no",
    }
    draft = Draft(owner=sides.teacher, uuid=uuid4())
    return save_draft(owner=sides.teacher, words=words, now=timezone.now(), draft=draft)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_clicks_on_send_make_one_challenge(sides: Sides, rounds: int) -> None:
    caller = browser_of(sides.teacher)
    for _ in range(rounds):
        draft = _draft(sides)
        sent = Sent(caller, f"/raise/{draft.uuid}/check/", {})
        answers = at_once(sides.log, [sent, sent])
        made = Challenge.objects.get(key=draft.uuid)
        assert [a.status for a in answers] == [302, 302], _odd(answers, 302)
        assert {a.location for a in answers} == {f"/challenges/{made.uuid}/sent/"}
        assert Entry.objects.filter(challenge=made).count() == 1
        assert not Draft.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_clicks_on_the_first_page_keep_one_draft(sides: Sides, rounds: int) -> None:
    caller = browser_of(sides.teacher)
    for number in range(rounds):
        uuid = uuid4()
        answers = {
            "asked_1": str(sides.team.uuid),
            "about": "plan_not_moving",
            "decision": f"the plan, {number}",
            "callback": "020 7946 0177",
            "act": "go",
        }
        sent = Sent(caller, f"/raise/{uuid}/who/", answers)
        pages = at_once(sides.log, [sent, sent])
        assert [p.location for p in pages] == [f"/raise/{uuid}/worry/"] * 2, _odd(pages, 302)
        assert Draft.objects.get(uuid=uuid).words["decision"] == f"the plan, {number}"


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_raises_by_the_api_with_one_key_make_one_challenge(sides: Sides, rounds: int) -> None:
    caller = program_of(sides.teacher)
    body = {
        "asked": [{"setting": str(sides.team.uuid)}],
        "about": "plan_not_moving",
        "decision": "the plan of October",
        "callback": "020 7946 0177",
        "worry": "the plan has not started",
        "heard": "The child slept in a car seat.",
        "want": "a visit this week",
        "no_single_child": True,
        "age_band": "age_0_4",
        "not_spoken": "I called twice",
    }
    for _ in range(rounds):
        key = str(uuid4())
        sent = Sent(caller, "/api/v1/challenges/", body, {"Idempotency-Key": key})
        answers = at_once(sides.log, [sent] * 3)
        assert [a.status for a in answers] == [201] * 3, _odd(answers, 201)
        assert len({a.body for a in answers}) == 1
        made = Challenge.objects.get(key=key)
        assert json.loads(answers[0].body)["uuid"] == str(made.uuid)
        assert Entry.objects.filter(challenge=made).count() == 1


@pytest.mark.parametrize("rounds", ROUNDS)
def test_one_key_with_other_words_at_the_same_moment_does_one_of_them(sides: Sides, rounds: int) -> None:
    caller = program_of(sides.teacher)
    for _ in range(rounds):
        case, key = sides.at_stage_2(), {"Idempotency-Key": str(uuid4())}
        before = Counts.of(case)
        bodies = [
            {"version": 1, "answers": {"what": what, "audience": "all_parties"}} for what in ("one", "two")
        ]
        answers = at_once(sides.log, [Sent(caller, api_of(case, "add_note"), b, key) for b in bodies])
        assert sorted(a.status for a in answers) in ([200, 409], [200, 422]), _odd(answers, 200)
        assert Counts.of(case) == before.and_one()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_one_step_with_one_key_sent_at_once_is_one_step_and_always_success(sides: Sides, rounds: int) -> None:
    caller = program_of(sides.responding[0])
    for number in range(rounds):
        case, key = sides.at_stage_2(), {"Idempotency-Key": str(uuid4())}
        body, before = BY_API.answers(case, words_of(caller.user, number)), Counts.of(case)
        answers = at_once(sides.log, [Sent(caller, api_of(case, "reply"), body, key)] * 4)
        assert [a.status for a in answers] == [200] * 4, _odd(answers, 200)
        assert len({a.body for a in answers}) == 1
        assert Counts.of(case) == before.and_one()


# Somebody asks to join, and eight leads decide


def browser_that_proved(email: str) -> Caller:
    """Of somebody without an account, who has just typed the code that came to their address."""
    session, secret = SessionStore(), "s" * 32
    session[PROVED] = {"email": email, "at": timezone.now().timestamp()}
    session.create()
    cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={secret}"
    headers = {"Cookie": cookies, "Content-Type": FORM}
    return Caller(User(email=email), headers, {"csrfmiddlewaretoken": secret})


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_clicks_ask_to_join_once_and_the_first_lead_decides(sides: Sides, rounds: int) -> None:
    organisation = sides.school.organisation
    organisation.email_domain = "oakfield.example.org"
    organisation.save()
    leads = [browser_of(user) for user in sides.raising]
    for _ in range(rounds):
        email = f"{uuid4().hex}@oakfield.example.org"
        answers = {"setting": str(sides.school.uuid), "full_name": "Nia New", "job_title": "Teacher"}
        sent = Sent(browser_that_proved(email), "/join/", answers)
        pages = at_once(sides.log, [sent, sent])
        assert [p.location for p in pages] == ["/join/"] * 2, _odd(pages, 302)
        asked = JoinRequest.objects.get(email=email)

        said = [{"decision": "yes"}, {"decision": "no", "reason": "not_known"}] * (MANY // 2)
        path = f"/join/requests/{asked.uuid}/"
        decided = at_once(sides.log, [Sent(c, path, a) for c, a in zip(leads, said, strict=True)])
        assert Counter(a.status for a in decided) == {302: 1, 409: MANY - 1}, _odd(decided, 302)
        asked.refresh_from_db()
        [won] = [a["decision"] for a, d in zip(said, decided, strict=True) if d.status == 302]
        assert asked.status == {"yes": "confirmed", "no": "declined"}[won]
        assert User.objects.filter(email=email, seats__kind="practitioner").count() == (won == "yes")
