"""A dip sample: drawn by the log, read by two who had no part, a finding that both stand for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from core.machine import Moved, NotPermitted, Refused
from core.outbox.models import Message
from escalation.access.fields import FieldGroup
from escalation.access.standing import standing_of
from escalation.accounts.models import User
from escalation.assurance.events import faults
from escalation.assurance.models import CaseReading, DipSample, SampleCase
from escalation.assurance.services import (
    Reader,
    agree,
    answer_case,
    draw_sample,
    end_sample,
    propose_finding,
)
from escalation.challenges.models import Challenge, Conflict, Entry, Grant
from escalation.challenges.queries import view_case
from escalation.policy.quarters import Quarter
from escalation.retelling.drawing import drawn_from
from tests.assurance.sampled import acting, being_read, closed, many_closed, readers_of
from tests.challenges.cast import Cast
from tests.challenges.test_refusals import settled
from tests.factories import SENT, organisation, person, policy, setting
from tests.moments import london
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
NOW = london(2026, 11, 3, 10)
CLOSED = london(2026, 9, 10, 12)
Q2 = Quarter(2026, 2)
ALL_YES = dict.fromkeys(("voice", "policy", "on_time", "impact", "told", "respect"), "yes")
FINDING = "Most were answered in time. What changed for the child is not always written down."
Travel = Callable[[datetime], None]


@dataclass
class Partnership:
    ruth: User
    omar: User
    joan: User
    alan: User
    isla: User


@pytest.fixture
def them(travel: Travel) -> Partnership:
    travel(NOW)
    policy(today=london(2026, 4, 1).date())
    school = setting("Oakfield", group="education", of=organisation("Oakfield Trust"))
    police = setting("Child Safeguarding Unit", group="police", of=organisation("South Thames Police"))
    return Partnership(
        person("Ruth Ames", role="business_unit"),
        person("Omar Haddad", role="business_unit"),
        person("Joan Field", job="head teacher", senior_lead=school),
        person("Alan Frost", job="detective inspector", lead=police),
        person("Isla Grant", role="scrutineer"),
    )


def sample_of(them: Partnership, number: int = 12) -> DipSample:
    return being_read(by=them.ruth, readers=[them.joan, them.alan], now=NOW, number=number)


def client(user: User) -> Client:
    found = Client()
    found.force_login(user)
    return found


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def page(sample: DipSample, place: str = "") -> str:
    return f"/dip-samples/{sample.uuid}/{place}"


def read_all(sample: DipSample, *people: User, answers: dict[str, str] = ALL_YES) -> None:
    for who in people:
        for case in sample.cases.all():
            answer_case(sample, case.number, answers, by=acting(who, NOW))


def written(sample: DipSample, who: User, finding: str = FINDING, despite: str = "") -> DipSample:
    seen = DipSample.objects.get(pk=sample.pk).version
    return propose_finding(sample, finding=finding, despite=despite, seen=seen, by=acting(who, NOW))


def test_a_sample_is_drawn_read_agreed_and_seen_by_scrutineers_as_words_alone(them: Partnership) -> None:
    many_closed(12, CLOSED)
    seats = {who: who.seats.get().pk for who in (them.joan, them.alan)}
    form = {"key": str(uuid4()), "quarter": str(Q2), "first": seats[them.joan], "second": seats[them.alan]}
    for _ in range(2):
        shown = words(client(them.ruth).post("/dip-samples/new/", form, follow=True))
    sample = DipSample.objects.get()
    assert sample.cases.count() == 10
    references = [each.challenge.reference for each in sample.cases.select_related("challenge")]
    assert not any(each in shown for each in references), "the unit does not see which"
    told = sorted(Message.objects.values_list("kind", "to__full_name"))
    assert told == [("sample_to_read", "Alan Frost"), ("sample_to_read", "Joan Field")]

    joan, alan = client(them.joan), client(them.alan)
    assert "It is your turn: 10 challenges to read." in words(joan.get(page(sample)))
    first = sample.cases.get(number=1).challenge
    assert joan.get(first.get_absolute_url()).status_code == 200
    assert client(them.isla).get(first.get_absolute_url()).status_code == 404
    for number in range(1, 11):
        assert "are kept" in words(joan.post(page(sample, f"{number}/"), ALL_YES, follow=True))
    read_all(sample, them.alan, answers=ALL_YES | {"impact": "partly"})
    assert "You two differ on 10 answers" in words(joan.get(page(sample)))

    said = {"finding": FINDING, "despite": "", "seen": sample.version}
    assert "The other reader is asked" in words(joan.post(page(sample, "finding/"), said, follow=True))
    assert "Somebody" not in words(joan.post(page(sample, "finding/"), said, follow=True)), "a second click"
    assert "The other reader has to agree" in words(joan.post(page(sample, "agree/"), follow=True))
    assert FINDING in words(alan.get(page(sample)))
    assert "The finding is given" in words(alan.post(page(sample, "agree/"), follow=True))

    assert joan.get(first.get_absolute_url()).status_code == 404, "sight ends with the finding"
    assert joan.get(page(sample)).status_code == 404
    found = words(client(them.isla).get("/dip-samples/findings/"))
    assert FINDING in found
    assert "Oakfield Trust and South Thames Police" in found
    assert not any(each in found for each in references)
    assert "South Thames Police" in words(client(them.ruth).get(page(sample)))
    assert list(faults()) == []


def test_nobody_picks_and_the_draw_can_be_done_again(them: Partnership) -> None:
    sample = sample_of(them, number=40)
    drawn = [str(each.challenge.uuid) for each in sample.cases.select_related("challenge")]
    assert drawn_from(sample.population, bytes.fromhex(sample.seed)) == drawn
    assert len(set(drawn)) == 10
    assert len(sample.population) == 40
    another = [drawn_from(sample.population, number.to_bytes(32)) for number in range(400)]
    often = [sum(each in found for found in another) for each in sample.population]
    assert min(often) > 60, "each has its chance: 100 of 400 are expected"
    assert max(often) < 140
    assert {tuple(found) for found in another if found[0] == drawn[0]} != set()


def test_a_sample_that_somebody_picked_is_found(them: Partnership) -> None:
    sample = sample_of(them)
    assert list(faults()) == []
    drawn = set(sample.cases.values_list("challenge", flat=True))
    other = Challenge.objects.exclude(pk__in=drawn).first()
    assert other is not None
    SampleCase.objects.filter(sample=sample, number=1).update(challenge=other)
    assert any("is not what was drawn" in str(each) for each in faults())


def test_what_readers_had_a_part_in_is_not_drawn(them: Partnership) -> None:
    """Their organisation's, what they wrote in, chaired, or must not see; nobody is told which."""
    others = many_closed(3, CLOSED)
    school, police = them.joan.seats.get().setting, them.alan.seats.get().setting
    assert school is not None
    assert police is not None
    another = setting("Elm Park", group="education", of=school.organisation)
    elsewhere = setting("Hill Clinic", group="health")
    nurse = person(practitioner=elsewhere)
    ours = closed(CLOSED, raising=elsewhere, asked=another, by=nurse)
    chaired, wrote, conflicted, open_still, earlier = (
        closed(CLOSED, raising=elsewhere, asked=setting(), by=nurse, **more)
        for more in ({}, {}, {}, {"status": "settled"}, {"imported_at": CLOSED})
    )
    Grant.objects.create(
        challenge=chaired, episode=1, user=them.alan, kind="chair", since=CLOSED, given_by=them.ruth
    )
    Entry.objects.create(
        challenge=wrote,
        version=1,
        episode=1,
        stage=1,
        step="add_note",
        actor=them.joan,
        seat="lead",
        occurred_at=CLOSED,
        recorded_at=CLOSED,
    )
    Conflict.objects.create(
        challenge=conflicted, user=them.joan, reason="family", since=CLOSED, named_by=them.ruth
    )
    too_late = closed(NOW, raising=elsewhere, asked=setting(), by=nurse)
    sample = draw_sample(Q2, readers_of([them.joan, them.alan]), key=uuid4(), by=acting(them.ruth, NOW))
    left_out = {str(each.uuid) for each in (ours, chaired, wrote, conflicted, open_still, earlier, too_late)}
    assert set(sample.population) == {str(each.uuid) for each in others}
    assert not left_out & set(sample.population)


def test_a_conflict_beats_what_a_sample_gives(them: Partnership) -> None:
    """Found afterwards: the reader loses it from sight without a word, and the other reads it alone."""
    sample = sample_of(them)
    case = sample.cases.get(number=4)
    Conflict.objects.create(
        challenge=case.challenge, user=them.joan, reason="family", since=NOW, named_by=them.ruth
    )
    assert "9 challenges to read" in words(client(them.joan).get(page(sample)))
    assert client(them.joan).get(page(sample, "4/")).status_code == 404
    assert client(them.joan).get(case.challenge.get_absolute_url()).status_code == 404
    with pytest.raises(Challenge.DoesNotExist):
        answer_case(sample, 4, ALL_YES, by=acting(them.joan, NOW))
    for number in (1, 2, 3, 5, 6, 7, 8, 9, 10):
        answer_case(sample, number, ALL_YES, by=acting(them.joan, NOW))
    assert written(sample, them.joan).state == "proposed"
    with pytest.raises(Refused, match="Answer every question of every challenge first"):
        agree(sample, by=acting(them.alan, NOW))
    assert "10 challenges" not in words(client(them.joan).get(page(sample)))


def test_a_challenge_that_is_opened_again_is_out_of_the_readers_sight(them: Partnership) -> None:
    sample = sample_of(them)
    case = sample.cases.get(number=1)
    Challenge.objects.filter(pk=case.challenge_id).update(status="responded")
    assert client(them.alan).get(case.challenge.get_absolute_url()).status_code == 404


def test_readers_change_nothing_and_see_who_raised_nothing(them: Partnership) -> None:
    sample = sample_of(them)
    challenge = sample.cases.get(number=1).challenge
    shown = words(client(them.alan).get(challenge.get_absolute_url()))
    assert "Nora Vale" not in shown
    view = view_case(challenge, standing_of(them.alan, today=NOW.date(), at=NOW), now=NOW)
    assert view.groups == {FieldGroup.F0, FieldGroup.F1, FieldGroup.F3}
    sent = client(them.alan).post(
        f"{challenge.get_absolute_url()}add_note/", {"version": 1, "what": "x", "audience": "all_parties"}
    )
    assert sent.status_code == 403


@pytest.mark.parametrize(
    ("finding", "why"),
    [
        ("Most, 7 of ten, were in time.", "“7” and “ten”: Say it without numbers"),
        ("Miriam Stone answered in time.", "Change what the log asks about"),
        ("Oakfield Trust answered in time.", "Change what the log asks about"),
        ("It was settled in March.", "Change what the log asks about"),
    ],
)
def test_a_finding_names_nobody_and_counts_nothing(them: Partnership, finding: str, why: str) -> None:
    sample = sample_of(them)
    read_all(sample, them.joan)
    with pytest.raises(Refused, match=re.escape(why)):
        written(sample, them.joan, finding)
    shown = client(them.joan).post(page(sample, "finding/"), {"finding": finding, "seen": sample.version})
    assert shown.status_code == 422
    assert finding in shown.content.decode(), "what was typed is there"
    assert DipSample.objects.get().finding == ""


def test_what_the_linter_asks_about_may_stay_with_a_reason_that_the_other_reads(them: Partnership) -> None:
    sample = sample_of(them)
    read_all(sample, them.joan, them.alan)
    written(sample, them.joan, "Ofsted would find most in order.", despite="It is the name of no one here.")
    assert "It is the name of no one here." in words(client(them.alan).get(page(sample)))
    back = {"why": "Say it without Ofsted."}
    client(them.alan).post(page(sample, "send-back/"), back)
    assert "Say it without Ofsted." in words(client(them.joan).get(page(sample)))
    written(sample, them.alan)
    agree(sample, by=acting(them.joan, NOW))
    assert DipSample.objects.get().agreed_by == them.joan


def test_who_draws_reads_and_agrees(them: Partnership) -> None:
    readers = readers_of([them.joan, them.alan])
    with pytest.raises(NotPermitted):
        draw_sample(Q2, readers, key=uuid4(), by=acting(them.joan, NOW))
    with pytest.raises(Refused, match="Fewer than 3"):
        draw_sample(Q2, readers, key=uuid4(), by=acting(them.ruth, NOW))
    sample = sample_of(them)
    for quarter, why in ((Q2, "already"), (Quarter(2026, 3), "not over")):
        with pytest.raises(Refused, match=why):
            draw_sample(quarter, readers, key=uuid4(), by=acting(them.ruth, NOW))
    q1 = Quarter(2026, 1)
    same = [readers[0], Reader(them.alan, readers[0].organisation)]
    for pair, why in ((same, "two organisations"), (readers[:1] * 2, "two organisations")):
        with pytest.raises(Refused, match=why):
            draw_sample(q1, pair, key=uuid4(), by=acting(them.ruth, NOW))
    unit = Reader(them.omar, readers[1].organisation)
    with pytest.raises(Refused, match="Choose somebody who is a lead"):
        draw_sample(q1, [readers[0], unit], key=uuid4(), by=acting(them.ruth, NOW))
    with pytest.raises(Refused, match="Answer every question of every challenge first"):
        written(sample, them.joan)
    with pytest.raises(Refused, match="with one of its answers"):
        answer_case(sample, 1, ALL_YES | {"voice": "perhaps"}, by=acting(them.joan, NOW))
    with pytest.raises(NotPermitted):
        answer_case(sample, 1, ALL_YES, by=acting(them.ruth, NOW))
    read_all(sample, them.joan)
    written(sample, them.joan)
    with pytest.raises(Refused, match="The other reader has to agree"):
        agree(sample, by=acting(them.joan, NOW))
    with pytest.raises(Moved):
        propose_finding(sample, finding="Another.", despite="", seen=1, by=acting(them.alan, NOW))


def test_the_unit_ends_a_sample_that_cannot_be_read_and_draws_another(them: Partnership) -> None:
    sample = sample_of(them)
    case = sample.cases.get(number=1)
    client(them.ruth).post(page(sample, "end/"), {"why": "A reader has left."})
    assert client(them.joan).get(case.challenge.get_absolute_url()).status_code == 404
    assert not Grant.objects.filter(kind="sample", ended_at__isnull=True).exists()
    again = draw_sample(Q2, readers_of([them.joan, them.alan]), key=uuid4(), by=acting(them.omar, NOW))
    assert again.pk != sample.pk
    with pytest.raises(Refused, match="is over"):
        answer_case(sample, 1, ALL_YES, by=acting(them.joan, NOW))
    end_sample(again, why="x", by=acting(them.ruth, NOW))
    end_sample(again, why="x", by=acting(them.ruth, NOW))
    assert "Ended without a finding" in words(client(them.ruth).get("/dip-samples/"))
    assert list(faults()) == []


def test_the_trail_holds_over_challenges_that_were_really_closed(travel: Travel) -> None:
    """Letting in and out are events beside those of the challenge; what it is does not change."""
    now = london(2027, 1, 12, 10)
    travel(now)
    policy(today=SENT.date())
    cast = Cast()
    for _ in range(3):
        settled(cast)
        cast.take("raiser", "confirm_settled", SENT)
    ward, prison = setting("Ward 3", group="health"), setting("Probation", group="probation")
    readers = [person("Hana Head", senior_lead=ward), person("Pia Post", lead=prison)]
    ruth = acting(cast.people["unit"], now)
    sample = draw_sample(Quarter(2026, 3), readers_of(readers), key=uuid4(), by=ruth)
    case = sample.cases.get(number=1).challenge
    assert client(readers[0]).get(case.get_absolute_url()).status_code == 200
    who = words(client(cast.people["raiser"]).get(f"{case.get_absolute_url()}who/"))
    assert "For a dip sample Hana Head" in who, "the two sides see who reads it"
    call_command("verify_audit")
    end_sample(sample, why="x", by=ruth)
    call_command("verify_audit")


def test_the_database_holds_that_another_agreed(them: Partnership) -> None:
    sample = sample_of(them)
    with pytest.raises(IntegrityError), transaction.atomic():
        DipSample.objects.filter(pk=sample.pk).update(
            state="given", written_by=them.joan, agreed_by=them.joan, ended_at=NOW
        )
    assert CaseReading.objects.count() == 20


def test_pages_ask_as_little_of_ten_as_of_three(them: Partnership) -> None:
    counts = []
    for number, of in ((3, NOW), (12, NOW + timedelta(days=92))):
        sample = being_read(by=them.ruth, readers=[them.joan, them.alan], now=of, number=number)
        paths = [(them.joan, page(sample)), (them.joan, page(sample, "1/")), (them.ruth, page(sample))]
        counts.append([asks(who, path) for who, path in [*paths, (them.ruth, "/dip-samples/")]])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 12


def asks(user: User, path: str) -> int:
    reader = client(user)
    reader.get(path)
    with counted_sql() as found:
        assert reader.get(path).status_code == 200
    return len(found)
