"""Settings of the test suite: the product's own, with quick hashing and nothing shared between workers."""

import os

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("ALLOW_SYNTHETIC_IDS", "1")

from fagbrev.settings import *  # noqa: F403
from fagbrev.settings import DATABASES, TEMPLATES, VAR_DIR

DEBUG = False
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # what a crash would lose is thrown away anyhow
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_TASK_ALWAYS_EAGER = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
WHITENOISE_AUTOREFRESH = True
TESTS_VAR_DIR = VAR_DIR
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = os.environ.get("STRING_IF_INVALID", "")
