"""What a page says once on top, such as “You have signed out.”: Django's messages, by our cookie."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class BannerCookie(CookieStorage):
    cookie_name = settings.MESSAGES_COOKIE_NAME


class Banners(FallbackStorage):
    storage_classes = (BannerCookie, SessionStorage)
