"""The list, as its readers find it: whose turn, by when, and only what each of them may know."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation.accounts.models import User
from escalation.challenges.models import Challenge, Party, PartyRole
from escalation.challenges.reference import spoken
from escalation.challenges.workflow import ENDED, OPEN, Status
from tests.challenges.many import NOW, World, many, settings_and_people
from tests.factories import WORDS, challenge, person, setting
from tests.moments import london

LIST = "/challenges/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(travel: Callable[[datetime], None]) -> World:
    """It is Wednesday 30 December 2026, 10am."""
    travel(NOW)
    return settings_and_people()


class Reader:
    """Somebody who looks at lists, and reads them as a person would."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)

    def open(self, address: str = LIST, **asked: str) -> str:
        """The page itself."""
        answer = self.client.get(address + (f"?{urlencode(asked)}" if asked else ""))
        assert answer.status_code == 200
        return answer.content.decode()

    def page(self, address: str = LIST, **asked: str) -> str:
        return plain(self.open(address, **asked))

    def rows(self, address: str = LIST, **asked: str) -> list[str]:
        """The words of each row, on every page of the list."""
        found, html = [], self.open(address, **asked)
        while True:
            found += [plain(row) for row in re.findall(r"<tr role=\"row\"><td.*?</tr>", html, re.DOTALL)]
            further = re.search(r'rel="next" href="([^"]+)"', html)
            if further is None:
                return found
            html = self.open(LIST + unescape(further[1]))

    def chips(self, address: str = LIST, **asked: str) -> dict[str, tuple[int, str]]:
        """Label -> number and address."""
        html = self.open(address, **asked)
        strip = html.split('<nav aria-label="Show">')[1].split("</nav>")[0]
        found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+) <span class="cl-num">([\d,]+)</span>', strip)
        return {label: (int(number.replace(",", "")), unescape(url)) for url, label, number in found}

    def headings(self, **asked: str) -> list[str]:
        html = self.open(**asked)
        return [plain(found) for found in re.findall(r'<th role="rowheader"[^>]*>(.*?)</th>', html)]


def plain(html: str) -> str:
    """A page's words, with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def due(case: Challenge, when: datetime | None, **more: object) -> Challenge:
    """As if the services had reckoned this time."""
    Challenge.objects.filter(pk=case.pk).update(**{"next_due": when, "overdue_from": when, **more})
    return case


# Two readers


def test_a_practitioner_sees_what_they_raised_and_what_is_asked_of_them(world: World) -> None:
    me, team, police, ward = world.practitioners[0], world.settings[0], world.settings[4], world.settings[3]
    raised = challenge(by=me, raising=team, asked=[police])
    asked = challenge(by=world.practitioners[3], raising=ward, asked={team: me})
    not_mine = challenge(by=world.practitioners[3], raising=ward, asked=[team])

    page = Reader(me).page()

    assert "My challenges" in page
    assert spoken(raised.reference) in page
    assert spoken(asked.reference) in page
    assert spoken(not_mine.reference) not in page
    assert "We asked Police, Child Safeguarding Unit South" in page
    assert "Northway Hospital, Children’s Ward asked us" in page


def test_a_lead_sees_both_sides_of_their_setting_and_no_other(world: World) -> None:
    team, police, ward = world.settings[0], world.settings[4], world.settings[3]
    ours = challenge(by=world.practitioners[0], raising=team, asked=[police])
    theirs = challenge(by=world.practitioners[3], raising=ward, asked=[team, police])
    elsewhere = challenge(by=world.practitioners[3], raising=ward, asked=[police])

    page = Reader(world.lead).page()

    assert "Work list" in page
    assert "Family Safeguarding Team 2, Wednesday 30 December 2026." in page
    assert spoken(ours.reference) in page
    assert spoken(theirs.reference) in page
    assert spoken(elsewhere.reference) not in page
    assert "Children’s Ward asked us and 1 other" in page


def test_whose_turn_is_said_from_where_the_reader_stands(world: World) -> None:
    team, police = world.settings[0], world.settings[4]
    challenge(by=world.practitioners[0], raising=team, asked=[police])

    assert "Theirs" in Reader(world.leads[0]).rows()[0]
    assert "Ours" in Reader(world.leads[4]).rows()[0]
    assert "The police" in Reader(world.unit).rows()[0]


def test_a_list_holds_no_free_text_but_the_raisers_label_for_the_raiser(world: World) -> None:
    me, team, police = world.practitioners[0], world.settings[0], world.settings[4]
    challenge(by=me, raising=team, asked=[police], label="five weeks without a visit")

    assert "five weeks without a visit" in Reader(me).page()
    for reader in (world.leads[0], world.leads[4], world.unit):
        page = Reader(reader).page()
        assert "five weeks" not in page
        assert me.full_name not in page
    for words in WORDS.values():
        assert words not in Reader(me).page()


def test_a_lead_of_a_setting_that_supports_sees_the_row(world: World) -> None:
    case = challenge(by=world.practitioners[0], raising=world.settings[0], asked=[world.settings[4]])
    Party.objects.create(challenge=case, setting=world.settings[1], role=PartyRole.SUPPORTING, stage=1)

    row = Reader(world.leads[1]).rows()[0]

    assert "Family Safeguarding Team 2 asked Police, Child Safeguarding Unit South" in row
    assert "Ours" not in row


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("administrator", "As system administrator you look after people and their seats."),
        ("scrutineer", "As scrutineer you see no challenges and no names."),
        ("young_scrutineer", "As scrutineer you see no challenges and no names."),
        ("lado", "kept apart from this log"),
        ("service", "This account is for another system."),
        ("", "Your account has no seat"),
    ],
)
def test_who_has_no_list_reads_what_they_can_do_here(world: World, role: str, told: str) -> None:
    challenge(by=world.practitioners[0], raising=world.settings[0], asked=[world.settings[4]])
    reader = Reader(person("Nobody In Particular", role=role) if role else person("Nobody In Particular"))

    assert reader.rows() == []
    assert "What you can do here" in reader.page()
    assert told in reader.page()
    assert "Filter by" not in reader.page()


def test_a_head_of_service_below_stage_3_is_not_told_that_there_is_none(world: World) -> None:
    challenge(by=world.practitioners[0], raising=world.settings[0], asked=[world.settings[4]])
    page = Reader(person("Ruth Hartley", senior_lead=world.settings[0])).page()
    assert "None has reached you yet" in page
    assert "from stage 3 on" in page
    assert "Nobody here has raised" not in page


def test_nobody_sees_a_list_without_signing_in(client: Client) -> None:
    assert client.get(LIST).status_code == 302


# By when


def test_rows_stand_under_the_time_they_are_due_by(world: World) -> None:
    team, police = world.settings[0], world.settings[4]
    cases = [challenge(by=world.practitioners[0], raising=team, asked=[police]) for _ in range(7)]
    due(cases[0], london(2026, 12, 29, 17))
    due(cases[1], london(2026, 12, 30, 17))
    due(cases[2], london(2027, 1, 5, 17))
    due(cases[3], london(2027, 1, 6, 17))
    due(cases[4], None)
    due(cases[5], london(2026, 12, 31, 14, 20), fast=True)
    # Due at once, so not late before 17:00 of that working day.
    due(cases[6], london(2026, 12, 30, 9), overdue_from=london(2026, 12, 30, 17))
    reader = Reader(world.lead)

    assert reader.headings() == [
        "Overdue (1)",
        "Due today, Wed 30 December (2)",
        "Due by Tue 5 January 2027 (2)",
        "Later (1)",
        "No date (1)",
    ]
    said = [row.split(" challenge ")[0] for row in reader.rows()]
    assert said[0].startswith("Tue 29 Dec")
    assert said[1].startswith("Today ")
    assert said[2].startswith("Today, 5pm")
    assert said[3].startswith("Thu 31 Dec, 2:20pm fast track")
    assert said[4].startswith("Tue 5 Jan 2027")
    assert said[6].startswith("No date")
    assert "1 is overdue, 2 are due today." in reader.page()


def test_what_is_overdue_says_so_where_no_heading_does(world: World) -> None:
    case = challenge(by=world.practitioners[0], raising=world.settings[0], asked=[world.settings[4]])
    due(case, london(2026, 12, 29, 17))

    assert "Overdue, Tue 29 Dec" in Reader(world.lead).rows(sort="reference")[0]


def test_a_withdrawn_challenge_has_no_time_and_nobodys_turn_so_its_reason_stays_untold(world: World) -> None:
    """Rule 10: what the unit owes after a withdrawal under pressure is for the raiser and the unit only."""
    team, police = world.settings[0], world.settings[4]
    closed = {"status": Status.WITHDRAWN, "closed_at": london(2026, 12, 29, 12)}
    pressed, plainly = (challenge(by=world.practitioners[0], raising=team, asked=[police]) for _ in range(2))
    due(pressed, london(2027, 1, 4, 17), **closed, unit_owes=True)
    due(plainly, None, **closed)

    for user in (world.leads[0], world.leads[4]):
        rows = Reader(user).rows(show="withdrawn")
        told = {re.sub(r"\b[\w]{3} [\w]{4}\b", "REF", row) for row in rows}
        assert len(rows) == 2
        assert len(told) == 1, told
        assert Reader(user).rows(show="withdrawn", due_from="1 1 2026") == []


# Numbers


READERS: dict[str, Callable[[World], User]] = {
    "practitioner": lambda world: world.practitioners[0],
    "lead": lambda world: world.lead,
    "unit": lambda world: world.unit,
}
NARROWED: tuple[dict[str, str], ...] = (
    {},
    {"stage": "1"},
    {"fast": "yes"},
    {"side": "raised", "due_by": "4 1 2027"},
    {"due_from": "today", "sort": "-opened"},
)


@pytest.mark.large
@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("asked", NARROWED, ids=str)
def test_the_number_on_a_chip_is_that_of_the_rows_behind_it(
    world: World, who: str, asked: dict[str, str]
) -> None:
    many(160, world)
    reader = Reader(READERS[who](world))

    chips = reader.chips(**asked)

    for label, (number, address) in chips.items():
        assert len(reader.rows(address)) == number, label
    assert chips["All open"][0] == sum(chips[name][0] for name in ("Our turn", "Their turn", "On hold"))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=st.integers(0, 40),
    seed=st.integers(0, 10_000),
    who=st.sampled_from(sorted(READERS)),
    asked=st.sampled_from(NARROWED),
)
def test_numbers_equal_their_lists_whatever_there_is(
    world: World, number: int, seed: int, who: str, asked: dict[str, str]
) -> None:
    """Of some that have ended the raiser is asked how they were treated since."""
    many(number, world, seed=seed)
    Challenge.objects.filter(status__in=ENDED, stage=1).update(ask_treated_from=NOW - timedelta(days=1))
    reader = Reader(READERS[who](world))
    for label, (shown, address) in reader.chips(**asked).items():
        assert len(reader.rows(address)) == shown, label
    asked_back = [row for row in reader.rows(show="any") if "A question for you" in row]
    assert sorted(asked_back) == sorted(reader.rows(show="asked"))


@pytest.mark.parametrize("who", READERS)
def test_every_row_that_says_ours_is_behind_our_turn_and_no_other(world: World, who: str) -> None:
    many(160, world)
    reader = Reader(READERS[who](world))

    ours = [row for row in reader.rows() if " Ours " in row]

    assert sorted(ours) == sorted(reader.rows(show="ours"))
    assert all("On hold" in row for row in reader.rows(show="hold"))


@pytest.mark.parametrize("show", ["open", "ours", "ended", "any"])
def test_the_number_in_a_heading_counts_the_rows_on_other_pages_too(world: World, show: str) -> None:
    many(160, world)
    reader = Reader(world.unit)

    last = max(1, -(-len(reader.rows(show=show)) // 25))
    headings = {h for n in range(1, last + 1) for h in reader.headings(show=show, page=str(n))}

    assert sum(int(re.sub(r"\D", "", h.rsplit("(", 1)[1])) for h in headings) == len(reader.rows(show=show))


def test_a_page_has_25_rows_and_says_where_one_is(world: World) -> None:
    many(160, world)
    reader = Reader(world.unit)
    number = Challenge.objects.filter(status__in=OPEN).count()

    page = reader.page(page="2")

    assert f"26 to 50 of {number}." in page
    assert "Previous 25" in page
    assert f"{number - number % 25 + 1} to {number} of {number}." in reader.page(page="99999")


def test_only_the_unit_sees_the_quarter_so_far(world: World) -> None:
    many(40, world)
    since = london(2026, 10, 1, 0)
    opened = Challenge.objects.filter(opened_at__gte=since).count()

    assert f"October to December 2026 so far: {opened} opened" in Reader(world.unit).page()
    assert "so far" not in Reader(world.lead).page()


def test_what_was_withdrawn_counts_as_closed_in_the_quarter(world: World) -> None:
    case = challenge(by=world.practitioners[0], raising=world.settings[0], asked=[world.settings[4]])
    due(case, None, status=Status.WITHDRAWN, closed_at=NOW)
    assert "1 closed." in Reader(world.unit).page()


# Narrowing and order


def test_each_filter_leaves_what_it_says(world: World) -> None:
    many(160, world)
    place, about = world.settings[1], world.version.policy.terms("about")[0]
    issue = world.version.policy.terms("issue")[0]
    at_place = Challenge.objects.filter(parties__setting=place)
    tables = {
        ("stage", "2"): Challenge.objects.filter(stage=2),
        ("setting", str(place.uuid)): at_place,
        ("about", f"about:{about.code}"): Challenge.objects.filter(about=about.code),
        ("about", f"issue:{issue.code}"): Challenge.objects.filter(issue=issue.code),
        ("fast", "yes"): Challenge.objects.filter(fast=True),
        ("due_by", "31 December 2026"): Challenge.objects.filter(next_due__lt=london(2027, 1, 1, 0)).exclude(
            status__in=[Status.WITHDRAWN]
        ),
        ("show", "settled"): Challenge.objects.filter(status=Status.SETTLED),
        ("reference", spoken(at_place[0].reference).lower()): at_place[:1],
    }
    reader = Reader(world.unit)
    for (name, value), expected in tables.items():
        asked = {"show": "any"} | {name: value}
        assert references(reader.rows(**asked)) == {spoken(c.reference) for c in expected}, name


def references(rows: list[str]) -> set[str]:
    """The last words of each row."""
    return {" ".join(row.split()[-2:]) for row in rows}


def test_what_is_set_is_listed_in_words_with_a_way_to_take_it_out(world: World) -> None:
    many(40, world)
    page = Reader(world.lead).open(stage="1", due_by="5 1 2027", reference="k7", side="asked")

    assert '<details class="govuk-details" open>' in page
    for words in ("Due by Tuesday 5 January 2027", "Reference K7", "Asked of our side"):
        assert words in plain(page)
    assert 'href="/challenges/?due_by=5+1+2027&amp;reference=k7&amp;side=asked"' in page
    assert '<details class="govuk-details">' in Reader(world.lead).open()


@pytest.mark.parametrize(
    ("sort", "column", "direction"),
    [
        ("", "Due", "ascending"),
        ("-due", "Due", "descending"),
        ("stage", "Stage", "ascending"),
        ("-stage", "Stage", "descending"),
        ("reference", "Reference", "ascending"),
        ("-opened", "Challenge, by when it was opened", "descending"),
    ],
)
def test_a_list_says_in_which_order_it_is(world: World, sort: str, column: str, direction: str) -> None:
    many(80, world)
    html = Reader(world.unit).open(**({"sort": sort} if sort else {}))

    sorted_by = re.findall(r'<th [^>]*aria-sort="(\w+)"[^>]*><a [^>]+>([^<]+)</a>', html)

    assert sorted_by == [(direction, column)]


def test_rows_come_in_the_order_that_was_asked_for(world: World) -> None:
    many(80, world)
    reader = Reader(world.unit)
    stages = [int(re.sub(r".*?(\d) \w{3} \w{4}$", r"\1", row)) for row in reader.rows(sort="-stage")]
    signs = [row.split()[-2:] for row in reader.rows(sort="reference")]

    assert stages == sorted(stages, reverse=True)
    assert signs == sorted(signs)


WRONG = (
    ("stage", "99", "There is no such stage here"),
    ("stage", "two", "There is no such stage here"),
    ("setting", "not-a-uuid", "That setting is in none of these challenges"),
    ("setting", "8f14e45f-ceea-467f-a0e6-0c1a1d8d5a5b", "That setting is in none of these challenges"),
    ("about", "about:' OR 1=1 --", "Choose what it is about"),
    ("due_by", "32 13 2026", "Enter a date, like 31 12 2026"),
    ("due_from", "soon", "Enter a date, like 31 12 2026"),
    ("due_from", "\x00", "Enter a date, like 31 12 2026"),
    ("due_by", "1 1 99999", "Enter a date"),
    ("reference", "<b>?</b>", "A reference has seven letters and numbers"),
    ("reference", "K7M\x004Q", "A reference has seven letters and numbers"),
    ("reference", "K7M4QX9K7M4QX9", "A reference has seven letters and numbers"),
    ("show", "everything", "There is no such list"),
    ("sort", "opened_at; DROP", "There is no such order"),
    ("fast", "maybe", "Choose fast track or not"),
    ("side", "both", "Choose who asked"),
)


@pytest.mark.parametrize(("name", "typed", "message"), WRONG)
def test_what_cannot_be_read_is_said_and_kept(world: World, name: str, typed: str, message: str) -> None:
    many(20, world)
    html = Reader(world.lead).open(**{name: typed, "stage" if name != "stage" else "fast": ""})

    assert message in plain(html)
    assert "There is a problem" in plain(html)
    assert '<details class="govuk-details" open>' in html
    if name in ("due_by", "due_from", "reference"):
        assert f'value="{typed}"'.replace("<", "&lt;").replace(">", "&gt;") in html


@pytest.mark.parametrize(
    "query", ["page=abc", "page=-1", "page=99999999", "page=%00", "x=y", "stage=%ff", "page=1&page=2"]
)
def test_an_odd_address_is_no_error(world: World, query: str) -> None:
    many(20, world)
    Reader(world.lead).open(f"{LIST}?{query}")


def test_a_setting_that_is_in_none_of_my_challenges_is_not_offered(world: World) -> None:
    challenge(by=world.practitioners[0], raising=world.settings[0], asked=[world.settings[4]])
    hidden = setting("Somewhere Else Entirely")
    challenge(by=person(practitioner=hidden), raising=hidden, asked=[world.settings[4]])

    assert hidden.name not in Reader(world.lead).page()
    assert hidden.name in Reader(world.leads[4]).page()


# To a case and back


def test_the_filter_is_still_there_on_the_way_back_from_a_case(world: World) -> None:
    many(80, world)
    reader = Reader(world.unit)
    reader.open(show="theirs", stage="", due_by="4 1 2027", page="2")

    back = reader.client.get(LIST, {"back": "1"})

    assert back.status_code == 302
    assert back.headers["Location"] == "/challenges/?show=theirs&due_by=4+1+2027&page=2"
    reader.open()
    assert reader.client.get(LIST, {"back": "1"}).headers["Location"] == LIST


# Where there is none


def test_a_lead_with_nothing_logged_is_told_that_this_is_no_score(world: World) -> None:
    page = Reader(world.lead).page()

    assert "None logged yet" in page
    assert "Nobody here has raised a challenge, and none has reached you from others." in page
    assert "That is not a score: it may mean people are not sure how." in page
    assert "Raise a challenge" in page
    assert list(Reader(world.lead).chips()) == ["All open", "Closed"]
    assert "Filter by" not in page


def test_each_empty_list_says_why_and_what_next(world: World) -> None:
    team, police = world.settings[0], world.settings[4]
    assert "You have not sent a challenge" in Reader(world.practitioners[0]).page()
    assert "That is a question, not a score" in Reader(world.unit).page()

    case = challenge(by=world.practitioners[0], raising=team, asked=[police])
    due(case, NOW + timedelta(days=2))
    reader = Reader(world.lead)
    assert "It is not your turn in any challenge" in reader.page(show="ours")
    assert "Nothing is overdue" in reader.page(show="overdue")
    assert "Nothing is on hold" in reader.page(show="hold")
    assert "See all open (1)" in reader.page(show="hold")
    assert "Nothing matches here 1 challenge matches elsewhere" in reader.page(show="ours", side="raised")
    assert "No challenge that you can see is like this" in reader.page(show="any", side="asked")

    due(case, None, status=Status.CLOSED, closed_at=NOW)
    assert "Nothing is open 1 challenge is closed." in reader.page()
