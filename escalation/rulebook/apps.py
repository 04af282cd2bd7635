from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "escalation.rulebook"
    label = "rulebook"
    verbose_name = "Policy versions"
