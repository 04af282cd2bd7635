"""How gunicorn serves the log; it reads this file by itself from the folder it is started in."""

import os
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# Threads, since plain workers are all taken by a few slow callers.
worker_class = "gthread"
workers = int(os.environ.get("WORKERS", "2"))
threads = int(os.environ.get("THREADS", "4"))
timeout = 30
graceful_timeout = 10
keepalive = 5
# No second door into the server.
control_socket_disable = True
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Tell whoever started it where to look."""
    print(f"\n  The challenge log is at http://{bind}/\n  Stop it with Ctrl-C.\n", flush=True)  # noqa: T201 - for people
