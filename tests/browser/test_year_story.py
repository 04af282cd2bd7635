"""A year for Section 11 in a browser: a hard quarter, a forum of nine organisations, confidence up, an action
done, the police answer, staff and organisations say how it is, two read closed challenges, the LADO theirs;
the packs for Standards 4 and 7 are signed, and pulled by a system with a key."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen

import pytest

from escalation.accounts.scopes import Scope
from escalation.accounts.services import issue_token
from escalation.assurance.models import DipSample
from escalation.assurance.services import answer_case
from escalation.forums.models import Sitting
from escalation.forums.services import answer as answer_pulse
from escalation.forums.services import count, keep_pulses
from escalation.lado.models import DipSample as LadoSample
from escalation.lado.services.sampling import answer_record
from escalation.lado.services.taking import version_now
from escalation.surveys.models import Survey
from escalation.surveys.services import keep_surveys
from tests.assurance.sampled import acting, many_closed
from tests.browser.assured import (
    address_of_the_first,
    fills_in_the_answer,
    looks_at_both,
    pack_is_signed,
    pack_is_written,
)
from tests.browser.walk import Walk, lets_in
from tests.factories import organisation, person, policy, setting
from tests.forums.planned import acting as for_forums
from tests.forums.planned import sitting
from tests.lado.sampled import acting as in_the_team
from tests.lado.sampled import ended
from tests.moments import london
from tests.reporting.quarters import Q1, Q2, Unit, logged
from tests.surveys.held import YES, answered, opened

pytestmark = [pytest.mark.browser, pytest.mark.proof]

SPRING, FORUM = london(2026, 5, 12, 10), london(2026, 7, 8, 13, 50)
AFTER_FORUM, AUTUMN = FORUM + timedelta(days=15), london(2026, 9, 1, 10)
WINTER = london(2026, 11, 17, 10)
NINE = (
    "Oakfield Learning Trust",
    "South Thames Police",
    "Merton Council",
    "Larkfield Community Health Trust",
    "St Anselm Hospital Trust",
    "Probation South",
    "Harbour Domestic Abuse Service",
    "Riverside Housing",
    "Wandle Sports Club",
)


class Year:
    """Who is in it: the unit of two, a head and a lead elsewhere, the LADO and a deputy, a scrutineer."""

    def __init__(self) -> None:
        policy(today=SPRING.date())
        self.unit = Unit()
        self.ruth, self.omar = lets_in(self.unit.ruth), lets_in(self.unit.omar)
        self.nine = [organisation(name) for name in NINE]
        trust, police = self.nine[:2]
        school = setting("Oakfield Primary School", group="education", of=trust)
        station = setting("Child Safeguarding Unit South", group="police", of=police)
        self.joan = lets_in(person("Joan Field", job="head teacher", senior_lead=school))
        self.alan = lets_in(person("Alan Frost", job="detective inspector", senior_lead=station))
        self.lado = lets_in(person("Hannah Lyle", job="LADO", role="lado"))
        self.deputy = lets_in(person("Idris Bell", job="deputy LADO", role="deputy_lado"))
        self.isla = lets_in(person("Isla Grant", role="scrutineer"))
        system = person("The Executive’s reader", role="service")
        issued = issue_token(user=system, name="Reader", days=90, now=WINTER, scopes=Scope.REPORTS.value)
        self.key = issued.plain
        for key, expected in (
            ("challenges_large", 200),
            ("forums_middle", 100),
            ("survey_middle", 200),
            ("lado_middle", 150),
        ):
            self.unit.plan(key, expected=expected)


def test_the_year_of_a_partnership(walk: Walk) -> None:
    year = Year()
    a_hard_quarter(walk, year)
    a_forum_of_nine(walk, year)
    the_police_answer(walk, year)
    staff_and_organisations_say_how_it_is(walk, year)
    two_read_closed_challenges(walk, year)
    the_lado_reads_theirs(walk, year)
    packs_are_signed_and_pulled(walk, year)


def a_hard_quarter(walk: Walk, year: Year) -> None:
    """Challenges were raised in spring, and nobody answered: it is published."""
    logged(27, SPRING)
    year.unit.published(Q1)
    walk.at(FORUM - timedelta(days=10))
    walk.at(london(2026, 9, 1, 10))
    walk.is_(year.ruth, "/published/")
    looks_at_both(walk, "year-published", "April to June 2026")


def a_forum_of_nine(walk: Walk, year: Year) -> None:
    trust = year.nine[0]
    planned = FORUM - timedelta(days=20)
    forum = sitting(
        by=year.ruth, host=trust, invited=year.nine, now=planned, starts_at=london(2026, 7, 8, 14), places=90
    )
    pulse(forum, "before", "1122233", planned + timedelta(days=1))
    walk.at(FORUM)
    walk.is_(year.joan, forum.get_absolute_url())
    walk.press("Count who comes")
    walk.press("+1One more of Oakfield Learning Trust")
    walk.sees("1 person is here")
    for each, came in zip(year.nine[1:], (6, 9, 4, 3, 2, 2, 3, 1), strict=True):
        count(forum, each.pk, came, seen=0, by=for_forums(year.ruth, FORUM))
    walk.open(f"{forum.get_absolute_url()}door/")
    looks_at_both(walk, "year-door", "31 people are here")
    walk.is_(year.ruth, forum.get_absolute_url())
    walk.press("It is over: close it")
    walk.send()
    walk.sees("31 people came.")
    pulse(forum, "after", "33444555544", FORUM + timedelta(hours=3))
    walk.press("Write a pledge down")
    walk.fill(
        said="We do not know whom to ask next.", what="A card for every desk.", organisation=str(trust.pk)
    )
    walk.fill(owner="safeguarding lead", due="1 9 2026")
    walk.send()
    walk.at(AFTER_FORUM)
    keep_pulses(now=AFTER_FORUM)
    walk.is_(year.ruth, forum.get_absolute_url())
    looks_at_both(walk, "year-pulse-up", "How confident people are to challenge")
    walk.is_(year.joan, "/forums/board/")
    walk.press("Say what came of it: A card for every desk.")
    walk.fill(came="done", changed="Every desk has one.", evidence="Induction pack, last page.")
    walk.send()
    looks_at_both(walk, "year-board", "To be seen in: Induction pack, last page.")


def pulse(forum: Sitting, wave: str, levels: str, now: datetime) -> None:
    for level in levels:
        answer_pulse(forum.pulses.get(wave=wave), level, now=now)


def the_police_answer(walk: Walk, year: Year) -> None:
    walk.at(AUTUMN)
    walk.is_(year.ruth, "/assurance/new/?about=lado_policy")
    walk.fill(organisation=str(year.nine[1].pk), due="22 9 2026")
    walk.send()
    walk.sees("South Thames Police has to answer")
    walk.is_(year.alan, "/challenges/")
    walk.press("Your organisation is asked: Does your procedure follow local LADO policy?")
    walk.press("Write the answer")
    fills_in_the_answer(walk)
    walk.press("Send the answer")
    walk.sees("Your answer is sent.")
    walk.is_(year.omar, "/assurance/")
    walk.open(address_of_the_first(walk))
    walk.press("Rate the answer")
    walk.fill(rating="partly", what="Clause 1 is still to be changed.", retest_on="1 3 2027")
    walk.send()
    looks_at_both(walk, "year-police", "It is your turn to say what follows")


def staff_and_organisations_say_how_it_is(walk: Walk, year: Year) -> None:
    trust, police = year.nine[:2]
    survey = opened(by=year.ruth, now=AUTUMN)
    walk.is_(year.joan, "/surveys/")
    looks_at_both(walk, "year-survey-open", "Pass this link on to your people")
    walk.screen.delete_all_cookies()
    walk.signed_in = None
    walk.open(survey.get_absolute_url())
    looks_at_both(walk, "year-survey", "Where do you work?")
    walk.fill(organisation=str(trust.pk), **YES)
    walk.send()
    looks_at_both(walk, "year-survey-thanks", "that is all we keep")
    answered(survey, trust, 24, now=AUTUMN)
    answered(survey, trust, 13, now=AUTUMN, said=YES | {"supported": "no"})
    answered(survey, police, 26, now=AUTUMN, said=YES | {"know_route": "partly"})
    for each in year.nine[2:]:
        answered(survey, each, 5, now=AUTUMN, said=YES | {"know_policy": "no"})
    over = AUTUMN + timedelta(days=16)
    keep_surveys(now=over)
    assert Survey.objects.get().sealed_at
    walk.at(over)
    walk.is_(year.joan, "/assurance/ratings/")
    walk.press("Say how you see yourselves: Oakfield Learning Trust, standard 4")
    looks_at_both(walk, "year-self-rate", "How do you see yourselves?")
    walk.fill(rating="partly", words="Staff know it. New staff hear of it late.")
    walk.send()
    walk.is_(year.ruth, "/assurance/ratings/")
    looks_at_both(walk, "year-both", "New staff hear of it late.", "Fewer than ten people answered")
    walk.open("/surveys/")
    looks_at_both(walk, "year-surveys", "Exact numbers, not for release.")


def two_read_closed_challenges(walk: Walk, year: Year) -> None:
    many_closed(14, london(2026, 8, 12, 12))
    walk.at(london(2026, 10, 13, 10))
    walk.is_(year.ruth, "/dip-samples/")
    looks_at_both(walk, "year-samples-none", "None is drawn yet.")
    walk.press("Draw a sample")
    seats = {who: str(who.seats.get().pk) for who in (year.joan, year.alan)}
    walk.fill(quarter=str(Q2), first=seats[year.joan], second=seats[year.alan])
    looks_at_both(walk, "year-sample-draw", "Who reads it too?")
    walk.send()
    looks_at_both(walk, "year-sample-unit", "It is drawn.", "are reading it")
    sample = DipSample.objects.get()
    walk.is_(year.joan, sample.get_absolute_url())
    looks_at_both(walk, "year-sample-reader", "10 challenges to read")
    walk.open(f"{sample.get_absolute_url()}1/")
    looks_at_both(walk, "year-sample-case", "Was the voice of the child considered?")
    said = {each["code"]: "yes" for each in sample.questions} | {"impact": "partly"}
    walk.fill(**said)
    walk.send()
    now = walk.now
    for who in (year.joan, year.alan):
        for case in sample.cases.all():
            answer_case(sample, case.number, said, by=acting(who, now))
    walk.open(f"{sample.get_absolute_url()}finding/")
    walk.fill(finding="Most were answered in time, as Joan Field says.")
    walk.press("Ask the other reader to agree")
    looks_at_both(walk, "year-finding-asked", "The log asks about:")
    walk.fill(finding="Most were answered in time. What changed for the child is not always written down.")
    walk.send()
    walk.is_(year.alan, sample.get_absolute_url())
    looks_at_both(walk, "year-finding-agree", "I agree: give it")
    walk.press("I agree: give it")
    walk.sees("The finding is given.")


def the_lado_reads_theirs(walk: Walk, year: Year) -> None:
    now = walk.now
    version = version_now(now)
    ended(london(2026, 8, 12, 12), policy=version, number=32, sector="secondary")
    walk.is_(year.lado, "/lado/samples/")
    looks_at_both(walk, "year-lado-samples", "You read none.")
    walk.press("Draw a sample")
    walk.fill(quarter=str(Q2), sector="secondary", other=str(year.deputy.pk))
    looks_at_both(walk, "year-lado-draw", "Who reads it beside you?")
    walk.send()
    sample = LadoSample.objects.get()
    looks_at_both(walk, "year-lado-sample", "10 records to read")
    walk.open(f"{sample.get_absolute_url()}1/")
    looks_at_both(walk, "year-lado-record", "You read this for a dip sample")
    said = {each["code"]: "yes" for each in sample.questions} | {"person_not_told": "partly"}
    for who in (year.lado, year.deputy):
        for row in sample.readings.filter(user=who):
            answer_record(sample, row.number, said, by=in_the_team(who, now))
    walk.open(f"{sample.get_absolute_url()}finding/")
    looks_at_both(walk, "year-lado-finding", "What did you find?")
    walk.fill(finding="Most schools told the LADO in time. Some talked to the adult too early.")
    walk.send()
    walk.is_(year.deputy, sample.get_absolute_url())
    walk.press("Give it")
    looks_at_both(walk, "year-lado-give", "Give this finding out of the wall?")
    walk.send()
    looks_at_both(walk, "year-lado-given", "It is given.")


def packs_are_signed_and_pulled(walk: Walk, year: Year) -> None:
    for subject in ("challenges", "forums", "survey", "lado"):
        year.unit.published(Q2, subject)
    walk.at(WINTER)
    walk.is_(year.ruth, "/packs/")
    four = pack_is_written(walk, str(Q2), 4, "People ask each other more. The card helps.")
    looks_at_both(walk, "year-pack-4-offered", "A colleague has to read it and sign.")
    seven = pack_is_written(walk, str(Q2), 7, "The police put their procedure beside ours.")
    walk.is_(year.omar, four)
    for path in (four, seven):
        pack_is_signed(walk, path)
    looks_at_both(walk, "year-pack-7", "South Thames Police", "Some talked to the adult too early.")
    walk.is_(year.isla, four)
    looks_at_both(
        walk,
        "year-pack-4",
        "New staff hear of it late.",
        "What changed for the child is not always written down.",
        "Every desk has one.",
        "Published figures: open forums",
        "Would their manager stand by them?",
    )
    walk.fill(text="Young people should hear of the card, too.")
    walk.send()
    walk.open("/dip-samples/findings/")
    looks_at_both(walk, "year-findings", "What dip samples found", "The LADO")
    for standard, subjects in ((4, ["challenges", "forums", "survey"]), (7, ["lado", "survey"])):
        told = pulled(walk, year.key, standard)
        assert [each["subject"] for each in (told["figures"], *told["more_figures"])] == subjects
        assert told["findings"]
        assert told["signed_by"] == "Omar Haddad"
    assert pulled(walk, year.key, 7)["answers"][0]["organisation"] == "South Thames Police"


def pulled(walk: Walk, key: str, standard: int) -> dict[str, Any]:
    """As a system gets it, by its key."""
    url = f"{walk.log.url}/api/v1/packs/{Q2}/{standard}/"
    with urlopen(Request(url, headers={"Authorization": f"Bearer {key}"})) as answer:  # noqa: S310 - our own
        told: dict[str, Any] = json.load(answer)
    return told
