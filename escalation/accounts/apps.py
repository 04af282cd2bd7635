from datetime import timedelta

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "escalation.accounts"
    label = "accounts"
    verbose_name = "People and settings"

    def ready(self) -> None:
        """Tell the core of this app: its events' check, its mail's words, its part of the rota."""
        from django.contrib.auth.signals import user_logged_in

        from core.audit.registry import register
        from core.outbox import jobs, notices
        from core.sessions.browsers import new_browser
        from core.sessions.store import SessionStore
        from escalation.accounts import notifications
        from escalation.accounts.events import faults
        from escalation.accounts.models import Event

        register(Event, check=faults)
        notices.register(*notifications.NOTICES)
        jobs.register(
            jobs.Job("forget sessions", timedelta(hours=1), lambda now: SessionStore.clear_expired())
        )
        user_logged_in.connect(notifications.signed_in)
        new_browser.connect(notifications.tell_of_new_browser)
