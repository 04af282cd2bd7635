from django.apps import AppConfig


class RulemakingConfig(AppConfig):
    name = "escalation.rulemaking"
    label = "rulemaking"
    verbose_name = "The policy, read and made"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, and its mail's words."""
        from core.audit.registry import register
        from core.outbox import notices

        from .events import faults
        from .models import Event
        from .notifications import NOTICES

        register(Event, check=faults)
        notices.register(*NOTICES)
