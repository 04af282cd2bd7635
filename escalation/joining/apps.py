from datetime import timedelta

from django.apps import AppConfig


class JoiningConfig(AppConfig):
    name = "escalation.joining"
    label = "joining"
    verbose_name = "Asking to join"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, its mail's words, its part of the rota."""
        from core.audit.registry import register
        from core.outbox import jobs, notices
        from escalation.accounts.models import Event

        from .events import faults
        from .notifications import NOTICES
        from .services import end_old

        register(Event, check=faults)
        notices.register(*NOTICES)
        jobs.register(jobs.Job("requests to join", timedelta(hours=1), lambda now: end_old(now=now)))
