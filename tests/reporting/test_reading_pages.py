"""The pages of what is published, as a scrutineer and the unit meet them."""

from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from escalation.reporting.models import Release
from escalation.reporting.services import refuse, withdraw, work
from tests.factories import person, standing
from tests.reading_age import reading_age
from tests.reporting.quarters import Q2, Unit, after, unit_in_august
from tests.sql import counted_sql
from tests.web.markup import Elements

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
LIST, PAGE = "/published/", "/published/2026-27-Q1/challenges/"


@pytest.fixture
def unit(travel: Travel) -> Unit:
    return unit_in_august(travel, 7, "challenges_middle", expected=110)


@pytest.fixture
def published(unit: Unit) -> Release:
    return unit.published()


@pytest.fixture
def reader(unit: Unit) -> Client:
    client = Client()
    client.force_login(person(role="scrutineer"))
    return client


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def opened_in(release: Release) -> int:
    """The published total of those opened."""
    [found] = [each for each in release.figures.values if each["date"] == "logged"]
    return int(found["values"][0])


def test_a_scrutineer_finds_a_release_and_reads_it(published: Release, reader: Client) -> None:
    listed = Elements(text(reader, LIST))
    assert "Releases" in [link.text for link in listed.all("a", href=LIST)]
    [link] = listed.all("a", href=PAGE)
    assert "April to June 2026" in link.text
    page = text(reader, PAGE)
    assert f"About {opened_in(published)} challenges were raised." in page
    assert "So each figure is moved to a 5 above or below it, by chance." in page
    assert "If you read 0, it is from 0 to 4: <strong>0 does not mean none</strong>." in page
    assert "There is nothing to compare these with yet." in page
    assert "Standard 4, professional challenge and escalation (MSCP Section 11 2021-22;" in page
    assert "Published Tuesday 11 August 2026." in page
    assert "Drafts are not counted" in page
    assert "Confidential" not in page


def test_every_file_of_the_release_is_offered_and_there(published: Release, reader: Client) -> None:
    page = Elements(text(reader, PAGE))
    offered = {one.attributes["href"] for one in page.all("a") if "/api/" in one.attributes["href"]}
    sent = {reader.get(address).content for address in offered}
    assert sent == {bytes(each.content) for each in published.files.all()}
    assert len({one.text for one in page.all("a") if one.attributes["href"] in offered}) == len(offered)


def test_every_chart_stands_by_a_table_and_has_a_name_of_its_own(published: Release, reader: Client) -> None:
    page = Elements(text(reader, PAGE))
    charts = page.all("svg", role="img")
    names = [each.attributes["aria-labelledby"] for each in charts]
    assert len(charts) == 2
    assert len(names) == len(set(names))
    assert len(page.all("table")) >= len(charts)
    assert not page.unclosed
    assert len(page.ids()) == len(set(page.ids()))


def test_the_true_count_stands_nowhere(published: Release, reader: Client) -> None:
    assert opened_in(published) in (5, 10)
    for address in (LIST, PAGE):
        assert ">7<" not in text(reader, address)
        assert "7 challenges" not in text(reader, address)


def test_nothing_published_yet_is_a_sentence(unit: Unit, reader: Client) -> None:
    page = text(reader, LIST)
    assert "Nothing is published yet." in page
    assert "2026-27-Q2 is not over: it ends on Wednesday 30 September 2026." in page


def test_no_figures_in_the_same_words_whatever_the_reason(unit: Unit, reader: Client) -> None:
    def words() -> str:
        return Elements(text(reader, PAGE, 404)).one("main").text

    waiting = words()
    release = unit.approved()
    approved = words()
    refuse(release, reason="advice", by=unit.ruth, standing=standing(unit.ruth), now=timezone.now())
    assert {waiting, approved, words()} == {waiting}
    assert "No figures are available for 2026-27-Q1." in waiting


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("2026-27-Q2/challenges/", "2026-27-Q2 is not over: it ends on Wednesday 30 September 2026"),
        ("2026-27-Q1/lado/", "No figures are available for 2026-27-Q1."),
        ("2026-27-Q1/police/", "No figures are available for 2026-27-Q1."),
        ("april/challenges/", "Write a quarter like 2026-27-Q1"),
        ("9999-00-Q4/challenges/", "There are no figures to show"),
        ("%00/challenges/", "There are no figures to show"),
    ],
)
def test_what_is_not_there_says_so(published: Release, reader: Client, address: str, words: str) -> None:
    assert words in text(reader, f"{LIST}{address}", 404)


@pytest.mark.parametrize(
    ("reason", "words"),
    [("corrected", "the log was corrected"), ("advice", "on legal or data protection advice")],
)
def test_what_is_withdrawn_stays_in_its_place_and_says_why(
    published: Release, reader: Client, unit: Unit, reason: str, words: str
) -> None:
    parts = [("logged", 1), ("closed", 1)]
    mine = standing(unit.ruth)
    withdraw(published, parts, reason=reason, by=unit.ruth, standing=mine, now=timezone.now())
    assert f"Withdrawn: {words}" in text(reader, LIST)
    work(now=timezone.now())
    page = text(reader, PAGE)
    assert f"Withdrawn: {words}" in page
    assert "They are not replaced" in page
    assert "off by more than 4" not in page
    assert "[x]" in page
    assert Elements(page).all("svg", role="img") == []
    assert "were raised" not in page


def test_where_some_tables_are_withdrawn_the_others_stand(
    published: Release, reader: Client, unit: Unit
) -> None:
    mine = standing(unit.ruth)
    withdraw(published, [("closed", 1)], reason="other", by=unit.ruth, standing=mine, now=timezone.now())
    work(now=timezone.now())
    assert "Some tables withdrawn: for another reason" in text(reader, LIST)
    assert "challenges were raised." in text(reader, PAGE)


def test_a_page_takes_ten_statements_at_most_however_much_it_shows(
    published: Release, reader: Client, unit: Unit, travel: Travel
) -> None:
    few = {address: statements(reader, address) for address in (LIST, PAGE)}
    unit.approved(Q2)
    travel(after(Q2, 60))
    work(now=timezone.now())
    reader.force_login(person(role="scrutineer"))
    assert {address: statements(reader, address) for address in (LIST, PAGE)} == few
    assert statements(reader, "/published/2026-27-Q2/challenges/") == few[PAGE]
    assert max(few.values()) <= 10, few


def statements(client: Client, address: str) -> int:
    client.get(address)
    with counted_sql() as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_unit_goes_on_to_what_readers_see(published: Release, unit: Unit) -> None:
    client = Client()
    client.force_login(unit.ruth)
    assert f'href="{PAGE}"' in text(client, published.get_absolute_url())
    assert f'href="{LIST}"' in text(client, "/releases/")
    assert 'href="/releases/"' in text(client, LIST)


def test_it_reads_at_seven_to_nine(published: Release, reader: Client) -> None:
    """Headings, sentences and lists; a list of names and numbers is no sentence."""
    for address in (LIST, PAGE):
        page = Elements(text(reader, address))
        said = [one.text for tag in ("h1", "h2", "p", "li") for one in page.all(tag) if "main" in one.inside]
        words = " ".join(f"{' '.join(each.split()).rstrip('.')}." for each in said)
        assert 6 <= reading_age(words) <= 9.5, (address, reading_age(words))
