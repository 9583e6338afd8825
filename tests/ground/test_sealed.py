"""Sealed fields: what they keep, what they refuse, and the rotation of keys."""

import base64
import pickle
from collections.abc import Iterator

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from fagbrev import sealed as sealed_module
from fagbrev.management.commands.rotate_field_keys import rotate_field, sealed_fields
from fagbrev.sealed import SealBroken, Sealed, SealedField, blind_index, ready_to_store, reseal, seal, unseal

PLACE = {"table": "t", "column": "c", "row": "abc"}
OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()


@pytest.fixture(autouse=True)
def _old_key(settings) -> None:
    settings.FIELD_KEYS = OLD
    settings.HMAC_KEY = base64.b64encode(b"h" * 32).decode()


@pytest.fixture
def secret_note(db) -> Iterator[type[models.Model]]:
    with isolate_apps():

        class SecretNote(models.Model):  # noqa: DJ008
            public_id = models.CharField(max_length=12, unique=True)
            text = SealedField()

            class Meta:
                app_label = "fagbrev"

        number = "integer primary key" if connection.vendor == "sqlite" else "bigserial primary key"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {SecretNote._meta.db_table} (id {number}, public_id varchar(12), text text)")
        yield SecretNote
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {SecretNote._meta.db_table}")


@given(st.text(max_size=200))
def test_a_sealed_text_opens_to_itself(text: str) -> None:
    token = seal(text, **PLACE)
    assert unseal(token, **PLACE) == text
    assert len(text) < 6 or text not in token


def test_the_same_text_never_looks_the_same() -> None:
    assert seal("hemmelig", **PLACE) != seal("hemmelig", **PLACE)


@pytest.mark.parametrize("changed", [{"table": "t2"}, {"column": "c2"}, {"row": "abd"}])
def test_a_text_moved_to_another_place_does_not_open(changed: dict[str, str]) -> None:
    with pytest.raises(SealBroken):
        unseal(seal("hemmelig", **PLACE), **(PLACE | changed))


def test_every_altered_letter_breaks_the_seal() -> None:
    token = seal("x", **PLACE)
    for at in range(len(token)):
        altered = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(SealBroken):
            unseal(altered, **PLACE)


@pytest.mark.parametrize("junk", ["", "hemmelig", "s1.old.", "s1.old.AAAA", "s2.old.AAAA", "s1.old.ø", "..."])
def test_junk_is_no_sealed_text(junk: str) -> None:
    with pytest.raises(SealBroken):
        unseal(junk, **PLACE)


def test_a_text_needs_a_row() -> None:
    with pytest.raises(ValueError, match="public id"):
        seal("hemmelig", table="t", column="c", row="")


def test_resealing_uses_the_first_key_and_keeps_the_text(settings) -> None:
    token = seal("hemmelig", **PLACE)
    assert reseal(token, **PLACE) is None
    settings.FIELD_KEYS = f"{NEW},{OLD}"
    again = reseal(token, **PLACE)
    assert again is not None and again.startswith("s1.new.")
    assert unseal(again, **PLACE) == unseal(token, **PLACE) == "hemmelig"
    settings.FIELD_KEYS = NEW
    assert unseal(again, **PLACE) == "hemmelig"
    with pytest.raises(SealBroken, match="'old'"):
        unseal(token, **PLACE)


@pytest.mark.parametrize(
    "written", ["old", "old:", "old:AAAA", f"{OLD},{OLD}", ":" + OLD[4:], "o.d:" + OLD[4:], "old:" + OLD[4:] + "!", f"{OLD},"]
)
def test_keys_that_cannot_be_used_are_refused(settings, written: str) -> None:
    settings.FIELD_KEYS = written
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        seal("x", **PLACE)


def test_missing_keys_are_refused_in_production_and_made_up_in_development(settings) -> None:
    settings.FIELD_KEYS = settings.HMAC_KEY = ""
    settings.DEBUG = False
    settings.SECRET_KEY = "p" * 60
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        seal("x", **PLACE)
    with pytest.raises(ImproperlyConfigured, match="HMAC_KEY"):
        blind_index("x", "y")
    settings.DEBUG = True
    assert unseal(seal("x", **PLACE), **PLACE) == "x"
    assert blind_index("x", "y")
    settings.HMAC_KEY = "AAAA"
    with pytest.raises(ImproperlyConfigured, match="HMAC_KEY"):
        blind_index("x", "y")


def test_the_blind_index_depends_on_text_purpose_and_key(settings) -> None:
    first = blind_index("12812199631", "national_id")
    assert first == blind_index("12812199631", "national_id")
    assert len({first, blind_index("12812199632", "national_id"), blind_index("12812199631", "email")}) == 3
    settings.HMAC_KEY = base64.b64encode(b"i" * 32).decode()
    assert blind_index("12812199631", "national_id") != first


def test_printing_a_sealed_value_never_shows_it() -> None:
    value = Sealed.of("hemmelig")
    assert "hemmelig" not in f"{value} {value!r} {[value]}"
    assert value and value.open() == "hemmelig"
    assert not Sealed.of("") and str(Sealed()) == ""
    with pytest.raises(TypeError):
        pickle.dumps(value)


def test_a_row_keeps_its_text_sealed(secret_note) -> None:
    note = secret_note.objects.create(public_id="a1", text=Sealed.of("hemmelig"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT text FROM {secret_note._meta.db_table}")
        assert cursor.fetchone()[0].startswith("s1.old.")
    assert note.text.open() == "hemmelig"
    again = secret_note.objects.get()
    assert again.text and again.text.open() == "hemmelig"
    assert pickle.loads(pickle.dumps(again.text)).open() == "hemmelig"
    assert secret_note.objects.defer("text").get().text.open() == "hemmelig"
    assert secret_note.objects.only("text").get().text.open() == "hemmelig"


def test_saving_an_untouched_row_does_not_seal_again(secret_note) -> None:
    secret_note.objects.create(public_id="a1", text=Sealed.of("hemmelig"))
    note = secret_note.objects.get()
    before = note.text.token
    note.save()
    assert secret_note.objects.get().text.token == before


def test_an_empty_text_is_stored_as_nothing(secret_note) -> None:
    secret_note.objects.create(public_id="a1", text=Sealed.of(""))
    secret_note.objects.create(public_id="a2")
    note = secret_note.objects.create(public_id="a3", text=Sealed.of("hemmelig"))
    assert secret_note.objects.filter(text__isnull=True).count() == 2
    assert secret_note.objects.first().text.open() == ""
    note.text = None
    note.save()
    assert secret_note.objects.filter(text__isnull=False).count() == 0


def test_many_rows_are_sealed_at_once_each_for_itself(secret_note) -> None:
    secret_note.objects.bulk_create([secret_note(public_id=f"a{n}", text=Sealed.of(f"hemmelig {n}")) for n in range(3)])
    assert [note.text.open() for note in secret_note.objects.order_by("pk")] == ["hemmelig 0", "hemmelig 1", "hemmelig 2"]


def test_a_value_from_another_row_is_sealed_for_the_new_one(secret_note) -> None:
    first = secret_note.objects.create(public_id="a1", text=Sealed.of("hemmelig"))
    secret_note.objects.create(public_id="a2", text=first.text)
    assert secret_note.objects.get(public_id="a2").text.open() == "hemmelig"


def test_a_text_swapped_in_the_database_does_not_open(secret_note) -> None:
    first = secret_note.objects.create(public_id="a1", text=Sealed.of("hemmelig"))
    secret_note.objects.create(public_id="a2")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {secret_note._meta.db_table} SET text = %s WHERE public_id = 'a2'", [first.text.token])
    with pytest.raises(SealBroken):
        secret_note.objects.get(public_id="a2").text.open()


@pytest.mark.parametrize("lookup", ["text", "text__exact", "text__contains", "text__in", "text__gt", "text__length"])
def test_a_sealed_field_cannot_be_filtered_on(secret_note, lookup: str) -> None:
    with pytest.raises((FieldError, TypeError)):
        list(secret_note.objects.filter(**{lookup: ["x"]}))


def test_update_refuses_plain_and_unsaved_text(secret_note) -> None:
    note = secret_note.objects.create(public_id="a1", text=Sealed.of("hemmelig"))
    for value in ("åpen tekst", Sealed.of("åpen tekst"), note.text, note.text.token):
        with pytest.raises(TypeError, match="sealed field"), transaction.atomic():
            secret_note.objects.update(text=value)
    note.text = Sealed.of("ny")
    with pytest.raises(TypeError, match="sealed field"), transaction.atomic():
        secret_note.objects.bulk_update([note], ["text"])
    assert secret_note.objects.get().text.open() == "hemmelig"


def test_update_takes_what_was_made_ready_for_the_row(secret_note) -> None:
    secret_note.objects.create(public_id="a1", text=Sealed.of("hemmelig"))
    secret_note.objects.filter(public_id="a1").update(text=ready_to_store(secret_note, "text", "ny", "a1"))
    assert secret_note.objects.get().text.open() == "ny"
    secret_note.objects.filter(public_id="a1").update(text=ready_to_store(secret_note, "text", "", "a1"))
    assert not secret_note.objects.get().text


def test_plain_text_cannot_be_assigned(secret_note) -> None:
    with pytest.raises(TypeError, match=r"Sealed\.of"):
        secret_note(public_id="a1", text="åpen tekst")


def test_only_sealed_text_is_loaded_from_fixtures(secret_note) -> None:
    field = secret_note._meta.get_field("text")
    note = secret_note.objects.create(public_id="a1", text=Sealed.of("hemmelig"))
    assert field.to_python(field.value_to_string(note)).token == note.text.token
    for junk in ("åpen tekst", 1):
        with pytest.raises(ValidationError):
            field.to_python(junk)


def test_the_field_is_checked_and_written_into_migrations(secret_note) -> None:
    field = secret_note._meta.get_field("text")
    assert field.check() == []
    assert field.deconstruct()[1:] == ("fagbrev.sealed.SealedField", [], {})
    assert SealedField(row="uid").deconstruct()[3] == {"row": "uid"}
    assert field.formfield() is None
    homeless = field.clone()
    homeless.row = "nothing"
    homeless.set_attributes_from_name("text")
    homeless.model = secret_note
    assert [error.id for error in homeless.check()] == ["fagbrev.E101"]


def test_rotation_reseals_all_rows_once_and_may_be_run_again(secret_note, settings) -> None:
    secret_note.objects.bulk_create([secret_note(public_id=f"a{n}", text=Sealed.of(f"hemmelig {n}")) for n in range(5)])
    secret_note.objects.create(public_id="tom")
    field = secret_note._meta.get_field("text")
    settings.FIELD_KEYS = f"{NEW},{OLD}"
    assert rotate_field(secret_note, field, batch=2) == (5, 0, [])
    assert rotate_field(secret_note, field, batch=2) == (0, 5, [])
    settings.FIELD_KEYS = NEW
    assert secret_note.objects.get(public_id="a4").text.open() == "hemmelig 4"


def test_an_interrupted_rotation_leaves_every_row_readable(secret_note, settings, monkeypatch) -> None:
    secret_note.objects.bulk_create([secret_note(public_id=f"a{n}", text=Sealed.of(f"hemmelig {n}")) for n in range(5)])
    settings.FIELD_KEYS = f"{NEW},{OLD}"
    calls = iter(range(100))

    def interrupted(*args, **kwargs):
        if next(calls) == 3:
            raise KeyboardInterrupt
        return reseal(*args, **kwargs)

    monkeypatch.setattr("fagbrev.management.commands.rotate_field_keys.reseal", interrupted)
    with pytest.raises(KeyboardInterrupt):
        rotate_field(secret_note, secret_note._meta.get_field("text"), batch=2)
    assert [note.text.open() for note in secret_note.objects.order_by("pk")] == [f"hemmelig {n}" for n in range(5)]
    monkeypatch.undo()
    assert rotate_field(secret_note, secret_note._meta.get_field("text"), batch=2) == (3, 2, [])


def test_rotation_reports_rows_it_cannot_open_and_goes_on(secret_note, settings) -> None:
    lost = secret_note.objects.create(public_id="a1", text=Sealed.of("hemmelig"))
    settings.FIELD_KEYS = NEW
    secret_note.objects.create(public_id="a2", text=Sealed.of("hemmelig"))
    assert rotate_field(secret_note, secret_note._meta.get_field("text"), batch=1) == (0, 1, [lost.pk])


def test_the_command_goes_through_every_field_and_the_authenticators(db, capsys) -> None:
    call_command("rotate_field_keys")
    said = capsys.readouterr().out
    assert "Authenticator secrets: 0 resealed" in said
    assert all(f"{model._meta.label}.{field.name}: 0 resealed" in said for model, field in sealed_fields())


def test_a_text_changed_meanwhile_is_not_overwritten(secret_note, settings, monkeypatch) -> None:
    note = secret_note.objects.create(public_id="a1", text=Sealed.of("gammel"))
    settings.FIELD_KEYS = f"{NEW},{OLD}"

    def changed_meanwhile(token, **place):
        secret_note.objects.update(text=ready_to_store(secret_note, "text", "ny", "a1"))
        return sealed_module.reseal(token, **place)

    monkeypatch.setattr("fagbrev.management.commands.rotate_field_keys.reseal", changed_meanwhile)
    assert rotate_field(secret_note, secret_note._meta.get_field("text"), batch=5)[0] == 0
    note.refresh_from_db()
    assert note.text.open() == "ny"
