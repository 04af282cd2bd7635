"""A real browser, and what tests do with one: look, photograph, ask axe-core."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_django import DjangoDbBlocker
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from tests.served import ROOT, Template, serve

if TYPE_CHECKING:
    from tests.browser.walk import Walk

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)
AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# The size of targets is new in WCAG 2.2, and axe-core leaves it out unless asked.
AXE_OPTIONS = {"runOnly": RULES, "rules": {"target-size": {"enabled": True}}}
PHOTOGRAPHS = ROOT / "build/screenshots"
PHONE, DESK = 375, 1280


class Browser(Chrome):
    """Chromium with a profile that nobody used before; `width` in CSS pixels, light or dark."""

    def __init__(self, profile: Path, *, width: int, dark: bool, scripts: bool) -> None:
        options = ChromeOptions()
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not scripts:
            options.add_experimental_option(
                "prefs", {"profile.managed_default_content_settings.javascript": 2}
            )
        super().__init__(options=options, service=Service("/usr/bin/chromedriver"))
        self.resize(width)
        self.show(dark=dark)

    def resize(self, width: int, height: int = 0) -> None:
        """Exactly that wide, narrower than a window can be too."""
        self.width = width
        screen = {"width": width, "height": height or (667 if width < 600 else 900)}
        self._tell("Emulation.setDeviceMetricsOverride", **screen, deviceScaleFactor=1, mobile=width < 600)

    def show(self, *, dark: bool) -> None:
        """As somebody sees it whose device is set to dark, or to light."""
        self.dark = dark
        wanted = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._tell("Emulation.setEmulatedMedia", features=[wanted])

    def photograph(self, name: str) -> Path:
        """The whole page as build/screenshots/NAME-WIDTH[-dark].png."""
        PHOTOGRAPHS.mkdir(parents=True, exist_ok=True)
        file = PHOTOGRAPHS / f"{name}-{self.width}{'-dark' if self.dark else ''}.png"
        size = self._tell("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": self.width, "height": size["height"], "scale": 1}
        taken = self._tell("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        file.write_bytes(base64.b64decode(taken["data"]))
        return file

    def photograph_all(self, name: str) -> None:
        """On a phone and on a desk, light and dark; then as it was."""
        width, dark = self.width, self.dark
        for shown in (PHONE, DESK):
            self.resize(shown)
            for darkness in (False, True):
                self.show(dark=darkness)
                self.photograph(name)
        self.resize(width)
        self.show(dark=dark)

    def barriers(self) -> list[str]:
        """What axe-core finds wrong with this page, one line for each place; none is what one hopes for."""
        self.execute_script(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.execute_async_script(
            "const done = arguments[1]; axe.run(document, arguments[0]).then(done)", AXE_OPTIONS
        )
        return [
            f"{rule['id']} ({rule['help']}): {json.dumps(node['target'])}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def complaints(self) -> list[str]:
        """What the console has said since it was last asked, such as that a policy forbids something.

        That an answer was a 422 or a 409, or what a header cleared, is said there too, and is no complaint;
        that a file of ours did not come is one.
        """
        said: list[dict[str, str]] = self.get_log("browser")  # type: ignore[no-untyped-call] # Selenium's own
        severe = [each for each in said if each["level"] == "SEVERE"]
        return [
            each["message"] for each in severe if each["source"] != "network" or "/static/" in each["message"]
        ]

    def overflows(self) -> bool:
        """Whether the page has to be moved sideways to be read."""
        return bool(self.execute_script("return document.documentElement.scrollWidth > window.innerWidth"))

    def _tell(self, command: str, **arguments: Any) -> Any:
        return self.execute_cdp_cmd(command, arguments)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Callable[..., Browser]]:
    """`browser(width=375, dark=True)` opens one; several people can each have theirs. All end with it, and
    none may have had a complaint in its console, such as that a policy forbids something."""
    screens: list[Browser] = []
    with ExitStack() as opened:

        def opens(*, width: int = DESK, dark: bool = False, scripts: bool = True) -> Browser:
            one = Browser(
                tmp_path / f"profile-{len(list(tmp_path.glob('profile-*')))}",
                width=width,
                dark=dark,
                scripts=scripts,
            )
            opened.callback(one.quit)
            screens.append(one)
            return one

        yield opens
        # Of every page that a test has opened, whether or not it asked.
        assert [words for one in screens for words in one.complaints()] == []


@pytest.fixture
def walk(
    prepared: Template, tmp_path: Path, django_db_blocker: DjangoDbBlocker, browser: Callable[..., Browser]
) -> Iterator["Walk"]:
    """A log whose time the test sets, and a phone to use it with."""
    from tests.browser.walk import Walk

    clock = tmp_path / "clock"
    clock.write_text("2026-12-23T10:00:00+00:00", encoding="utf-8")
    with (
        django_db_blocker.unblock(),
        prepared.copied(tmp_path) as url,
        serve(url, clock=clock) as log,
    ):
        yield Walk(log, browser(width=PHONE), clock)
