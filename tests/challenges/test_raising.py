"""Raising a challenge through its pages: what is asked, what is kept, and what is sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.outbox.models import Message
from core.web import late
from escalation.accounts.models import User
from escalation.challenges.models import Challenge, Draft, Entry
from tests.factories import SENT, away, person, policy, setting
from tests.moments import london

pytestmark = pytest.mark.django_db

LONG = "x" * 1_000_000
TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")


class Desk:
    """Leila at her desk, with a form open: she works at a school and asks social care."""

    def __init__(self, client: Client) -> None:
        policy()
        self.client = client
        self.uuid = uuid4()
        self.school = setting("Oakfield Primary School", short="the school", group="education")
        self.team = setting("Family Safeguarding Team 2", short="social care")
        self.police = setting("Child Safeguarding Unit", short="the police", group="police")
        self.leila = person("Leila Osei-Bonsu", job="teacher", practitioner=self.school)
        self.tom = person("Tom Whitfield", job="social worker", phone="020 7946 0151", practitioner=self.team)
        self.chinwe = person("Chinwe Adebayo", job="team manager", lead=self.team)
        client.force_login(self.leila)

    @property
    def who(self) -> dict[str, str]:
        return {
            "asked_1": str(self.team.uuid),
            "counterpart_1": str(self.tom.pk),
            "about": "plan_not_moving",
            "decision": "the plan of October",
            "decision_on": "18 11 2026",
            "label": "five weeks without a visit",
            "callback": "020 7946 0177",
            "best_times": "after 3pm",
        }

    worry = {
        "worry": "the plan has not started",
        "heard": "On 21 December the child slept in a car seat.",
        "voice": "The baby settles only when held.",
        "want": "a visit this week",
        "want_by": "31 12 2026",
    }
    child = {
        "child": "one",
        "our_pointer": "OAK-4471",
        "age_band": "age_0_4",
        "spoken": "yes",
        "spoken_on": "21 12 2026",
        "needed": "no",
    }

    def url(self, page: str) -> str:
        return reverse(f"challenges:raise_{page}", args=[self.uuid])

    def post(self, page: str, answers: dict[str, str], act: str = "go") -> HttpResponse:
        response = self.client.post(self.url(page), {**answers, "act": act})
        assert isinstance(response, HttpResponse)
        return response

    def fill(self, **changes: dict[str, str]) -> None:
        for page in ("who", "worry", "child"):
            answers: dict[str, str] = getattr(self, page)
            self.post(page, {**answers, **changes.get(page, {})})

    def send(self) -> Any:
        return self.client.post(self.url("check"), {"key": str(self.uuid)})

    @property
    def draft(self) -> Draft:
        return Draft.objects.get(uuid=self.uuid)

    @property
    def sent(self) -> Challenge:
        return Challenge.objects.get(key=self.uuid)


@pytest.fixture
def desk(client: Client, travel: Callable[[datetime], None]) -> Desk:
    travel(SENT)
    return Desk(client)


def test_three_pages_a_last_look_and_sent(desk: Desk) -> None:
    for page, following in (("who", "worry"), ("worry", "child"), ("child", "check")):
        assert desk.client.get(desk.url(page)).status_code == 200
        assert desk.post(page, getattr(desk, page))["Location"] == desk.url(following)
    look = desk.client.get(desk.url("check")).text
    assert "Choose a service" not in look
    for words in (
        "five weeks without a visit",
        "Tom Whitfield",
        "The baby settles only when held.",
        "0 to 4",
        "Wednesday 18 November 2026",
        "Tom Whitfield, social worker.<br>They should answer by Tue 29 Dec, 5pm.",
    ):
        assert words in look
    assert desk.send()["Location"] == reverse("challenges:sent", args=[desk.sent.uuid])
    told = Entry.objects.get(challenge=desk.sent).words
    assert told["worry"] == "the plan has not started"
    assert told["want_by"] == "Thursday 31 December 2026"
    assert told["spoken"] == "Yes, on Monday 21 December 2026"
    assert told["callback"] == "020 7946 0177"
    assert (desk.sent.label, desk.sent.our_pointer) == ("five weeks without a visit", "OAK-4471")
    assert desk.sent.parties.get(role="responding").counterpart == desk.tom
    assert not Draft.objects.exists()


@pytest.mark.parametrize(("answer", "withheld"), [("no", True), ("yes", False), ("", False)])
def test_the_form_asks_for_the_name_and_promises_nothing(desk: Desk, answer: str, withheld: bool) -> None:
    asked = desk.client.get(desk.url("child")).text
    assert "May the service you ask see your name?" in asked
    assert "a court or the law may still require it" in asked
    assert "anonym" not in asked.lower()
    desk.fill(child={"show_name": answer} if answer else {})
    desk.send()
    assert desk.sent.name_withheld is withheld


def test_the_sent_page_says_call_them_too(desk: Desk) -> None:
    away(desk.tom, at=desk.team, since=date(2026, 12, 24), until=date(2027, 1, 3), deputy=desk.chinwe)
    desk.fill()
    page = desk.client.get(desk.send()["Location"]).text
    for words in (
        "Sent Wed 23 Dec 2026, 10:20am",
        "Now call them too",
        'href="tel:02079460151"',
        "until Wed 23 Dec",
        "from Thu 24 Dec. Tom is on leave and back on Mon 4 Jan 2027.",
        "by 2:20pm",
        "By Tue 29 Dec",
        "Social care should answer you",
        "That is 2 working days. Christmas Day, the weekend and the bank holiday on",
        "Nobody reads this log at night",
        f"{desk.sent.reference[:3]} {desk.sent.reference[3:]}",
    ):
        assert words in page


def test_a_second_click_sends_nothing_more(desk: Desk) -> None:
    desk.fill()
    first, second = desk.send(), desk.send()
    assert first["Location"] == second["Location"]
    assert Challenge.objects.count() == 1
    assert desk.client.get(desk.url("who"))["Location"] == first["Location"]


def test_sending_takes_fifteen_statements_at_most(desk: Desk) -> None:
    desk.fill()
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert desk.send().status_code == 302
    asked = [q["sql"] for q in caught if not q["sql"].startswith(TRANSACTION)]
    assert len(asked) <= 15, "\n".join(sql[:150] for sql in asked)


# Drafts


@pytest.mark.parametrize(("act", "leads_to"), [("go", "child"), ("back", "who"), ("save", "worry")])
def test_every_button_keeps_what_was_typed(desk: Desk, act: str, leads_to: str) -> None:
    answer = desk.post("worry", desk.worry, act)
    assert answer["Location"].startswith(desk.url(leads_to))
    page = desk.client.get(desk.url("worry")).text
    assert "On 21 December the child slept in a car seat." in page
    assert "Draft saved at 10:20am. It is not sent yet." in page


@pytest.mark.parametrize("page", ["who", "worry", "child"])
def test_a_page_with_mistakes_is_kept_too(desk: Desk, page: str) -> None:
    answers = {
        **getattr(desk, page),
        "worry": "",
        "callback": "none",
        "age_band": "",
        "want": "half",
        "needed_why": "soon",
    }
    answer = desk.post(page, answers)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert any(text in desk.draft.words.values() for text in ("half", "none", "soon"))


def test_a_draft_waits_for_its_writer(desk: Desk) -> None:
    assert desk.client.get("/raise/")["Location"].endswith("/who/")
    desk.post("who", {"label": "five weeks without a visit"}, "save")
    page = desk.client.get("/raise/").text
    assert "You have a challenge you did not send" in page
    assert "five weeks without a visit" in page
    assert desk.url("who") in page


def test_my_challenges_shows_what_is_not_sent_yet(desk: Desk) -> None:
    desk.post("who", {"label": "five weeks without a visit"}, "save")
    page = desk.client.get("/challenges/").text
    assert "Not sent yet (1)" in page
    assert "five weeks without a visit" in page
    assert desk.url("who") in page
    assert reverse("challenges:raise_throw_away", args=[desk.uuid]) in page
    desk.client.force_login(person(practitioner=desk.school))
    assert "Not sent yet" not in desk.client.get("/challenges/").text


def test_after_a_danger_a_new_one_stands_before_an_old_draft(desk: Desk) -> None:
    desk.post("who", {"label": "five weeks without a visit"}, "save")
    desk.client.post("/danger/", {"acting": "nobody"})
    page = desk.client.get("/raise/").text
    assert "What you said about the danger goes with the one you choose." in page
    assert page.index("Start a new one") < page.index("five weeks without a visit")


def test_nobody_else_opens_a_draft(desk: Desk) -> None:
    desk.post("worry", desk.worry, "save")
    desk.client.force_login(person(practitioner=desk.school))
    for page in ("who", "worry", "child", "check"):
        assert desk.client.get(desk.url(page)).status_code == 404
        assert desk.client.post(desk.url(page), desk.worry).status_code == 404
    assert desk.client.get("/raise/").status_code == 302  # nothing to go on with


def test_a_draft_can_be_thrown_away_by_its_writer_alone(desk: Desk) -> None:
    desk.post("who", {"label": "five weeks without a visit"}, "save")
    away_url = reverse("challenges:raise_throw_away", args=[desk.uuid])
    assert away_url in desk.client.get("/raise/").text
    desk.client.force_login(person(practitioner=desk.school))
    assert desk.client.get(away_url).status_code == 404
    desk.client.post(away_url)
    assert Draft.objects.exists()
    desk.client.force_login(desk.leila)
    assert "five weeks without a visit" in desk.client.get(away_url).text
    assert Draft.objects.exists()
    for _ in ("press", "press again"):
        assert desk.client.post(away_url)["Location"] == "/challenges/"
    assert not Draft.objects.exists()


NHS = "943 476 5919"
"""The example of the NHS data dictionary: its last digit is right."""


def test_an_nhs_number_goes_out_only_with_a_tick(desk: Desk) -> None:
    desk.fill(worry={"heard": f"Her number is {NHS}, seen on 21 December."})
    page = desk.client.get(desk.url("check")).text
    assert f"“{NHS}” is not an NHS number" in page
    refused = desk.send()
    assert refused.status_code == 422
    assert f"“{NHS}” looks just like an NHS number. Take it out, or tick that it is something else." in (
        refused.text
    )
    assert not Challenge.objects.exists()
    desk.client.post(desk.url("check"), {"key": str(desk.uuid), "not_nhs": "on"})
    assert NHS in Entry.objects.get(challenge=desk.sent).words["heard"]


def test_ten_digits_that_are_no_nhs_number_need_no_tick(desk: Desk) -> None:
    desk.fill(worry={"heard": "Our number is 943 476 5918."})
    page = desk.client.get(desk.url("check")).text
    assert "looks like an NHS number" in page
    assert "not_nhs" not in page
    assert desk.send().status_code == 302


@contextmanager
def just_before_the_draft_is_kept(act: Callable[[], Any]) -> Iterator[None]:
    """What happens in another window between reading the draft and keeping it."""
    waiting = [act]

    def wait(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("SAVEPOINT") and waiting:
            waiting.pop()()
        return execute(sql, *rest)

    with connection.execute_wrapper(wait):
        yield
    assert not waiting


def test_what_is_sent_from_another_window_at_this_moment_is_no_draft_again(desk: Desk) -> None:
    desk.fill()
    other = Client()
    other.force_login(desk.leila)
    with just_before_the_draft_is_kept(lambda: other.post(desk.url("check"), {"key": str(desk.uuid)})):
        answer = desk.post("worry", {**desk.worry, "worry": "and one more thing"})
    assert answer["Location"] == reverse("challenges:sent", args=[desk.sent.uuid])
    assert not Draft.objects.exists()
    page = desk.client.get(answer["Location"]).text
    assert "It was sent from another window. What you changed here came too late." in page


def test_what_is_thrown_away_in_another_window_is_kept_where_one_goes_on(desk: Desk) -> None:
    desk.post("who", desk.who, "save")
    with just_before_the_draft_is_kept(lambda: Draft.objects.all().delete()):
        assert desk.post("worry", desk.worry)["Location"] == desk.url("child")
    assert {"worry", "label"} <= desk.draft.words.keys()


def seal_of(page: str) -> str:
    """The hidden box that says for whom a page was made."""
    return page.split('name="owner" value="')[1].split('"')[0]


def test_what_is_posted_after_the_session_has_ended_is_there_after_signing_in(desk: Desk) -> None:
    seal = seal_of(desk.client.get(desk.url("worry")).text)
    desk.client.logout()
    answer = desk.client.post(desk.url("worry"), {**desk.worry, "act": "go", "owner": seal})
    assert answer["Location"].startswith("/sign-in/")
    assert "plan" not in answer["Location"]
    assert "You were signed out. What you wrote is kept." in desk.client.get(answer["Location"]).text
    sign_in(desk.client, desk.leila)
    page = desk.client.get(desk.url("worry")).text
    assert "You were signed out. What you wrote is here, as you typed it." in page
    assert desk.draft.words["worry"] == "the plan has not started"


def test_but_not_for_somebody_else_who_signs_in_there(desk: Desk) -> None:
    seal = seal_of(desk.client.get(desk.url("worry")).text)
    desk.client.logout()
    desk.client.post(desk.url("worry"), {**desk.worry, "owner": seal})
    sign_in(desk.client, person(practitioner=desk.school))
    assert "the plan has not started" not in desk.client.get(desk.url("worry")).text
    assert not Draft.objects.exists()


def test_nothing_is_kept_of_a_post_without_our_seal(desk: Desk) -> None:
    desk.client.logout()
    desk.client.post(desk.url("worry"), {**desk.worry, "owner": "forged"})
    assert late.KEPT not in desk.client.session


def sign_in(client: Client, user: User) -> None:
    user.set_password("correct horse battery staple")
    user.save()
    client.post("/sign-in/", {"username": user.email, "password": "correct horse battery staple"})


# What is refused, and how


@pytest.mark.parametrize(
    ("page", "change", "message"),
    [
        ("who", {"asked_1": ""}, "Choose the service you are asking."),
        ("who", {"about": "weather"}, "Select a valid choice"),
        ("who", {"callback": ""}, "Give a number on which they can call you."),
        ("who", {"decision": "  "}, "Say which decision, delay or plan it is."),
        ("who", {"decision_on": "32 13 2026"}, "Enter a date, like 31 12 2026."),
        ("who", {"label": "x" * 81}, "Use 80 characters or fewer."),
        ("who", {"asked_1": str(uuid4())}, "This service is not in the list any more."),
        ("who", {"asked_1": "\x00"}, "This service is not in the list any more."),
        ("worry", {"worry": ""}, "Say what you are worried about."),
        ("worry", {"worry": "a\x00b"}, "a character in it that we cannot keep (a NUL)"),
        ("worry", {"heard": LONG}, "Use 10,000 characters or fewer. You have 1,000,000."),
        ("worry", {"want_by": "1 12 2026"}, "This date has passed."),
        ("child", {"our_pointer": ""}, "Give the child’s number in your own system."),
        ("child", {"age_band": ""}, "Choose how old the child is."),
        ("child", {"spoken_on": ""}, "Say when you spoke to the service."),
        ("child", {"spoken_on": "24 12 2026"}, "This day is still to come."),
        ("child", {"spoken": "no"}, "Say why you have not spoken to the service yet."),
        ("child", {"needed": "yes"}, "Say what happens then."),
        ("child", {"needed": "yes", "needed_why": "x", "needed_on": "22 12 2026"}, "This time has passed."),
        ("child", {"needed_at": LONG}, "Enter a time"),
    ],
)
def test_a_mistake_has_a_sentence(desk: Desk, page: str, change: dict[str, str], message: str) -> None:
    answer = desk.post(page, {**getattr(desk, page), **change})
    assert answer.status_code == 422
    assert message in answer.text


@pytest.mark.parametrize(
    "text", ["שלום, הילדה בסדר", "👶🏽 slept\n\n  badly", "<script>alert(1)</script>", "a\u202eb"]
)
def test_any_text_is_kept_as_it_was_typed(desk: Desk, text: str) -> None:
    desk.fill(worry={"worry": text, "heard": text, "voice": text})
    desk.send()
    words = Entry.objects.get(challenge=desk.sent).words
    assert words["worry"] == words["heard"] == words["voice"] == text


def test_one_does_not_ask_ones_own_service(desk: Desk) -> None:
    answer = desk.post("who", {**desk.who, "asked_2": str(desk.school.uuid)})
    assert "You can’t ask your own service." in answer.text


def test_a_service_is_asked_or_supports(desk: Desk) -> None:
    answer = desk.post("who", {**desk.who, "supporting_1": str(desk.team.uuid)})
    assert "can’t both be asked and support you" in answer.text


def test_several_are_asked_each_once_and_others_support(desk: Desk) -> None:
    health = setting("Health Visiting East", group="health")
    more = {
        "asked_2": str(desk.police.uuid),
        "asked_3": str(desk.team.uuid),
        "supporting_1": str(health.uuid),
    }
    desk.fill(who=more)
    desk.send()
    roles = sorted(desk.sent.parties.values_list("setting__name", "role"))
    assert roles == [
        ("Child Safeguarding Unit", "responding"),
        ("Family Safeguarding Team 2", "responding"),
        ("Health Visiting East", "supporting"),
        ("Oakfield Primary School", "raising"),
    ]


def test_an_unfinished_challenge_is_not_sent(desk: Desk) -> None:
    desk.post("who", desk.who)
    look = desk.client.get(desk.url("check"))
    assert "It can’t be sent yet" in look.text
    assert "Send it now" not in look.text
    assert desk.send().status_code == 422
    assert not Challenge.objects.exists()


def test_warnings_are_listed_and_never_block(desk: Desk) -> None:
    desk.fill(worry={"worry": "Jayden’s mum has had no visit.", "voice": ""})
    look = desk.client.get(desk.url("check")).text
    assert "“Jayden” looks like a name." in look
    assert "What has the child said or shown?” is empty" in look
    assert desk.send().status_code == 302


def test_the_patterns_are_on_the_page_for_the_script(desk: Desk) -> None:
    page = desk.client.get(desk.url("worry")).text
    assert 'id="warning-patterns"' in page
    assert page.count("data-warn") == 4


# Whom one may raise for


def test_without_a_service_one_is_told_whom_to_ask(desk: Desk) -> None:
    desk.client.force_login(person(role="business_unit"))
    for url in ("/raise/", desk.url("who"), desk.url("check")):
        page = desk.client.get(url)
        assert page.status_code == 403
        assert "Ask to join your service" in page.text


def test_with_two_services_one_says_which(desk: Desk) -> None:
    nursery = setting("Oakfield Nursery", group="education")
    desk.client.force_login(person("Ana Two", practitioner=[desk.school, nursery]))
    assert "Choose the service you are raising this for." in desk.post("who", desk.who).text
    desk.fill(who={"raising": str(nursery.uuid)})
    desk.send()
    assert desk.sent.raising == nursery


def test_the_directory_says_who_covers(desk: Desk) -> None:
    away(desk.chinwe, at=desk.team, since=date(2026, 12, 21), until=date(2027, 1, 3), deputy=desk.tom)
    desk.post("who", {"asked_1": str(desk.team.uuid)}, "look")
    page = desk.client.get(desk.url("who")).text
    assert "Tom Whitfield, social worker. Chinwe is on leave and back on Mon 4 Jan 2027." in page
    assert "Who do you deal with there?" in page


def test_a_person_of_another_service_is_nobody(desk: Desk) -> None:
    officer = person("Sam Reed", practitioner=desk.police)
    desk.fill(who={"counterpart_1": str(officer.pk)})
    desk.send()
    assert desk.sent.parties.get(role="responding").counterpart is None


# Danger, and needing it sooner


def test_nobody_acting_starts_with_the_leads_who_are_told(desk: Desk) -> None:
    desk.client.post("/danger/", {"acting": "nobody"})
    desk.fill()
    desk.send()
    assert (desk.sent.stage, desk.sent.skip_reason, desk.sent.fast) == (2, "child_cannot_wait", False)
    assert desk.chinwe.pk in Message.objects.values_list("to", flat=True)


def test_nobody_acting_is_said_to_everybody_who_reads_it_and_our_lead_hears_of_it(desk: Desk) -> None:
    ours = person("Kofi Iqbal", job="safeguarding lead", lead=desk.school)
    desk.client.post("/danger/", {"acting": "nobody", "tried_who": "999", "tried_at": "8am"})
    desk.fill()
    with CaptureQueriesContext(connection) as caught:
        sent = desk.send()["Location"]
    asked = [q["sql"] for q in caught if not q["sql"].startswith(TRANSACTION)]
    assert len(asked) <= 15, "\n".join(sql[:150] for sql in asked)
    assert set(Message.objects.values_list("to", flat=True)) == {desk.chinwe.pk, ours.pk}
    alarm = "When this was raised, nobody was acting for the child."
    case = desk.sent.get_absolute_url()
    for page in (desk.client.get(sent).text, desk.client.get(case).text):
        assert alarm in page
        assert "Keep calling." in page
    for reader in (desk.chinwe, ours):
        desk.client.force_login(reader)
        page = desk.client.get(case).text
        assert alarm in page
        assert "Tried: 999, Wednesday 23 December 2026, 8am" in page


def test_an_ordinary_challenge_tells_our_lead_nothing_yet(desk: Desk) -> None:
    ours = person("Kofi Iqbal", lead=desk.school)
    desk.fill()
    desk.send()
    assert ours.pk not in Message.objects.values_list("to", flat=True)
    assert "nobody was acting" not in desk.client.get(desk.sent.get_absolute_url()).text


def test_the_fast_track_is_offered_once_a_call_is_noted(desk: Desk) -> None:
    assert "Use the fast track" not in desk.client.get(desk.url("child")).text
    desk.post("child", {**desk.child, "fast": "on"})
    desk.client.post("/danger/", {"acting": "called", "called_who": "duty worker", "called_at": "10:05am"})
    assert "Use the fast track" in desk.client.get(desk.url("child")).text
    desk.fill(child={"fast": "on"})
    page = desk.client.get(desk.send()["Location"]).text
    assert desk.sent.fast
    assert "Weekends count." in page
    words = Entry.objects.get(challenge=desk.sent).words
    assert (words["call_who"], words["call_when"]) == ("duty worker", "Wednesday 23 December 2026, 10:05am")


def test_a_made_up_fast_track_is_none(desk: Desk) -> None:
    desk.fill(child={"fast": "on", "danger_acting": "called", "danger_who": "x", "danger_when": "now"})
    desk.send()
    assert not desk.sent.fast


def test_needed_by_makes_the_time_sooner(desk: Desk) -> None:
    desk.fill(
        child={
            "needed": "yes",
            "needed_why": "the conference",
            "needed_on": "29 12 2026",
            "needed_at": "10am",
        }
    )
    page = desk.client.get(desk.send()["Location"]).text
    assert desk.sent.needed_by == london(2026, 12, 29, 10)
    assert "So the time is 10am, not 5pm." in page


def test_no_single_child_needs_no_number(desk: Desk) -> None:
    desk.fill(child={"child": "none", "our_pointer": ""})
    page = desk.client.get(desk.send()["Location"]).text
    assert desk.sent.no_single_child
    assert "You agree which child it is" not in page


def test_why_it_is_needed_is_said_also_where_the_policy_is_sooner(desk: Desk) -> None:
    soon = {"needed_why": "the child goes home", "needed_on": "31 12 2026", "needed_at": "2pm"}
    desk.fill(child={"needed": "yes", **soon})
    said = "Needed by Thu 31 Dec, 2pm: the child goes home."
    assert said in desk.client.get(desk.send()["Location"]).text
    case = desk.sent.get_absolute_url()
    assert said in desk.client.get(case).text
    desk.client.force_login(desk.tom)
    assert said in desk.client.get(case).text


def test_only_the_raiser_sees_the_sent_page(desk: Desk) -> None:
    desk.fill()
    url = desk.send()["Location"]
    desk.client.force_login(person(practitioner=desk.police))
    assert desk.client.get(url).status_code == 404
