"""Reads a list of leads with outcomes from a file: which column is which, and which leads are learnt from."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import SettingsFault
from models.csv_files import legible, read_csv
from models.texts import matching, name_key

if TYPE_CHECKING:  # loads the learning libraries: seconds that other commands need not wait
    from scoring.tables import Table

_TRUE = frozenset({"1", "1.0", "true", "t", "yes", "y", "是"})
_FALSE = frozenset({"0", "0.0", "false", "f", "no", "n", "否"})
_YES = _TRUE | {"won", "win", "positive", "converted", "success", "closed won", "赢单", "成交", "已成交", "成功"}
_NO = _FALSE | {
    *("lost", "loss", "negative", "unconverted", "not converted", "failure", "closed lost"),
    *("输单", "丢单", "流失", "失败"),
}


@dataclass(frozen=True)
class LeadList:
    """The leads that are learnt from, without those that lack an outcome or a time, each copy of a lead left out.

    `outcomes` are what the file says, `good` is the one that the chance is of; `moments` are numbers that put leads
    into the order of time. A lead without a group has one of its own.
    """

    outcome: str
    inputs: "Table"
    outcomes: Sequence[str]
    good: str
    moments: Sequence[float] | None
    groups: Sequence[str] | None
    without_outcome: int
    without_time: int
    copies: int

    @property
    def won(self) -> list[bool]:
        return [each == self.good for each in self.outcomes]


def read_leads(
    file: Path, *, outcome: str, positive: str | None, time: str | None, group: str | None, drop: Sequence[str]
) -> LeadList:
    """Raises SettingsFault for columns and outcomes that are not there, and what `table_of` raises."""
    from scoring.cells import moments_of, text_of  # noqa: PLC0415
    from scoring.kinds import first_copies  # noqa: PLC0415

    table = table_of(file)
    outcome = _column("--outcome", outcome, table, file)
    time = None if time is None else _column("--time", time, table, file)
    group = None if group is None else _column("--group", group, table, file)
    dropped = [_column("--drop", each, table, file) for each in drop]
    ended = _spelt_alike([str(cell).strip() for cell in table.column(outcome)])
    if not any(ended):
        raise SettingsFault(f"--outcome {outcome}: no lead in {file.name} has an outcome there.")
    when = None if time is None else moments_of(table.column(time)).tolist()
    timed = [when is None or math.isfinite(when[place]) for place in range(len(table))]
    if not any(timed):
        raise SettingsFault(f"--time {time}: no lead has a date or a number there.")
    rated = [place for place, cell in enumerate(ended) if cell and timed[place]]
    if when is not None and len({when[place] for place in rated}) == 1:
        raise SettingsFault(f"--time {time}: no lead with an outcome is later than another there; leave it out.")
    used = first_copies(table, rated)
    closed, outcomes = table.take(used), [ended[place] for place in used]
    inputs = closed.without({outcome, *([group] if group else []), *dropped})
    good = _positive(outcomes, positive, outcome, n_without=ended.count(""))
    if not inputs.names:
        raise SettingsFault(f"{file.name} has no column left to learn from.")
    return LeadList(
        outcome=outcome,
        inputs=inputs,
        outcomes=outcomes,
        good=good,
        moments=None if when is None else [when[place] for place in used],
        groups=None
        if group is None
        else [text_of(cell) or f"\0{place}" for place, cell in enumerate(closed.column(group))],
        without_outcome=ended.count(""),
        without_time=sum(bool(cell) for cell in ended) - len(rated),
        copies=len(rated) - len(used),
    )


def table_of(path: Path) -> "Table":
    """The table in a file, without the empty columns and cells that a spreadsheet leaves beside one.

    Raises SettingsFault for a table that is no table, and what `read_csv` raises.
    """
    from scoring.tables import Table  # noqa: PLC0415

    read = read_csv(path)
    header = read.header
    rows = []
    for row in read.rows(even_empty=True):
        if any(cell.strip() for cell in row.cells[len(header) :]):
            raise SettingsFault(
                f"{path.name}, line {row.line}: {len(row.cells)} cells under {len(header)} column names; "
                "a text with a comma needs quotation marks."
            )
        rows.append((row.cells + [""] * (len(header) - len(row.cells)))[: len(header)])
    if not rows:
        raise SettingsFault(f"{path.name} has column names but no leads.")
    columns = [list(column) for column in zip(*rows, strict=True)]
    there = [place for place, name in enumerate(header) if name or any(cell.strip() for cell in columns[place])]
    names = tuple(header[place] for place in there)
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise SettingsFault(f"{path.name} has more than one column called {legible(twice[0]) or 'nothing'}.")
    return Table(names, tuple(columns[place] for place in there))


def _column(option: str, wanted: str, table: "Table", file: Path) -> str:
    """The column of that name, whatever its case and spacing. Raises SettingsFault where there is none, or several."""
    if wanted in table.names:
        return wanted
    same = [name for name in table.names if name_key(name) == name_key(wanted)]
    if len(same) == 1:
        return same[0]
    near = matching(wanted, table.names)
    hint = f" Did you mean {legible(table.names[near[0]])}?" if near else ""
    names = ", ".join(legible(name) for name in table.names)
    raise SettingsFault(f"{option} {wanted}: {file.name} has no such column.{hint} It has: {names}.")


def _spelt_alike(outcomes: Sequence[str]) -> list[str]:
    """Each outcome as it is written most often, whatever its case; so are 1, true and yes where all say yes or no."""
    counts = Counter(outcomes)
    keys = {value: value.casefold() for value in counts}
    if set(keys.values()) <= _TRUE | _FALSE | {""}:
        keys = {value: str(key in _TRUE) if key else "" for value, key in keys.items()}
    written: dict[str, str] = {}
    for value, _ in counts.most_common():
        written.setdefault(keys[value], value)
    return [written[keys[value]] for value in outcomes]


def _positive(outcomes: Sequence[str], wanted: str | None, column: str, *, n_without: int) -> str:
    """The outcome that the chance is of. Raises SettingsFault where it is not clear, or where all ended alike."""
    counts = Counter(outcomes)
    told = ", ".join(f"{legible(value)} ({count:,})" for value, count in counts.most_common(8))
    if wanted is not None:
        alike = _spelt_alike([*outcomes, wanted.strip()])[-1]
        found = next((value for value in counts if value.casefold() == alike.casefold()), None)
        if found is None:
            raise SettingsFault(f"--positive {wanted}: no lead ended so. {column} holds: {told or 'nothing'}.")
    else:
        known = [value for value in counts if value.casefold() in _YES]
        if len(counts) == 2 and not known:
            known = [value for value in counts if {each.casefold() for each in counts if each != value} <= _NO]
        if len(counts) > 2 or len(known) != 1:
            raise SettingsFault(f"Which outcome is meant? Name it by --positive. {column} holds: {told or 'nothing'}.")
        found = known[0]
    if len(counts) < 2:
        left_out = f" Left out: {n_without:,} without an outcome." if n_without else ""
        raise SettingsFault(f"All leads ended alike ({told}): there is nothing to learn from.{left_out}")
    return found
