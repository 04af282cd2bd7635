from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "escalation.forums"
    label = "forums"
    verbose_name = "Open forums"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, and its mail's words."""
        from core.audit.registry import register
        from core.outbox import notices

        from .events import faults
        from .models import Event
        from .notifications import NOTICES

        register(Event, check=faults)
        notices.register(*NOTICES)
