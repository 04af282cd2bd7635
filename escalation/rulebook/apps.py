from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class RulebookConfig(AppConfig):
    name = "escalation.rulebook"
    label = "rulebook"
    verbose_name = "Policy versions"

    def ready(self) -> None:
        """What this process loads or changes counts at once; and the core is told of this app's events."""
        from core.audit.registry import register

        from .events import faults
        from .models import CalendarCheck, ClosedDay, Event, FrontDoorNumber, PolicyVersion, SchoolHoliday
        from .queries import forget_current

        for model in (PolicyVersion, ClosedDay, SchoolHoliday, FrontDoorNumber, CalendarCheck):
            post_save.connect(forget_current, sender=model)
            post_delete.connect(forget_current, sender=model)
        register(Event, check=faults)
