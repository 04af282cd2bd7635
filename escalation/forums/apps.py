from datetime import timedelta

from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "escalation.forums"
    label = "forums"
    verbose_name = "Open forums"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, its mail's words, its part of the rota."""
        from core.audit.registry import register
        from core.outbox import jobs, notices

        from .events import faults
        from .models import Event
        from .notifications import NOTICES
        from .services import keep_pulses, remind_of_pledges

        register(Event, check=faults)
        notices.register(*NOTICES)
        jobs.register(jobs.Job("pulses", timedelta(hours=1), lambda now: keep_pulses(now=now)))
        jobs.register(jobs.Job("pledges", timedelta(hours=1), lambda now: remind_of_pledges(now=now)))
