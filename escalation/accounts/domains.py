"""E-mail domains of organisations: which addresses are theirs. They propose settings, and give no rights."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

ANYBODYS = frozenset(
    {
        "aol.com",
        "btinternet.com",
        "gmail.com",
        "googlemail.com",
        "gmx.com",
        "hotmail.com",
        "hotmail.co.uk",
        "icloud.com",
        "live.co.uk",
        "live.com",
        "mail.com",
        "me.com",
        "msn.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "sky.com",
        "talktalk.net",
        "virginmedia.com",
        "yahoo.co.uk",
        "yahoo.com",
    }
)
"""Where anybody can have an address: such a domain says nothing of where somebody works."""


def domain_of(email: str) -> str:
    """What stands behind the @, in small letters."""
    return email.strip().lower().rpartition("@")[2]


def words_of(text: str) -> list[str]:
    """The domains that somebody typed, with spaces, commas or lines between, each once, without an @."""
    typed = (word.removeprefix("@") for word in text.lower().replace(",", " ").replace(";", " ").split())
    return list(dict.fromkeys(word for word in typed if word))


def wrong_with(domains: Iterable[str]) -> str:
    """What is wrong with the first that is no domain of an organisation, or ""."""
    for domain in domains:
        if _is_no_domain(domain):
            return f"“{domain}” is no domain. Write it like merton.gov.uk."
        if domain in ANYBODYS:
            return f"Anybody can have an address at {domain}. Leave it out, and give seats by hand."
    return ""


def _is_no_domain(domain: str) -> bool:
    try:
        validate_email(f"a@{domain}")
    except ValidationError:
        return True
    return False
