from django.apps import AppConfig


class LadoConfig(AppConfig):
    name = "escalation.lado"
    label = "lado"
    verbose_name = "LADO referrals"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, on a side of its own, and its mails' words."""
        from core.audit.registry import register
        from core.outbox import notices
        from escalation.lado.events import SIDE, faults
        from escalation.lado.models import Event
        from escalation.lado.notifications import NOTICES

        register(Event, check=faults, side=SIDE)
        notices.register(*NOTICES)
