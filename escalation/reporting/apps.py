from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "escalation.reporting"
    label = "reporting"
    verbose_name = "Reports"
