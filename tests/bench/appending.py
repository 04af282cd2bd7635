"""One writer of events, as a process of its own: `appending.py own|shared NUMBER SECONDS`.

It prints how many it wrote, and how many seconds of the processor that took it.
"""

import os
import random
import sys
import time
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
django.setup()

from django.db import IntegrityError, connection, transaction  # noqa: E402

from core.audit.chain import append, append_in_turn  # noqa: E402
from escalation.challenges.models import Event  # noqa: E402

CHAINS = 100
ACT = {"actor": None, "seat": "member", "act": "bench", "object": "0" * 36, "codes": {"groups": ["F1"]}}


def main(kind: str, number: int, seconds: float) -> int:
    """Events written in that time. `own`: over a hundred chains, as steps do; `shared`: all to one."""
    draw, written = random.Random(number), 0
    connection.ensure_connection()
    print("ready", flush=True)  # noqa: T201 - to the test that waits
    sys.stdin.readline()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        act = {**ACT, "at": datetime.now(UTC)}
        try:
            with transaction.atomic():
                if kind == "shared":
                    append_in_turn(Event, chain="access", **act)  # type: ignore[arg-type]
                else:
                    append(Event, chain=f"challenge:{draw.randrange(CHAINS)}", **act)  # type: ignore[arg-type]
        except IntegrityError:
            continue  # no row lock here, as a step has: two met on one chain
        written += 1
    return written


if __name__ == "__main__":
    used = time.process_time()
    written = main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
    print(written, time.process_time() - used, flush=True)  # noqa: T201
