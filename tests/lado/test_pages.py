"""The pages of the LADO team: the list, a contact in one minute, a record, every step, search."""

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from escalation.accounts.models import Seat, User
from escalation.lado.models import Entry, Event, Referral
from escalation.lado.workflow import STEPS, Status, Who
from tests.lado import roads
from tests.lado.cast import NOW, TODAY, Team
from tests.lado.test_step_table import HAND, put

pytestmark = [pytest.mark.django_db, pytest.mark.large]


@pytest.fixture
def team(travel: Callable[[datetime], None]) -> Team:
    travel(NOW)
    return Team()


@pytest.fixture
def lado(team: Team) -> Client:
    client = Client()
    client.force_login(team.people["lado"])
    return client


def words(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return html.unescape(answer.content.decode())


def searched(client: Client, typed: str) -> str:
    answer = client.post("/lado/search/", {"q": typed})
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


CALL = {
    "referrer": "Bernadette Quarshie-Lund",
    "referrer_phone": "020 7946 0177",
    "what": "An escort driver held a child's arm hard.",
}


def test_a_contact_needs_three_answers(team: Team, lado: Client) -> None:
    assert "Only the first three are needed now" in words(lado, "/lado/contact/")
    answer = lado.post("/lado/contact/", {"key": uuid4(), **CALL}, follow=True)
    assert answer.status_code == 200
    page = html.unescape(answer.content.decode())
    assert "Tell the caller their receipt number" in page
    assert "Reply to a contact" in page
    assert "Wednesday 6 January 2027, 5pm (tomorrow)" in page
    assert "Local, optional" in page
    assert "What stands in the way" in page
    assert Referral.objects.get().owner == team.people["lado"]


@pytest.mark.parametrize("missing", CALL)
def test_each_of_the_three_is_asked_for(team: Team, lado: Client, missing: str) -> None:
    answer = lado.post("/lado/contact/", {"key": uuid4(), **CALL, missing: " "})
    assert answer.status_code == 422
    assert not Referral.objects.exists()


def test_the_same_form_sent_twice_is_one_contact(team: Team, lado: Client) -> None:
    form = {"key": uuid4(), **CALL}
    assert lado.post("/lado/contact/", form)["Location"] == lado.post("/lado/contact/", form)["Location"]
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("known", "told"),
    [("today", True), ("yesterday", True), ("another", False), ("not_known", None), ("", None)],
)
def test_told_in_time_follows_from_when_the_employer_knew(
    team: Team, lado: Client, known: str, told: bool | None
) -> None:
    lado.post("/lado/contact/", {"key": uuid4(), **CALL, "known": known, "known_on": "23 12 2026"})
    assert Referral.objects.get().told_in_time is told


def test_a_name_like_one_on_record_is_said_before_saving(team: Team, lado: Client) -> None:
    team.contact(adult_name="John Tarrant-Bligh")
    answer = lado.post("/lado/contact/", {"key": uuid4(), "adult_name": "Jon Tarrant", "act": "look"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "1 record with a name like this" in page
    assert "There is a problem" not in page
    assert Referral.objects.count() == 1


def test_looking_for_a_name_is_a_reading(team: Team, lado: Client) -> None:
    lado.post("/lado/contact/", {"key": uuid4(), "adult_name": "Jon Tarrant", "act": "look"})
    event = Event.objects.get(chain="lado-access", act="searched")
    assert (event.actor, event.object) == (team.people["lado"], "")


def test_about_the_lado_it_goes_to_a_neighbour(team: Team, lado: Client) -> None:
    """None has a seat here: it says whom to call, and who has it meanwhile."""
    form = {"key": uuid4(), **CALL, "about_lado": "yes"}
    assert "Tick who it is about." in lado.post("/lado/contact/", form).content.decode()
    answer = lado.post("/lado/contact/", {**form, "concerned": ["above"]}, follow=True)
    page = html.unescape(answer.content.decode())
    assert "A neighbouring LADO must take it" in page
    assert "Call the neighbouring LADO now: 020 7946 0121. Until they take it, Hannah Lyle has it." in page


def test_who_records_a_contact_about_themselves_does_not_see_it(team: Team, lado: Client) -> None:
    me = team.people["lado"].pk
    answer = lado.post("/lado/contact/", {"key": uuid4(), **CALL, "concerned": [me]})
    assert answer["Location"] == "/lado/"
    assert words(lado, Referral.objects.get().get_absolute_url(), 404)


@pytest.mark.parametrize("status", Status)
def test_every_step_has_a_page_where_it_is_offered_and_a_sentence_where_not(
    team: Team, lado: Client, status: Status
) -> None:
    roads.closed(team)
    put(team.referral, status)
    url = team.referral.get_absolute_url()
    page = words(lado, url)
    for step in STEPS:
        answer = lado.get(f"{url}{step.name}/")
        if step.who == {Who.REFERRER}:
            assert answer.status_code == 404
        elif step.name in HAND[status, "lado"]:
            assert answer.status_code in (200, 422), step.name
        else:
            assert answer.status_code == 422, step.name
        if answer.status_code == 200:
            assert f"{url}{step.name}/" in page, step.name


def test_a_step_taken_on_its_page(team: Team, lado: Client) -> None:
    roads.called(team, limbs=("harmed",))
    url = f"{team.referral.get_absolute_url()}accept/"
    assert lado.post(url, {"version": 1, "what": " "}).status_code == 422
    answer = lado.post(url, {"version": 1, "what": "Harm was seen."}, follow=True)
    assert "It is accepted." in answer.content.decode()
    assert Referral.objects.get().status == "accepted"


def test_a_refusal_stands_at_its_box_and_keeps_what_was_typed(team: Team, lado: Client) -> None:
    roads.with_duties(team)
    url = f"{team.referral.get_absolute_url()}answer_dbs/"
    version = Referral.objects.get().version
    answer = lado.post(url, {"version": version, "dbs_answer": "referred", "reasons": "My long thoughts."})
    assert answer.status_code == 422
    assert "Say on which day the DBS was told." in answer.content.decode()
    assert "My long thoughts." in answer.content.decode()


def test_someone_was_first_and_the_words_are_kept(team: Team, lado: Client) -> None:
    roads.called(team)
    team.take("deputy", "add_note", what="A call.")
    url = f"{team.referral.get_absolute_url()}give_advice/"
    answer = lado.post(url, {"version": 1, "what": "My advice, at length."})
    assert answer.status_code == 409
    assert "My advice, at length." in answer.content.decode()


def test_the_lists(team: Team, lado: Client) -> None:
    """Each of the questions asked each week finds its record, and no other."""
    with_police = roads.with_strands(team).referral
    with_police.strands.filter(kind="police").update(opened_on=TODAY - timedelta(days=100))
    with_police.deadlines.filter(name="first_review").update(due=NOW - timedelta(days=1))
    late = roads.called(team, employer_aware=NOW - timedelta(days=8)).referral
    team.take("support", "write_letter", letter_to="employer", sent_on=TODAY, what="Your notes, please.")
    team.take("referrer", "add_information", what="More.")
    duties = roads.with_duties(team).referral
    ended = roads.closed(team).referral
    found = {
        "police": [with_police],
        "review": [with_police],
        "late": [late],
        "letters": [late],
        "news": [late],
        "duties": [duties],
        "ended": [ended],
        "open": [with_police, late, duties],
        "mine": [with_police, late, duties],
    }
    for name, referrals in found.items():
        page = words(lado, f"/lado/?show={name}")
        here = {r for r in (with_police, late, duties, ended) if r.get_absolute_url() in page}
        assert here == set(referrals), name


@pytest.mark.parametrize("gone", ["away", "left", "changed seats"])
def test_mine_has_what_an_absent_colleague_holds(team: Team, lado: Client, gone: str) -> None:
    theirs, deputy = team.contact(by="deputy"), team.people["deputy"]
    assert theirs.get_absolute_url() not in words(lado, "/lado/")
    if gone == "away":
        Seat.objects.filter(user=deputy).update(away_from=TODAY)
    elif gone == "left":
        User.objects.filter(pk=deputy.pk).update(is_active=False)
    else:
        Seat.objects.filter(user=deputy).delete()
    assert theirs.get_absolute_url() in words(lado, "/lado/")


@pytest.mark.parametrize(
    "typed",
    [
        "Jon Tarrant",
        "john tarrant bligh",
        "Tarant",
        "TARRANT-BLIGH",
        "Jonathan",
        "Tarrant  Jonathan",
        "Zoé Brown",
    ],
)
def test_search_finds_what_is_alike(team: Team, lado: Client, typed: str) -> None:
    known = team.contact(adult_name="Jonathan Tarrant-Bligh", child_name="Zoe Browne")
    other = team.contact(adult_name="Harriet Vance-Morrison", child_name="Ada Lovell")
    page = searched(lado, typed)
    assert known.get_absolute_url() in page
    assert other.get_absolute_url() not in page


def test_search_finds_a_record_by_its_number(team: Team, lado: Client) -> None:
    known = team.contact()
    page = searched(lado, f"{known.reference[:3]} {known.reference[3:]}")
    assert known.get_absolute_url() in page
    assert "1 record with a name like this" in page
    assert "its number" in page


def test_no_address_has_a_name(team: Team, lado: Client) -> None:
    """What was searched for is posted: it is in no history, no address and no log line."""
    team.contact(adult_name="Dominic Achterberg")
    assert "Achterberg" not in words(lado, "/lado/search/?q=Dominic+Achterberg")
    assert 'method="post"' in words(lado, "/lado/search/")
    assert lado.post("/lado/search/", {"q": " "}).status_code == 422


def test_a_common_name_shows_the_likest_and_says_how_many_there_are(team: Team, lado: Client) -> None:
    for number in range(52):
        team.contact(adult_name="Dominic Achterberg" if number else "Dominic Achterburg")
    page = searched(lado, "Dominic Achterberg")
    assert "52 records with a name like this" in page
    assert "These 50 are the most alike." in page
    assert "Achterburg" not in page
    record = words(lado, team.referral.get_absolute_url())
    assert "51 records with a name like this. The likest five:" in record


def test_which_lado_leads(team: Team, lado: Client) -> None:
    page = words(lado, "/lado/where/?works=elsewhere&child_lives=here&own_child=no")
    assert "The LADO of the area where the adult works leads." in page


def test_words_of_any_kind_are_kept_as_typed(team: Team, lado: Client) -> None:
    roads.called(team)
    url = f"{team.referral.get_absolute_url()}add_note/"
    for text in ("<script>alert(1)</script>", "{{ 7*7 }}", "\u202eevil שלום", "👨‍👩‍👧", "=HYPERLINK(1)"):
        version = Referral.objects.get().version
        assert lado.post(url, {"version": version, "what": text}).status_code == 302
        assert text in words(lado, team.referral.get_absolute_url())
        assert "<script>alert" not in lado.get(team.referral.get_absolute_url()).content.decode()
    answer = lado.post(url, {"version": Referral.objects.get().version, "what": "before\x00after"})
    assert answer.status_code == 422
    assert Entry.objects.count() == 6
