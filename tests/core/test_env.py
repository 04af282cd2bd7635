"""What the environment says, and what it cannot mean."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.env import Environment, database

ROOT = Path("/srv/log")


@pytest.mark.parametrize(
    ("word", "meaning"),
    [("1", True), ("yes", True), (" On ", True), ("0", False), ("false", False), ("", False)],
)
def test_a_flag_is_yes_or_no(word: str, *, meaning: bool) -> None:
    assert Environment({"DEBUG": word}).flag("DEBUG") is meaning


def test_a_mistyped_flag_is_refused_and_not_shown() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DEBUG must be 1 or 0$"):
        Environment({"DEBUG": "treu"}).flag("DEBUG")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush\n")
    assert Environment({"SECRET_KEY_FILE": str(tmp_path / "key")}).secret("SECRET_KEY") == "hush"


def test_a_secret_cannot_be_in_two_places() -> None:
    with pytest.raises(ImproperlyConfigured, match="not both"):
        Environment({"SECRET_KEY": "a", "SECRET_KEY_FILE": "/b"}).secret("SECRET_KEY")


def test_a_secret_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE cannot be read"):
        Environment({"SECRET_KEY_FILE": "/not/there"}).secret("SECRET_KEY")


def test_a_list_is_written_with_commas() -> None:
    assert Environment({"ALLOWED_HOSTS": "a.example, b.example,"}).words("ALLOWED_HOSTS") == [
        "a.example",
        "b.example",
    ]


@pytest.mark.parametrize("word", ["-1", "1.5", "many"])
def test_a_number_is_whole(word: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        Environment({"LIMIT": word}).number("LIMIT", 1)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///var/log.sqlite3", ROOT / "var/log.sqlite3"),
        ("sqlite:////data/log.sqlite3", Path("/data/log.sqlite3")),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_a_sqlite_file_is_under_the_root_or_anywhere(url: str, file: Path | str) -> None:
    assert database(url, root=ROOT)["NAME"] == file


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "name"),
    [
        ("postgresql://log:s%40fe@db.example:5433/cases", "db.example", "5433", "log", "cases"),
        ("postgres://log@db.example/cases", "db.example", "", "log", "cases"),
        ("postgresql://log@/cases?host=/run/postgresql", "/run/postgresql", "", "log", "cases"),
    ],
)
def test_a_postgresql_server_by_network_or_socket(
    url: str, host: str, port: str, user: str, name: str
) -> None:
    made = database(url, root=ROOT)
    assert (made["HOST"], made["PORT"], made["USER"], made["NAME"]) == (host, port, user, name)


def test_a_password_with_signs_in_it() -> None:
    assert database("postgresql://log:s%40fe@h/cases", root=ROOT)["PASSWORD"] == "s@fe"


@pytest.mark.parametrize("url", ["mysql://a/b", "log.sqlite3", "", "sqlite:///"])
def test_any_other_database_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        database(url, root=ROOT)
