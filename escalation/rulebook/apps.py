from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class RulebookConfig(AppConfig):
    name = "escalation.rulebook"
    label = "rulebook"
    verbose_name = "Policy versions"

    def ready(self) -> None:
        """What this process loads or changes counts at once."""
        from .models import ClosedDay, PolicyVersion
        from .queries import forget_current

        for model in (PolicyVersion, ClosedDay):
            post_save.connect(forget_current, sender=model)
        post_delete.connect(forget_current, sender=ClosedDay)
