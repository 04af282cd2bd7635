from django.apps import AppConfig


class RulemakingConfig(AppConfig):
    name = "escalation.rulemaking"
    label = "rulemaking"
    verbose_name = "The policy, read and made"
