"""A real OpenID Connect provider, as a process of its own, and a browser that goes there and back."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from django.test import Client

HOME = "http://testserver"


@dataclass(frozen=True)
class Provider:
    url: str

    def settings(self, **more: Any) -> dict[str, Any]:
        """What the log's settings say of it."""
        app = {
            "provider_id": "council",
            "name": "Sign in with the council",
            "client_id": "the-log",
            "secret": "a secret between the two",
            "settings": {
                "server_url": self.url,
                "oauth_pkce_enabled": True,
                "domains": ["council.example"],
                "email_claim": "email",
            }
            | more,
        }
        return {"openid_connect": {"APPS": [app]}}

    def knows(self, subject: str, **claims: Any) -> None:
        """Somebody has an account there, with these claims."""
        said = requests.put(f"{self.url}/users/{subject}", json=claims, timeout=10)
        assert said.ok, said.text


@contextmanager
def running() -> Iterator[Provider]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "--require-nonce"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    provider = Provider(f"http://127.0.0.1:{port}")
    try:
        _wait(provider)
        yield provider
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(provider: Provider) -> None:
    for _ in range(300):
        try:
            requests.get(f"{provider.url}/.well-known/openid-configuration", timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the provider did not start")


def way_there(browser: Client, wanted: str = "/") -> str:
    """The provider's address to which the log sends a browser."""
    answer = browser.get("/sign-in/with/council/", {"next": wanted})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def way_back(there: str, subject: str) -> str:
    """This person signs in there; the path of the log to which they are sent back."""
    answer = requests.post(there, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    home = answer.headers["Location"]
    assert home.startswith(HOME), home
    return home.removeprefix(HOME)


def goes_and_comes(browser: Client, subject: str, wanted: str = "/") -> Any:
    """The whole way: the log's answer in the end."""
    return browser.get(way_back(way_there(browser, wanted), subject))


def shown(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def query(address: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in urlsplit(address).query.split("&"))
