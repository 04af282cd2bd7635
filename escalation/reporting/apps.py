from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "escalation.reporting"
    label = "reporting"
    verbose_name = "Reports"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, its mails' words, its part of the rota."""
        from core.audit.registry import register
        from core.outbox import jobs, notices
        from escalation.reporting.events import faults
        from escalation.reporting.models import Event
        from escalation.reporting.notifications import NOTICES
        from escalation.reporting.services.making import EVERY, work

        register(Event, check=faults)
        notices.register(*NOTICES)
        jobs.register(jobs.Job("releases", EVERY, lambda now: work(now=now)))
