"""The demo's accounts and real ones never live in one installation."""

import pytest

from fagbrev.checks import demo_accounts_and_real_ones_never_meet
from fagbrev.people.models import User

pytestmark = pytest.mark.django_db


def errors():
    return [error.id for error in demo_accounts_and_real_ones_never_meet(None, databases=["default"])]


@pytest.fixture
def demo_account():
    return User.objects.create_user("koordinator@demo.example", "Kari Demoberg")


@pytest.fixture
def real_account():
    return User.objects.create_user("prove.provestad@example.no", "Prøve Prøvestad")


def test_the_demo_refuses_an_account_that_is_not_the_demos(settings, demo_account, real_account):
    settings.DEMO, settings.DEBUG = True, True
    assert errors() == ["fagbrev.E001"]


def test_the_demo_accepts_its_own_accounts(settings, demo_account):
    settings.DEMO, settings.DEBUG = True, True
    assert errors() == []


def test_production_refuses_an_account_of_the_demo(settings, demo_account, real_account):
    settings.DEMO, settings.DEBUG = False, False
    assert errors() == ["fagbrev.E002"]


def test_production_accepts_real_accounts(settings, real_account):
    settings.DEMO, settings.DEBUG = False, False
    assert errors() == []


def test_an_address_that_only_resembles_the_demos_is_a_real_one(settings):
    User.objects.create_user("prove@demo.example.no", "Prøve Prøvestad")
    settings.DEMO, settings.DEBUG = True, True
    assert errors() == ["fagbrev.E001"]


def test_without_a_database_to_ask_nothing_is_said(settings, real_account):
    settings.DEMO = True
    assert demo_accounts_and_real_ones_never_meet(None) == []
