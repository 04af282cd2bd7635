"""Names put into every field of every flow come back in no mail, subject, address, page title, log line, job
or error page (rule 17). The names of the people who act are canaries too.

Forms are filled in from their own fields and steps are read from the step tables, so what is added there is
tried here without a change. Pages may show the words, to those who may read them: what is watched is what
leaves them.
"""

import html
import io
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.core import mail
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client

from core.logs import WithoutWords
from core.outbox import jobs
from core.outbox.management.commands import worker
from core.outbox.models import Message
from core.outbox.sending import message_models, send_due
from core.web.forms import PlainText
from escalation.accounts.models import User
from escalation.challenges.asks import ASKS, Kind
from escalation.challenges.models import Challenge
from escalation.challenges.views import case as case_view
from escalation.challenges.workflow import STEP
from escalation.lado.models import Referral
from escalation.lado.workflow import STEPS as LADO_STEPS
from escalation.learning.models import Action, Point
from tests.challenges.cast import Cast
from tests.challenges.test_hostile_text import (
    JSON,
    NOW,
    PLACES,
    Desk,
    Raising,
    _good_answers,
    _good_challenge,
    _takes,
    filled,
    taken_back,
    text_boxes,
)
from tests.challenges.test_refusals import sent, settled
from tests.factories import SENT, person
from tests.lado import roads
from tests.lado.cast import Team
from tests.learning.learnt import acted, written
from tests.permissions import world
from tests.permissions.asking import in_turn, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.large]
CANARY = "Zebadiah Quillonby"
ACTOR = "Perpetua Oxenwhistle"
WATCHED = re.compile(r"zebadiah|quillonby|perpetua|oxenwhistle", re.IGNORECASE)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
ADDRESS = re.compile(r'(?:href|src|action|formaction|data-url)="([^"]*)"')
GIVES_BACK = (409, 422, 503)
"""What was typed stands on these pages for its writer, so that nothing is lost; never in their titles."""


@dataclass
class Leaks:
    """Where a canary was seen, and how much was looked at: a proof that looked at nothing proves nothing."""

    found: list[str] = field(default_factory=list)
    pages: int = 0
    posts: int = 0
    errors: int = 0

    def look(self, where: str, text: str) -> None:
        if WATCHED.search(html.unescape(text)):
            self.found.append(f"{where}: {WATCHED.findall(html.unescape(text))}")

    def answer(self, request: Mapping[str, Any], response: Any) -> None:
        """Everything of an answer but what a page says to who may read it."""
        path, status = request["PATH_INFO"], response.status_code
        self.pages += 1
        self.posts += request["REQUEST_METHOD"] == "POST"
        for name, value in response.headers.items():
            self.look(f"{path} {status}, header {name}", value)
        if response.streaming or "html" not in response.headers.get("Content-Type", ""):
            return
        text = response.content.decode()
        for title in TITLE.findall(text):
            self.look(f"{path} {status}, title", title)
        for address in ADDRESS.findall(text):
            self.look(f"{path} {status}, address", address)
        if status >= 400 and status not in GIVES_BACK:
            self.errors += 1
            self.look(f"{path} {status}, page", re.sub(r"Signed in as [^.]*\.|printed by [^.]*\.", "", text))


class Watched(Client):
    """A browser whose every answer is looked at."""

    leaks: Leaks

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        self.leaks.answer(request, response)
        return response


@pytest.fixture
def leaks() -> Leaks:
    return Leaks()


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Every log line, of whatever level, as the log writes them in earnest."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutWords("{levelname} {name} {message}", style="{"))
    loggers = [root, logging.getLogger("django"), logging.getLogger("core"), logging.getLogger("escalation")]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.propagate = True
    for name in (
        "django.db.backends",
        "django.template",
    ):  # they say too much at that level, in our own words
        logging.getLogger(name).setLevel(logging.INFO)
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    for logger, level, propagate in before:
        logger.setLevel(level)
        logger.propagate = propagate


@pytest.fixture
def cast(travel: Callable[[datetime], None]) -> Cast:
    """Everybody is called by a canary."""
    travel(NOW)
    cast = Cast()
    _call_them_canaries(cast.people)
    return cast


def _call_them_canaries(people: Mapping[str, User]) -> None:
    for number, user in enumerate(people.values()):
        User.objects.filter(pk=user.pk).update(full_name=f"{ACTOR} {number}", job_title=f"{CANARY} {number}")
        user.refresh_from_db()


def watched(leaks: Leaks, user: User) -> Watched:
    client = Watched(raise_request_exception=False)
    client.leaks = leaks
    client.force_login(user)
    return client


def with_canaries(form: forms.BaseForm) -> Iterator[dict[str, Any]]:
    """The form filled in, once for each choice that opens boxes of its own, a canary in each box for text."""
    good = filled(form)
    ways = [(chosen, boxes) for chosen, boxes in text_boxes(form)] or [({}, [])]
    for chosen, boxes in ways:
        yield {**good, **chosen, **dict.fromkeys(boxes, CANARY)}


def post_everything(client: Watched, path: str, **more: Any) -> None:
    """Open a page, and send its form with canaries; well, stale, to be kept, and with nothing else in it."""
    page = client.get(path)
    form = (page.context or {}).get("form") if page.status_code == 200 else None
    if form is None:
        return
    for body in with_canaries(form):
        for said in ({}, {"save": "1"}, {"version": "1"}, {"version": "999"}):
            with taken_back():
                client.post(path, {**body, **more, **said})
        texts = {name: CANARY for name, box in form.fields.items() if isinstance(box, PlainText)}
        with taken_back():
            client.post(path, texts)


def everything_is_sent(leaks: Leaks) -> None:
    """The jobs of all apps at moments over four months, then every mail that waits."""
    moment = NOW
    for _ in range(14):
        moment += timedelta(days=9, hours=7)
        for job in list(jobs._JOBS.values()):
            job.run(moment)
    mail.outbox.clear()
    while send_due(clock=lambda: moment + timedelta(days=1)).sent:
        pass
    for each in mail.outbox:
        _look_at_mail(leaks, each)
    for model in message_models():
        for row in model._default_manager.all():
            leaks.look(model._meta.label, f"{row.kind} {row.path} {row.figures} {row.last_error}")
    for name in jobs._JOBS:
        leaks.look("job", name)
    out = io.StringIO()
    with suppress(SystemExit):
        call_command("outbox", stdout=out)
    leaks.look("manage.py outbox", out.getvalue())


def _look_at_mail(leaks: Leaks, each: Any) -> None:
    """All of it but to whom it goes."""
    leaks.look(f"subject {each.subject}", str(each.subject))
    for part in (str(each.body), *(str(content) for content, _ in each.alternatives)):
        leaks.look(f"mail {each.subject}", part)
    for name, value in each.extra_headers.items():
        leaks.look(f"mail {each.subject}, header {name}", str(value))


def settled_with(leaks: Leaks, lines: io.StringIO, *, least: int) -> None:
    """Nothing leaked, and there was something that could have."""
    leaks.look("log", lines.getvalue())
    assert leaks.found == []
    assert leaks.posts >= least
    assert lines.getvalue(), "logging was on"


@pytest.fixture(autouse=True)
def _sends(settings: Any) -> None:
    settings.SENDS_MAIL = True


@pytest.mark.parametrize("step", PLACES)
def test_a_step_by_page_and_by_api(cast: Cast, step: str, leaks: Leaks, lines: io.StringIO) -> None:
    desk = Desk.of(cast, step)
    client = watched(leaks, cast.people[PLACES[step][1]])
    desk = Desk(cast, client, step)
    post_everything(client, desk.url, **_beside_texts(desk))
    client.get(desk.case_url)
    with taken_back():
        answers = _good_answers(desk) | {
            name: CANARY
            for name in STEP[step].asks
            if ASKS[name].kind in (Kind.TEXT, Kind.LINE, Kind.REFERENCE)
        }
        body = {"version": cast.challenge.version, "answers": answers}
        client.post(desk.api_url, body, JSON)
        client.post(desk.api_url, {**body, "version": 999}, JSON)
        client.post(desk.api_url, f'{{"answers": "{CANARY}', JSON)
    form = client.get(desk.url).context["form"]
    client.post(desk.url, {**desk.good(form), **_texts(form)})
    everything_is_sent(leaks)
    settled_with(leaks, lines, least=6)


def _texts(form: forms.BaseForm) -> dict[str, str]:
    return {name: CANARY for name, box in form.fields.items() if isinstance(box, PlainText)}


def _beside_texts(desk: Desk) -> dict[str, Any]:
    form = desk.form()
    return {name: value for name, value in desk.good(form).items() if name not in _texts(form)}


def test_raising_a_draft_and_a_private_word(cast: Cast, leaks: Leaks, lines: io.StringIO) -> None:
    sent(cast)
    client = watched(leaks, cast.people["raiser"])
    raising = Raising(cast, client, str(uuid4()))
    client.get("/raise/")
    for page in ("who", "worry", "child"):
        form = raising.form(page)
        for body in with_canaries(form):
            client.post(raising.url(page), {**body, "act": "go"})
        typed: dict[str, Any] = {}
        for chosen, boxes in text_boxes(form):
            typed |= chosen | {box: CANARY for box in boxes if _takes(form.fields[box], CANARY)}
        answer = client.post(raising.url(page), {**raising.good(form), **typed, "act": "go"})
        assert answer.status_code == 302, answer.context["form"].errors
    lead = watched(leaks, cast.people["raising_lead"])
    client.post(f"/raise/{raising.uuid}/lead/", {"act": "show", "lead": cast.people["raising_lead"].pk})
    lead.get(f"/drafts/{raising.uuid}/")
    lead.post(f"/drafts/{raising.uuid}/", {"words": CANARY})
    client.post(f"/raise/{raising.uuid}/lead/", {"act": "say", "words": CANARY})
    client.get("/challenges/")
    client.get(f"/raise/{raising.uuid}/throw-away/")
    client.get(f"/raise/{raising.uuid}/check/")
    client.post(f"/raise/{raising.uuid}/check/", {"not_nhs": "on"})
    assert Challenge.objects.filter(key=raising.uuid).exists(), "it was sent"
    client.get(f"/raise/{raising.uuid}/check/", follow=True)
    body = _good_challenge(cast)
    words = {name: CANARY for name, value in body.items() if isinstance(value, str) and " " in value}
    client.post("/api/v1/challenges/", {**body, **words}, JSON, headers={"Idempotency-Key": str(uuid4())})
    client.post("/danger/", {"acting": "called", "who": CANARY})
    everything_is_sent(leaks)
    settled_with(leaks, lines, least=10)


def test_who_is_let_in_emergencies_releases_and_keys(cast: Cast, leaks: Leaks, lines: io.StringIO) -> None:
    sent(cast)
    here = cast.challenge.get_absolute_url()
    head, unit = cast.people["responding_senior"], cast.people["unit"]
    pages = {
        "unit": (
            f"{here}people/",
            "/independent-leads/",
            "/releases/plans/",
            "/releases/facts/",
            "/my/notices/",
        ),
        "raiser": (
            f"{here}conflict/",
            "/my/notices/",
            "/sign-in/",
            f"/tell-lado/challenge/{cast.challenge.uuid}/",
        ),
        "responding_senior": ("/emergency/",),
    }
    for who, paths in pages.items():
        client = watched(leaks, cast.people[who])
        for path in paths:
            post_everything(client, path)
    client = watched(leaks, head)
    said = {"reference": cast.challenge.reference, "reason": CANARY * 3, "password": CANARY}
    client.post("/emergency/", said)
    client = watched(leaks, unit)
    client.get("/emergencies/")
    everything_is_sent(leaks)
    settled_with(leaks, lines, least=10)


def test_what_was_learnt_topics_and_what_came_of_them(cast: Cast, leaks: Leaks, lines: io.StringIO) -> None:
    """Written, approved in spite of the linter, minuted, promised, reminded of, and ended."""
    settled(cast)
    cast.take("raiser", "confirm_settled", NOW)
    unit, sam = cast.people["unit"], person(ACTOR, role="business_unit")
    writer, reader = watched(leaks, unit), watched(leaks, sam)
    for path in ("/learning/points/new/", "/forums/topics/new/"):
        post_everything(writer, path)
        post_everything(watched(leaks, cast.people["raising_lead"]), f"{path}?from={cast.challenge.uuid}")
    told = written(by=unit, now=NOW, title=CANARY, text=CANARY)
    here = told.get_absolute_url()
    post_everything(writer, f"{here}change/")
    for client, act in ((writer, "propose"), (reader, "send back"), (writer, "propose"), (reader, "approve")):
        client.get(here)
        client.post(here, {"act": act, "words": CANARY}, follow=True)
    assert Point.objects.get(pk=told.pk).state == "approved"
    for page in ("decision", "action"):
        post_everything(writer, f"{here}{page}/")
    care = cast.care.organisation
    for days in (3, 90):
        day = (NOW + timedelta(days=days)).date()
        acted(told, by=unit, of=care, now=NOW, what=CANARY, owner=CANARY, due=day)
    for row in Action.objects.all():
        post_everything(watched(leaks, cast.people["responding_lead"]), row.get_absolute_url())
    for path in ("/learning/", "/learning/points/", "/challenges/", "/monday/", here):
        assert writer.get(path).status_code == 200
    everything_is_sent(leaks)
    assert Message.objects.filter(kind="learning_action").exists()
    settled_with(leaks, lines, least=30)


def test_telling_the_lado_and_everything_the_lado_does(
    travel: Callable[[datetime], None], leaks: Leaks, lines: io.StringIO
) -> None:
    from tests.lado.cast import NOW as THEN

    travel(THEN)
    team = Team()
    _call_them_canaries({**team.people, **team.outside})
    teller = watched(leaks, team.outside["practitioner"])
    for path in ("/tell-lado/", "/tell-lado/receipt/"):
        post_everything(teller, path)
    lado = watched(leaks, team.people["lado"])
    for path in ("/lado/contact/", "/lado/search/"):
        post_everything(lado, path)
    lado.post("/lado/search/", {"q": CANARY})
    tried: set[str] = set()
    for road in (roads.called, roads.with_strands, roads.with_duties, roads.closed, roads.asked):
        with taken_back():
            road(team)
            Referral.objects.update(adult_name=CANARY, posts=CANARY, referrer=CANARY)
            here = f"/lado/{team.referral.uuid}/"
            lado.get(here)
            for step in LADO_STEPS:
                if lado.get(f"{here}{step.name}/").status_code == 200:
                    tried.add(step.name)
                    post_everything(lado, f"{here}{step.name}/")
    assert len(tried) > 20, tried
    everything_is_sent(leaks)
    settled_with(leaks, lines, least=100)


SECTION_11 = (
    "forums/",
    "learning/",
    "policy-promotion/",
    "pulse/",
    "assurance/",
    "packs/",
    "dip-samples/",
    "surveys/",
    "survey/",
    "lado/samples/",
)
"""Where the addresses begin of what is done for Section 11."""
THEIRS = ("unit", "chair", "responding_lead", "scrutineer", "lado", "deputy_lado")


def test_forums_assurance_packs_surveys_and_dip_samples(
    travel: Callable[[datetime], None], leaks: Leaks, lines: io.StringIO
) -> None:
    travel(world.NOW)
    them = world.World("stage 1")
    _call_them_canaries(them.cast.people)
    addresses = [each for each in in_turn() if each.route.startswith(SECTION_11)]
    assert len(addresses) > 50
    for who in THEIRS:
        client = watched(leaks, them.cast.people[who])
        for each in addresses:
            post_everything(client, url_of(each, them))
    everything_is_sent(leaks)
    settled_with(leaks, lines, least=100)


def test_error_pages_and_what_fails_in_the_middle(
    cast: Cast, leaks: Leaks, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(cast)
    here = cast.challenge.get_absolute_url()
    client = watched(leaks, cast.people["raiser"])
    client.post(f"{here}no_such_step/", {"what": CANARY})
    client.post("/monday/", {"what": CANARY})
    client.get("/monday/")
    client.post(f"{here}add_note/", {"what": CANARY * 400_000})
    client.post(
        f"{here}add_note/", data=f"what={CANARY}".encode("utf-7"), content_type="text/plain; charset=utf-7"
    )

    def fails(request: HttpRequest, *_: object, **__: object) -> None:
        raise RuntimeError(f"{CANARY} broke it")

    monkeypatch.setattr(case_view, "opened", fails)
    broken = client.get(here)
    assert broken.status_code == 500
    monkeypatch.setattr("escalation.challenges.services.reminding.locked", fails)
    for name in ("remind", "sweep", "unsent"):
        with suppress(RuntimeError):
            jobs._JOBS[name].run(SENT + timedelta(days=30))
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)  # it is this test's own
    worker.Command()._kept_going("remind", lambda: fails(HttpRequest()))
    assert "RuntimeError" in lines.getvalue(), "what failed is logged, without its words"
    assert leaks.errors >= 4
    settled_with(leaks, lines, least=4)


def test_the_watch_sees_a_leak(cast: Cast, leaks: Leaks) -> None:
    """A page title, an address, a header and an error page with a canary are each found."""

    class Answer:
        status_code, streaming = 404, False
        headers: Mapping[str, str] = {"Content-Type": "text/html", "Location": f"/?next={CANARY}"}
        content = f'<title>{CANARY}</title><a href="/?q=Quillonby">{CANARY}</a>'.encode()

    leaks.answer({"PATH_INFO": "/", "REQUEST_METHOD": "GET"}, Answer())
    assert [each.partition(":")[0] for each in leaks.found] == [
        "/ 404, header Location",
        "/ 404, title",
        "/ 404, address",
        "/ 404, page",
    ]
