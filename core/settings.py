"""The log's settings, in one file; rewritten by the house."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEBUG = True
SECRET_KEY = "skeleton"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "core.web",
    "core.audit",
    "core.outbox",
    "escalation.accounts",
    "escalation.rulebook",
    "escalation.challenges",
    "escalation.reporting",
]
AUTH_USER_MODEL = "accounts.User"
ROOT_URLCONF = "core.urls"
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("SQLITE", ROOT / "var/log.sqlite3")}}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]},
    }
]
STATIC_URL = "/static/"
