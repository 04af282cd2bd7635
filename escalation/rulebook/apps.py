from django.apps import AppConfig
from django.db.models.signals import post_save


class RulebookConfig(AppConfig):
    name = "escalation.rulebook"
    label = "rulebook"
    verbose_name = "Policy versions"

    def ready(self) -> None:
        """A version that this process loads is in force at once."""
        from .models import PolicyVersion
        from .queries import forget_current

        post_save.connect(forget_current, sender=PolicyVersion)
