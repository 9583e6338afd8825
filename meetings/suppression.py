"""Which numbers of a report are hidden, so that nobody in a small group can be told from it: pure, with no models and no queries.

A report is a system of linear equations over all its true cells: trades add up to the total, cells of a row to their whole, a part
and the rest to a whole, and what is shown elsewhere is the same number or leaves a rest. Who reads it knows what is shown, the
words of what is hidden, and the equations. Groups of one to `smallest` - 1 are hidden, and further cells until every hidden one can
be something else than it is: for each of them another set of whole numbers is found that agrees with all that is shown. What cannot
be found is taken as revealed, so that the answer is safe also where the search gives up: what is near it is hidden then, and it is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from meetings.suppression_system import System
from meetings.suppression_terms import HIDDEN, SMALL, Alike, Balance, Cover, Hiding, Link, Place, Rest, Same, Table

__all__ = ["HIDDEN", "SMALL", "Alike", "Balance", "Cover", "Hiding", "Link", "Place", "Rest", "Same", "Table", "hide"]


def hide(tables: Sequence[Table], *, smallest: int, links: Sequence[Link] = ()) -> Hiding:
    """Gives what must be hidden when the tables are published together; a group is small from 1 to `smallest` - 1."""
    return System(tables, links, smallest).solved()
