"""The settings as a fresh process finds them: safe unless loosened by name."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = "import json, core.settings as s; print(json.dumps({n: getattr(s, n) for n in dir(s) if n in %r}))"
NAMES = [
    "ALLOWED_HOSTS",
    "CSRF_COOKIE_SECURE",
    "DEBUG",
    "SECRET_KEY",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
]


def python(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run code in a process that knows nothing but `environment`."""
    clean = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite:///:memory:"} | environment
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)


def settings(**environment: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(python(ASK % NAMES, **environment).stdout)
    return found


def found_in_earnest(*names: str) -> dict[str, Any]:
    """These settings, as a server finds them for which nothing was loosened."""
    found: dict[str, Any] = json.loads(python(ASK % (list(names),)).stdout)
    return found


def test_with_nothing_said_the_log_is_shut() -> None:
    assert settings() == {
        "ALLOWED_HOSTS": [],
        "CSRF_COOKIE_SECURE": True,
        "DEBUG": False,
        "SECRET_KEY": "",
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
    }


def test_a_local_demonstration_answers_this_machine_alone() -> None:
    found = settings(LOCAL_DEMO="1", ALLOWED_HOSTS="log.example.org")
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert not found["SECURE_SSL_REDIRECT"]


@pytest.mark.parametrize(
    ("given", "missing"),
    [({}, "SECRET_KEY"), ({"SECRET_KEY": "s"}, "AUDIT_KEY"), ({"AUDIT_KEY": "a"}, "SECRET_KEY")],
)
def test_it_does_not_serve_without_its_keys(given: dict[str, str], missing: str) -> None:
    refused = python("import core.wsgi", **given)
    assert refused.returncode != 0
    assert missing in refused.stderr.splitlines()[-1]


def test_with_both_keys_it_serves() -> None:
    assert python("import core.wsgi", SECRET_KEY="s", AUDIT_KEY="a").returncode == 0
