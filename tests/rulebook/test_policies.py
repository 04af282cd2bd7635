"""Policy versions: loaded from files, never changed, and in force from a day."""

import io
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from escalation.rulebook.management.commands.load_policies import FOLDER
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import NoPolicy, current_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real policies, free to be spoilt."""
    return Path(shutil.copytree(FOLDER, tmp_path / "policies"))


def load(folder: Path) -> str:
    out = io.StringIO()
    call_command("load_policies", str(folder), stdout=out)
    return out.getvalue()


def test_the_policies_of_the_house_load_and_loading_again_is_nothing_new(folder: Path) -> None:
    said = load(folder)
    versions = {each.key: each for each in PolicyVersion.objects.all()}
    assert {"mscp", "london"} <= versions.keys()
    assert said.count("Loaded ") == len(versions)
    assert load(folder) == "Nothing new.\n"
    assert PolicyVersion.objects.count() == len(versions)


def test_a_version_reads_back_as_the_policy_that_was_loaded(folder: Path) -> None:
    load(folder)
    for version in PolicyVersion.objects.all():
        policy = version.policy
        assert (policy.key, policy.version, policy.digest) == (version.key, version.version, version.digest)
        assert version.policy is policy, "read once"
        assert PolicyVersion.objects.get(pk=version.pk).policy is policy, "once a process"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_file_changed_under_its_version_is_refused_and_says_what_to_do(folder: Path) -> None:
    load(folder)
    change(folder / "mscp.toml", 'title = "', 'title = "Our ')
    with pytest.raises(
        CommandError, match=r"mscp\.toml: version 2 of “mscp” was loaded before .* version 3\."
    ):
        load(folder)


def test_a_new_version_stands_beside_the_old(folder: Path) -> None:
    load(folder)
    change(folder / "mscp.toml", "version = 2", "version = 3")
    load(folder)
    assert list(PolicyVersion.objects.filter(key="mscp").values_list("version", flat=True)) == [2, 3]


def test_a_broken_file_is_refused_with_its_line_and_nothing_is_loaded(folder: Path) -> None:
    with (folder / "mscp.toml").open("a", encoding="utf-8") as file:
        file.write("\nthis is no rule\n")
    with pytest.raises(CommandError, match=r"mscp\.toml, line \d+: "):
        load(folder)
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize(("data", "words"), [(b"\xff\xfe", "not saved as UTF-8"), (None, "holds no policy")])
def test_a_folder_without_readable_policies_is_refused(
    tmp_path: Path, data: bytes | None, words: str
) -> None:
    if data is not None:
        (tmp_path / "mscp.toml").write_bytes(data)
    with pytest.raises(CommandError, match=words):
        load(tmp_path)


CHANGES = [
    "UPDATE rulebook_policyversion SET title = 'x'",
    "DELETE FROM rulebook_policyversion",
]


@pytest.mark.parametrize("sql", CHANGES)
def test_the_database_keeps_versions_as_they_are(sql: str) -> None:
    version(1, date(2026, 4, 1))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def version(number: int, start: date, key: str = "mscp") -> PolicyVersion:
    return PolicyVersion.objects.create(
        key=key, version=number, title="A policy", start=start, document={}, digest=f"{key}{number}"
    )


IN_FORCE = [
    (date(2026, 4, 1), 1),
    (date(2026, 8, 31), 1),
    (date(2026, 9, 1), 3),
    (date(2030, 1, 1), 3),
]


@pytest.mark.parametrize(("today", "number"), IN_FORCE)
def test_the_latest_version_that_has_started_is_in_force(today: date, number: int) -> None:
    version(1, date(2026, 4, 1))
    version(2, date(2026, 9, 1))
    version(3, date(2026, 9, 1))
    version(1, date(2026, 4, 1), key="london")
    assert current_policy(today).version == number
    assert current_policy(today, "london").key == "london"


def test_before_the_first_there_is_none_and_it_says_so() -> None:
    version(1, date(2026, 4, 1))
    with pytest.raises(NoPolicy, match="load_policies"):
        current_policy(date(2026, 3, 31))
