"""Where the bars of a chart stand, and what it says to whoever does not see it."""

import pytest

from core.web.charts import LONGEST, Estimate, chart
from tests.web.markup import Elements
from tests.web.test_components import draw

TWENTY = Estimate("A plan is not moving", "20", 16, 20, 24)
FIVE = Estimate("Information", "5", 1, 5, 9)
NONE = Estimate("Something else", "0", 0, 0, 4)
CANNOT = Estimate("Police to police", "[z]")


def drawn(*estimates: Estimate) -> Elements:
    return draw('{% include "components/chart.html" %}', chart=chart("c", "Bar chart of worries", estimates))


@pytest.mark.parametrize(
    ("estimate", "solid", "pale", "high"),
    [
        (TWENTY, "58.7%", "14.7%", "88.0%"),
        (FIVE, "3.7%", "14.7%", "33.0%"),
        (NONE, "0.0%", "0.0%", "14.7%"),
    ],
)
def test_solid_is_at_least_pale_is_published_and_the_line_is_at_most(
    estimate: Estimate, solid: str, pale: str, high: str
) -> None:
    bar = chart("c", "", [TWENTY, estimate]).bars[1]
    assert (bar.solid, bar.pale, bar.high, bar.is_drawn) == (solid, pale, high, True)


def test_nothing_but_zeros_does_not_look_like_a_lot() -> None:
    [bar] = chart("c", "", [NONE]).bars
    assert float(bar.high.rstrip("%")) < LONGEST / 4


def test_a_symbol_has_no_bar() -> None:
    page = drawn(CANNOT)
    assert page.all("rect") == page.all("line") == []
    assert [each.text for each in page.all("text")] == ["Police to police", "[z]"]


def test_a_very_long_name_goes_on_in_further_lines() -> None:
    long, word = "Somebody who works with children " * 8, "x" * 300
    first, second, last = chart("c", "", [Estimate(long, "5", 1, 5, 9), Estimate(word, "[x]"), FIVE]).bars
    assert all(len(line.text) <= 40 for bar in (first, second) for line in bar.lines)
    assert "".join(line.text for line in second.lines) == word
    heights = [line.y for bar in (first, second, last) for line in bar.lines]
    assert heights == sorted(heights)
    assert first.lines[-1].y < first.y < second.lines[0].y


def test_the_title_says_every_figure_and_no_name_becomes_markup() -> None:
    page = drawn(TWENTY, Estimate("<script>&", "5", 1, 5, 9))
    svg, title = page.one("svg"), page.one("title")
    assert (svg.attributes["role"], svg.attributes["aria-labelledby"]) == ("img", title.attributes["id"])
    assert "A plan is not moving: 20 (16 to 24); <script>&: 5 (1 to 9)." in title.text
    assert page.all("script") == []
    assert not [one for one in page.found if "style" in one.attributes]


def test_a_chart_of_nothing_is_empty() -> None:
    assert chart("c", "Nothing", []).bars == ()
