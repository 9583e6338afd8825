"""The admin is off by default, and where it is on it holds configuration only, behind a second factor."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[2]
ASK = """
import django
django.setup()
from django.test import RequestFactory
from django.core.exceptions import PermissionDenied
from fagbrev.roof import admin_site
from fagbrev.people.models import User
print(sorted({model._meta.app_label for model in admin_site.site._registry}))
request = RequestFactory().get("/admin/")
request.user = User(email="sivert@example.no", is_superuser=True, is_staff=True)
for has_factor in (False, True):
    admin_site.has_second_factor = lambda user: has_factor
    print(admin_site.site.has_permission(request))
request.user = User(email="kari@example.no", is_staff=True)
print(admin_site.site.has_permission(request))
from django.urls import reverse
print(reverse("admin:index"))
"""


@pytest.mark.django_db
def test_by_default_there_is_no_admin(client):
    assert client.get("/admin/").status_code == 404


def test_where_it_is_on_it_holds_configuration_behind_a_second_factor(tmp_path):
    environment = {
        **{name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}},
        "DEBUG": "1",
        "ADMIN_ENABLED": "1",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "fagbrev.settings",
    }
    answer = subprocess.run(
        [sys.executable, "-c", ASK], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split("\n")[:-1] == ["['programmes']", "False", "True", "False", "/admin/"]
