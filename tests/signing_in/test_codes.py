"""The arithmetic of codes, and what is a code at all."""

from datetime import UTC, datetime, timedelta

import pytest

from escalation.signing_in.codes import (
    LETTERS,
    PRINTED,
    app_code,
    as_kept,
    counter_at,
    matching,
    moment_of,
    printed_codes,
)

# RFC 6238, appendix B, SHA-1: the last six of its eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
]
NOW = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), RFC)
def test_the_codes_of_the_standard(seconds: int, code: str) -> None:
    assert app_code(RFC_SECRET, counter_at(datetime.fromtimestamp(seconds, UTC))) == code


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_of_the_half_minute_before_and_after_is_taken_too(steps: int, taken: bool) -> None:
    code = app_code(RFC_SECRET, counter_at(NOW) + steps)
    assert (matching(RFC_SECRET, code, now=NOW, used=None) is not None) is taken


@pytest.mark.parametrize(("used", "taken"), [(-1, True), (0, False), (1, False)])
def test_only_later_codes_than_the_last_used_are_taken(used: int, taken: bool) -> None:
    last = moment_of(counter_at(NOW) + used)
    code = app_code(RFC_SECRET, counter_at(NOW))
    assert (matching(RFC_SECRET, code, now=NOW, used=last) is not None) is taken


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666", "\ud800"]
)
def test_what_is_no_code_is_wrong_in_peace(typed: str) -> None:
    assert matching(RFC_SECRET, typed, now=NOW, used=None) is None


def test_spaces_in_a_code_do_not_matter() -> None:
    code = app_code(RFC_SECRET, counter_at(NOW))
    assert matching(RFC_SECRET, f" {code[:3]} {code[3:]} ", now=NOW, used=None) is not None


def test_a_moment_is_the_beginning_of_its_half_minute() -> None:
    assert moment_of(counter_at(NOW)) <= NOW < moment_of(counter_at(NOW)) + timedelta(seconds=30)


def test_printed_codes_are_ten_different_ones_that_can_be_read_from_paper() -> None:
    codes = list(printed_codes())
    assert len({as_kept(code)[1] for code in codes}) == PRINTED
    assert not set("il1o0") & set(LETTERS)
    assert [as_kept(code)[0] for code in codes] == [str(number) for number in range(PRINTED)]


@pytest.mark.parametrize(
    "typed", ["3-abcde-fghjk", "3 ABCDE FGHJK", " 3abcdefghjk ", "3\u2013abcde\u2013fghjk"]
)
def test_a_printed_code_is_known_however_it_is_written(typed: str) -> None:
    assert as_kept(typed) == ("3", "abcdefghjk")
