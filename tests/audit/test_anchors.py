"""What an anchor is as a file, and that nobody can change one unseen."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.audit.models import Event, Verification
from core.audit.registry import Fault, register
from tests.audit.conftest import AT


def anchor(folder: Path, *options: str) -> Path:
    out = StringIO()
    call_command("anchor_audit", str(folder), *options, stdout=out)
    return Path(out.getvalue().strip())


def verify(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("verify_audit", "--anchor", str(folder), *options, stdout=out)
    return out.getvalue().strip()


def refused(folder: Path) -> str:
    with pytest.raises(CommandError) as failed:
        verify(folder)
    assert failed.value.returncode == 1
    return str(failed.value)


@pytest.fixture
def two(
    registered: type[Event], write: Any, tmp_path: Path, travel: Callable[[datetime], None]
) -> tuple[Path, Path]:
    """Two anchors of a trail that went on between them."""
    write()
    travel(AT)
    first = anchor(tmp_path)
    write(), write(chain="case:2")
    travel(AT + timedelta(days=1))
    return first, anchor(tmp_path)


def test_an_anchor_holds_heads_and_no_more(two: tuple[Path, Path], registered: type[Event]) -> None:
    first, second = (json.loads(path.read_text()) for path in two)
    ends = {event.chain: [event.seq, event.hash] for event in registered.objects.order_by("seq")}
    assert second["heads"] == {"ledger.LedgerEvent": ends}
    assert second["before"] == first["signature"]
    assert set(second) == {"side", "at", "heads", "before", "signature"}
    assert two[1].name == "log-20260402T080000000000Z.anchor.json"


def test_a_trail_that_went_on_holds_and_says_what_was_checked(two: tuple[Path, Path], write: Any) -> None:
    write()
    assert verify(two[0].parent) == "4 events in 2 chains hold"
    kept = Verification.objects.get()
    assert (kept.events, kept.chains, kept.fault) == (4, 2, "")
    assert kept.anchored_at == AT + timedelta(days=1)


CHANGES: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("a head", lambda said: said["heads"]["ledger.LedgerEvent"].update({"case:1": [1, "0" * 64]}), "signed"),
    ("a chain left out", lambda said: said["heads"]["ledger.LedgerEvent"].pop("case:1"), "signed"),
    ("its time", lambda said: said.update(at="2027-01-01T00:00:00.000000+00:00"), "signed"),
    ("its side", lambda said: said.update(side="other"), "signed"),
    ("its signature", lambda said: said.update(signature=""), "signed"),
    ("no heads", lambda said: said.pop("heads"), "cannot be read"),
]


@pytest.mark.parametrize(("change", "words"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_an_altered_anchor_is_found(two: tuple[Path, Path], change: Any, words: str) -> None:
    said = json.loads(two[1].read_text())
    change(said)
    two[1].write_text(json.dumps(said))
    assert words in refused(two[1].parent)
    assert two[1].name in refused(two[1].parent)


def test_an_anchor_cut_short_is_found(two: tuple[Path, Path]) -> None:
    two[0].write_text(two[0].read_text()[:40])
    assert "cannot be read as an anchor" in refused(two[0].parent)


def test_an_anchor_missing_between_two_is_found(two: tuple[Path, Path], travel: Any, write: Any) -> None:
    write()
    travel(AT + timedelta(days=2))
    anchor(two[0].parent)
    two[1].unlink()
    assert "the anchor before it is missing" in refused(two[0].parent)


def test_old_anchors_can_be_put_away(two: tuple[Path, Path]) -> None:
    two[0].unlink()
    assert verify(two[1].parent).endswith("hold")


def test_a_folder_without_anchors_is_no_proof(registered: type[Event], db: None, tmp_path: Path) -> None:
    assert "There is no anchor of “log”" in refused(tmp_path)


def test_an_anchor_is_never_written_over(two: tuple[Path, Path]) -> None:
    with pytest.raises(FileExistsError):
        anchor(two[0].parent)


def test_no_anchor_is_made_of_a_trail_that_does_not_hold(
    registered: type[Event], write: Any, tmp_path: Path
) -> None:
    write()
    register(registered, check=lambda: [Fault("ledger", "case:1", 1, "is wrong")])
    with pytest.raises(CommandError, match="Nothing written"):
        anchor(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert "is wrong" in Verification(fault=refused_without(tmp_path)).fault


def refused_without(folder: Path) -> str:
    with pytest.raises(CommandError) as failed:
        call_command("verify_audit")
    return str(failed.value)


def test_a_folder_that_is_not_there_is_said(registered: type[Event], db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder"):
        anchor(tmp_path / "none")


def test_a_result_that_failed_is_kept_too(
    two: tuple[Path, Path], registered: type[Event], lifted: Any
) -> None:
    with lifted() as cursor:
        cursor.execute("DELETE FROM ledger_ledgerevent WHERE chain = 'case:2'")
    assert "case:2, event 1: is missing" in refused(two[0].parent)
    assert "is missing" in Verification.objects.latest("at").fault
