"""The first page anybody sees, in a real browser."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Browser
from tests.served import ServedLog

pytestmark = pytest.mark.browser


def test_the_sign_in_page_keeps_nobody_out(served_log: ServedLog, browser: Callable[..., Browser]) -> None:
    someone = browser(width=375)
    someone.get(f"{served_log.url}/sign-in/")
    someone.photograph_all("sign-in")
    assert someone.barriers() == []
    assert not someone.overflows()


def test_without_scripts_it_still_asks_for_both(
    served_log: ServedLog, browser: Callable[..., Browser]
) -> None:
    someone = browser(scripts=False)
    someone.get(f"{served_log.url}/sign-in/")
    assert {field.get_attribute("type") for field in someone.find_elements("css selector", "main input")} >= {
        "password"
    }
