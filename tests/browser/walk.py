"""People at their screens: they sign in, fill in what a page asks, press a button, and read what it says."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from escalation.accounts.models import User
from escalation.accounts.queries import needs_second_factor
from escalation.challenges.services import sweep
from tests.browser.conftest import Browser
from tests.served import ServedLog
from tests.way_in import PASSPHRASE, code_for, with_app
from tests.way_in import lets_in as lets_in  # tests find it here, with the walk

PATIENCE = 15  # seconds, for a machine that is busy with other tests


@dataclass
class Effort:
    """What somebody does with their hands and eyes, and how long people take for it, in seconds.

    By the keystroke-level model of Card, Moran and Newell (1980): a key of somebody who types as most do, to
    point at something and press, and to make up one's mind before what has to be chosen.
    """

    KEY, POINT, MIND = 0.28, 1.1 + 0.1, 1.35
    keys: int = 0
    points: int = 0
    choices: int = 0

    @property
    def seconds(self) -> float:
        return self.keys * self.KEY + self.points * self.POINT + self.choices * self.MIND

    def chooses(self, number: int = 1) -> None:
        """A button, a link, a radio."""
        self.points += number
        self.choices += number

    def types(self, text: str) -> None:
        """Into a box that they point at."""
        self.points += 1
        self.keys += len(text)

    def reads_a_code(self) -> None:
        """They go to their mail, open the newest, look at the code, and come back."""
        self.chooses(4)


@dataclass
class Walk:
    """One browser that several people use in turn, and the clock on the wall."""

    log: ServedLog
    screen: Browser
    clock: Path
    now: datetime = field(init=False)
    signed_in: User | None = None
    effort: Effort = field(default_factory=Effort)

    def __post_init__(self) -> None:
        self.screen.implicitly_wait(PATIENCE)
        self.now = datetime.fromisoformat(self.clock.read_text(encoding="utf-8"))

    def at(self, moment: datetime) -> None:
        """It is now that time; the sweep has run, and people signed in before are signed out."""
        self.now = moment
        self.clock.write_text(moment.isoformat(), encoding="utf-8")
        sweep(now=moment)
        self.signed_in = None

    def open(self, path: str) -> None:
        self.screen.get(self.log.url + path)

    def is_(self, user: User, path: str = "/challenges/") -> None:
        """This person signs in through the page, and opens `path`."""
        if self.signed_in != user:
            self.screen.delete_all_cookies()
            self.open("/sign-in/")
            self.fill(username=user.email, password=PASSPHRASE)
            if second := needs_second_factor(user, today=self.now.date()):
                with_app(user)
            self.send()
            if second:
                self.fill(code=code_for(user, now=self.now))
                self.send()
            self.sees("Sign out")
            assert "/sign-in/" not in self.screen.current_url, self.text
            self.signed_in = user
        self.open(path)

    def fill(self, **answers: str) -> None:
        """Answer questions by the names of their boxes; a radio or a tick is chosen by its value."""
        for name, value in answers.items():
            self._answer(name, value)

    def _answer(self, name: str, value: str) -> None:
        boxes = self.screen.find_elements(By.CSS_SELECTOR, f'main [name="{name}"]')
        assert boxes, f"{self.screen.current_url} has no box {name}"
        kind = boxes[0].get_attribute("type")
        if boxes[0].tag_name == "select":
            self.effort.chooses(2)
            Select(boxes[0]).select_by_value(value)
        elif kind in ("radio", "checkbox"):
            chosen = next(box for box in boxes if box.get_attribute("value") == value)
            if not chosen.is_selected():
                self._click(chosen)
        else:
            self.effort.types(value)
            boxes[0].clear()
            boxes[0].send_keys(value)

    def press(self, words: str) -> None:
        """Press the button, or follow the link, with these words."""
        kinds = "self::button or self::a or self::summary"
        pressed = f"//*[{kinds}][not(@aria-hidden)][normalize-space()='{words}']"
        found = self.screen.find_elements(By.XPATH, pressed)
        assert found, f"{self.screen.current_url} has no “{words}”: {self.text}"
        self._click(found[0])

    def send(self) -> None:
        """Press the one filled button of the page's form, and wait for the page that answers."""
        button = "main form button.govuk-button[type=submit]"
        self.screen.execute_script("window.sendingFrom = true")
        self._click(self.screen.find_element(By.CSS_SELECTOR, button))
        ends = monotonic() + PATIENCE
        while self.screen.execute_script("return window.sendingFrom || document.readyState !== 'complete'"):
            assert monotonic() < ends, f"{self.screen.current_url} was not sent"
            sleep(0.02)
        wrong = self.screen.execute_script("return document.querySelector('.govuk-error-summary')?.innerText")
        assert not wrong, f"{self.screen.current_url}: {wrong}"

    def _click(self, element: WebElement) -> None:
        self.effort.chooses()
        self.screen.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    @property
    def text(self) -> str:
        """What the page says, on one line, with plain apostrophes."""
        words = self.screen.execute_script("return document.body.innerText")
        return " ".join(str(words).replace("\u2019", "'").split())

    def sees(self, *words: str) -> None:
        """All these words are on the page, or will be in a moment."""
        ends = monotonic() + PATIENCE
        while any(each not in self.text for each in words):
            assert monotonic() < ends, f"not all of {words} are on {self.screen.current_url}: {self.text}"
            sleep(0.1)

    def looks(self, name: str) -> None:
        """Nobody is shut out, nothing runs off the side; photographed at both widths where that is asked for.

        `make proof` asks for it, by PHOTOGRAPHS in the environment: pictures take their time.
        """
        if os.environ.get("PHOTOGRAPHS"):
            self.screen.photograph_all(name)
        assert self.screen.complaints() == [], name
        found = self.screen.barriers()
        assert found == [], (name, found)
        assert not self.screen.overflows(), name
