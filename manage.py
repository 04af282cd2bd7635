#!/usr/bin/env python3
"""Run a command of the log."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
    try:
        execute_from_command_line(sys.argv)
    except BrokenPipeError:
        # Whoever reads along (`| head`) has read enough. The last flush must not fail in its turn.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
