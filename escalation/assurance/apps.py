from datetime import timedelta

from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    name = "escalation.assurance"
    label = "assurance"
    verbose_name = "Section 11 assurance"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, its mail's words, its part of the rota."""
        from core.audit.registry import register
        from core.outbox import jobs, notices

        from .events import faults
        from .models import Event
        from .notifications import NOTICES
        from .services import remind_of_requests

        register(Event, check=faults)
        notices.register(*NOTICES)
        jobs.register(jobs.Job("assurance", timedelta(hours=1), lambda now: remind_of_requests(now=now)))
