"""The only writer of policy versions and closed days."""

from datetime import date
from pathlib import Path

from django.db import transaction

from escalation.policy import Policy, PolicyError, parse

from .models import ClosedDay, PolicyVersion


class PolicyRefused(Exception):
    """The files were not loaded, and why: a line for each file that is wrong."""


@transaction.atomic
def load_policies(folder: Path) -> list[PolicyVersion]:
    """Load every *.toml of a folder that is not there yet; returns the new versions.

    All or nothing. Refused: a file that cannot be read as a policy (with line and reason), and one
    that says something else than was loaded before under the same version.
    """
    policies, refusals = _read(folder)
    known = {(each.key, each.version): each for each in PolicyVersion.objects.all()}
    for policy in policies:
        there = known.get((policy.key, policy.version))
        if there and there.digest != policy.digest:
            refusals.append(
                f"{policy.source}: version {policy.version} of “{policy.key}” was loaded before with other "
                f"words. Cases were opened under it, so give the changed file version {policy.version + 1}."
            )
    if refusals:
        raise PolicyRefused("\n".join(refusals))
    return [_save(policy) for policy in policies if (policy.key, policy.version) not in known]


def _read(folder: Path) -> tuple[list[Policy], list[str]]:
    policies: list[Policy] = []
    refusals: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            policies.append(parse(path.read_text(encoding="utf-8"), source=path.name))
        except PolicyError as error:
            refusals.append(str(error))
        except UnicodeDecodeError:
            refusals.append(f"{path.name}: is not saved as UTF-8.")
    if not policies and not refusals:
        refusals.append(f"{folder}: holds no policy (no *.toml file).")
    return policies, refusals


def _save(policy: Policy) -> PolicyVersion:
    return PolicyVersion.objects.create(
        key=policy.key,
        version=policy.version,
        title=policy.title,
        start=policy.start,
        document=policy.document,
        digest=policy.digest,
    )


def close_day(*, day: date, name: str) -> ClosedDay:
    """From now on this day is no working day; the same day again only changes its name."""
    closed, _ = ClosedDay.objects.update_or_create(date=day, defaults={"name": name})
    return closed
