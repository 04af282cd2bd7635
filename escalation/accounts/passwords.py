"""Passwords that anybody would try here first."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError

FILE = Path(__file__).with_name("our_words.txt")
SAID = "Choose a password that is not made of words from this log, such as its name."
LEFT = 6  # letters that have to be something else


class NotOurWords:
    """Refuses what has fewer than 6 letters left once our words, numbers and marks are taken away."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError with what to do."""
        rest = re.sub(r"[\W\d_]+", "", password.lower())
        for word in _longest_first(settings.PARTNERSHIP_NAME):
            rest = rest.replace(word, "")
        if len(rest) < LEFT:
            raise ValidationError(SAID, code="our_words")

    def get_help_text(self) -> str:
        return "Not made of words from this log, such as its name."


@cache
def _longest_first(name: str) -> list[str]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    words = {word for line in lines if not line.startswith("#") for word in line.split()}
    return sorted(words | set(re.findall(r"[a-z]{3,}", name.lower())), key=lambda word: (-len(word), word))
