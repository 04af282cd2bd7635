from datetime import timedelta

from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    name = "escalation.challenges"
    label = "challenges"
    verbose_name = "Professional challenges"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, its mails' words, its part of the rota."""
        from core.audit.registry import register
        from core.outbox import jobs, notices
        from escalation.challenges.events import faults
        from escalation.challenges.models import Event
        from escalation.challenges.notifications import NOTICES
        from escalation.challenges.reminders import NOTICES as REMINDERS
        from escalation.challenges.services import (
            ask_how_treated,
            carry_out_due,
            look_after_unsent,
            remind_all,
            sweep,
            tell_of_the_day,
            tell_of_the_week,
        )
        from escalation.challenges.services.asking_back import NOTICES as ASKING
        from escalation.challenges.services.showing import NOTICES as SHOWING
        from escalation.challenges.services.unsent import NOTICES as UNSENT
        from escalation.directory.notifications import NOTICES as SEATED

        register(Event, check=faults)
        notices.register(*NOTICES, *REMINDERS, *UNSENT, *ASKING, *SHOWING, *SEATED)
        jobs.register(jobs.Job("sweep", timedelta(minutes=1), lambda now: sweep(now=now)))
        jobs.register(jobs.Job("leavers", timedelta(minutes=5), lambda now: carry_out_due(now=now)))
        jobs.register(jobs.Job("remind", timedelta(minutes=5), lambda now: remind_all(now=now)))
        jobs.register(jobs.Job("unsent", timedelta(hours=1), lambda now: look_after_unsent(now=now)))
        jobs.register(jobs.Job("ask", timedelta(hours=1), lambda now: ask_how_treated(now=now)))
        jobs.register(jobs.Job("day", timedelta(minutes=5), lambda now: tell_of_the_day(now=now)))
        jobs.register(jobs.Job("week", timedelta(minutes=5), lambda now: tell_of_the_week(now=now)))
