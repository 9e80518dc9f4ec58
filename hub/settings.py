# SPDX-License-Identifier: Apache-2.0
"""Settings of the hub, from the environment only.

HUB_DATA             folder of the database, the keys and the mails; var/hub unless given
HUB_DATABASE_URL     postgresql://user:password@host:port/name, and whatever else libpq takes
                     (?sslmode=…); the SQLite file in HUB_DATA unless given
HUB_SECRET_KEY       signs sessions; made and kept in HUB_DATA unless given
HUB_HOSTS            names the hub answers to, commas between; this computer only unless given
HUB_ORIGINS          https://… addresses that forms may come from, behind a proxy
HUB_BEHIND_PROXY     1: the proxy says in X-Forwarded-Proto whether the visitor came by HTTPS, and
                     puts the visitor's address last into X-Forwarded-For
HUB_BROKER_HOST      where the MQTT broker is; 127.0.0.1 unless given
HUB_BROKER_PORT      8883 unless given
HUB_BROKER_NAME      the broker's address for terminals; HUB_BROKER_HOST unless given
HUB_BROKER_FILES     folder of the broker's certificate and list of those revoked; broker in
                     HUB_DATA unless given
HUB_BROKER_PLAIN     1: without TLS, to a broker on this computer only
HUB_SMTP_HOST        mail server; without one each mail is a file in HUB_DATA/mails
HUB_SMTP_PORT, _USER, _PASSWORD, _PLAIN (1: no TLS)
HUB_MAIL_FROM        sender of the mails
HUB_SIGN_UP          0: nobody signs up by themselves; who is there makes the accounts
HUB_MAILBOX          1: anybody reads at /courrier/ what would have been mailed; for the demo
HUB_DEBUG            1: errors show the code; never on the net
"""

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
LONGEST_WAIT_S = 20
NO_DATABASE_URL = """\
HUB_DATABASE_URL est illisible. Écrivez postgresql://nom:motdepasse@hôte:5432/base (un caractère
spécial du mot de passe s’écrit %XX), ou rien pour SQLite.
HUB_DATABASE_URL can't be read. Write postgresql://user:password@host:5432/name (a special
character of the password is written %XX), or nothing for SQLite."""


def _flag(name: str, default: str = "") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


def _list(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _secret_key(folder: Path) -> str:
    """The key of the environment, or one that the first start makes and keeps."""
    if given := os.environ.get("HUB_SECRET_KEY"):
        return given
    path = folder / "secret-key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def _database(url: str) -> dict[str, Any]:
    """The SQLite file, or the PostgreSQL server of a URL.

    Either way a commit is on the disk when it returns, because the hub's acknowledgement lets a
    terminal forget, and who waits for another writer gives up after the same time.

    Raises:
        ImproperlyConfigured: the URL can't be read.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HUB_DATA / "hub.sqlite3",
            "OPTIONS": {
                # one writer at a time, taken at once: a transaction never has to start again
                "transaction_mode": "IMMEDIATE",
                "timeout": LONGEST_WAIT_S,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                # a page that many sales touch is folded back once, and is read once
                "PRAGMA wal_autocheckpoint=8000; PRAGMA cache_size=-65536;"
                "PRAGMA temp_store=MEMORY;",
            },
        }
    from psycopg import IsolationLevel, ProgrammingError  # noqa: PLC0415 (costs SQLite nothing)
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        given = conninfo_to_dict(url)
        name = given.pop("dbname")
    except (ProgrammingError, KeyError) as error:
        raise ImproperlyConfigured(NO_DATABASE_URL) from error
    session = f"-c synchronous_commit=on -c lock_timeout={LONGEST_WAIT_S}s"
    # a bridge that hangs in a transaction must not keep its merchant's row from everybody else
    session += f" -c idle_in_transaction_session_timeout={3 * LONGEST_WAIT_S}s"
    # what is read is in memory or on an SSD: a page out of turn costs hardly more than the next one
    session += " -c random_page_cost=1.1"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "OPTIONS": {
            # who waited for a merchant's row must then see what the writer before it committed
            "isolation_level": IsolationLevel.READ_COMMITTED,
            "application_name": "comptoir",
            # a server that vanished without a word is found out
            "connect_timeout": 10,
            "tcp_user_timeout": LONGEST_WAIT_S * 1000,
            "keepalives_idle": LONGEST_WAIT_S,
        }
        | given
        | {"options": f"{given.get('options') or ''} {session}".strip()},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _mail() -> dict[str, Any]:
    """Send through a server where one is named; else each message becomes a file."""
    if host := os.environ.get("HUB_SMTP_HOST"):
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": host,
            "EMAIL_PORT": int(os.environ.get("HUB_SMTP_PORT", "587")),
            "EMAIL_HOST_USER": os.environ.get("HUB_SMTP_USER", ""),
            "EMAIL_HOST_PASSWORD": os.environ.get("HUB_SMTP_PASSWORD", ""),
            "EMAIL_USE_TLS": not _flag("HUB_SMTP_PLAIN"),
            "EMAIL_TIMEOUT": 20,
        }
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": HUB_DATA / "mails",
    }


HERE = Path(__file__).resolve().parent
HUB_DATA = Path(os.environ.get("HUB_DATA", HERE.parent / "var" / "hub")).resolve()
HUB_DATA.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = _secret_key(HUB_DATA)
DEBUG = _flag("HUB_DEBUG")
ALLOWED_HOSTS = _list("HUB_HOSTS", ",".join(sorted(LOOPBACK)))
CSRF_TRUSTED_ORIGINS = _list("HUB_ORIGINS")

HUB_BROKER_HOST = os.environ.get("HUB_BROKER_HOST", "127.0.0.1")
HUB_BROKER_PORT = int(os.environ.get("HUB_BROKER_PORT", "8883"))
HUB_BROKER_NAME = os.environ.get("HUB_BROKER_NAME", HUB_BROKER_HOST)
HUB_BROKER_FILES = Path(os.environ.get("HUB_BROKER_FILES", HUB_DATA / "broker")).resolve()
HUB_BROKER_PLAIN = _flag("HUB_BROKER_PLAIN")
HUB_BEHIND_PROXY = _flag("HUB_BEHIND_PROXY")
HUB_SIGN_UP = _flag("HUB_SIGN_UP", "1")
HUB_MAILBOX = _flag("HUB_MAILBOX")

INSTALLED_APPS = [
    "hub.merchants",
    "hub.programmes",
    "hub.ledger",
    "hub.billing",
    "hub.campaigns",
    "hub.broker_bridge",
    "hub.console",
    "hub.api",
    "ninja",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hub.merchants.headers.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "hub.merchants.unkeepable.NoNul",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hub.merchants.sessions.Seen",
    "hub.console.access.SecondFactorFirst",
]

ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": _database(os.environ.get("HUB_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "merchants.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "hub.merchants.passwords.Rule"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "console:sign-in"
LOGIN_REDIRECT_URL = "console:home"
LOGOUT_REDIRECT_URL = "console:sign-in"

# A cookie marked secure would never come back over plain HTTP on the machine itself.
_ON_THE_NET = not DEBUG and not set(ALLOWED_HOSTS) <= LOOPBACK
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _ON_THE_NET
SECURE_HSTS_SECONDS = 31_536_000 if _ON_THE_NET else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HUB_BEHIND_PROXY else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_HANDLERS = [
    "hub.console.reading.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # each page shows the merchant's own

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # nothing to collect: served from where they are written
WHITENOISE_AUTOREFRESH = DEBUG

globals().update(_mail())
DEFAULT_FROM_EMAIL = os.environ.get("HUB_MAIL_FROM", "Comptoir <ne-pas-repondre@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
