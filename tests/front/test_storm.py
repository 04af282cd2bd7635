"""Many strangers at once keep nobody out who is in."""

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest

from tests.factories import person, setting
from tests.served import ServedLog
from tests.way_in import PASSPHRASE, lets_in

STRANGERS = 200


class Caller:
    """A browser without a screen."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: dict[str, str] | None = None) -> int:
        """The status of one request, on a connection of its own; cookies are kept."""
        line = HTTPConnection(self.host, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self.cookies["csrftoken"],
            }
        line.request("GET" if form is None else "POST", path, urlencode(form) if form else None, headers)
        answer = line.getresponse()
        answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        line.close()
        return answer.status

    def signs_in(self, email: str, password: str) -> int:
        self.ask("/sign-in/")
        return self.ask("/sign-in/", {"username": email, "password": password})


@pytest.mark.large
def test_two_hundred_wrong_sign_ins_leave_pages_answering(served_log: ServedLog) -> None:
    """Meanwhile somebody who is signed in goes on, and no stranger is told that the log broke."""
    joan = lets_in(person("Joan Adeyemi", practitioner=setting()))
    inside = Caller(served_log.url)
    assert inside.signs_in(joan.email, PASSPHRASE) == 302

    for _ in range(10):  # each of the server's workers has shown the page before, as on any day
        assert inside.ask("/challenges/") == 200

    def guess(number: int) -> int:
        return Caller(served_log.url).signs_in(f"nobody.{number}@school.example", "a guess")

    answered_meanwhile = 0
    with ThreadPoolExecutor(STRANGERS) as crowd:
        guesses = [crowd.submit(guess, number) for number in range(STRANGERS)]
        while not all(each.done() for each in guesses):
            assert inside.ask("/challenges/") == 200
            answered_meanwhile += not all(each.done() for each in guesses)
    assert {each.result() for each in guesses} <= {200, 429}
    assert answered_meanwhile, "the page waited until the last stranger had been told"
