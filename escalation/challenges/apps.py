from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    name = "escalation.challenges"
    label = "challenges"
    verbose_name = "Professional challenges"

    def ready(self) -> None:
        """Have verify_audit check that every challenge's state equals the replay of its events."""
        from core.audit.registry import register
        from escalation.challenges.events import faults
        from escalation.challenges.models import Event

        register(Event, check=faults)
