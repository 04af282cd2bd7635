"""Reads the environment: what a machine decides about the log, and what nobody may read in its code."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"", "0", "false", "no", "off"})


class Environment:
    """Names looked up in one mapping, `os.environ` unless another is given.

    A value that cannot be understood raises ImproperlyConfigured, which names it and never shows it.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values

    def text(self, name: str, default: str = "") -> str:
        """NAME, without the white space around it."""
        return self._values.get(name, default).strip()

    def secret(self, name: str, default: str = "") -> str:
        """NAME, or what the file named by NAME_FILE holds; both at once is a mistake."""
        path = self.text(f"{name}_FILE")
        if not path:
            return self.text(name, default)
        if self.text(name):
            raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}") from error

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Yes or no; anything else is a mistake, so that a typing error never switches safety off."""
        word = self.text(name, "yes" if default else "no").lower()
        if word not in YES | NO:
            raise ImproperlyConfigured(f"{name} must be 1 or 0")
        return word in YES

    def number(self, name: str, default: int) -> int:
        """A whole number, 0 or more."""
        word = self.text(name, str(default))
        if not word.isdecimal():
            raise ImproperlyConfigured(f"{name} must be a whole number")
        return int(word)

    def words(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        """A list written with commas."""
        written = self.text(name)
        return [word for part in written.split(",") if (word := part.strip())] if written else list(default)

    def provider(self, key: str) -> dict[str, Any]:
        """What django-allauth needs of an OpenID Connect provider: OIDC_KEY_ISSUER and its likes.

        Raises ImproperlyConfigured where one is missing, or the issuer is not https (this machine apart).
        """
        name = f"OIDC_{key.upper()}"
        given = {each: self.text(f"{name}_{each}") for each in ("ISSUER", "CLIENT_ID", "NAME", "DOMAINS")}
        given["CLIENT_SECRET"] = self.secret(f"{name}_CLIENT_SECRET")
        missing = [f"{name}_{each}" for each, value in given.items() if not value]
        if missing:
            raise ImproperlyConfigured(f"OIDC_PROVIDERS names {key}: set {', '.join(missing)} too")
        parts = urlsplit(given["ISSUER"])
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
            raise ImproperlyConfigured(f"{name}_ISSUER must start with https://")
        return {
            "provider_id": key.lower(),
            "name": given["NAME"],
            "client_id": given["CLIENT_ID"],
            "secret": given["CLIENT_SECRET"],
            "settings": {
                "server_url": given["ISSUER"],
                "oauth_pkce_enabled": True,
                "domains": [domain.lower() for domain in self.words(f"{name}_DOMAINS")],
                "email_claim": self.text(f"{name}_EMAIL_CLAIM", "email"),
            },
        }


def database(url: str, *, root: Path) -> dict[str, Any]:
    """What Django's DATABASES needs, from a URL.

    `sqlite:///file` is under `root`, `sqlite:////file` anywhere; `postgresql://user:password@host:port/name`,
    or with `?host=/folder` by the socket in that folder. Raises ImproperlyConfigured for any other.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path.removeprefix("/")), root)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    raise ImproperlyConfigured("DATABASE_URL must start with sqlite:/// or postgresql://")


def _sqlite(path: str, root: Path) -> dict[str, Any]:
    """Two writers queue for up to 20 seconds rather than fail; readers never wait for a writer."""
    if not path:
        raise ImproperlyConfigured("DATABASE_URL names no file after sqlite:///")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path if path == ":memory:" else root / path,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    """Connections are kept for a minute, and tried before they are used again."""
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
