"""The case page: whose turn, by when, who can see this, for everybody who may open it, at every turn."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from escalation.accounts.models import User
from escalation.challenges.models import Challenge
from tests.challenges.cast import CALLED, FORM, OUTCOME, Cast
from tests.factories import SENT, WORDS, away, challenge, person, setting
from tests.moments import london
from tests.sql import counted_sql

MOST_STATEMENTS = 12
Travel = Callable[[datetime], None]
Answers = dict[str, Any]

pytestmark = pytest.mark.django_db


class Page(HTMLParser):
    """The words of a page's main part, and the classes and words of its buttons."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.words: list[str] = []
        self.buttons: list[tuple[str, str]] = []
        self._inside = self._button = False
        self.feed(response.content.decode())
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = self._inside or tag == "main"
        classes = (dict(attrs).get("class") or "").split()
        self._button = tag in ("a", "button") and "govuk-button" in classes
        if self._button and self._inside:
            self.buttons.append((" ".join(classes), ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "main"
        self._button = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.words.append(data)
        if self._button and self.buttons:
            self.buttons[-1] = (self.buttons[-1][0], data.strip())

    @property
    def filled(self) -> list[str]:
        return [words for classes, words in self.buttons if "govuk-button--secondary" not in classes]

    @property
    def equal(self) -> list[str]:
        return [words for classes, words in self.buttons if "govuk-button--secondary" in classes]


def page(user: User, of: Challenge, status: int = 200) -> Page:
    client = Client()
    client.force_login(user)
    response = client.get(of.get_absolute_url())
    assert response.status_code == status
    return Page(response)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def matched(cast: Cast, **details: Any) -> Challenge:
    """Raised to social care alone, and both sides agree which child it is."""
    cast.raise_it(asked={cast.care: cast.people["counterpart"]}, **details)
    return cast.take("raiser", "match", SENT + timedelta(hours=1), **CALLED)


# Whose turn, and by when


def test_the_raiser_waits_with_nothing_to_do(cast: Cast, travel: Travel) -> None:
    matched(cast)
    travel(london(2026, 12, 24, 10))
    seen = page(cast.people["raiser"], cast.challenge)
    assert (
        "It is social care's turn Tom Whitfield, should answer you by Tuesday 29 December 2026, 5pm"
        in seen.text
    )
    assert (
        "You have nothing to do today. If they don't answer, you can ask the next level to look." in seen.text
    )
    assert seen.filled == []


def test_who_covers_is_told_whose_seat_it_is(cast: Cast, travel: Travel) -> None:
    matched(cast)
    lead, tom = cast.people["responding_lead"], cast.people["counterpart"]
    away(tom, at=cast.care, since=date(2026, 12, 24), until=date(2027, 1, 3), deputy=lead)
    travel(london(2026, 12, 30, 10))
    seen = page(lead, cast.challenge)
    assert "Overdue since yesterday, 5pm It is your turn to answer" in seen.text
    assert "You are covering for Tom Whitfield, who is on leave until Sunday 3 January." in seen.text
    assert "The answer was due by Tuesday 29 December 2026, 5pm You can still answer." in seen.text
    assert "the school can ask the next level to look, and they don't need a reason" in seen.text
    assert seen.filled == ["Answer this challenge"]
    assert "Chinwe Adebayo, covering for Tom Whitfield" in seen.text


def test_settled_and_not_settled_weigh_the_same(cast: Cast, travel: Travel) -> None:
    matched(cast)
    travel(london(2026, 12, 24, 10))
    cast.take(
        "counterpart", "reply", london(2026, 12, 24, 9), answer="acted", what="Done.", acted_on=SENT.date()
    )
    after_the_answer = page(cast.people["raiser"], cast.challenge)
    assert (
        "Does this keep the child safe? Social care answered today at 9am. Please say by"
        in after_the_answer.text
    )
    cast.take("counterpart", "settle", london(2026, 12, 24, 9, 30), **OUTCOME)
    after_settling = page(cast.people["raiser"], cast.challenge)
    for seen in (after_the_answer, after_settling):
        assert (seen.filled, seen.equal) == ([], ["Yes, it's settled", "Not settled yet"])


def test_of_three_services_each_has_its_line(cast: Cast, travel: Travel) -> None:
    riverway = setting("Riverway Mental Health Team", short="Riverway", group="health")
    asked = {cast.care: cast.people["counterpart"], cast.police: cast.people["officer"], riverway: None}
    cast.raise_it(
        asked=asked, needed_by=london(2026, 12, 29, 10), words={**WORDS, "needed_why": "the conference"}
    )
    cast.take("raiser", "match", SENT, party=cast.party(cast.care), **CALLED)
    cast.take(
        "counterpart",
        "reply",
        london(2026, 12, 23, 15, 10),
        answer="acted",
        what="Done.",
        acted_on=SENT.date(),
    )
    travel(london(2026, 12, 24, 10))
    seen = page(cast.people["raiser"], cast.challenge).text
    assert (
        "Waiting for two of three It is the police's turn, and Riverway's They should answer you by" in seen
    )
    assert "Social care answered on Wed 23 Dec, 3:10pm" in seen
    assert (
        "You need it before the conference on Tuesday 29 December at 10am. So the time is 10am, not 5pm."
        in seen
    )


def test_a_child_not_agreed_in_time_is_red_for_both_leads(cast: Cast, travel: Travel) -> None:
    cast.raise_it(asked={cast.care: cast.people["counterpart"]})
    travel(london(2026, 12, 24, 10))
    for who, red in (("raising_lead", True), ("responding_lead", True), ("raiser", False)):
        client = Client()
        client.force_login(cast.people[who])
        html = client.get(cast.challenge.get_absolute_url()).content.decode()
        line = html.split("Not agreed yet which child this is")[0].rsplit("<p ", 1)[1]
        assert ("cl-state--late" in line) is red, who


def test_a_proposed_pause_asks_for_yes_or_no(cast: Cast, travel: Travel) -> None:
    matched(cast)
    travel(london(2026, 12, 23, 14))
    why: Answers = {
        "what": "The report comes on Tuesday.",
        "safe_meanwhile": "Grandmother stays.",
        "hold_until": date(2027, 1, 5),
    }
    cast.take("counterpart", "propose_hold", london(2026, 12, 23, 13), **why)
    seen = page(cast.people["raiser"], cast.challenge)
    assert "A pause until Tue 5 Jan 2027, 5pm is proposed. Do you agree?" in seen.text
    assert "How the child is safe meanwhile: Grandmother stays." in seen.text
    assert (seen.filled, seen.equal) == ([], ["Yes, we agree", "No, not now"])
    cast.take("raiser", "agree_hold", london(2026, 12, 23, 13, 30))
    seen = page(cast.people["counterpart"], cast.challenge)
    assert (
        "On hold The clock has stopped It starts again by itself on Tuesday 5 January 2027, 5pm" in seen.text
    )


def test_a_stage_without_a_published_time_says_so(cast: Cast, travel: Travel) -> None:
    cast.raise_it(
        asked={cast.care: None}, policy_key="london", start_stage=3, skip_reason="child_cannot_wait"
    )
    travel(london(2026, 12, 24, 10))
    for who in ("raiser", "responding_senior", "auditor"):
        assert "There is no published time for this stage." in page(cast.people[who], cast.challenge).text


# What each may read


def test_dates_but_no_words_for_those_with_the_frame_only(cast: Cast, travel: Travel) -> None:
    cast.raise_it(label="five weeks without a visit")
    travel(london(2026, 12, 24, 10))
    for who in ("unit", "auditor", "supporting_lead", "police_lead", "responding_lead"):
        seen = page(cast.people[who], cast.challenge).text
        assert "by Tuesday 29 December 2026, 5pm" in seen
        hidden = (
            *WORDS.values(),
            "five weeks without a visit",
            "HV-4471",
            "Tom Whitfield",
            "What each side says",
        )
        assert [words for words in hidden if words in seen] == [], who


def test_nobody_else_knows_that_it_exists(cast: Cast) -> None:
    cast.raise_it()
    outsider = person("Una Ward", lead=setting("Elsewhere"))
    for user in (outsider, cast.people["raising_senior"], person("Ada Min", role="administrator")):
        page(user, cast.challenge, status=404)


def test_our_own_sides_note_shows_a_padlock_and_stays_on_our_side(cast: Cast, travel: Travel) -> None:
    matched(cast)
    travel(london(2026, 12, 24, 10))
    cast.take(
        "counterpart",
        "add_note",
        SENT + timedelta(hours=2),
        what="Ask the duty desk.",
        audience="own_setting_and_unit",
    )
    assert "Only our side and the unit" in page(cast.people["counterpart"], cast.challenge).text
    assert "Ask the duty desk." not in page(cast.people["raiser"], cast.challenge).text


def test_a_withdrawals_reason_is_for_raiser_and_unit_only(cast: Cast, travel: Travel) -> None:
    matched(cast)
    cast.take(
        "raiser",
        "withdraw",
        SENT + timedelta(hours=2),
        withdrawal_reason="under_pressure",
        note="I was told to stop.",
    )
    travel(london(2026, 12, 24, 10))
    for who, told in (("raiser", True), ("unit", True), ("counterpart", False), ("raising_lead", False)):
        seen = page(cast.people[who], cast.challenge).text
        assert ("felt under pressure" in seen, "I was told to stop." in seen) == (told, told), who


def test_a_withdrawal_under_pressure_looks_like_any_other_to_all_others(cast: Cast, travel: Travel) -> None:
    travel(london(2026, 12, 24, 10))
    pages = []
    for reason in ("under_pressure", "not_needed"):
        sent = matched(cast)
        cast.take("raiser", "withdraw", SENT + timedelta(hours=2), withdrawal_reason=reason)
        for who in ("counterpart", "raising_lead", "auditor"):
            client = Client()
            client.force_login(cast.people[who])
            html = client.get(sent.get_absolute_url()).content.decode()
            pages.append((who, OF_THIS_ONE.sub("", html)))
    assert pages[:3] == pages[3:]
    assert "The business unit should offer you a call" in page(cast.people["raiser"], first_of(cast)).text


OF_THIS_ONE = re.compile(r"[0-9a-f-]{36}|entry-\d+|[0-9A-Z]{3} [0-9A-Z]{4}|value=\"\w{64}\"")
"""What differs between any two pages: addresses, anchors, references and form tokens."""


def first_of(cast: Cast) -> Challenge:
    """The first challenge of the cast's raiser."""
    return Challenge.objects.filter(raised_by=cast.people["raiser"]).order_by("pk")[0]


# At every turn of the whole road, for everybody


REFUSED = {"recommendation_answer": "not_accepted", "reasons": "Not ours."}
ROAD: tuple[tuple[str, str, Answers], ...] = (
    ("raiser", "match", {"party": "care", **CALLED}),
    ("raiser", "match", {"party": "police", **CALLED}),
    ("counterpart", "ask_question", {"what": "Which session?"}),
    ("raiser", "answer_question", {"what": "The second."}),
    ("counterpart", "reply", {"answer": "differs", "what": "We see it so."}),
    ("officer", "reply", {"answer": "acted", "what": "We visited.", "acted_on": SENT.date()}),
    ("raiser", "escalate", {"still_asking": ["care"]}),
    ("responding_lead", "propose_return", {"to_earlier_stage": 1, "what": "A call may do."}),
    ("raising_lead", "decline_proposal", {"what": "It was tried."}),
    ("responding_lead", "reply", {"answer": "differs", "what": "The plan fits."}),
    ("raising_lead", "complete_form", FORM),
    ("raising_lead", "escalate", {"still_asking": ["care"]}),
    ("responding_senior", "reply", {"answer": "differs", "what": "We stand by it."}),
    ("raising_senior", "escalate", {"still_asking": ["care"]}),
    ("unit", "convene", {"chair": "An independent chair", "meets_on": date(2027, 1, 6)}),
    ("unit", "recommend", {"what": "Start in January.", "reasons": "Too long.", "raising_answers_too": True}),
    ("responding_senior", "answer_recommendation", REFUSED),
    ("raising_senior", "answer_recommendation", {"recommendation_answer": "accepted", "reasons": "Yes."}),
    ("raising_senior", "escalate", {"still_asking": ["care"]}),
    ("partner", "decide", {"what": "Start now.", "reasons": "The child waits."}),
    ("raising_senior", "settle", OUTCOME),
    ("raiser", "confirm_settled", {}),
)  # fmt: skip


@pytest.mark.large
def test_every_page_of_the_road_says_whose_turn_with_one_filled_button_at_most(
    cast: Cast, travel: Travel
) -> None:
    cast.raise_it()
    now = SENT
    for who, step, answers in ROAD:
        now += timedelta(minutes=10)
        given = dict(answers)
        if "party" in given:
            given["party"] = cast.party(getattr(cast, str(given["party"])))
        if "still_asking" in given:
            given["still_asking"] = [cast.party(cast.care)]
        travel(now)
        cast.take(who, step, now, **given)
        _look_at_every_page(cast)


def _look_at_every_page(cast: Cast) -> None:
    for who, user in cast.people.items():
        client = Client()
        client.force_login(user)
        response = client.get(cast.challenge.get_absolute_url())
        if response.status_code == 404:
            continue
        seen = Page(response)
        assert len(seen.filled) <= 1, (who, seen.filled)
        assert "Who can see this" in seen.text
        assert "None" not in seen.text.replace("None yet.", ""), who


# What it costs


def statements_for(user: User, of: Challenge) -> int:
    client = Client()
    client.force_login(user)
    client.get(of.get_absolute_url())
    with counted_sql() as statements:
        assert client.get(of.get_absolute_url()).status_code == 200
    assert len(statements) <= MOST_STATEMENTS, statements
    return len(statements)


def test_a_page_of_300_entries_costs_as_many_statements_as_one_of_3(travel: Travel) -> None:
    sent = challenge()
    assert sent.raised_by is not None
    travel(london(2026, 12, 24, 10))
    few = statements_for(sent.raised_by, sent)
    first = sent.entries.get()
    sent.entries.bulk_create(
        type(first)(
            challenge=sent,
            version=n,
            episode=1,
            stage=1,
            step="add_note",
            actor=sent.raised_by,
            seat="raiser",
            setting=sent.raising,
            occurred_at=SENT,
            recorded_at=SENT,
            words={"what": f"Note {n}"},
        )
        for n in range(2, 302)
    )
    assert statements_for(sent.raised_by, sent) == few


def test_a_withdrawn_challenge_stays_within_its_statements(cast: Cast, travel: Travel) -> None:
    matched(cast)
    cast.take("raiser", "withdraw", SENT + timedelta(hours=2), withdrawal_reason="not_needed")
    travel(london(2026, 12, 24, 10))
    for who in ("raiser", "unit", "responding_lead"):
        statements_for(cast.people[who], cast.challenge)
