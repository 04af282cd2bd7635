from datetime import timedelta

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "escalation.learning"
    label = "learning"
    verbose_name = "Learning"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, its mail's words, its part of the rota."""
        from core.audit.registry import register
        from core.outbox import jobs, notices

        from .events import faults
        from .models import Event
        from .notifications import NOTICES
        from .services import remind_of_actions

        register(Event, check=faults)
        notices.register(*NOTICES)
        jobs.register(jobs.Job("learning", timedelta(hours=1), lambda now: remind_of_actions(now=now)))
