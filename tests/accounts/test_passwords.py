"""What may be a password: long, and not what anybody would try here first. Nothing is asked of its signs."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.utils.module_loading import import_string

from escalation.accounts.models import User
from tests.core.test_settings import found_in_earnest

SHORT, COMMON, OURS, LIKE = "at least 12", "too common", "words from this log", "too similar"
REFUSED = {
    "elevensigns": SHORT,
    "qwertyuiop123": COMMON,
    "1234567890123": COMMON,
    "Safeguarding2026!": OURS,
    "MertonPartnership1": OURS,
    "password-password": OURS,
    "Children.Partnership.Log": OURS,
    "joan.adeyemi.1": LIKE,
}
TAKEN = [
    "correct horse battery staple",
    "nur kleine buchstaben hier",
    "ÅngströmÅngström",
    "x7 q9 v2 k4 w8 z1",
    " spaces at both ends count ",
    "🐎🔋📎" * 4 + "horses",
    "long " * 30,
]


@pytest.mark.parametrize(("password", "why"), REFUSED.items(), ids=list(REFUSED))
def test_what_is_refused_and_why(password: str, why: str) -> None:
    with pytest.raises(ValidationError) as no:
        validate_password(password, User(email="joan.adeyemi@school.example", full_name="Joan Adeyemi"))
    assert any(why in words for words in no.value.messages), no.value.messages


@pytest.mark.parametrize("password", TAKEN)
def test_what_is_taken(password: str) -> None:
    validate_password(password, User(email="joan.adeyemi@school.example", full_name="Joan Adeyemi"))


def test_the_partnerships_own_name_is_among_the_words() -> None:
    with override_settings(PARTNERSHIP_NAME="Little Wenlock Partnership"), pytest.raises(ValidationError):
        validate_password("LittleWenlock2026")


def test_a_password_is_kept_by_argon2id_whole_and_as_it_was_typed() -> None:
    (first, *_) = found_in_earnest("PASSWORD_HASHERS")["PASSWORD_HASHERS"]
    hasher: Argon2PasswordHasher = import_string(first)()
    kept = hasher.encode("ä" * 500, hasher.salt())
    assert kept.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    assert [hasher.verify(typed, kept) for typed in ("ä" * 500, "ä" * 499, "Ä" * 500)] == [True, False, False]
