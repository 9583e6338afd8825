"""Rules of the house that no single module can keep alone: each is looked for in the whole of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from fagbrev.access.table import sections
from fagbrev.audit.models import ChangeLog, LookLog
from fagbrev.audit.triggers import APPEND_ONLY_TABLES, destruction_allowed
from fagbrev.people.models import PeopleEvent, User
from fagbrev.rows import PublicRow, VersionedRow
from tests.cast import Cast

ROOT = Path(settings.BASE_DIR)
APPS = ["fagbrev", "programmes", "participants", "followup", "meetings"]
FLOOR = {name: place for place, name in enumerate(APPS)}
TEMPLATES = ROOT / "templates"


def modules(*parts: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module of the apps whose path holds one of the parts (all modules without parts), parsed."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "migrations" not in name and (not parts or any(part in name for part in parts)):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def test_views_hold_no_queries_of_their_own() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules("/views/", "/views.py", "_views.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    assert found == []


# The performer, and the demo that makes 100,000 people at a time.
WRITES_STATUS = {"participants/actions/steps.py", "participants/demo_bulk.py"}


def test_only_the_performer_writes_the_status_of_an_enrolment() -> None:
    found = []
    for name, tree in modules():
        if name in WRITES_STATUS:
            continue
        for node in ast.walk(tree):
            targets = list(getattr(node, "targets", [])) or (
                [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
            )
            found += [f"{name}:{node.lineno}" for target in targets if isinstance(target, ast.Attribute) and target.attr == "status"
                      and not (isinstance(target.value, ast.Name) and target.value.id == "self")]  # fmt: skip
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"update", "create"}:
                named = {keyword.arg for keyword in node.keywords}
                about = ast.unparse(node.func.value)
                if "status" in named and ("Enrolment" in about or "enrolment" in about.lower()):
                    found.append(f"{name}:{node.lineno}")
    assert found == []


# Columns of a person's record that say nothing about the person: keys, versions, who wrote the row, what names are sorted by.
TECHNICAL = {
    "id", "public_id", "version", "created_at", "created_by", "sort_name", "search_name", "name_skeleton", "locked_at", "imported_on",
}  # fmt: skip
# Rows that are not of a record: they belong to a user or to the inbox, before there is a record.
NOT_OF_A_RECORD = {"ImportBatch", "ReferralInboxItem", "SavedFilter", "Lesson", "TopicRead"}
# Rows of follow-up that are made once, or changed only with the row they hang on.
NEVER_EDITED = {"AssignmentGoal", "EvidenceGoal", "GoalView", "GuestAbsence", "HandIn", "ReviewSignature", "TopicRead", "VisitGoal",
                "VisitOtherText", "WeeklyPlanLine"}  # fmt: skip
OF_RECORDS = [*apps.get_app_config("participants").get_models(), *apps.get_app_config("followup").get_models()]


@pytest.mark.parametrize("model", OF_RECORDS, ids=lambda m: m.__name__)
def test_every_column_of_a_record_belongs_to_one_section_of_the_access_table(model: Any) -> None:
    if model.__name__ in NOT_OF_A_RECORD:
        assert not hasattr(model, "SECTION")
        return
    whole, by_column = getattr(model, "SECTION", None), getattr(model, "SECTIONS", {})
    assert whole or by_column
    known = set(sections())
    assert set(by_column.values()) <= known
    assert (
        whole is None
        or whole in known
        or (whole == "by_row" and {key for key, _ in model._meta.get_field("section").choices} <= known)
    )
    names = {column.name for column in model._meta.concrete_fields}
    assert set(by_column) <= names, "a section for a column that is gone"
    if whole is None:
        assert names - TECHNICAL - set(by_column) == set()


def _foreign_keys() -> Iterator[Any]:
    for app in APPS:
        for model in apps.get_app_config(app if app != "fagbrev" else "fagbrev").get_models():
            for column in model._meta.local_fields:
                if column.is_relation:
                    yield column


def test_users_are_never_deleted_with_what_they_did() -> None:
    found = [
        str(column)
        for column in _foreign_keys()
        if column.related_model is User and column.remote_field.on_delete is not models.PROTECT
    ]
    assert found == []


def test_no_foreign_key_points_to_a_higher_floor() -> None:
    found = [
        str(column)
        for column in _foreign_keys()
        if FLOOR.get(column.related_model._meta.app_label, 0) > FLOOR[column.model._meta.app_label]
    ]
    assert found == []


def test_rows_people_edit_have_a_version_and_a_public_id() -> None:
    bare = [m.__name__ for m in OF_RECORDS if not issubclass(m, PublicRow)]
    assert bare == []
    unversioned = {m.__name__ for m in OF_RECORDS if not issubclass(m, VersionedRow)}
    assert unversioned == {"StatusChange", "SavedFilter", "ImportBatch", *NEVER_EDITED}


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


# --- Templates ------------------------------------------------------------------------------------------


def _templates() -> dict[str, str]:
    return {
        str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.*") if path.is_file()
    }


# Found by Django, allauth, crispy-forms or the form renderer by their names alone.
FOUND_BY_NAME = (
    "4",
    "5",
    "account/",
    "mfa/",
    "usersessions/",
    "allauth/",
    "designsystemet/",
    "django/",
    "emails/",
    "socialaccount/",
)


def test_every_template_is_used() -> None:
    texts = _templates()
    code = "\n".join(path.read_text(encoding="utf-8") for app in APPS for path in (ROOT / app).rglob("*.py"))
    everything = code + "\n".join(texts.values())
    unused = []
    for name in texts:
        if name.startswith(FOUND_BY_NAME):
            continue
        folder, _, file = name.rpartition("/")
        stem = file.partition(".")[0]
        by_parts = f"{folder}/" in everything and (f'"{file}"' in everything or f"'{file}'" in everything)
        pdf = folder.endswith("pdf") and stem.replace("_", "-") in code
        if name not in everything and not by_parts and not pdf:
            unused.append(name)
    assert unused == []


def test_templates_name_only_addresses_that_exist() -> None:
    names = set()

    def walk(resolver: Any) -> None:
        for entry in resolver.url_patterns:
            names.add(entry.name) if hasattr(entry, "name") else walk(entry)

    walk(get_resolver())
    asked = {
        (template, name)
        for template, text in _templates().items()
        for name in re.findall(r"""{%\s*url\s+["']([\w-]+)["'](?![^%]*\sas\s)""", text)
    }
    assert {pair for pair in asked if pair[1] not in names} == set()


def test_templates_hold_no_script_and_no_style() -> None:
    found = [
        name
        for name, text in _templates().items()
        if not name.startswith(("emails/", "designsystemet/layout/"))  # what crispy-forms has drawn already
        and re.search(r"""<script(?![^>]*\bsrc=)|\sstyle=["']|\son\w+=["']|\|safe\b|<style""", text)
    ]
    assert found == []


class TestNoUnknownVariable:
    """Pages drawn with a marker where a template asks for what is not there."""

    MARK = "!!MANGLER!!"

    @pytest.fixture(autouse=True)
    def _marked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from django.template import engines

        monkeypatch.setattr(engines["django"].engine, "string_if_invalid", self.MARK)

    @pytest.mark.parametrize("role", ["koordinator", "faglaerer", "norsklaerer", "fadder", "leder", "deltaker"])
    def test_no_page_of_a_record_asks_for_an_unknown_variable(self, cast: Cast, role: str) -> None:
        from participants.pages import PAGES

        client, person = Client(), cast.selma.participant.public_id
        client.force_login(cast.users[role])
        found = []
        for key in PAGES:
            name = "participant_detail" if key == "oversikt" else f"participant_{key}"
            try:
                url = reverse(name, args=[person])
            except NoReverseMatch:  # pages of acts have no address of their own
                continue
            if self.MARK in client.get(url).content.decode():
                found.append(key)
        for url in (reverse("participant_list"), reverse("participant_search") + "?q=selma", reverse("account_home"), "/"):
            if self.MARK in client.get(url).content.decode():
                found.append(url)
        assert found == []

    def test_no_form_asks_for_an_unknown_variable(self, cast: Cast) -> None:
        client, person = Client(), cast.selma.participant.public_id
        client.force_login(cast.koordinator)
        found = []
        for name in ("kontakt_new", "plass_new", "notat_new", "intervju_new", "eligibility_edit", "consent_answer", "change_trade",
                     "participant_invite", "participant_sperrer", "document_new", "step_correct"):  # fmt: skip
            url = reverse(name, args=[person])
            for response in (client.get(url), client.post(url, {"x": "1"})):
                if self.MARK in response.content.decode():
                    found.append(name)
        for key in ("leave", "terminate", "to-test"):
            if self.MARK in client.get(reverse("step", args=[person, key])).content.decode():
                found.append(key)
        assert found == []


# --- Logs ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestLogsAreOnlyAppendedTo:
    """Triggers in the database, on the one the tests run on."""

    def rows(self) -> list[models.Model]:
        user = User.objects.create_user("logg@example.no", "Logg Testesen")
        return [
            LookLog.objects.create(user=user, roles="", participant_id=1, page="person"),
            ChangeLog.objects.create(user=user, section="contact", verb="changed", subject_type="x"),
            PeopleEvent.objects.create(user=user, verb="invited"),
        ]

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_a_row_of_a_log_is_neither_changed_nor_deleted(self, place: int) -> None:
        row = self.rows()[place]
        model = type(row)
        assert model._meta.db_table in APPEND_ONLY_TABLES
        for change in (
            lambda: model.objects.filter(pk=row.pk).update(at="2020-01-01T00:00Z"),
            lambda: model.objects.filter(pk=row.pk)._raw_delete("default"),
            row.save,
            lambda: connection.cursor().execute(f"DELETE FROM {model._meta.db_table}"),
        ):
            with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
                change()
        assert model.objects.filter(pk=row.pk).exists()

    def test_a_recorded_destruction_may_delete_and_the_log_is_closed_again_after_it(self) -> None:
        look = self.rows()[0]
        with destruction_allowed():
            assert LookLog.objects.filter(pk=look.pk).delete()[0] == 1
        with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
            LookLog.objects.create(
                user=User.objects.create_user("to@example.no", "To Testesen"), roles="", participant_id=1, page="x"
            ).delete()
