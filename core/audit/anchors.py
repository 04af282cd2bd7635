"""Anchors: signed notes of how far each chain had come, kept off the host.

A chain that was cut at its end, or a database put back to yesterday, links and signs well. An anchor knows
what was there. Each is a file of its own, holds no word of any case, and names the anchor before it:

    {"side": "log", "at": "2026-04-01T08:00:00.000000+00:00",
     "heads": {"challenges.Event": {"openings": [12, "<hash>"], ...}},
     "before": "<signature>", "signature": "<its own>"}

Anchors of one side of the wall say nothing about the other. Keep them where whoever can change the database
cannot change them.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db.models import OuterRef, Subquery

from core.audit.canonical import canonical, moment
from core.audit.chain import Head
from core.audit.models import Event
from core.audit.registry import Fault, registered
from core.keys import derived_key

SUFFIX = ".anchor.json"


class NoAnchor(Exception):
    """There is no anchor where one was expected."""


@dataclass(frozen=True)
class Anchor:
    """`heads`: table -> chain -> its last event then. `before`: the signature of the anchor before, or ""."""

    side: str
    at: datetime
    heads: Mapping[str, Mapping[str, Head]]
    before: str = ""
    name: str = ""

    @property
    def signature(self) -> str:
        """HMAC-SHA256 over all of it but the file's name."""
        return hmac.new(derived_key("audit anchor"), canonical(self.facts()), hashlib.sha256).hexdigest()

    def facts(self) -> dict[str, Any]:
        heads = {
            table: {chain: list(head) for chain, head in chains.items()}
            for table, chains in self.heads.items()
        }
        return {"side": self.side, "at": moment(self.at), "heads": heads, "before": self.before}


def heads(model: type[Event]) -> dict[str, Head]:
    """The last event of every chain of a table; one SELECT."""
    last = model.objects.filter(chain=OuterRef("chain")).order_by("-seq").values("seq")[:1]
    ends = model.objects.filter(seq=Subquery(last)).values_list("chain", "seq", "hash")
    return {chain: Head(seq, hash_) for chain, seq, hash_ in ends.iterator(chunk_size=1000)}


def anchor(side: str, *, now: datetime, before: str) -> Anchor:
    """What one side's chains have come to."""
    return Anchor(
        side, now, {model._meta.label: heads(model) for model in registered(side)}, before, _name(side, now)
    )


def write(made: Anchor, folder: Path) -> Path:
    """Raises FileExistsError rather than write over an anchor."""
    path = folder / made.name
    with path.open("x", encoding="utf-8") as file:
        json.dump({**made.facts(), "signature": made.signature}, file, sort_keys=True, indent=1)
        file.write("\n")
    return path


@dataclass
class Found:
    """The anchors of one side in a folder, the oldest first, and what is wrong with their files."""

    anchors: list[Anchor] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def last(self) -> Anchor | None:
        return self.anchors[-1] if self.anchors else None


def read(folder: Path, side: str) -> Found:
    """Raises NoAnchor where the folder holds none of this side."""
    found = Found()
    paths = sorted(folder.glob(f"{side}-*{SUFFIX}"))
    if not paths:
        raise NoAnchor(f"There is no anchor of “{side}” in {folder}. Make one with manage.py anchor_audit.")
    for path in paths:
        try:
            read_one, signature = _read(path)
        except (ValueError, KeyError, TypeError, AttributeError):
            found.faults.append(Fault(path.name, "*", None, "cannot be read as an anchor"))
            continue
        if not hmac.compare_digest(signature, read_one.signature) or read_one.side != side:
            found.faults.append(Fault(path.name, "*", None, "is not as it was signed"))
        elif found.last is not None and read_one.before != found.last.signature:
            found.faults.append(Fault(path.name, "*", None, "the anchor before it is missing"))
        found.anchors.append(read_one)
    return found


def faults(found: Found, side: str) -> Iterator[Fault]:
    """Where the chains are not what the anchors saw; one SELECT for each table, streamed."""
    yield from found.faults
    tables = {model._meta.label: model for model in registered(side)}
    for label, marks in _marks(found.anchors).items():
        if label not in tables:
            yield Fault(label, "*", None, "an anchor saw this table, and it is gone")
            continue
        rows = tables[label].objects.order_by("chain", "seq").values_list("chain", "seq", "hash")
        for chain, seq, hash_ in rows.iterator(chunk_size=1000):
            for name in [n for n, seen in marks.pop((chain, seq), {}).items() if seen != hash_]:
                yield Fault(label, chain, seq, f"is not the event that {name} saw")
        for (chain, seq), names in sorted(marks.items()):
            yield Fault(label, chain, seq, f"is missing: {min(names)} saw it")


def _marks(anchors: list[Anchor]) -> dict[str, dict[tuple[str, int], dict[str, str]]]:
    """Table -> event -> anchor's name -> the hash it saw."""
    marks: dict[str, dict[tuple[str, int], dict[str, str]]] = {}
    for each in anchors:
        for table, chains in each.heads.items():
            for chain, head in chains.items():
                marks.setdefault(table, {}).setdefault((chain, head.seq), {})[each.name] = head.hash
    return marks


def _read(path: Path) -> tuple[Anchor, str]:
    said = json.loads(path.read_text(encoding="utf-8"))
    kept = {
        str(table): {str(chain): Head(int(seq), str(hash_)) for chain, (seq, hash_) in chains.items()}
        for table, chains in said["heads"].items()
    }
    at = datetime.fromisoformat(said["at"])
    return Anchor(str(said["side"]), at, kept, str(said["before"]), path.name), str(said["signature"])


def _name(side: str, now: datetime) -> str:
    """Sorts by time within a side."""
    return f"{side}-{now.astimezone(UTC):%Y%m%dT%H%M%S%f}Z{SUFFIX}"
