"""The LADO's dip sample: drawn by the log, read by two inside the wall; words alone leave, by one door."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from core.machine import Moved, NotPermitted, Refused
from core.outbox.models import Message as LogMessage
from escalation.accounts.models import User
from escalation.assurance.evidence import findings
from escalation.lado import findings as door
from escalation.lado.models import Conflict, DipSample, Event, Message, Referral, SampleReading
from escalation.lado.sample_events import faults
from escalation.lado.sampling import year_up_to
from escalation.lado.services.sampling import (
    answer_record,
    draw_sample,
    end_sample,
    give_finding,
    propose_finding,
)
from escalation.policy.quarters import Quarter
from escalation.retelling.drawing import drawn_from
from tests.factories import person
from tests.lado.cast import NOW, Team
from tests.lado.sampled import acting, being_read, ended
from tests.moments import london
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
Q3 = Quarter(2026, 3)
"""Over since a few days."""
CLOSED = london(2026, 12, 10, 12)
QUESTIONS = ("in_time", "route", "basic_facts", "person_not_told", "records", "attended", "duties")
ALL_YES = dict.fromkeys(QUESTIONS, "yes")
FINDING = "Most employers told the LADO in time. Some talked to the adult before it was agreed."


@pytest.fixture
def team(travel: Callable[[datetime], None]) -> Team:
    travel(NOW)
    team = Team()
    team.people["neighbour"] = person("Nadia Firth", job="LADO, Sutton", role="neighbour_lado")
    team.contact(adult_name="Dominic Achterberg", employer_name="Northfield Transport")
    return team


def sample_of(team: Team, other: str = "deputy", number: int = 12, sector: str = "") -> DipSample:
    return being_read(
        by=team.people["lado"],
        other=team.people[other],
        policy=team.referral.policy_version,
        now=NOW,
        number=number,
        sector=sector,
    )


def client(user: User) -> Client:
    found = Client()
    found.force_login(user)
    return found


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def page(sample: DipSample, place: str = "") -> str:
    return f"/lado/samples/{sample.uuid}/{place}"


def read_all(sample: DipSample, *people: User) -> None:
    for who in people:
        for row in SampleReading.objects.filter(sample=sample, user=who):
            answer_record(sample, row.number, ALL_YES, by=acting(who, NOW))


def written(sample: DipSample, who: User, finding: str = FINDING, despite: str = "") -> DipSample:
    seen = DipSample.objects.get(pk=sample.pk).version
    return propose_finding(sample, finding=finding, despite=despite, seen=seen, by=acting(who, NOW))


def test_it_is_drawn_read_and_given_and_words_alone_leave(team: Team) -> None:
    ended(CLOSED, policy=team.referral.policy_version, number=12)
    lado, deputy = team.people["lado"], team.people["deputy"]
    Message.objects.all().delete()
    form = {"key": str(uuid4()), "quarter": str(Q3), "sector": "primary", "other": deputy.pk}
    for _ in range(2):
        shown = words(client(lado).post("/lado/samples/new/", form, follow=True))
    assert "It is your turn: 10 records to read." in shown
    sample = DipSample.objects.get()
    assert list(Message.objects.values_list("to__full_name", flat=True)) == ["Idris Bell"]
    assert not LogMessage.objects.exists()

    readings = Event.objects.filter(chain="lado-access", act="read").count()
    for number in range(1, 11):
        assert "Only basic facts before advice" in words(client(deputy).get(page(sample, f"{number}/")))
        assert "are kept" in words(client(deputy).post(page(sample, f"{number}/"), ALL_YES, follow=True))
    assert Event.objects.filter(chain="lado-access", act="read").count() == readings + 10
    read_all(sample, lado)
    said = {"finding": FINDING, "despite": "", "seen": sample.version}
    assert "is asked to give it" in words(client(deputy).post(page(sample, "finding/"), said, follow=True))
    assert door.given() == [], "nothing has left yet"
    assert findings() == []
    assert "The other reader has to give it" in words(client(deputy).post(page(sample, "give/"), follow=True))
    assert "It cannot be called back" in words(client(lado).get(page(sample, "give/")))
    assert "It is given" in words(client(lado).post(page(sample, "give/"), follow=True))

    [found] = door.given()
    assert (found.employers, found.until, found.words) == ("Primary school", Q3, FINDING)
    [told] = findings()
    assert told.as_values() == {
        "title": "Was local LADO policy followed? Primary school",
        "period": "The year up to October to December 2026",
        "readers": "The LADO",
        "given": "2027-01-05",
        "words": FINDING,
    }
    assert FINDING in words(client(team.outside["scrutineer"]).get("/dip-samples/findings/"))
    assert client(lado).get(page(sample, "1/")).status_code == 404, "it is read no more"
    assert list(faults()) == []


def test_what_leaves_has_no_number_of_records_and_no_answer(team: Team) -> None:
    names = set(door.Given.__dataclass_fields__)
    assert names == {"title", "standard", "standard_words", "until", "employers", "day", "words"}


def test_a_neighbour_reads_what_was_drawn_and_nothing_else_and_changes_nothing(team: Team) -> None:
    sample = sample_of(team, other="neighbour")
    neighbour = client(team.people["neighbour"])
    reading = SampleReading.objects.filter(sample=sample, number=1).first()
    assert reading is not None
    shown = neighbour.get(page(sample, "1/"))
    assert shown.status_code == 200
    assert "add_note" not in shown.content.decode()
    assert neighbour.get(reading.referral.get_absolute_url()).status_code == 404
    assert neighbour.post(f"{reading.referral.get_absolute_url()}add_note/", {}).status_code == 404
    assert neighbour.get(team.referral.get_absolute_url()).status_code == 404
    assert "Achterberg" not in neighbour.get("/lado/?show=open").content.decode()
    assert client(team.people["deputy"]).get(page(sample)).status_code == 404, "it is its two readers'"
    end_sample(sample, why="x", by=acting(team.people["lado"], NOW))
    assert neighbour.get(page(sample, "1/")).status_code == 404


def test_what_concerns_a_reader_is_not_drawn_and_is_lost_from_sight(team: Team) -> None:
    lado, deputy = team.people["lado"], team.people["deputy"]
    policy = team.referral.policy_version
    [theirs] = ended(CLOSED, policy=policy, number=1)
    Conflict.objects.create(referral=theirs, user=deputy, reason="family", since=NOW, named_by=lado)
    [ours] = ended(CLOSED, policy=policy, number=1, about_lado=True)
    [old] = ended(CLOSED, policy=policy, number=1, way="import")
    [before] = ended(london(2025, 12, 31, 12), policy=policy, number=1)
    sample = sample_of(team)
    left_out = {str(each.uuid) for each in (theirs, ours, old, before, team.referral)}
    assert len(sample.population) == 12
    assert not left_out & set(sample.population)
    row = SampleReading.objects.get(sample=sample, user=deputy, number=2)
    Conflict.objects.create(referral=row.referral, user=deputy, reason="family", since=NOW, named_by=lado)
    assert "9 records to read" in words(client(deputy).get(page(sample)))
    assert client(deputy).get(page(sample, "2/")).status_code == 404
    with pytest.raises(Referral.DoesNotExist):
        answer_record(sample, 2, ALL_YES, by=acting(deputy, NOW))


def test_nobody_picks(team: Team) -> None:
    sample = sample_of(team, number=30)
    read = sample.readings.order_by("number").values_list("number", "referral__uuid").distinct()
    assert [str(uuid) for _, uuid in read] == drawn_from(sample.population, bytes.fromhex(sample.seed))
    assert list(faults()) == []
    other = Referral.objects.exclude(uuid__in=[uuid for _, uuid in read]).last()
    assert other is not None
    SampleReading.objects.filter(sample=sample, number=1).update(referral=other)
    assert any("is not what was drawn" in str(each) for each in faults())


def test_who_draws_reads_and_gives(team: Team) -> None:
    lado, deputy = team.people["lado"], team.people["deputy"]
    policy = team.referral.policy_version
    for who in ("support", "neighbour"):
        with pytest.raises(NotPermitted):
            draw_sample(Q3, "", deputy, key=uuid4(), by=acting(team.people[who], NOW))
    assert client(team.people["support"]).get("/lado/samples/").status_code == 403
    with pytest.raises(Refused, match="Fewer than 3"):
        draw_sample(Q3, "police", deputy, key=uuid4(), by=acting(lado, NOW))
    ended(CLOSED, policy=policy, number=4)
    cases: tuple[tuple[Quarter, str, User, str], ...] = (
        (Quarter(2026, 4), "", deputy, "not over"),
        (Q3, "circus", deputy, "of the list"),
        (Q3, "", lado, "somebody else"),
        (Q3, "", team.people["support"], "somebody else"),
    )
    for until, sector, other, why in cases:
        with pytest.raises(Refused, match=why):
            draw_sample(until, sector, other, key=uuid4(), by=acting(lado, NOW))
    sample = draw_sample(Q3, "", deputy, key=uuid4(), by=acting(lado, NOW))
    with pytest.raises(Refused, match="every question of every record"):
        written(sample, lado)
    with pytest.raises(Refused, match="one of its answers"):
        answer_record(sample, 1, {"route": "yes"}, by=acting(lado, NOW))
    read_all(sample, lado, deputy)
    for finding, why in (
        ("7 of them were in time.", "“7”: Say it without numbers"),
        ("Dominic was told early.", "Change what the log asks about"),
    ):
        with pytest.raises(Refused, match=re.escape(why)):
            written(sample, lado, finding)
    written(sample, lado)
    with pytest.raises(Refused, match="The other reader has to give it"):
        give_finding(sample, by=acting(lado, NOW))
    with pytest.raises(Moved):
        propose_finding(sample, finding="Other.", despite="", seen=1, by=acting(deputy, NOW))
    client(deputy).post(page(sample, "send-back/"), {"why": "Say whom you mean by some."})
    assert "Say whom you mean by some." in words(client(lado).get(page(sample)))
    client(lado).post(page(sample, "end/"), {"why": "It takes too long."})
    with pytest.raises(Refused, match="No finding waits"):
        give_finding(sample, by=acting(deputy, NOW))
    assert door.given() == []


def test_the_database_holds_that_another_gave_it(team: Team) -> None:
    sample = sample_of(team)
    lado = team.people["lado"]
    with pytest.raises(IntegrityError), transaction.atomic():
        DipSample.objects.filter(pk=sample.pk).update(
            state="given", written_by=lado, given_by=lado, ended_at=NOW
        )


def test_pages_ask_as_little_of_ten_as_of_three(team: Team) -> None:
    lado, counts = team.people["lado"], []
    for number, sector in ((3, "primary"), (12, "secondary")):
        ended(CLOSED, policy=team.referral.policy_version, number=number, sector=sector)
        by = acting(lado, NOW)
        sample = draw_sample(Q3, sector, team.people["deputy"], key=uuid4(), by=by)
        paths = ("/lado/samples/", page(sample), page(sample, "1/"), page(sample, "finding/"))
        counts.append([asks(lado, path) for path in paths])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 20


def asks(user: User, path: str) -> int:
    reader = client(user)
    reader.get(path)
    with counted_sql() as found:
        assert reader.get(path).status_code == 200
    return len(found)


def test_a_year_up_to_a_quarter_has_four() -> None:
    begins, ends = year_up_to(Q3)
    assert (begins.date(), ends.date()) == (date(2026, 1, 1), date(2027, 1, 1))


def test_the_lados_trail_holds_over_records_that_really_ended(team: Team) -> None:
    for _ in range(3):
        team.contact(now=CLOSED)
        team.take("lado", "give_advice", CLOSED, what="Advice was given.")
    by = acting(team.people["lado"], NOW)
    sample = draw_sample(Q3, "", team.people["deputy"], key=uuid4(), by=by)
    read_all(sample, team.people["lado"], team.people["deputy"])
    written(sample, team.people["deputy"])
    give_finding(sample, by=by)
    call_command("verify_audit")
