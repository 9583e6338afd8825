"""Who the tests of sign-in and access are about."""

import pytest
from django.test import Client

from fagbrev.people.actions import invite_user
from fagbrev.people.confidentiality import CONFIDENTIALITY_VERSION
from fagbrev.people.roles import COORDINATOR, FAGLAERER


@pytest.fixture(autouse=True)
def outbox_is_a_table(settings):
    """Mails go where they go in the product; rate limits of one test do not reach the next."""
    settings.EMAIL_BACKEND = "fagbrev.mail.backend.QueuedEmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.SECOND_FACTOR_ROLES = set()
    settings.DEMO = False
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def make_user(db, today):
    """Gives a function that makes a user with a role, who has accepted the statement of the day."""

    def make(name, role="", *, accepted=True, superuser=False):
        from fagbrev.people.models import User

        email = f"{name.split()[0].lower()}@example.no"
        if role:
            user = invite_user(email=email, name=name, role=role, by=None, today=today, send=False)
        else:
            user = User.objects.create_user(email, name)
        user.is_superuser = user.is_staff = superuser
        user.confidentiality_version = CONFIDENTIALITY_VERSION if accepted else ""
        user.save()
        return user

    return make


@pytest.fixture
def coordinator(make_user):
    return make_user("Kari Testesen", COORDINATOR)


@pytest.fixture
def teacher(make_user):
    return make_user("Tor Prøvestad", FAGLAERER)


@pytest.fixture
def client_of():
    """Gives a function that gives a browser in which the user is signed in."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in
