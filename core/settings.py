"""The log's settings, in one file: safe as they stand, and loosened only by name.

Every name read here is explained in docs/operations.md. A secret NAME can stand in a file, named by
NAME_FILE. With nothing set, the log answers nobody, over nothing but https.
"""

from pathlib import Path
from typing import Any

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from core.env import Environment, database

# Lets code say which model a form, a view or a field is about, such as ModelForm[Setting].
django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parent.parent
env = Environment()

# Who may loosen what.
DEBUG = env.flag("DEBUG")
# `make run` and the tests: plain http, but for this machine alone.
LOCAL_DEMO = env.flag("LOCAL_DEMO")
PLAIN_HTTP = DEBUG or LOCAL_DEMO
THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")

# Django refuses to use an empty secret key, and core.keys an empty audit key; core.wsgi asks for both
# before it serves. Commands that need neither, such as makemigrations, run without.
SECRET_KEY = env.secret("SECRET_KEY", "not-a-secret-only-for-debugging" if DEBUG else "")
AUDIT_KEY = env.secret("AUDIT_KEY", "not-a-secret-only-for-debugging" if DEBUG else "")

if LOCAL_DEMO:
    ALLOWED_HOSTS = list(THIS_MACHINE)
else:
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", THIS_MACHINE if DEBUG else ())
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# The policy that new challenges open under, by its key.
POLICY = env.text("POLICY", "mscp")
PARTNERSHIP_NAME = env.text("PARTNERSHIP_NAME", "Merton Safeguarding Children Partnership")
# Where the log is reached; the links in mails begin with it.
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}" if PLAIN_HTTP else "").rstrip(
    "/"
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    # Of allauth the tables and the arithmetic alone: none of its addresses is open, and no page is its own.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "core.web",
    "core.api",
    "core.audit",
    "core.outbox",
    "core.sessions",
    "escalation.accounts",
    "escalation.signing_in",
    "escalation.rulebook",
    "escalation.joining",
    "escalation.challenges",
    "escalation.lado",
    "escalation.forums",
    "escalation.rulemaking",
    "escalation.learning",
    "escalation.surveys",
    "escalation.reporting",
    "escalation.assurance",
    "escalation.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "core.web.middleware.front_door",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.sessions.middleware.SignedIn",
    # Every page is closed unless its view says @login_not_required; tests/architecture lists those.
    # Who has yet to give a second factor is nobody, and is sent to the page that asks for it.
    "escalation.access.middleware.StandsIn",
    "escalation.signing_in.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.web.middleware.DatabaseAway",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "core.urls"
WSGI_APPLICATION = "core.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.web.context.site",
                "core.sessions.context.ending",
            ],
        },
    }
]

FORM_RENDERER = "core.web.forms.FormRenderer"
# The header's links, made for who is signed in: what each of these gives, one after the other.
NAVIGATION = (
    "escalation.lado.navigation.links",
    "escalation.challenges.navigation.links",
    "escalation.reporting.navigation.links",
    "escalation.directory.navigation.links",
    "escalation.forums.navigation.links",
    "escalation.learning.navigation.links",
    "escalation.assurance.navigation.links",
    "escalation.access.navigation.links",
    "escalation.challenges.navigation.help_link",
)
# What else the demo shows: functions that take a London date, from apps that the demo may not import.
DEMO_ALSO = (
    "escalation.joining.demo.fill",
    "escalation.lado.demo.fill",
    "escalation.forums.demo.fill",
    "escalation.learning.demo.fill",
    "escalation.surveys.demo.fill",
    "escalation.reporting.demo.fill",
    "escalation.assurance.demo.fill",
)
# What else waits for somebody, told beside their list: functions from a request to lines.
BESIDE = (
    "escalation.joining.navigation.beside",
    "escalation.assurance.navigation.beside",
    "escalation.learning.navigation.beside",
)
# Where "Hide" leads: a page that says nothing about its reader.
QUICK_HIDE_URL = env.text("QUICK_HIDE_URL", "https://www.bbc.co.uk/weather")

# Data
DATABASES = {"default": database(env.text("DATABASE_URL", "sqlite:///var/log.sqlite3"), root=ROOT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# 1 MB of text in a few fields at once is allowed; more is answered with 413.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Mail. Nothing is sent in a request: the worker sends what waits in the outbox.
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "challenge-log@localhost")
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_SECURITY = env.text("EMAIL_SECURITY", "starttls")
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_PORT = env.number("EMAIL_PORT", 465 if EMAIL_USE_SSL else 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD")
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", 20)
SENDS_MAIL = bool(EMAIL_HOST) or PLAIN_HTTP
if EMAIL_HOST and not SITE_URL:
    raise ImproperlyConfigured("EMAIL_HOST needs SITE_URL: the links in mails begin with it")
if EMAIL_SECURITY not in ("starttls", "tls", "none"):
    raise ImproperlyConfigured("EMAIL_SECURITY must be starttls, tls or none")
if not EMAIL_HOST and PLAIN_HTTP:
    # On this machine alone, with no server: each mail is a file to look at.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = ROOT / "var/mail"
# In seconds: until a refused mail is tried again, the first time; and how long one try may take.
OUTBOX_FIRST_PAUSE = env.number("OUTBOX_FIRST_PAUSE", 60)
OUTBOX_LEASE = env.number("OUTBOX_LEASE", 300)

# People
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in/"
# Whoever did not ask for a page is led to the first that is theirs.
LOGIN_REDIRECT_URL = "/in/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name", "job_title")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "escalation.accounts.passwords.NotOurWords"},
]
# What allauth is told: people have an address and no other name, and the log makes its own pages and codes.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_ADAPTER = "escalation.signing_in.councils.Adapter"
# Whose people may sign in with their own organisation: OpenID Connect, each provider by a short name.
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": [env.provider(key) for key in env.words("OIDC_PROVIDERS")]}
}
MFA_ADAPTER = "escalation.signing_in.adapter.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PLAIN_HTTP
SESSION_ENGINE = "core.sessions.store"
# In seconds, whatever is done; without a request it ends sooner: see escalation.accounts.sign_in.
SESSION_COOKIE_AGE = 8 * 60 * 60
# By these prefixes browsers refuse a cookie that another host, or plain http, would set.
HOST_ONLY = "" if PLAIN_HTTP else "__Host-"
SESSION_COOKIE_NAME = f"{HOST_ONLY}sessionid"
CSRF_COOKIE_NAME = f"{HOST_ONLY}csrftoken"
MESSAGES_COOKIE_NAME = f"{HOST_ONLY}messages"
BROWSER_COOKIE_NAME = f"{HOST_ONLY}browser"
MESSAGE_STORAGE = "core.web.banners.Banners"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not PLAIN_HTTP
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# What a browser may do with a page
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not PLAIN_HTTP
CSRF_FAILURE_VIEW = "core.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not PLAIN_HTTP
SECURE_HSTS_PRELOAD = not PLAIN_HTTP
# Only where a proxy of ours sets the header itself, whatever the caller sent.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "object-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}

# Pages
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build/collected"
# No other site needs them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_DIRS = [folder for folder in (ROOT / "static", ROOT / "build/static") if folder.is_dir()]
# Hashed names can be kept by browsers for ever. Tests without a browser do without: they need no build.
HASHED_STATIC = env.flag("HASHED_STATIC", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "core.static.HashedFiles"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# API
# Of one key, or of one person without a key; 0 is no limit.
API_READS_PER_MINUTE = env.number("API_READS_PER_MINUTE", 600)
API_WRITES_PER_MINUTE = env.number("API_WRITES_PER_MINUTE", 300)
# For how long the same request with the same Idempotency-Key is known again.
IDEMPOTENCY_HOURS = env.number("IDEMPOTENCY_HOURS", 24)
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "escalation.accounts.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "escalation.accounts.authentication.KeyOpens",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.PerMinute"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.PlainJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.Pages",
    # The description of the API says what there is; OPTIONS says nothing more.
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "core.api.problems.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Challenge log",
    "DESCRIPTION": "Challenges that the caller may see, the steps they may take, and what is published.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    # What is sent and what comes back are described apart: what only comes back is never asked for.
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.finished",
    ],
}

# To stderr, for whatever runs the log to keep. Errors name the path and the lines of code: no query, no
# form, no person.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "core.logs.WithoutWords",
            "fmt": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING"), "propagate": False},
        # One host name that is not ours is noise from scanners, and it quotes what the caller sent.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}
