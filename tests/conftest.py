"""Every test runs on SQLite, or with `--database postgres` on a PostgreSQL that the run starts for itself.

DATABASE_URL, where it is set, names another server to use. Nothing else of the environment decides.
"""

import atexit
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import django
import hypothesis
import pytest
import time_machine
from pytest_django import DjangoDbBlocker

from tests.postgres import Cluster
from tests.served import ServedLog, Template, migrated_once, prepare, serve

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "core.settings",
    "LOCAL_DEMO": "1",
    "HASHED_STATIC": "0",
    "SECRET_KEY": "known-to-every-test",
    "AUDIT_KEY": "known-to-every-test-as-well",
    "NO_PROXY": "127.0.0.1,localhost",
}
DATABASES = ("sqlite", "postgres")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=DATABASES, default="sqlite", help="what the tests run on")


def _wanted_database() -> str:
    """Known before pytest reads its options: conftests further down import models, which need settings."""
    early = ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--database", default="sqlite")
    return str(early.parse_known_args(sys.argv[1:])[0].database)


def _set_up_django() -> None:
    """Workers of a parallel run find their controller's DATABASE_URL, and start nothing."""
    os.environ.update(ENVIRONMENT)
    if _wanted_database() == "postgres" and "DATABASE_URL" not in os.environ:
        cluster = Cluster()
        atexit.register(cluster.stop)
        os.environ["DATABASE_URL"] = cluster.url
    django.setup()

    from django.conf import settings  # only now does the environment say which

    # Argon2 is slow on purpose; tests that mean it name it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


_set_up_django()

# The same examples each time, however slow the machine: a change decides what fails. Proofs draw afresh.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.load_profile("steady")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A database with every table in it and nothing else; made once for all workers of a run."""
    folder = tmp_path_factory.getbasetemp()
    return migrated_once(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    migrated: Template,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Each worker has a copy. SQLite is tried as it is used: a file, which has more than one writer."""
    from django.db import connection

    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        migrated.copy_to(file)
        connection.settings_dict["TEST"]["NAME"] = str(file)
    else:
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.name


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The copy that is there already is the one to test on."""
    from django.db import connection

    return connection.vendor == "sqlite"


@pytest.fixture(scope="session", autouse=True)
def static_files_listed_once() -> None:
    """Each client of a test makes the middleware anew, and that would look through every static file."""
    from whitenoise.base import WhiteNoise

    look_through, seen = WhiteNoise.update_files_dictionary, dict[tuple[str, str], dict[str, Any]]()

    def list_once(self: Any, root: str, prefix: str) -> None:
        if (root, prefix) not in seen:
            look_through(self, root, prefix)
            seen[root, prefix] = dict(self.files)
        self.files.update(seen[root, prefix])

    WhiteNoise.update_files_dictionary = list_once


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Django asks SQLite once a connection if it knows JSON: here, so that no test counts it."""
    from django.db import connection

    with django_db_blocker.unblock():
        assert connection.features.supports_json_field


@pytest.fixture(autouse=True)
def no_policy_remembered() -> None:
    """The policy in force is remembered for a minute; what one test loaded is gone in the next."""
    from escalation.rulebook.queries import forget_current

    forget_current()


@pytest.fixture
def travel() -> Iterator[Callable[[datetime], None]]:
    """`travel(london(2026, 12, 29, 17))`: from here on it is that time, and stands still."""
    with ExitStack() as journeys:

        def to(moment: datetime) -> None:
            journeys.enter_context(time_machine.travel(moment, tick=False))

        yield to


@pytest.fixture(scope="session")
def prepared(migrated: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A database with the policies in it, to copy; made once for each worker."""
    return prepare(migrated, tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def served_log(prepared: Template, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[ServedLog]:
    """A real server with a database of its own. Needs `make static`; never beside the `db` fixture."""
    with django_db_blocker.unblock(), prepared.copied(tmp_path) as url, serve(url) as log:
        yield log
