from django.apps import AppConfig


class SigningInConfig(AppConfig):
    name = "escalation.signing_in"
    label = "signing_in"
    verbose_name = "Second factors"

    def ready(self) -> None:
        """Tell the core of this app: its events' check and its mail's words."""
        from core.audit.registry import register
        from core.outbox import notices
        from escalation.accounts.models import Event
        from escalation.signing_in import notifications
        from escalation.signing_in.events import faults

        register(Event, check=faults)
        notices.register(*notifications.NOTICES)
