"""The organisations whose people may sign in there, as the settings have them."""

from django.conf import settings


def provider_names() -> dict[str, str]:
    """The name of each by its short name."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return {app["provider_id"]: app["name"] for app in apps}
