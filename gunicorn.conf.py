"""How gunicorn serves the log; it reads this file by itself from the folder it is started in."""

import os
from importlib import import_module
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# Threads, since plain workers are all taken by a few slow callers.
worker_class = "gthread"
workers = int(os.environ.get("WORKERS", "2"))
threads = int(os.environ.get("THREADS", "4"))
# Read once and shared by the workers: nothing here connects to anything before it is asked.
preload_app = True
timeout = 30
graceful_timeout = 10
keepalive = 5
# No second door into the server.
control_socket_disable = True
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Read the code of every page before the workers part, and tell whoever started it where to look."""
    import_module("core.urls")
    print(f"\n  The challenge log is at http://{bind}/\n  Stop it with Ctrl-C.\n", flush=True)  # noqa: T201 - for people
