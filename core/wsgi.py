"""Where a web server finds the log. It does not start without its keys."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")


def _ask_for_keys() -> None:
    """Both raise ImproperlyConfigured when missing: better at the start than for the first who comes."""
    from django.conf import settings

    from core.keys import derived_key

    str(settings.SECRET_KEY)
    derived_key("start")


application = get_wsgi_application()
_ask_for_keys()
