from datetime import timedelta
from itertools import chain

from django.apps import AppConfig


class LadoConfig(AppConfig):
    name = "escalation.lado"
    label = "lado"
    verbose_name = "LADO referrals"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, on a side of its own, its mails' words, its jobs."""
        from core.audit.registry import register
        from core.outbox import jobs, notices
        from escalation.lado import sample_events
        from escalation.lado.events import SIDE, faults
        from escalation.lado.models import Event
        from escalation.lado.notifications import NOTICES
        from escalation.lado.services import forget_old_unsent, remind_late

        register(Event, check=lambda: chain(faults(), sample_events.faults()), side=SIDE)
        notices.register(*NOTICES)
        jobs.register(jobs.Job("remind of late", timedelta(minutes=5), lambda now: remind_late(now=now)))
        jobs.register(jobs.Job("forget unsent", timedelta(hours=1), lambda now: forget_old_unsent(now=now)))
