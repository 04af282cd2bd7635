from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    name = "escalation.challenges"
    label = "challenges"
    verbose_name = "Professional challenges"
