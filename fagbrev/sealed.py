"""Sealed fields: personal text kept encrypted in the database, bound to its table, column and row.

The keys come from FIELD_KEYS ("id:base64,id2:base64", 32 bytes each; the first seals, all open) and
HMAC_KEY (base64, at least 32 bytes), apart from SECRET_KEY.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

_VERSION = "s1"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")
_DEVELOPMENT_SECRET = "only-for-development-"  # noqa: S105  (how settings begins the key it makes up under DEBUG)


class SealBroken(Exception):
    """A sealed text cannot be opened: altered, moved from another row, or its key is gone."""


# --- Keys ------------------------------------------------------------------------------------------


def _may_make_up_keys() -> bool:
    return settings.DEBUG or settings.SECRET_KEY.startswith(_DEVELOPMENT_SECRET)


@lru_cache(maxsize=8)
def _keys_from(written: str, made_up_from: str) -> dict[str, bytes]:
    if not written:
        return {"dev": hashlib.sha256(b"field keys of development:" + made_up_from.encode()).digest()}
    keys: dict[str, bytes] = {}
    for part in written.split(","):
        key_id, _, encoded = part.strip().partition(":")
        if not _KEY_ID.fullmatch(key_id) or key_id in keys:
            raise ImproperlyConfigured("FIELD_KEYS must be id:base64 pairs with different ids of letters and digits.")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != _KEY_BYTES:
            raise ImproperlyConfigured(f"FIELD_KEYS: the key {key_id!r} must be {_KEY_BYTES} bytes in base64.")
        keys[key_id] = key
    return keys


def _keys() -> dict[str, bytes]:
    written = settings.FIELD_KEYS
    if not written and not _may_make_up_keys():
        raise ImproperlyConfigured("FIELD_KEYS must be set.")
    return _keys_from(written, settings.SECRET_KEY)


def _hmac_key() -> bytes:
    if not settings.HMAC_KEY:
        if not _may_make_up_keys():
            raise ImproperlyConfigured("HMAC_KEY must be set.")
        return hashlib.sha256(b"hmac key of development:" + settings.SECRET_KEY.encode()).digest()
    try:
        key = base64.b64decode(settings.HMAC_KEY, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < _KEY_BYTES:
        raise ImproperlyConfigured(f"HMAC_KEY must be at least {_KEY_BYTES} bytes in base64.")
    return key


# --- Sealing and opening ---------------------------------------------------------------------------


def seal(text: str, *, table: str, column: str, row: str) -> str:
    """Gives a text sealed with the current key for one place: table, column and the row's public id."""
    key_id, key = next(iter(_keys().items()))
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), _place(key_id, table, column, row))
    return f"{_VERSION}.{key_id}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(token: str, *, table: str, column: str, row: str) -> str:
    """Gives the text that was sealed for this place. Raises SealBroken."""
    key_id, sealed = _parts(token)
    key = _keys().get(key_id)
    if key is None:
        raise SealBroken(f"The key {key_id!r} is not among FIELD_KEYS.")
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _place(key_id, table, column, row)).decode()
    except InvalidTag:
        raise SealBroken(f"A sealed text of {table}.{column} was altered or belongs to another row.") from None


def reseal(token: str, *, table: str, column: str, row: str) -> str | None:
    """Gives the same text sealed with the current key, or none when it already is. Raises SealBroken."""
    if _parts(token)[0] == next(iter(_keys())):
        return None
    return seal(unseal(token, table=table, column=column, row=row), table=table, column=column, row=row)


def blind_index(text: str, purpose: str) -> str:
    """Gives 64 hex digits that are the same for the same text and purpose, to find duplicates without opening anything."""
    return hmac.new(_hmac_key(), f"{purpose}\x00{text}".encode(), hashlib.sha256).hexdigest()


def _place(key_id: str, table: str, column: str, row: str) -> bytes:
    if not row:
        raise ValueError("A sealed text belongs to a row: its public id is missing.")
    return "\x00".join((_VERSION, key_id, table, column, row)).encode()


def _parts(token: str) -> tuple[str, bytes]:
    version, _, rest = token.partition(".")
    key_id, _, encoded = rest.partition(".")
    try:
        sealed = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        sealed = b""
    # The last letter holds bits that carry nothing: one spelling alone is taken, so that no letter can be altered unseen.
    is_spelled = base64.b64encode(sealed).decode() == encoded
    if version != _VERSION or len(sealed) < _NONCE_BYTES + 16 or not is_spelled:
        raise SealBroken("This is no sealed text.")
    return key_id, sealed


# --- The value and the field -----------------------------------------------------------------------


class Sealed:
    """A sealed text: true when it has content, opened on purpose by `.open()`, never shown by printing it."""

    __slots__ = ("_column", "_row", "_table", "_text", "token")

    def __init__(self, token: str = "", *, text: str = "", table: str = "", column: str = "", row: str = "") -> None:
        self.token, self._text = token, text
        self._table, self._column, self._row = table, column, row

    @classmethod
    def of(cls, text: str) -> "Sealed":
        """Gives a value to assign to a sealed field; it is sealed when the row is saved."""
        return cls(text=text or "")

    def open(self) -> str:
        """Gives the text, "" when empty. Raises SealBroken."""
        if not self.token:
            return self._text
        return unseal(self.token, table=self._table, column=self._column, row=self._row)

    def belonging_to(self, table: str, column: str, row: str) -> "Sealed":
        """Gives the same value for a known place, as `values()` and bare tokens need before they can be opened."""
        return Sealed(self.token, text=self._text, table=table, column=column, row=row)

    @property
    def is_from(self) -> tuple[str, str, str]:
        """Gives the table, column and row this sealed value came from; empty for a new one."""
        return self._table, self._column, self._row

    def __bool__(self) -> bool:
        return bool(self.token or self._text)

    def __repr__(self) -> str:
        return "<Sealed>" if self else "<Sealed: empty>"

    def __str__(self) -> str:
        return "•••••" if self else ""

    def __reduce__(self) -> Any:
        if self._text:
            raise TypeError("A sealed text that is not saved yet cannot be pickled.")
        return _restored, (self.token, *self.is_from)


def _restored(token: str, table: str, column: str, row: str) -> Sealed:
    return Sealed(token, table=table, column=column, row=row)


class _Stored(str):
    """A token on its way into the database: only saving a row, `ready_to_store` and rotation make one."""

    __slots__ = ()


class _SealedAttribute(DeferredAttribute):
    """The attribute of a sealed field: always a Sealed, bound to its row."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        field: SealedField = self.field  # type: ignore[assignment]
        return field.bound(value, instance)

    def __set__(self, instance: Any, value: Any) -> None:
        if value is not None and not isinstance(value, Sealed) and not hasattr(value, "resolve_expression"):
            raise TypeError(f"{self.field.name} is a sealed field: assign Sealed.of(text).")
        instance.__dict__[self.field.attname] = value


class SealedField(models.TextField):  # type: ignore[type-arg]
    """A text column that holds sealed text, or NULL when empty; its Python value is a Sealed.

    The model needs `public_id` (or the field named by `row`), to which the text is bound. Only `isnull` can be
    filtered on; `update()` takes nothing but what `ready_to_store` gives.
    """

    descriptor_class = _SealedAttribute
    description = "Sealed text"

    def __init__(self, *args: Any, row: str = "public_id", **kwargs: Any) -> None:
        self.row = row
        kwargs.update(null=True, blank=True, editable=False, default=None)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("null", "blank", "editable", "default"):
            kwargs.pop(fixed, None)
        if self.row != "public_id":
            kwargs["row"] = self.row
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if not any(field.attname == self.row for field in self.model._meta.concrete_fields):
            found.append(
                checks.Error(f"A sealed field binds to {self.row!r}, which the model lacks.", obj=self, id="fagbrev.E101")
            )
        if self.unique or getattr(self, "db_index", False):
            found.append(checks.Error("A sealed field cannot be indexed; use blind_index.", obj=self, id="fagbrev.E102"))
        return found

    @property
    def place(self) -> tuple[str, str]:
        """Gives the table and column that texts of this field are bound to."""
        return self.model._meta.db_table, str(self.column)

    def bound(self, value: Any, instance: models.Model) -> Any:
        """Gives a stored value as the Sealed of this row."""
        if value is None:
            return Sealed()
        if isinstance(value, Sealed) and value.token and not value.is_from[2]:
            return value.belonging_to(*self.place, getattr(instance, self.row))
        return value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Sealed):
            return value
        if isinstance(value, str):
            try:
                _parts(value)
            except SealBroken as broken:
                raise ValidationError(str(broken)) from None
            return Sealed(value)
        raise ValidationError("A sealed field takes sealed text only.")

    def value_to_string(self, obj: models.Model) -> Any:
        return getattr(obj, self.attname).token or None

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if hasattr(value, "resolve_expression"):
            raise TypeError(f"{self.name} is a sealed field: assign Sealed.of(text).")
        if not value:
            return None
        row = getattr(model_instance, self.row)
        # A value copied from another row is opened there and sealed for this one.
        if not value.token or value.is_from != (*self.place, row):
            token = seal(value.open(), table=self.place[0], column=self.place[1], row=row)
            value = Sealed(token, table=self.place[0], column=self.place[1], row=row)
            setattr(model_instance, self.attname, value)
        return _Stored(value.token)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, _Stored):
            return value
        raise TypeError(f"{self.name} is a sealed field: it cannot be filtered on or updated; assign Sealed.of(text) and save.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is a sealed field: it cannot be searched. Use a blind index.")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is a sealed field: it cannot be searched. Use a blind index.")

    def ready_to_store(self, text: str, row: str) -> Any:
        """Gives what `update()` may write for one row, for saves that compare a version; none for an empty text."""
        return _Stored(seal(text, table=self.place[0], column=self.place[1], row=row)) if text else None

    def formfield(self, **kwargs: Any) -> None:
        return None


def ready_to_store(model: type[models.Model], field_name: str, text: str, row: str) -> Any:
    """Gives what `update()` may write into a sealed field of one row (its public id); none for an empty text."""
    field = model._meta.get_field(field_name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{field_name} is no sealed field.")
    return field.ready_to_store(text, row)
