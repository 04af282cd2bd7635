"""A calendar that any program reads: lines of 75 octets at most, no sign cut in two, nothing unescaped."""

from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from core.web.ical import LONGEST, Moment, calendar, escaped, folded
from tests.moments import london

NOW = datetime(2026, 12, 23, 10, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]))


@given(TEXT)
@example("é" * 100)
@example("x" * LONGEST)
@example("x" * (LONGEST + 1))
def test_a_line_is_folded_and_unfolds_to_itself(line: str) -> None:
    lines = folded(line).split("\r\n")
    assert all(len(each.encode()) <= LONGEST for each in lines)
    assert all(each.startswith(" ") for each in lines[1:])
    assert lines[0] + "".join(each[1:] for each in lines[1:]) == line


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_is_one_line_and_can_be_read_back(text: str) -> None:
    said = escaped(text.replace("\r\n", "\n").replace("\r", ""))
    assert "\n" not in said
    read, escape = "", False
    for sign in said:
        if escape:
            read, escape = read + {"n": "\n"}.get(sign, sign), False
        elif sign == "\\":
            escape = True
        else:
            assert sign not in ";,"
            read += sign
    assert read == text.replace("\r\n", "\n").replace("\r", "")


def test_the_whole_file() -> None:
    due = Moment("one@log", london(2026, 7, 1, 17), "Log: something is due", "https://log.example.org/x/")
    text = calendar("Log", [due], now=NOW)
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.replace("\r\n ", "").split("\r\n")
    begin = lines.index("BEGIN:VEVENT")
    assert lines[begin : lines.index("END:VEVENT")] == [
        "BEGIN:VEVENT",
        "UID:one@log",
        "DTSTAMP:20261223T100000Z",
        "DTSTART:20260701T160000Z",
        "SUMMARY:Log: something is due",
        "URL:https://log.example.org/x/",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
    ]
