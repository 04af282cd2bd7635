from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    name = "escalation.assurance"
    label = "assurance"
    verbose_name = "Section 11 assurance"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, and its mail's words."""
        from core.audit.registry import register
        from core.outbox import notices

        from .events import faults
        from .models import Event
        from .notifications import NOTICES

        register(Event, check=faults)
        notices.register(*NOTICES)
