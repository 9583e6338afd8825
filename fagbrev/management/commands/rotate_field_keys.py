"""`manage.py rotate_field_keys`: seals every sealed text anew with the first of FIELD_KEYS."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, models, router, transaction

from fagbrev.people.factors import reseal_authenticators
from fagbrev.sealed import SealBroken, SealedField, reseal


def sealed_fields() -> Iterator[tuple[type[models.Model], SealedField]]:
    """Gives every sealed field that has a column of its own, with its model."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield from ((model, field) for field in model._meta.local_concrete_fields if isinstance(field, SealedField))


def rotate_field(model: type[models.Model], field: SealedField, *, batch: int) -> tuple[int, int, list[Any]]:
    """Seals a field's texts anew, `batch` rows per transaction. Gives how many were resealed, kept, and the keys of broken rows.

    Safe to interrupt and to run beside users: a row is written only if its text still is the one that was read.
    """
    table, column = field.place
    alias = router.db_for_write(model)
    connection = connections[alias]
    quote = connection.ops.quote_name
    statement = (
        f"UPDATE {quote(table)} SET {quote(column)} = %s "  # noqa: S608  (names from the models, values as parameters)
        f"WHERE {quote(str(model._meta.pk.column))} = %s AND {quote(column)} = %s"
    )
    resealed, kept, broken, last = 0, 0, [], None
    while True:
        rows = model._base_manager.using(alias).filter(**{f"{field.name}__isnull": False}).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        with transaction.atomic(using=alias):
            found = list(rows.values_list("pk", field.row, field.name)[:batch])
            with connection.cursor() as cursor:
                for pk, row, sealed in found:
                    try:
                        token = reseal(sealed.token, table=table, column=column, row=row)
                    except SealBroken:
                        broken.append(pk)
                        continue
                    if token is None:
                        kept += 1
                    else:
                        cursor.execute(statement, [token, model._meta.pk.get_db_prep_value(pk, connection), sealed.token])
                        resealed += cursor.rowcount
        if not found:
            return resealed, kept, broken
        last = found[-1][0]


class Command(BaseCommand):
    """Rotates the keys of sealed fields. Can be interrupted and run again at any time."""

    help = "Seals every sealed text anew with the first key of FIELD_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="Rows per transaction.")

    def handle(self, *args: Any, **options: Any) -> None:
        all_broken = 0
        for model, field in sealed_fields():
            resealed, kept, broken = rotate_field(model, field, batch=max(1, options["batch"]))
            self.stdout.write(
                f"{model._meta.label}.{field.name}: {resealed} resealed, {kept} already current, {len(broken)} broken"
            )
            if broken:
                self.stderr.write(f"  cannot be opened, rows: {', '.join(str(pk) for pk in broken[:20])}")
            all_broken += len(broken)
        try:
            self.stdout.write(f"Authenticator secrets: {reseal_authenticators()} resealed")
        except SealBroken as broken_secret:
            self.stderr.write(f"  an authenticator secret cannot be opened: {broken_secret}")
            all_broken += 1
        if all_broken:
            raise CommandError(f"{all_broken} sealed texts cannot be opened. Keep the old keys in FIELD_KEYS.")
