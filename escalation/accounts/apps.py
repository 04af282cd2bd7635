from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "escalation.accounts"
    label = "accounts"
    verbose_name = "People and settings"
