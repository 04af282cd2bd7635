from datetime import timedelta

from django.apps import AppConfig


class SigningInConfig(AppConfig):
    name = "escalation.signing_in"
    label = "signing_in"
    verbose_name = "Second factors"

    def ready(self) -> None:
        """Tell the core of this app: its events' check and its mail's words."""
        from core.audit.registry import register
        from core.outbox import jobs, notices
        from escalation.accounts.models import Event
        from escalation.signing_in import notifications
        from escalation.signing_in.events import faults
        from escalation.signing_in.services import forget_newcomers

        register(Event, check=faults)
        notices.register(*notifications.NOTICES)
        jobs.register(jobs.Job("forget newcomers", timedelta(hours=1), lambda now: forget_newcomers(now=now)))
