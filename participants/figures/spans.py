"""Days between two dates, as both databases count them."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, IntegerField


class DaysBetween(Func):
    """The whole days from the second date to the first; negative when the first comes before."""

    output_field = IntegerField()
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Julian days of two dates differ by whole days."""
        return self.as_sql(
            compiler, connection, template="CAST(julianday(%(expressions)s) AS INTEGER)", arg_joiner=") - julianday("
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Dates are subtracted to an integer."""
        return self.as_sql(compiler, connection, template="((%(expressions)s)::date)", arg_joiner=")::date - (")
