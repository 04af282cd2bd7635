"""Every test runs on SQLite, or with `--database postgres` on a PostgreSQL that the run starts for itself.

DATABASE_URL, where it is set, names another server to use. Nothing else of the environment decides.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime

import pytest
import time_machine

from tests.postgres import Cluster

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "core.settings",
    "LOCAL_DEMO": "1",
    "HASHED_STATIC": "0",
    "SECRET_KEY": "known-to-every-test",
    "AUDIT_KEY": "known-to-every-test-as-well",
    "NO_PROXY": "127.0.0.1,localhost",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite", help="what tests run on")


def pytest_configure(config: pytest.Config) -> None:
    """Before Django is set up. Workers take over what their controller put into the environment."""
    os.environ.update(ENVIRONMENT)
    if config.getoption("database") == "postgres" and "DATABASE_URL" not in os.environ:
        cluster = Cluster()
        config.add_cleanup(cluster.stop)
        os.environ["DATABASE_URL"] = cluster.url
        config.add_cleanup(lambda: os.environ.pop("DATABASE_URL"))

    from django.conf import settings  # only now does the environment say which

    # Argon2 is slow on purpose; tests that mean it name it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def travel() -> Iterator[Callable[[datetime], None]]:
    """`travel(london(2026, 12, 29, 17))`: from here on it is that time, and stands still."""
    with ExitStack() as journeys:

        def to(moment: datetime) -> None:
            journeys.enter_context(time_machine.travel(moment, tick=False))

        yield to
