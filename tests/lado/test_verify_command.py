"""The trail of the LADO's side, verified as it is in earnest: by a process of its own."""

from pathlib import Path

from pytest_django import DjangoDbBlocker

from tests.lado.cast import Team
from tests.served import Template, manage, models_on


def test_a_log_with_a_referral_is_verified(
    prepared: Template, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), prepared.copied(tmp_path) as url:
        with models_on(url):
            Team().contact()
        assert "lado" in manage(url, "verify_audit")
