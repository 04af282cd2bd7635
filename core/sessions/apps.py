from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "core.sessions"
    label = "core_sessions"
    verbose_name = "Sessions"
