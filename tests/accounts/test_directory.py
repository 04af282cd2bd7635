"""The directory from a file: what is refused and why, and that loading twice changes nothing."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from escalation.accounts import services
from escalation.accounts.directory_file import COLUMNS
from escalation.accounts.models import Organisation, Seat, Setting, User

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).parents[2] / "docs/directory-example.csv"
HEADINGS = [heading for heading, _ in COLUMNS.values()]
JOAN = {
    "organisation": "Wandle Learning Trust",
    "setting": "Ravensbury Primary School",
    "setting_short_name": "the school",
    "group": "Education",
    "person_name": "Joan Adeyemi",
    "email": "joan@wandle.example",
    "seat_kind": "Lead",
}
COVERED = {**JOAN, "deputy_email": "ruth@wandle.example"}
RUTH = {**JOAN, "person_name": "Ruth Levy", "email": "ruth@wandle.example", "seat_kind": "Practitioner"}
SAM = {**RUTH, "person_name": "Sam Hill", "email": "sam@wandle.example"}
NEXT = {"second_deputy_email": "sam@wandle.example"}
UNIT = {"person_name": "Nadia Khan", "email": "nadia@mscp.example", "seat_kind": "Partnership business unit"}
Row = dict[str, str]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(*rows: Row, headings: list[str] = HEADINGS) -> Path:
        path = tmp_path / "directory.csv"
        lines = [headings, *([row.get(key, "") for key in COLUMNS] for row in rows)]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
        return path

    return _write


def load(path: Path, *flags: str) -> str:
    out = io.StringIO()
    call_command("load_directory", str(path), *flags, stdout=out)
    return out.getvalue()


def test_the_example_loads_and_a_second_time_changes_nothing() -> None:
    said = load(EXAMPLE)
    assert "New setting: Ravensbury Primary School" in said
    assert (
        "New deputies: Priya Nair, then Amara Osei, for Tom Whitfield, Lead, Children's social care" in said
    )
    counts = [model.objects.count() for model in (Organisation, Setting, User, Seat)]
    assert load(EXAMPLE) == "0 changes.\n"
    assert [model.objects.count() for model in (Organisation, Setting, User, Seat)] == counts
    assert Setting.objects.get(outside=True).name == "Surrey children's services"


def deputies() -> tuple[str, ...]:
    seat = Seat.objects.select_related("deputy", "second_deputy").get(kind="lead")
    return tuple(each.full_name for each in (seat.deputy, seat.second_deputy) if each)


def test_deputies_come_in_order_and_an_empty_cell_leaves_the_second(write: Write) -> None:
    said = load(write({**COVERED, **NEXT}, RUTH, SAM))
    assert "New deputies: Ruth Levy, then Sam Hill, for Joan Adeyemi, Lead, Ravensbury Primary School" in said
    assert deputies() == ("Ruth Levy", "Sam Hill")
    assert load(write(COVERED)) == "0 changes.\n"
    assert deputies() == ("Ruth Levy", "Sam Hill")
    turned = {"deputy_email": "sam@wandle.example", "second_deputy_email": "ruth@wandle.example"}
    assert load(write({**JOAN, **turned})).endswith("1 change.\n")
    assert deputies() == ("Sam Hill", "Ruth Levy")
    assert "New deputy: Ruth Levy" in load(write(COVERED))  # the first now, so no second any more


def test_a_file_from_before_there_was_a_second_deputy_still_loads(write: Write) -> None:
    assert "New deputy: Ruth Levy" in load(write(COVERED, RUTH, headings=HEADINGS[:-1]))


def test_a_lado_is_not_made_an_administrator_by_a_file(write: Write) -> None:
    lado = services.create_user(email="nadia@mscp.example", full_name="Nadia Khan")
    services.give_seat(user=lado, kind="lado", by=None)
    with pytest.raises(CommandError, match="cannot be given to this person"):
        load(write({**UNIT, "seat_kind": "System administrator"}))


def test_new_people_cannot_sign_in_until_a_password_is_set(write: Write) -> None:
    load(write(JOAN))
    assert not User.objects.get().has_usable_password()


def test_a_dry_run_says_the_same_and_keeps_nothing(write: Write) -> None:
    path = write(JOAN, UNIT)
    dry = load(path, "--dry-run")
    assert [model.objects.count() for model in (Organisation, Setting, User, Seat)] == [0, 0, 0, 0]
    assert dry.splitlines()[:-1] == load(path).splitlines()[:-1]
    assert "none kept" in dry


def test_names_and_phones_are_brought_up_to_date_and_empty_cells_leave_what_is_there(write: Write) -> None:
    load(write({**JOAN, "person_phone": "020 7946 0001", "job_title": "DSL"}))
    said = load(
        write({**JOAN, "email": "JOAN@wandle.example", "person_name": "Joan Cole", "setting_phone": "1"})
    )
    assert said.splitlines() == [
        "Changed setting: Ravensbury Primary School (phone)",
        "Changed person: Joan Cole (full name)",
        "2 changes.",
    ]
    joan = User.objects.get()
    assert (joan.full_name, joan.phone, joan.job_title) == ("Joan Cole", "020 7946 0001", "DSL")


def test_loading_keeps_passwords_and_other_seats(write: Write) -> None:
    load(write(JOAN))
    joan = User.objects.get()
    joan.set_password("a long password")
    joan.save()
    services.give_seat(user=joan, kind="auditor", by=None)
    load(write(JOAN))
    joan.refresh_from_db()
    assert joan.check_password("a long password")
    assert joan.seats.count() == 2


HEADINGS_AS_TYPED = [
    [heading.upper() for heading in HEADINGS],
    [f"  {heading.replace(' ', '_').lower()} " for heading in HEADINGS],
    [heading.replace("E-mail", "email") for heading in HEADINGS],
]


@pytest.mark.parametrize("headings", HEADINGS_AS_TYPED)
def test_headings_are_read_as_people_type_them(write: Write, headings: list[str]) -> None:
    assert "New person: Joan Adeyemi" in load(write(JOAN, headings=headings))


WRONG_HEADINGS = [
    ([*HEADINGS[:-1], "Shoe size"], "there is no column “Shoe size”"),
    ([each for each in HEADINGS if each != "Deputy e-mail"], "column Deputy e-mail: is missing"),
    ([*HEADINGS, "email"], "column E-mail: is there twice"),
]


@pytest.mark.parametrize(("headings", "words"), WRONG_HEADINGS)
def test_wrong_headings_are_named(write: Write, headings: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        load(write(JOAN, headings=headings))


def but(row: Row, **changes: str) -> Row:
    return {**row, **changes}


BAD_ROWS: list[tuple[list[Row], str]] = [
    ([but(JOAN, organisation="")], "Row 2, column Organisation: is empty"),
    ([but(JOAN, setting="")], "Row 2, column Setting: is empty. A lead sits in a setting"),
    ([but(JOAN, setting_short_name="")], "Row 2, column Setting short name: is empty"),
    ([but(JOAN, group="")], "Row 2, column Group: is empty"),
    (
        [but(JOAN, group="Zoo")],
        "Row 2, column Group: is not one of the groups. Use one of: Children's social care",
    ),
    ([but(JOAN, outside="perhaps")], "Row 2, column Outside: is not yes or no"),
    ([but(JOAN, email_domain="gmail.com")], "Row 2, column E-mail domain: Anybody can have an address"),
    ([but(JOAN, email_domain="not a domain")], "Row 2, column E-mail domain: “not” is no domain"),
    ([but(JOAN, person_name="")], "Row 2, column Person name: is empty"),
    ([but(JOAN, email="")], "Row 2, column E-mail: is empty"),
    ([but(JOAN, email="joan")], "Row 2, column E-mail: is no e-mail address"),
    ([but(JOAN, seat_kind="")], "Row 2, column Seat kind: is empty"),
    (
        [but(JOAN, seat_kind="Boss")],
        "Row 2, column Seat kind: is not one of the kinds. Use one of: Practitioner",
    ),
    ([but(UNIT, seat_kind="LADO")], "Row 2, column Seat kind: is not given by a file"),
    ([but(UNIT, seat_kind="service")], "Row 2, column Seat kind: is not given by a file"),
    ([but(JOAN, seat_kind="Auditor")], "Row 2, column Setting: must be empty"),
    ([but(JOAN, deputy_email="ruth")], "Row 2, column Deputy e-mail: is no e-mail address"),
    ([but(JOAN, deputy_email="Joan@Wandle.example")], "Row 2, column Deputy e-mail: is the person's own"),
    ([but(JOAN, deputy_email="x@wandle.example")], "Row 2, column Deputy e-mail: is nobody we know"),
    ([but(UNIT, deputy_email="joan@wandle.example")], "Row 2, column Deputy e-mail: must be empty"),
    ([but(JOAN, second_deputy_email="x@y.example")], "column Second deputy e-mail: stands without a first"),
    ([but(COVERED, second_deputy_email="ruth")], "column Second deputy e-mail: is no e-mail address"),
    ([but(COVERED, second_deputy_email="JOAN@wandle.example")], "Second deputy e-mail: is the person's own"),
    ([but(COVERED, second_deputy_email="Ruth@wandle.example")], "is the first deputy's address too"),
    ([COVERED, RUTH, but(COVERED, **NEXT)], "Row 4, column Seat kind: is the same seat as in row 2"),
    ([but(COVERED, **NEXT), RUTH], "Row 2, column Second deputy e-mail: is nobody we know"),
    ([but(JOAN, person_name="J" * 151)], "Row 2, column Person name: is longer than 150 letters"),
    ([but(JOAN, job_title="DS\x07L")], "Row 2, column Job title: holds a character"),
    ([JOAN, JOAN], "Row 3, column Seat kind: is the same seat as in row 2"),
    ([JOAN, but(JOAN, seat_kind="Senior lead", group="Health")], "Row 3, column Group: differs from row 2"),
    (
        [JOAN, but(JOAN, seat_kind="Senior lead", person_name="Jo")],
        "Row 3, column Person name: differs from row 2",
    ),
]


@pytest.mark.parametrize(("rows", "words"), BAD_ROWS, ids=[words[:60] for _, words in BAD_ROWS])
def test_a_bad_row_is_named_and_nothing_is_loaded(write: Write, rows: list[Row], words: str) -> None:
    with pytest.raises(CommandError) as error:
        load(write(*rows))
    assert words in str(error.value)
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


def test_every_bad_row_is_told_at_once_in_order(write: Write) -> None:
    with pytest.raises(CommandError) as error:
        load(write(but(JOAN, email="x"), UNIT, but(JOAN, group="Zoo", person_name="")))
    rows = [line.split(",")[0] for line in str(error.value).splitlines()[1:]]
    assert rows == ["Row 2", "Row 4", "Row 4"]


def test_one_bad_row_keeps_the_good_ones_out(write: Write) -> None:
    with pytest.raises(CommandError):
        load(write(JOAN, but(UNIT, email="nadia")))
    assert not User.objects.exists()


def test_somebody_who_left_is_not_brought_back(write: Write) -> None:
    load(write(JOAN))
    services.leave(user=User.objects.get(), now=datetime(2026, 11, 24, tzinfo=UTC), by=None)
    with pytest.raises(CommandError, match="has left"):
        load(write(JOAN))


def test_a_lado_cannot_be_put_into_the_business_unit_by_file(write: Write) -> None:
    nadia = services.create_user(email=UNIT["email"], full_name=UNIT["person_name"])
    services.give_seat(user=nadia, kind="lado", by=None)
    with pytest.raises(CommandError, match="cannot be given to this person"):
        load(write(UNIT))


def test_settings_of_one_name_in_two_organisations_are_two(write: Write) -> None:
    other = but(JOAN, organisation="Other Trust", email="ann@other.example", person_name="Ann")
    load(write(JOAN, other))
    assert Setting.objects.filter(name="Ravensbury Primary School").count() == 2


def test_a_spreadsheet_is_read_as_it_shows(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    sheet.append([{**JOAN, "person_phone": 2079460001.0}.get(key) for key in COLUMNS])
    sheet.append([None] * len(HEADINGS))
    path = tmp_path / "directory.xlsx"
    book.save(path)
    assert "New person: Joan Adeyemi" in load(path)
    assert User.objects.get().phone == "2079460001"


def test_a_file_saved_by_a_spreadsheet_on_windows_is_read(write: Write) -> None:
    path = write(but(JOAN, person_name="Zoë Adeyemi"))
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    load(path)
    assert User.objects.get().full_name == "Zoë Adeyemi"


NO_FILES = [
    ("empty.csv", b"", "is empty"),
    ("not.xlsx", b"no zip", "no XLSX"),
    ("missing.csv", None, "cannot be read"),
]


@pytest.mark.parametrize(("name", "data", "words"), NO_FILES)
def test_a_file_that_is_none_is_refused(tmp_path: Path, name: str, data: bytes | None, words: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(CommandError, match=words):
        load(tmp_path / name)
