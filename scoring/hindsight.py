"""Finds fields that were filled in as deals were closed: they would tell a model the outcome, and teach it nothing.

What people write in Sluice is kept with its time, but an imported deal shows every field as it was in the end. Whether
such a field is filled then tells only whether the deal is over: the amount that was booked with the win, the customer
that was entered with the contract.
"""

import math
from datetime import datetime

from scoring.dataset import Past
from scoring.features import Row, features_of

_LEAST_DEALS = 10
_EXCEPTIONS = 0.01
_FAMILIES = ("amount", "company", "owner", "close_date")
"""Where one feature of a field tells the end, so do all others that are read off the same field."""


def written_on_closing(past: Past, *, end: datetime) -> frozenset[str]:
    """The features that, when deals began, only those had that are closed by now, or only those lacked that are open.

    A field that a team no longer fills in looks the same, and is no loss.
    """
    still_open: list[Row] = []
    closed: list[Row] = []
    for history in past.histories:
        if history.created_at <= end:
            is_open = past.stages[history.as_of(end).standing.stage_id].is_open
            first = features_of(history, history.created_at, past.stages, past.usual)
            (still_open if is_open else closed).append(first)
    names = {name for row in still_open + closed for name in row}
    found = {name for name in names if _tells_the_end(name, still_open, closed)}
    told_by = tuple(family for family in _FAMILIES if any(name.startswith(family) for name in found))
    return frozenset(found | {name for name in names if name.startswith(told_by)})


def _tells_the_end(name: str, still_open: list[Row], closed: list[Row]) -> bool:
    open_with, closed_with = _filled(name, still_open), _filled(name, closed)
    open_without, closed_without = len(still_open) - open_with, len(closed) - closed_with
    only_closed_have_it = _hardly_any(open_with, of=open_with + closed_with) and open_without >= _LEAST_DEALS
    only_open_lack_it = _hardly_any(closed_without, of=open_without + closed_without) and closed_with >= _LEAST_DEALS
    return only_closed_have_it or only_open_lack_it


def _filled(name: str, rows: list[Row]) -> int:
    values = (row.get(name, math.nan) for row in rows)
    return sum(isinstance(value, str) or not math.isnan(value) for value in values)


def _hardly_any(count: int, *, of: int) -> bool:
    return of >= _LEAST_DEALS and count <= _EXCEPTIONS * of
