from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "escalation.accounts"
    label = "accounts"
    verbose_name = "People and settings"

    def ready(self) -> None:
        """Tell the core of this app's events."""
        from core.audit.registry import register
        from escalation.accounts.events import faults
        from escalation.accounts.models import Event

        register(Event, check=faults)
