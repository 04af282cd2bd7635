"""The commands that make people and keys on the server."""

import io

import pytest
from django.core.management import CommandError, call_command

from escalation.accounts import services
from escalation.accounts.models import ApiToken, Event, User

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_first_administrator_signs_in_and_sees_no_case(client: object) -> None:
    said = run("first_administrator", "--email", "Ada@mscp.example", "--name", "Ada Bright")
    password = said.rpartition(": ")[2].strip()
    user = User.objects.get()
    assert user.check_password(password)
    assert [seat.kind for seat in user.seats.all()] == ["administrator"]


def test_there_is_only_one_first(monkeypatch: pytest.MonkeyPatch) -> None:
    run("first_administrator", "--email", "ada@mscp.example", "--name", "Ada Bright")
    with pytest.raises(CommandError, match="already"):
        run("first_administrator", "--email", "eve@mscp.example", "--name", "Eve")
    assert User.objects.count() == 1


def test_the_first_lado_is_made_on_the_server_and_gives_the_other_seats() -> None:
    said = run("first_lado", "--email", "Lil@mscp.example", "--name", "Lil Day")
    user = User.objects.get()
    assert user.check_password(said.rpartition(": ")[2].strip())
    assert [seat.kind for seat in user.seats.all()] == ["lado"]
    with pytest.raises(CommandError, match="There is a LADO already; they give the other seats"):
        run("first_lado", "--email", "eve@mscp.example", "--name", "Eve")
    assert "Neighbouring LADO" in run("first_lado", "--email", "n@x.example", "--name", "Nan", "--neighbour")
    told = Event.objects.filter(chain="seats").order_by("seq")
    assert [(event.act, event.seat, event.actor_id) for event in told] == [("given", "server", None)] * 2


def test_the_first_lado_may_be_somebody_whom_the_log_knows_and_never_its_administrator() -> None:
    services.create_user(email="joan@school.example", full_name="Joan", password="four words are enough")
    said = run("first_lado", "--email", "joan@school.example", "--name", "Somebody")
    assert said == "Joan is LADO now and signs in as joan@school.example.\n"
    assert User.objects.get().check_password("four words are enough")
    run("first_administrator", "--email", "ada@mscp.example", "--name", "Ada")
    with pytest.raises(CommandError, match="has no LADO seat"):
        run("first_lado", "--email", "ada@mscp.example", "--name", "Ada", "--neighbour")


def test_the_password_can_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("four words are enough\n"))
    said = run("first_administrator", "--email", "ada@mscp.example", "--name", "Ada", "--password-stdin")
    assert "four words" not in said
    assert User.objects.get().check_password("four words are enough")


def test_an_address_must_be_one() -> None:
    with pytest.raises(CommandError, match="valid email"):
        run("first_administrator", "--email", "ada", "--name", "Ada")


def test_changepassword_of_django_gives_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    services.create_user(email="joan@school.example", full_name="Joan")
    monkeypatch.setattr("getpass.getpass", lambda **_: "four words are enough")
    run("changepassword", "joan@school.example")
    assert User.objects.get().check_password("four words are enough")


def test_a_system_gets_a_key_and_can_lose_it() -> None:
    said = run("api_token", "--email", "reports@mscp.example", "--name", "MSCP reports", "--days", "7")
    assert services.token_digest(said.strip().splitlines()[-1]) == ApiToken.objects.get().digest
    run("api_token", "--email", "reports@mscp.example")
    assert "2 keys" in run("api_token", "--email", "reports@mscp.example", "--revoke")
    assert User.objects.count() == 1


WRONG = [
    (("--email", "nobody@mscp.example"), "--name"),
    (("--email", "nobody", "--name", "X"), "valid email"),
    (("--email", "a@mscp.example", "--name", "X", "--days", "0"), "a day or more"),
    (("--email", "a@mscp.example", "--revoke"), "Nobody"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_api_token_says_what_is_wrong_and_makes_nobody(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run("api_token", *words)
    assert not User.objects.exists()
