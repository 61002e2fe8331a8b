"""Settings of the product, from a few environment variables; see docs/running.md.

LIUHEN_HOME           data folder: database, keys (mode 700/600), vault, ledger; default `var` beside the checkout
LIUHEN_DATABASE_URL   PostgreSQL instead of SQLite
LIUHEN_HOSTS          host names it is served by, with commas; default 127.0.0.1 and localhost
LIUHEN_ENTRY_WORKING_DAYS  working days after an act until which its entry is not asked about; default 1
LIUHEN_ACCESS_DAYS    days for which an approval to consult a file holds that names no end; default 30
LIUHEN_SWEEP_DAYS     days after which the worker removes an uploaded file that no record names; default 7, at least 2, 0 never
LIUHEN_HTTPS          1 when it is reached by https alone: cookies are then never sent otherwise
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from liuhen.ground.data_folder import data_folder
from liuhen.site.databases import database
from liuhen.site.presence import present

PACKAGE = Path(__file__).resolve().parent.parent


def _secret() -> str:
    # Made by `set_up`; until then nothing that a session or a form signs outlives the process.
    try:
        return (HOME / "keys" / "django").read_text(encoding="ascii").strip()
    except OSError:
        return secrets.token_urlsafe(50)


HOME = data_folder()
LIUHEN_HOME = HOME
HTTPS = os.environ.get("LIUHEN_HTTPS") == "1"
LIUHEN_ENTRY_WORKING_DAYS = int(os.environ.get("LIUHEN_ENTRY_WORKING_DAYS", "1"))
LIUHEN_ACCESS_DAYS = int(os.environ.get("LIUHEN_ACCESS_DAYS", "30"))
LIUHEN_SWEEP_DAYS = int(os.environ.get("LIUHEN_SWEEP_DAYS", "7"))

SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LIUHEN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "csp",
    "liuhen.journal",
    "liuhen.rooms.people",
    *[
        module.removesuffix(".apps")
        for module in present(
            "liuhen.rooms.cases.apps",
            "liuhen.rooms.evidence.apps",
            "liuhen.rooms.samples.apps",
            "liuhen.faces.desk.apps",
        )
    ],
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "liuhen.site.urls"
WSGI_APPLICATION = "liuhen.site.wsgi.application"
# Pages are rendered by the desk's own Jinja2 environment (decision 0006); Django's template engines are not used.
TEMPLATES: list[dict[str, object]] = []

DATABASES = {"default": database(os.environ.get("LIUHEN_DATABASE_URL", ""), HOME)}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
# Ten wrong passwords for one name from one place: locked for a quarter of an hour. By the name alone a stranger could
# lock a person out; by the place alone one office behind one address would lock itself out.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "liuhen.faces.desk.people.locked_out"
CSRF_FAILURE_VIEW = "liuhen.faces.desk.refusals.csrf_failed"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [d for d in (PACKAGE / "faces" / "desk" / "static",) if d.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "uploads"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 << 20
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"axes": {"level": "WARNING"}},
}
