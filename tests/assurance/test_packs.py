"""An evidence pack: written by one, signed by another, frozen, read by whom it is for, and taken back."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import Error, IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from core.machine import Moved, NotPermitted, Refused
from escalation.accounts.models import User
from escalation.accounts.scopes import Scope
from escalation.accounts.services import issue_token
from escalation.assurance.events import faults
from escalation.assurance.models import Comment, EvidencePack, PackFile
from escalation.assurance.packs import document_of
from escalation.assurance.services import (
    agree,
    answer_case,
    begin_pack,
    comment,
    draw_sample,
    offer_pack,
    packing,
    propose_finding,
    rate_oneself,
    sign_pack,
    write_pack,
)
from escalation.challenges.models import Grant
from escalation.forums.services import close, count, end_pledge
from escalation.policy.quarters import Quarter
from escalation.reporting.models import DOCUMENT, Release, ReleaseFile
from escalation.reporting.services import withdraw, work
from tests.assurance.asked import acting, answered, asked, begun, step
from tests.assurance.sampled import many_closed, readers_of
from tests.factories import organisation, person, setting
from tests.forums.planned import acting as for_forums
from tests.forums.planned import pledge_made, sitting
from tests.learning.learnt import acted, approved
from tests.moments import london
from tests.reporting.quarters import Unit, unit_in_august
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
NOW = london(2026, 9, 1, 10)
Travel = Callable[[datetime], None]


@dataclass
class Partnership:
    unit: Unit
    release: Release
    partner: User
    isla: User
    young: User
    key: str


@pytest.fixture
def them(travel: Travel) -> Partnership:
    """A quarter with 27 challenges is published; nobody has begun a pack."""
    unit = unit_in_august(travel, 27)
    release = unit.published()
    travel(NOW)
    system = person("The Executive’s reader", role="service")
    return Partnership(
        unit,
        release,
        person("Dana Price", partner=setting("Police", group="police")),
        person("Isla Grant", role="scrutineer"),
        person("Ye Ung", role="young_scrutineer"),
        issue_token(user=system, name="Reader", days=90, now=NOW, scopes=Scope.REPORTS.value).plain,
    )


def client(user: User) -> Client:
    found = Client()
    found.force_login(user)
    return found


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def read(user: User, path: str) -> Any:
    return client(user).get(path)


def send(user: User, path: str, **said: Any) -> Any:
    return client(user).post(path, said, follow=True)


def page(pack: EvidencePack, place: str = "") -> str:
    return f"/packs/{pack.uuid}/{place}"


def total(release: Release) -> int:
    """What is published of how many were opened."""
    told = json.loads(bytes(ReleaseFile.objects.get(release=release, edition=1, name=DOCUMENT).content))
    opened = next(each for each in told["tables"] if each["code"] == "opened")
    return int(opened["parts"][0]["cells"][0]["value"])


def signed(
    them: Partnership, *, standard: int = 4, narrative: str = "People ask each other more."
) -> EvidencePack:
    ruth, omar = acting(them.unit.ruth, NOW), acting(them.unit.omar, NOW)
    pack = begun(by=them.unit.ruth, now=NOW, standard=standard)
    write_pack(pack, narrative=narrative, gaps="Whether schools know the log.", seen=1, by=ruth)
    offer_pack(pack, by=ruth)
    return sign_pack(pack, by=omar)


def test_a_pack_is_written_signed_and_pulled_by_a_system(them: Partnership) -> None:
    ruth, omar = them.unit.ruth, them.unit.omar
    police = setting("Child Safeguarding Unit", group="police")
    inspector = person("Alan Frost", senior_lead=police)
    request = asked(by=ruth, of=police.organisation, now=NOW, about="escalation_policy")
    begin = {"key": str(uuid4()), "quarter": "2026-27-Q1", "standard": "4"}
    shown = words(send(ruth, "/packs/new/", **begin))
    assert "Evidence for standard 4" in shown
    assert "has until Tuesday 22 September 2026 to answer" in shown
    pack = EvidencePack.objects.get()
    answered(request, by=inspector, now=NOW)
    step(request, "rate", by=omar, now=NOW, rating="partly", rating_words="In part", what="Clause 1.")
    figure = total(them.release)
    said = {
        "narrative": f"About {figure} were raised, 13 of them by schools.",
        "gaps": "Why so few.",
        "seen": 1,
    }
    shown = words(send(ruth, page(pack, "write/"), **said))
    assert "Not published: 13." in shown
    assert "“13”: no such figure is published" in words(send(ruth, page(pack, "offer/")))
    send(ruth, page(pack, "write/"), **said | {"narrative": f"About {figure} were raised.", "seen": 2})
    send(ruth, page(pack, "offer/"))
    assert "Somebody else in the business unit has to sign it" in words(send(ruth, page(pack, "sign/")))
    assert read(them.isla, page(pack)).status_code == 404
    assert "It is signed" in words(send(omar, page(pack, "sign/")))

    for who in (them.isla, them.young, them.partner, ruth):
        shown = words(read(who, page(pack)))
        assert f"About {figure} were raised." in shown
        assert "In part" in shown
        assert "It is in your procedures It differs" in shown
        assert "Section 1." not in shown, "the organisation's own words stay on its page"
        assert "Why so few." in shown
        assert "Challenges opened" in shown
    reader = Client(headers={"Authorization": f"Bearer {them.key}"})
    (listed,) = reader.get("/api/v1/packs/").json()["packs"]
    told = reader.get(listed["url"].removeprefix("http://testserver"))
    assert told.json()["narrative"] == f"About {figure} were raised."
    assert told["ETag"] == f'"{listed["digest"]}"'
    assert reader.get(told.request["PATH_INFO"], headers={"If-None-Match": told["ETag"]}).status_code == 304
    call_command("verify_audit")


def test_its_files_say_what_its_page_says(them: Partnership) -> None:
    pack = signed(them, narrative="=People ask each other more.")
    place = f"/api/v1/packs/{pack.quarter}/4/"
    isla = client(them.isla)
    book = load_workbook(BytesIO(isla.get(f"{place}pack.xlsx").content))
    assert book.sheetnames[:2] == ["Cover", "Not known"]
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert "’=People ask each other more." in cells
    assert "Whether schools know the log." in cells
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    pdf = PdfReader(BytesIO(isla.get(f"{place}pack.pdf").content))
    text = " ".join(" ".join(each.extract_text() for each in pdf.pages).split())
    assert "People ask each other more." in text
    assert "What is not known" in text
    assert "Challenges opened" in text
    assert "Signed on Tuesday 1 September 2026 by Omar Haddad" in text
    assert pdf.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]  # a dictionary of the PDF's


def with_all_there_is(them: Partnership) -> None:
    """Beside challenges: a forum of twelve and its pledge, two self-ratings, and a finding."""
    ruth, omar = them.unit.ruth, them.unit.omar
    trust = organisation("Oakfield Trust")
    head = person("Joan Field", senior_lead=setting("Oakfield", group="education", of=trust))
    inspector = person(
        "Alan Frost", lead=setting("Police Unit", group="police", of=organisation("S T Police"))
    )
    them.unit.plan("forums_middle", expected=100)
    day = london(2026, 6, 10, 14)
    forum = sitting(by=ruth, host=trust, invited=[trust], now=day - timedelta(days=20), starts_at=day)
    count(forum, trust.pk, 12, seen=0, by=for_forums(ruth, day))
    close(forum, by=for_forums(ruth, day))
    pledge = pledge_made(by=ruth, of=trust, now=day + timedelta(hours=3), sitting=forum)
    end_pledge(
        pledge,
        is_done=True,
        changed="The card lies on each desk.",
        evidence="Staff handbook, page of the lead",
        by=for_forums(ruth, day + timedelta(days=9)),
    )
    point = approved(by=ruth, other=omar, now=day + timedelta(days=2))
    acted(point, by=ruth, of=trust, now=day + timedelta(days=3))
    them.unit.published(subject="forums")
    rate_oneself(trust, 4, rating="partly", words="New staff hear of it late.", by=acting(head, NOW))
    many_closed(12, london(2026, 6, 1, 12))
    sample = draw_sample(Quarter(2026, 1), readers_of([head, inspector]), key=uuid4(), by=acting(omar, NOW))
    for who in (head, inspector):
        for case in sample.cases.all():
            said = {each["code"]: "yes" for each in sample.questions}
            answer_case(sample, case.number, said, by=acting(who, NOW))
    propose_finding(sample, finding="Most were answered in time.", despite="", seen=1, by=acting(head, NOW))
    agree(sample, by=acting(inspector, NOW))


def test_a_pack_carries_every_subject_of_its_standard_and_what_people_say(them: Partnership) -> None:
    """Page, spreadsheet, PDF and API say the same, and the page of what is not known what is missing."""
    with_all_there_is(them)
    pack = signed(them)
    place = f"/api/v1/packs/{pack.quarter}/4/"
    isla = client(them.isla)
    told = isla.get(place).json()
    assert told["form"] == 2
    assert told["figures"]["subject"] == "challenges"
    assert [each["subject"] for each in told["more_figures"]] == ["forums"]
    assert told["self_ratings"][0]["words"] == "New staff hear of it late."
    assert told["findings"][0]["words"] == "Most were answered in time."
    assert [(each["from"], each["state"]) for each in told["actions"]] == [
        ("Said at a forum", "Done"),
        ("Learnt from challenges", "Open"),
    ]
    assert (
        "No figures of this quarter are published on “Staff surveys” and “Learning from challenges”."
        in told["not_known"]
    )
    assert "Not every organisation has said how it sees itself under this standard." in told["not_known"]
    book = load_workbook(BytesIO(isla.get(f"{place}pack.xlsx").content))
    cells = " ".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value)
    pdf = PdfReader(BytesIO(isla.get(f"{place}pack.pdf").content))
    paper = " ".join(" ".join(each.extract_text() for each in pdf.pages).split())
    shown = words(isla.get(page(pack)))
    for said in (
        "New staff hear of it late.",
        "Most were answered in time.",
        "The card lies on each desk.",
        "Staff handbook, page of the lead",
        "Every team has a list of whom to call.",
        "People who came to open forums",
        "Challenges opened",
        "on “Staff surveys”",
    ):
        for name, text in (("page", shown), ("spreadsheet", cells), ("paper", paper)):
            assert said in text, f"{said} is not in the {name}"
    assert pack.releases.count() == 2
    call = {each["code"] for each in told["figures"]["tables"]}
    assert "opened" in call
    assert list(faults()) == []


def test_any_of_its_releases_taken_back_takes_the_pack_out_of_use(them: Partnership) -> None:
    with_all_there_is(them)
    pack = signed(them)
    release = Release.objects.get(subject="forums", state="published")
    table = release.figures.values[0]
    withdraw(
        release,
        [(table["date"], len(table["quarters"]))],
        reason="corrected",
        by=them.unit.ruth,
        standing=acting(them.unit.ruth, NOW).standing,
        now=NOW,
    )
    work(now=NOW)
    assert client(them.isla).get(f"/api/v1/packs/{pack.quarter}/4/").status_code == 404
    assert "Most were answered in time." not in words(read(them.isla, page(pack)))


def test_a_pack_that_was_signed_in_the_first_form_is_read_as_it_is(
    them: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = ("form", "more_figures", "self_ratings", "findings", "actions")

    def in_the_first_form(*given: Any) -> dict[str, Any]:
        return {name: value for name, value in document_of(*given).items() if name not in new}

    monkeypatch.setattr(packing, "document_of", in_the_first_form)
    pack = signed(them)
    told = client(them.isla).get(f"/api/v1/packs/{pack.quarter}/4/")
    assert "form" not in told.json()
    assert told["ETag"] == f'"{pack.digest}"'
    assert "Challenges opened" in words(read(them.isla, page(pack)))


def test_whoever_sat_on_a_panel_of_the_quarter_does_not_scrutinise_it(them: Partnership) -> None:
    pack = signed(them)
    [chaired] = many_closed(1, london(2026, 6, 1, 12))
    Grant.objects.create(
        challenge=chaired, episode=1, user=them.isla, kind="chair", since=NOW, given_by=them.unit.ruth
    )
    shown = words(send(them.isla, page(pack, "comment/"), text="It is all well."))
    assert "Whoever did does not scrutinise it" in shown
    assert not Comment.objects.exists()
    send(them.young, page(pack, "comment/"), text="It is all well.")
    assert Comment.objects.count() == 1


def test_nothing_of_a_signed_pack_changes(them: Partnership) -> None:
    pack = signed(them)
    ruth = acting(them.unit.ruth, NOW)
    with pytest.raises(Refused, match="Nothing of it changes"):
        write_pack(pack, narrative="More.", gaps="", seen=4, by=ruth)
    for change in (
        lambda: EvidencePack.objects.update(narrative="More."),
        lambda: PackFile.objects.update(content=b"{}"),
        lambda: PackFile.objects.all().delete(),
        lambda: EvidencePack.objects.all()._raw_delete("default"),
    ):
        with pytest.raises((IntegrityError, Error)), transaction.atomic():
            change()
    assert list(faults()) == []


def test_figures_that_are_taken_back_take_the_pack_out_of_use(them: Partnership) -> None:
    pack = signed(them)
    table = them.release.figures.values[0]
    unit = them.unit
    withdraw(
        them.release,
        [(table["date"], len(table["quarters"]))],
        reason="corrected",
        by=unit.ruth,
        standing=acting(unit.ruth, NOW).standing,
        now=NOW,
    )
    work(now=NOW)
    shown = words(read(them.isla, page(pack)))
    assert "Figures in this pack were taken back" in shown
    assert "Challenges opened" not in shown
    isla = client(them.isla)
    for name in ("", "pack.xlsx", "pack.pdf"):
        assert isla.get(f"/api/v1/packs/{pack.quarter}/4/{name}").status_code == 404
    assert isla.get("/api/v1/packs/").json()["packs"][0]["state"] == "withdrawn"
    again = begin_pack(Quarter(2026, 1), 4, key=uuid4(), by=acting(unit.ruth, NOW))
    assert again.edition == 2
    assert "were withdrawn" in words(read(unit.ruth, page(again)))


def test_a_standard_without_figures_says_so(them: Partnership) -> None:
    pack = signed(them, standard=3, narrative="Interpreters are thought of.")
    shown = words(read(them.isla, page(pack)))
    assert "No published figure is evidence for this standard." in shown
    assert "No organisation has been asked to show anything under this standard." in shown
    assert "Published figures" not in shown
    with pytest.raises(Refused, match="no such figure"):
        signed(them, standard=7, narrative="About 25 contacts.")


def test_scrutineers_say_something_and_nobody_else(them: Partnership) -> None:
    pack = signed(them)
    send(them.young, page(pack, "comment/"), text="Young people should see this too.")
    send(them.young, page(pack, "comment/"), text="Young people should see this too.")
    assert Comment.objects.count() == 1, "a second click says it once"
    shown = words(read(them.isla, page(pack)))
    assert "Young people should see this too. Young scrutineer" in shown
    assert send(them.isla, page(pack, "comment/"), text=" ").status_code == 422
    for who in (them.partner, them.unit.ruth):
        assert send(who, page(pack, "comment/"), text="Fine.").status_code == 403
    draft = begun(by=them.unit.ruth, now=NOW, standard=6)
    assert send(them.isla, page(draft, "comment/"), text="Too early.").status_code == 404
    with pytest.raises(NotPermitted):
        comment(draft, text="Too early.", by=acting(them.isla, NOW))
    call_command("verify_audit")


def test_there_is_one_pack_of_a_quarter_that_is_over(them: Partnership) -> None:
    ruth = acting(them.unit.ruth, NOW)
    begin_pack(Quarter(2026, 1), 4, key=uuid4(), by=ruth)
    for quarter, standard, why in ((1, 4, "already"), (2, 4, "not over"), (1, 9, "no such standard")):
        with pytest.raises(Refused, match=why):
            begin_pack(Quarter(2026, quarter), standard, key=uuid4(), by=ruth)
    with pytest.raises(NotPermitted):
        begin_pack(Quarter(2026, 1), 3, key=uuid4(), by=acting(them.isla, NOW))


def test_two_who_write_do_not_overwrite_each_other(them: Partnership) -> None:
    pack = begun(by=them.unit.ruth, now=NOW)
    send(them.unit.ruth, page(pack, "write/"), narrative="First.", seen=1)
    answer = send(them.unit.omar, page(pack, "write/"), narrative="Second.", seen=1)
    assert answer.status_code == 409
    assert "Second." in answer.content.decode(), "what was typed is there"
    with pytest.raises(Moved):
        write_pack(pack, narrative="Third.", gaps="", seen=1, by=acting(them.unit.omar, NOW))


def test_the_second_person_can_send_it_back(them: Partnership) -> None:
    pack = begun(by=them.unit.ruth, now=NOW)
    assert "Write first" in words(send(them.unit.ruth, page(pack, "offer/")))
    send(them.unit.ruth, page(pack, "write/"), narrative="Only a few.", seen=1)
    assert "Look twice at: only." in words(read(them.unit.omar, page(pack)))
    assert "It can be signed once it is offered" in words(send(them.unit.omar, page(pack, "sign/")))
    send(them.unit.ruth, page(pack, "offer/"))
    send(them.unit.omar, page(pack, "send-back/"), why="Say it without “only”.")
    assert "Say it without “only”." in words(read(them.unit.ruth, page(pack)))


def test_pages_ask_as_little_of_many_as_of_few(them: Partnership) -> None:
    counts = []
    pack = signed(them)
    draft = begun(by=them.unit.ruth, now=NOW, standard=6)
    for number in (1, 8):
        for each in range(number):
            said = acting(them.isla, NOW + timedelta(minutes=each))
            comment(pack, text=f"{number} {each}", by=said)
            place = setting(f"Police {number} {each}", group="police")
            request = asked(by=them.unit.ruth, of=place.organisation, now=NOW, about="escalation_policy")
            answered(request, by=person(lead=place), now=NOW)
        counts.append(
            [asks(them.isla, path) for path in ("/packs/", page(pack))] + [asks(them.unit.ruth, page(draft))]
        )
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 14, "one that is being written asks all that stands in it"


def asks(user: User, path: str) -> int:
    reader = client(user)
    reader.get(path)
    with counted_sql() as found:
        assert reader.get(path).status_code == 200
    return len(found)
