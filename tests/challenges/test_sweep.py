"""The command that takes the calendar's steps."""

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_one_sweep_says_how_many_steps_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sweep")
    assert capsys.readouterr().out == "0 steps taken\n"
