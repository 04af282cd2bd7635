from datetime import timedelta

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "escalation.surveys"
    label = "surveys"
    verbose_name = "Staff surveys"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, its mail's words, its part of the rota."""
        from core.audit.registry import register
        from core.outbox import jobs, notices

        from .events import faults
        from .models import Event
        from .notifications import NOTICES
        from .services import keep_surveys

        register(Event, check=faults)
        notices.register(*NOTICES)
        jobs.register(jobs.Job("surveys", timedelta(hours=1), lambda now: keep_surveys(now=now)))
