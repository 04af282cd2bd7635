"""The log as a server process whose time a test sets: `gunicorn tests.clockwork`.

Before each request it reads the moment from the file named by CLOCK, and it is that time while the
request lasts. Everything else is as in earnest.
"""

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine

from core.wsgi import application as log

CLOCK = Path(os.environ["CLOCK"])


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    moment = datetime.fromisoformat(CLOCK.read_text(encoding="utf-8"))
    with time_machine.travel(moment, tick=False):
        return log(environ, start_response)
