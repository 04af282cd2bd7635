from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "core.outbox"
    label = "outbox"
    verbose_name = "Outbox"

    def ready(self) -> None:
        from core.outbox.digests import register_digest

        register_digest()
