"""The demo as an app of the project."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "escalation.demo"
    label = "demo"
    verbose_name = "Fictional data"
