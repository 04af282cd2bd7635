"""Every component, drawn with the board's content: facts of its markup."""

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory

from core.web import components as c
from core.web.context import Link, links_for
from core.web.pagination import Page, paginate
from tests.web import samples
from tests.web.markup import Elements

pytestmark = pytest.mark.urls("tests.web.urls")

HERE = Path(__file__).parent
COMPONENTS = HERE.parents[1] / "templates/components"


def draw(template: str, **context: Any) -> Elements:
    """A template of ours, on Wednesday 30 December 2026, 9am."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with time_machine.travel(samples.NOW, tick=False):
        return Elements(engines["django"].from_string(template).render(context, request))


@pytest.fixture
def sample() -> Elements:
    """The page that has every component."""
    page: Page[int] = Page(
        rows=(), number=1, first=1, last=25, total=41, size=25, previous_query="", next_query="?page=2"
    )
    template = (HERE / "templates/sample.html").read_text(encoding="utf-8")
    return draw(template, page=page, **samples.context(samples.SampleForm()))


def test_the_page_is_well_made(sample: Elements) -> None:
    assert not sample.unclosed
    assert len(sample.all("h1")) == 1
    ids = [one for one in sample.ids() if one != "turn"]  # four cards on this page alone
    assert len(ids) == len(set(ids))
    assert not [one for one in sample.found if "style" in one.attributes]
    assert all(one.attributes["aria-hidden"] == "true" for one in sample.all("svg"))


def test_every_component_says_what_it_takes() -> None:
    for path in COMPONENTS.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "{#" in text.splitlines()[0], path.name
        assert "Takes" in text, path.name


def test_the_turn_card_answers_three_questions_in_order() -> None:
    card = draw('{% include "components/turn_card.html" %}', turn=samples.OVERDUE)
    words = card.one("section").text
    order = [
        "Overdue since yesterday",
        "It is your turn",
        "Tuesday 29 December 2026, 5pm",
        "Answer this",
        "Who can see",
        "counted",
    ]
    assert [words.index(part) for part in order] == sorted(words.index(part) for part in order)
    assert len(card.all("a", class_="govuk-button")) == 1


@pytest.mark.parametrize(
    ("turn", "filled"),
    [(samples.THEIRS, 0), (samples.OVERDUE, 1), (samples.SETTLED, 0), (samples.SEVERAL, 0)],
)
def test_a_filled_button_stands_only_where_it_is_my_turn(turn: c.TurnCard, filled: int) -> None:
    card = draw('{% include "components/turn_card.html" %}', turn=turn)
    buttons = card.all("a", class_="govuk-button")
    assert len([one for one in buttons if "govuk-button--secondary" not in one.attributes["class"]]) == filled


def test_each_day_of_the_strip_is_said_in_words_too() -> None:
    days = draw('{% include "components/clock_strip.html" %}', clock=samples.CLOCK).all("li")
    assert [one.text for one in days][2:4] == ["Fri25Xmasdoes not count", "Sat26does not count"]
    assert [one.attributes.get("class", "") for one in days] == [
        "",
        "",
        "off",
        "off",
        "off",
        "off",
        "missed",
        "now",
    ]


def test_more_than_eight_days_stand_in_rows_of_seven() -> None:
    long = c.Clock("10 working days", "Count them.", samples.STRIP * 2)
    strip = draw('{% include "components/clock_strip.html" %}', clock=long)
    assert len(strip.all("ol", class_="cl-days--rows")) == 1
    assert not draw('{% include "components/clock_strip.html" %}', clock=samples.CLOCK).all(
        "ol", class_="cl-days--rows"
    )


@pytest.mark.parametrize("count", [3, 4, 5, 6])
def test_three_to_six_stages_say_where_one_is(count: int) -> None:
    stages = [
        c.StagePoint(n, f"Stage {n}", "who", "done" if n == 1 else "here" if n == 2 else "ahead")
        for n in range(1, count + 1)
    ]
    tracker = draw('{% include "components/stage_tracker.html" %}', stages=stages)
    assert len(tracker.all("li")) == count
    assert tracker.one("li", aria_current="step").text == "2Stage 2who"
    assert "Stage 1, done:" in tracker.all("li")[0].text


def test_people_s_words_are_shown_as_typed_and_never_as_markup() -> None:
    text = "<script>x</script>\n  =1+1 שלום"
    position = c.Position("Health visiting", "What they are worried about", (c.Part("", text),))
    shown = draw('{% include "components/position.html" %}', position=position)
    assert not shown.all("script")
    assert shown.one("p", class_="cl-typed").text == text
    assert shown.one("p", class_="cl-typed").attributes["dir"] == "auto"


def test_the_list_keeps_its_roles_when_it_becomes_cards(sample: Elements) -> None:
    table = sample.one("table", class_="cl-list")
    assert table.attributes["role"] == "table"
    for tag, role in (("tr", "row"), ("td", "cell"), ("thead", "rowgroup"), ("tbody", "rowgroup")):
        assert {one.attributes["role"] for one in sample.all(tag)} == {role}
    assert sample.one("a", href="#1").text == "A plan is not moving, challenge K7M 4QX"


def test_a_state_is_a_shape_and_a_word() -> None:
    late = draw('{% load log %}{% state "late" words %}', words="Overdue <b>")
    assert late.one("p", class_="cl-state--late").text.strip() == "Overdue <b>"
    assert len(late.all("svg")) == 1


def test_numbers_to_call_are_links_for_a_phone(sample: Elements) -> None:
    assert sample.one("a", href="tel:02079460199").text == "020 7946 0199"


def test_no_actions_yet_is_a_sentence_with_the_next_step() -> None:
    assert (
        "They are agreed when you settle"
        in draw('{% include "components/actions.html" %}', actions=()).one("p").text
    )


def test_dates_come_with_a_year_only_when_it_changes(sample: Elements) -> None:
    times = [one.text for one in sample.all("time")]
    assert times[:4] == ["Mon 4 Jan 2027", "Tue 29 Dec", "Tue 29 Dec, 5pm", "Tue 29 Dec, 2:30pm"]


class Rows(list[int]):
    """A queryset, for once."""

    def count(self, *_: object) -> int:
        """How many."""
        return len(self)


@pytest.mark.parametrize(
    ("total", "asked", "words", "next_count"),
    [
        (41, "", "1 to 25 of 41", 16),
        (41, "2", "26 to 41 of 41", 0),
        (41, "99", "26 to 41 of 41", 0),
        (41, "-1", "1 to 25 of 41", 16),
        (41, "٢", "1 to 25 of 41", 16),
        (41, "9" * 400, "1 to 25 of 41", 16),
        (1234, "2", "26 to 50 of 1,234", 25),
        (25, "1", "1 to 25 of 25", 0),
        (0, "1", "None", 0),
    ],
)
def test_pages_say_where_one_is(total: int, asked: str, words: str, next_count: int) -> None:
    page = paginate(Rows(range(total)), QueryDict(f"stage=2&page={asked}"))
    assert (page.words, page.next_count) == (words, next_count)


def test_the_next_page_keeps_the_filters() -> None:
    page = paginate(Rows(range(41)), QueryDict("stage=2&stage=3"))
    shown = draw('{% include "components/pagination.html" %}', page=page)
    assert shown.one("a", rel="next").attributes["href"] == "?stage=2&stage=3&page=2"
    assert shown.one("p").text == "1 to 25 of 41. Next 16"


def test_the_link_that_leads_here_is_marked(settings: Any) -> None:
    settings.NAVIGATION = ("tests.web.test_components.three_links",)
    request = RequestFactory().get("/work/list/7/")
    assert [link.label for link in links_for(request) if link.current] == ["Work list"]


def three_links(request: object) -> tuple[Link, ...]:
    """A header."""
    return (Link("Start", "/"), Link("Work list", "/work/list/"), Link("Work", "/work/"))
