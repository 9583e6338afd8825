"""All settings, each from the environment; `.env.example` lists every variable."""

from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from fagbrev.env import Environment

env = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
SECRET_KEY = env.text("SECRET_KEY", "only-for-development-" + "x" * 40 if DEBUG else None)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}
if DEMO and not set(ALLOWED_HOSTS) <= LOOPBACK:
    raise ImproperlyConfigured("DEMO=1 runs on this machine only: ALLOWED_HOSTS must be loopback names.")
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- The municipality that runs this installation -------------------------------------------------
MUNICIPALITY = env.text("MUNICIPALITY", "Eksempelvik kommune")
SERVICE_NAME = env.text("SERVICE_NAME", "Flyktning- og innvandrertjenesten")
COUNTY = env.text("COUNTY", "Eksempel fylkeskommune")
LOGO_FILE = env.text("LOGO_FILE", "")  # path to an SVG or PNG; printed on PDFs
BASE_URL = env.text("BASE_URL", "http://localhost:8000")
CONTACT_EMAIL = env.text("CONTACT_EMAIL", "fagbrev@eksempelvik.example")

ALLOW_SYNTHETIC_IDS = env.flag("ALLOW_SYNTHETIC_IDS", DEBUG or DEMO)
VIRUS_SCAN = env.choice("VIRUS_SCAN", "none" if DEBUG else None, {"clamd", "none"})
CLAMD_SOCKET = env.text("CLAMD_SOCKET", "/run/clamav/clamd.ctl")
UPLOAD_MAX_MB = env.number("UPLOAD_MAX_MB", 15, least=1, most=200)
FIELD_KEYS = env.text("FIELD_KEYS", "" if DEBUG else None)
HMAC_KEY = env.text("HMAC_KEY", "" if DEBUG else None)

# --- Apps ------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "fagbrev.roof",
    "meetings",
    "followup",
    "participants",
    "programmes",
    "fagbrev",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
]
ADMIN_ENABLED = env.flag("ADMIN_ENABLED")
if ADMIN_ENABLED:
    INSTALLED_APPS.append("django.contrib.admin")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fagbrev.web.headers.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "fagbrev.web.sessions.SessionLimitsMiddleware",
    "fagbrev.web.room.RoomLockMiddleware",
    "fagbrev.web.typed_text.KeepTypedTextMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "fagbrev.web.entry.EntryStepsMiddleware",
    "fagbrev.web.plain_errors.PlainErrorsMiddleware",
]

ROOT_URLCONF = "fagbrev.urls"
WSGI_APPLICATION = "fagbrev.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fagbrev.roof.chrome.chrome",
            ],
            "builtins": ["fagbrev.templatetags.fagbrev_ui", "django.templatetags.static", "django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "fagbrev.ui.renderer.DesignsystemetRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["designsystemet"]
CRISPY_TEMPLATE_PACK = "designsystemet"

# --- Database --------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'fagbrev.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    # Planning a just-in-time compilation takes longer than any query here.
    DATABASES["default"]["OPTIONS"] = {"options": "-c jit=off"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
TIME_ZONE = "Europe/Oslo"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Static and private files ----------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "unused"}},
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "private"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600

# --- People, sign-in and sessions ------------------------------------------------------------------
AUTH_USER_MODEL = "fagbrev.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "fagbrev.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {"login": "fagbrev.people.forms.LoginForm", "request_login_code": "fagbrev.people.forms.RequestLoginCodeForm"}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {  # strict per account, generous per address: a school shares one
    "login": "300/m/ip",
    "login_failed": "100/m/ip,5/5m/key",
    "request_login_code": "100/m/ip,3/5m/key",
    "reset_password": "60/m/ip,3/15m/key",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEBUG else "https"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0, most=5)
MFA_ADAPTER = "fagbrev.people.adapters.SealedMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_TOTP_ISSUER = "Fagbrev"
MFA_FORMS = {"add_webauthn": "fagbrev.people.forms.AddPasskeyForm", "edit_webauthn": "fagbrev.people.forms.EditPasskeyForm"}
MFA_RATE_LIMITS = {"webauthn_login": "100/m/ip"}
USERSESSIONS_TRACK_ACTIVITY = False
SECOND_FACTOR_ROLES = set(
    env.words("SECOND_FACTOR_ROLES", "" if DEBUG or DEMO else "coordinator,faglaerer,norsklaerer,superuser")
)
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 30, least=1, most=600)
SESSION_MAX_HOURS = env.number("SESSION_MAX_HOURS", 10, least=1, most=24)
SESSION_COOKIE_AGE = int(timedelta(hours=SESSION_MAX_HOURS).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "fagbrev.roof.errors.csrf_failure"
if not DEBUG:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Cache, mail, queue ----------------------------------------------------------------------------
REDIS_URL = env.text("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
EMAIL_URL_HOST = env.text("EMAIL_HOST", "")
EMAIL_BACKEND = "fagbrev.mail.backend.QueuedEmailBackend"
EMAIL_HOST = EMAIL_URL_HOST or "localhost"
EMAIL_PORT = env.number("EMAIL_PORT", 25, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_TLS")
MAIL_LEASE_SECONDS = env.number("MAIL_LEASE_SECONDS", 300, least=2, most=3600)  # how long a mail is one process's alone
MAIL_SWEEP_SECONDS = env.number("MAIL_SWEEP_SECONDS", 60, least=1, most=3600)  # how often the clock looks for what was left
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Fagbrev <ikke-svar@fagbrev.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

SCAN_AT_MINUTES = env.clock("SCAN_AT", "06:00")  # when the day's duties are gone through, Europe/Oslo
BROKER_URL = env.text("BROKER_URL", "filesystem://")
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
if BROKER_URL == "filesystem://":
    QUEUE_DIR, CONTROL_DIR = VAR_DIR / "queue", VAR_DIR / "queue-control"
    QUEUE_DIR.mkdir(exist_ok=True)
    CONTROL_DIR.mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR),
        "data_folder_out": str(QUEUE_DIR),
        "control_folder": str(CONTROL_DIR),
        "store_processed": False,
    }
CELERY_BEAT_SCHEDULE = {
    "send-waiting-mail": {
        "task": "fagbrev.send_waiting_mail",
        "schedule": float(MAIL_SWEEP_SECONDS),
        "options": {"expires": 0.9 * MAIL_SWEEP_SECONDS},
    },
    "scan-duties": {"task": "fagbrev.scan_if_due", "schedule": 300.0, "options": {"expires": 290}},
    "wipe-drafts": {"task": "fagbrev.wipe_drafts", "schedule": 3600.0, "options": {"expires": 3500}},
    "meetings-daily": {"task": "meetings.daily", "schedule": 3600.0, "options": {"expires": 3500}},
    "sweep-imports": {"task": "participants.sweep_imports", "schedule": 3600.0, "options": {"expires": 3500}},
}

# --- Logs: ids, never names, query strings or tokens -------------------------------------------------
LOG_FORMAT = env.choice("LOG_FORMAT", "plain", {"plain", "json"})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "fagbrev.web.logs.WithoutRowContents", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "fagbrev.web.logs.AsJson"},
    },
    "filters": {"no_query": {"()": "fagbrev.web.logs.WithoutQueryStrings"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["no_query"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        "kombu.connection": {"level": "ERROR"},  # the folder as broker has no host name, and kombu says so each time
    },
}
