"""Forms: what is typed against what is kept, refused and drawn."""

import re
from datetime import date, datetime, time

import pytest
from django import forms as django_forms
from django.core.exceptions import ValidationError

from core.web import forms
from core.web.answers import moment_before, when_before
from tests.moments import london
from tests.web.markup import Elements
from tests.web.samples import SampleForm

TODAY = date(2026, 12, 30)


@pytest.mark.parametrize(
    "typed",
    [
        "30 12 2026", "30/12/2026", "30-12-2026", "30.12.26", " 30 12 26 ", "30 Dec 2026", "30 December 2026",
        "30th December, 2026", "Wed 30 Dec 2026", "Wednesday, 30 december 2026", "2026-12-30", "Today",
    ],
)  # fmt: skip
def test_a_date_is_read_as_people_write_it(typed: str) -> None:
    assert forms.read_day(typed, today=TODAY) == TODAY


@pytest.mark.parametrize(
    "typed", ["", "31 2 2026", "12 30 2026", "30 12", "30 Foo 2026", "soon", "٣٠ ١٢", "2026", "1e3 1 2026"]
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="Enter a date"):
        forms.DayField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2:20pm", time(14, 20)), ("2.20 pm", time(14, 20)), ("14:20", time(14, 20)), ("1420", time(14, 20)),
        ("2:20 p.m.", time(14, 20)), ("9am", time(9)), ("12am", time(0)), ("12pm", time(12)),
        ("12:30AM", time(0, 30)),
        ("midday", time(12)), ("noon", time(12)), ("midnight", time(0)), ("09:05", time(9, 5)),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(typed: str, read: time) -> None:
    assert forms.read_time(typed) == read


@pytest.mark.parametrize("typed", ["25", "9", "13pm", "0am", "24:00", "9:60", "late", "9:5"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="Enter a time"):
        forms.TimeOfDayField().clean(typed)


@pytest.mark.parametrize(
    ("day", "hour", "moment"),
    [
        ("23 12 2026", "10:20am", london(2026, 12, 23, 10, 20)),
        ("1 7 2026", "5pm", london(2026, 7, 1, 17)),
        ("25 10 2026", "1:30am", london(2026, 10, 25, 1, 30)),  # twice that night: the first is meant
    ],
)
def test_a_moment_is_london_time(day: str, hour: str, moment: datetime) -> None:
    assert forms.MomentField().clean([day, hour]) == moment


@pytest.mark.parametrize(
    ("day", "hour", "words"),
    [
        ("28 3 2027", "1:30am", "does not exist"),
        ("23 12 2026", "", "the time too"),
        ("", "9am", "the date too"),
        ("", "", "a date and a time"),
        ("31 2 2026", "9am", "like 31 12 2026"),
    ],
)
def test_a_moment_that_cannot_be_is_refused(day: str, hour: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        forms.MomentField().clean([day, hour])


@pytest.mark.parametrize(
    ("day", "hour", "words"),
    [
        ("31 2 2026", "", ["like 31 12 2026", "the time too"]),
        ("", "noonish", ["the date too", "like 2:20pm"]),
        ("soon", "noonish", ["like 31 12 2026", "like 2:20pm"]),
        ("1 1 2099", "", ["still to come", "the time too"]),
    ],
)
def test_all_that_is_wrong_with_a_moment_is_said_at_once(day: str, hour: str, words: list[str]) -> None:
    with pytest.raises(ValidationError) as wrong:
        moment_before().clean([day, hour])
    assert len(wrong.value.messages) == len(words)
    for word, message in zip(words, wrong.value.messages, strict=True):
        assert word in message


def test_who_does_not_know_the_time_gives_the_day_alone() -> None:
    assert when_before().clean(["23 12 2025", ""]) == date(2025, 12, 23)
    assert when_before().clean(["23 12 2025", "9am"]) == london(2025, 12, 23, 9)
    with pytest.raises(ValidationError, match="the date too"):
        when_before().clean(["", "9am"])
    box = forms.MomentInput()
    assert box.decompress(date(2025, 12, 23)) == [date(2025, 12, 23), None]


KEPT_AS_TYPED = [
    "  two spaces in front, one behind ",
    "line\nline\n\n",
    "tabs\tand a form feed\x0c",
    "👩‍👧 seen at 2pm 🌧️",
    "שלום \u202eright to left\u202c مرحبا",
    "<b>&amp;</b> '; DROP TABLE",
    '=HYPERLINK("x")',
    "a\u0300\u0301\u0302 zalgo",
    "x" * 10_000,
]


@pytest.mark.parametrize("text", KEPT_AS_TYPED)
def test_text_is_kept_as_it_was_typed(text: str) -> None:
    assert forms.PlainText().clean(text) == text


def test_line_ends_are_as_they_were_before_the_browser_sent_them() -> None:
    assert forms.PlainText().clean("one\r\ntwo\rthree") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\x00b", "NUL"),
        ("half \ud83d", "half a character"),
        ("x" * 10_001, "Use 10,000 characters or fewer. You have 10,001."),
        ("x" * 1_048_576, "Use 10,000 characters or fewer. You have 1,048,576."),
        ("", "Write something here."),
        (" \n ", "Write something here."),
    ],
)
def test_text_that_cannot_be_kept_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        forms.PlainText().clean(text)
    assert words in refused.value.messages[0]


@pytest.mark.parametrize("text", [*KEPT_AS_TYPED, "x" * 10_001, "<script>alert(1)</script>"])
def test_nothing_typed_is_lost_on_an_error(text: str) -> None:
    form = SampleForm({"worry": text, "answer": "nonsense"})
    assert not form.is_valid()
    box = Elements(str(form)).one("textarea", name="worry")
    assert box.text == f"\n{text}"  # a browser drops the first line end after <textarea>


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("020 7946 0148", "020 7946 0148"),
        (" 020  7946 0148 ", "020 7946 0148"),
        ("+44 (0)20 7946 0148", "+44 (0)20 7946 0148"),
        ("020 7946 0148 ext 12", "020 7946 0148 ext 12"),
        ("999", "999"),
    ],
)
def test_a_phone_number_is_kept_as_written(typed: str, kept: str) -> None:
    assert forms.PhoneField().clean(typed) == kept


@pytest.mark.parametrize("typed", ["abc", "12", "call me", "020 7946 0148 or 0149", "1" * 60])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        forms.PhoneField().clean(typed)


def test_a_line_is_one_line() -> None:
    with pytest.raises(ValidationError, match="one line"):
        forms.PlainLine().clean("one\ntwo")


def test_each_question_ties_its_label_hint_error_and_control_together() -> None:
    page = Elements(str(SampleForm({"answer": "acted", "worry": "", "seen": "x", "by": "31 2 2026"})))
    control = page.one("input", name="by")
    assert control.attributes["aria-describedby"] == "id_by_helptext id_by_error"
    assert control.attributes["aria-invalid"] == "true"
    assert "govuk-input--error" in control.attributes["class"]
    assert page.one("label", **{"for": "id_by"}).text == "By when (optional)"
    assert page.one("div", id="id_by_helptext").text.startswith("For example")
    assert page.one("p", id="id_by_error").text.split(" ", 1) == ["Error:", "Enter a date, like 31 12 2026."]
    assert control.attributes["value"] == "31 2 2026"
    assert page.one("textarea", name="worry").attributes["class"] == "govuk-textarea govuk-textarea--error"


def test_every_description_and_label_leads_somewhere() -> None:
    page = Elements(str(SampleForm({"answer": "x"})))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    for element in page.found:
        for target in (
            element.attributes.get("aria-describedby", "") + " " + element.attributes.get("for", "")
        ).split():
            assert target in ids
    assert not page.unclosed


def test_choices_have_hints_and_reveal_their_questions_once() -> None:
    page = Elements(str(SampleForm()))
    first = page.all("input", name="answer")[0]
    assert first.attributes["data-reveals"] == "id_answer_0_reveals"
    assert first.attributes["aria-describedby"] == "id_answer_0_hint"
    assert "hidden" not in page.one("div", id="id_answer_0_reveals").attributes  # without scripts all show
    assert len(page.all("textarea", name="done")) == 1
    assert page.all("fieldset")[0].text.strip().startswith("Your answer")


def test_no_box_cuts_a_paste_and_no_browser_checks_before_us() -> None:
    page = Elements(str(SampleForm()))
    assert not [one for one in page.found if {"maxlength", "required", "style"} & set(one.attributes)]


def test_a_date_in_three_boxes_comes_back_in_three_boxes() -> None:
    form = SampleForm({"born_day": "31", "born_month": "", "born_year": "2026"})
    assert form.errors["born"] == ["Enter a date, like 31 12 2026."]
    page = Elements(str(form["born"]))
    assert [one.attributes.get("value", "") for one in page.all("input")] == ["31", "", "2026"]
    assert [one.text for one in page.all("label")] == ["Day", "Month", "Year"]


@pytest.mark.parametrize(
    "sent",
    [
        {"born_day": "30", "born_month": "12", "born_year": "2026"},
        {"born_day": "30", "born_month": "Dec", "born_year": "2026"},
        {"born_day": "30 12 2026", "born_month": "", "born_year": ""},
        {"born": "2026-12-30"},
    ],
)
def test_three_boxes_take_a_date_written_in_any_way(sent: dict[str, str]) -> None:
    form = SampleForm(sent)
    assert "born" not in form.errors
    assert form.cleaned_data["born"] == TODAY


def test_a_field_that_only_an_answer_makes_necessary_is_asked_for() -> None:
    form = SampleForm({"answer": "acted", "worry": "it is late"})
    assert form.is_valid()
    form.need("done", "Say what you did.")
    assert form.errors["done"] == ["Say what you did."]


def test_initial_dates_show_as_people_write_them() -> None:
    form = SampleForm(
        initial={"by": TODAY, "hour": time(14, 20), "called": london(2026, 7, 1, 17), "born": TODAY}
    )
    page = Elements(str(form))
    shown = {one.attributes["name"]: one.attributes.get("value") for one in page.all("input")}
    assert (shown["by"], shown["hour"]) == ("30 12 2026", "2:20pm")
    assert (shown["called_day"], shown["called_time"]) == ("1 7 2026", "5pm")
    assert (shown["born_day"], shown["born_month"], shown["born_year"]) == ("30", "12", "2026")


def test_any_form_of_django_is_drawn_in_the_same_look() -> None:
    class Plain(django_forms.Form):
        name = django_forms.CharField()
        agree = django_forms.BooleanField()
        pick = django_forms.ChoiceField(choices=[("a", "A")], widget=django_forms.RadioSelect)

    page = Elements(str(Plain()))
    assert page.one("input", name="name").attributes["class"] == "govuk-input"
    assert page.one("input", name="agree").attributes["class"] == "govuk-checkboxes__input"
    assert page.one("input", name="pick").attributes["class"] == "govuk-radios__input"
    assert not page.unclosed


class Optional(forms.Form):
    """One of each: needed, free to leave out, revealed, revealed and still free, needed at times, a tick."""

    not_marked = frozenset({"at_times"})
    optional_too = frozenset({"still"})

    needed = forms.PlainLine(label="Needed")
    free = forms.PlainLine(label="Free", required=False)
    day = forms.MomentField(label="Day", required=False)
    which = django_forms.ChoiceField(
        label="Which", choices=[("a", "A")], widget=forms.Radios(reveals={"a": ("revealed", "still")})
    )
    revealed = forms.PlainLine(label="Revealed", required=False)
    still = forms.PlainLine(label="Still", required=False)
    at_times = forms.PlainLine(label="At times", required=False)
    tick = django_forms.BooleanField(label="Tick", required=False)


def test_what_can_be_left_out_is_marked_optional() -> None:
    page = str(Optional())
    assert re.findall(r"(\w+) \(optional\)</(?:label|legend)>", page) == ["Free", "Day", "Still"]
    assert page.count("(optional)") == 3
