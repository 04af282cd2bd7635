"""What went wrong, page by page: status, words, kept text, headers, and nothing given away."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError
from django.test import Client
from django.test.utils import override_settings

from core.sessions.store import SessionStore
from tests.web.markup import Elements

pytestmark = [pytest.mark.urls("tests.web.urls"), pytest.mark.django_db]

WORDS = "Mum has a sleep plan.\nThe sessions start on Thursday 👩‍👧 שלום <b>"


@pytest.fixture
def browser() -> Client:
    """A browser that shows error pages, where a test client would raise."""
    return Client(raise_request_exception=False)


PAGES = [
    ("gone", 404, "There is nothing here that you can see"),
    ("forbidden", 403, "This is not yours to do"),
    ("suspicious", 400, "We could not read that"),
    ("conflict", 409, "Someone answered first. Your words are safe"),
    ("locked", 503, "Not saved. Your words are here"),
    ("bug", 500, "Something went wrong on our side"),
]


@pytest.mark.parametrize(("kind", "status", "heading"), PAGES)
def test_each_error_has_a_page_that_helps_and_gives_nothing_away(
    browser: Client, kind: str, status: int, heading: str
) -> None:
    response = browser.post(f"/wrong/{kind}/", {"worry": WORDS})
    page = Elements(response.content.decode())
    assert response.status_code == status
    assert page.one("h1").text == heading
    assert page.one("title").text == f"{heading} – Challenge log"
    assert "secret words" not in response.content.decode()
    assert not page.unclosed
    assert len(page.ids()) == len(set(page.ids()))
    assert "A child in danger? Call 999." in page.one("footer").text


@pytest.mark.parametrize("kind", ["conflict", "locked", "bug"])
def test_what_was_typed_is_on_the_page_as_it_was_typed(browser: Client, kind: str) -> None:
    page = Elements(
        browser.post(
            f"/wrong/{kind}/", {"worry": WORDS, "password": "not for a page at all"}
        ).content.decode()
    )
    assert page.one("div", class_="cl-kept").text == WORDS
    assert "not for a page" not in page.one("html").text


def test_who_was_first_and_what_can_be_done_is_said(browser: Client) -> None:
    page = Elements(browser.post("/wrong/conflict/", {"worry": WORDS}).content.decode())
    assert page.one("p", class_="cl-lede").text.endswith("11:05am. So yours was not sent.")
    assert page.one("a", href="/see/").text == "See the challenge as it is now"
    assert page.one("a", href="/add/").text == "Add my words as a new entry"
    assert "We keep your words as a draft for 30 days." in page.one("main").text


def test_a_page_the_database_left_can_send_the_same_again() -> None:
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.get("/page/")
    token = browser.cookies["csrftoken"].value
    response = browser.post(
        "/wrong/locked/", {"worry": WORDS, "tick": ["a", "b"], "csrfmiddlewaretoken": token}
    )
    again = Elements(response.content.decode()).all("input", type="hidden")
    sent = [
        (one.attributes["name"], one.attributes["value"])
        for one in again
        if one.attributes["name"] != "csrfmiddlewaretoken"
    ]
    assert sent == [("worry", WORDS), ("tick", "a"), ("tick", "b")]
    assert response.headers["Retry-After"] == "30"


def test_a_form_of_another_site_shows_its_words_but_cannot_be_sent_on(browser: Client) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    response = strict.post("/wrong/conflict/", {"worry": WORDS})
    page = Elements(response.content.decode())
    assert response.status_code == 403
    assert page.one("h1").text == "This page was open too long. Your words are safe"
    assert page.one("div", class_="cl-kept").text == WORDS
    assert not [one for one in page.all("input") if one.attributes["name"] == "worry"]


def test_a_database_that_leaves_before_the_view_is_a_503_too(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: SessionStore) -> None:
        raise OperationalError("server closed the connection")

    browser.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    monkeypatch.setattr(SessionStore, "load", away)
    response = browser.post("/closed/", {"worry": WORDS})
    assert response.status_code == 503
    assert Elements(response.content.decode()).one("div", class_="cl-kept").text == WORDS


@pytest.mark.parametrize(("kind", "status", "heading"), PAGES)
def test_the_api_gets_problem_details(browser: Client, kind: str, status: int, heading: str) -> None:
    response = browser.post(f"/api/wrong/{kind}/", {"worry": WORDS})
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance", "errors", "request_id"}
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert "secret words" not in response.content.decode()


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "hex", "nonsense", "UTF-7"])
@pytest.mark.parametrize("path", ["/page/", "/closed/", "/nowhere/", "/wrong/bug/"])
def test_a_form_in_other_letters_than_utf_8_is_415(browser: Client, path: str, charset: str) -> None:
    sent = f"application/x-www-form-urlencoded; charset={charset}"
    response = browser.generic("POST", path, b"worry=%2BADw-", content_type=sent)
    assert response.status_code == 415
    assert "UTF-8" in response.content.decode()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8"])
def test_a_form_in_utf_8_may_say_so(browser: Client, charset: str) -> None:
    sent = f"application/x-www-form-urlencoded; charset={charset}"
    assert browser.post("/page/", "worry=late", content_type=sent).content == b"kept 4"


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_too_much_at_once_is_413_with_a_way_back(browser: Client, content_type: str) -> None:
    body = "worry=" + "x" * 1001
    if content_type.startswith("multipart"):
        body = f'--x\r\nContent-Disposition: form-data; name="worry"\r\n\r\n{"x" * 1001}\r\n--x--\r\n'
    response = browser.post("/page/", body, content_type=content_type)
    assert response.status_code == 413
    assert "what you wrote is still there" in response.content.decode()


HEADERS = {
    "Cache-Control": "no-store, private",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


@pytest.mark.parametrize(
    "path", ["/page/", "/nowhere/", "/closed/", "/sign-in/", *(f"/wrong/{kind}/" for kind, _, _ in PAGES)]
)
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain; charset=utf-7"])
def test_headers_hold_on_every_answer(browser: Client, path: str, content_type: str) -> None:
    response = browser.post(path, "", content_type=content_type)
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert len(response.headers["X-Request-ID"]) == 32


def test_an_id_that_the_caller_sends_is_not_taken(browser: Client) -> None:
    response = browser.get("/page/", headers={"X-Request-ID": "mine"})
    assert response.headers["X-Request-ID"] != "mine"


@override_settings(NAVIGATION=())  # the log's own links lead to pages that this small site does not have
def test_a_page_names_who_is_signed_in_and_offers_to_hide(browser: Client) -> None:
    user = get_user_model().objects.create_user(
        email="leila@larkfield.example",
        password="x",
        full_name="Leila Osei-Bonsu",
        job_title="health visitor",
    )
    browser.force_login(user)
    page = Elements(browser.get("/nowhere/").content.decode())
    assert "Signed in as Leila Osei-Bonsu, health visitor." in page.one("footer").text
    assert page.one("a", class_="cl-hide").attributes["rel"] == "noreferrer nofollow"
    assert page.one("form").attributes["method"] == "post"
    assert page.one("button", class_="cl-link", type="submit").text == "Sign out"


def test_no_page_has_anything_that_the_policy_for_scripts_and_styles_forbids(browser: Client) -> None:
    for kind, _, _ in PAGES:
        page = Elements(browser.post(f"/wrong/{kind}/", {"worry": WORDS}).content.decode())
        assert not [one for one in page.found if "style" in one.attributes or one.tag == "style"]
        assert not [name for one in page.found for name in one.attributes if name.startswith("on")]
        assert not [one for one in page.all("script") if "src" not in one.attributes]


HARD = [
    "a\x00b",
    "x" * 1_048_576,
    "\u202eright to left",
    "👩‍👧" * 50,
    "שלום مرحبا",
    "</textarea><script>",
    "=1+1",
]


@pytest.mark.parametrize("text", HARD)
def test_any_text_is_refused_in_words_or_kept(browser: Client, text: str) -> None:
    response = browser.post("/page/", {"worry": text, "when": "31 2 2026"})
    assert response.status_code == 200
    page = Elements(response.content.decode())
    assert page.one("title").text.startswith("Error: ")
    summary = page.one("div", class_="govuk-error-summary")
    assert summary.attributes["tabindex"] == "-1"
    assert page.one("a", href="#id_when").text == "When? Enter a date, like 31 12 2026."
    refused = "NUL" in summary.text or "Use 10,000 characters or fewer. You have 1,048,576." in summary.text
    assert refused is ("\x00" in text or len(text) > 10_000)


def test_the_log_itself_uses_these_pages() -> None:
    from core import urls
    from tests.web import urls as ours

    for name in ("handler400", "handler403", "handler404", "handler500"):
        assert getattr(urls, name) == getattr(ours, name)
    assert settings.CSRF_FAILURE_VIEW == "core.web.errors.csrf_failure"
