"""What came of an import: how much is new, and each row that was refused, why, and where it went."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.csv_files import CsvFile, legible, write_csv, writing
from models.errors import DomainError
from models.importing_columns import FAULT
from models.reading_dates import DateOrder

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


@dataclass(frozen=True)
class BadRow:
    """A row that was refused: where it begins, why, and what was understood of it. The rejects file has all of it."""

    line: int
    fault: DomainError
    kept: Mapping[str, str]


@dataclass(frozen=True)
class ImportReport:
    """Figures of one file. `columns` says which column was taken for what."""

    added: int
    updated: int
    unchanged: int
    bad_rows: Sequence[BadRow] = ()
    members_made: int = 0
    stages_made: Sequence[str] = ()
    fields_made: Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    dates_assumed: DateOrder | None = None
    """How dates were read that may mean two days, where nothing in their column told which."""
    pipeline: str = ""
    """Where the deals went that named no pipeline that is there."""
    pipelines_unknown: Mapping[str, int] = field(default_factory=dict)
    """How many new deals named each pipeline that is not there."""

    stayed: int = 0
    """How many deals the file has in another pipeline than the one that they are in; they stay there."""

    @property
    def rows(self) -> int:
        return self.added + self.updated + self.unchanged + self.rejected

    @property
    def rejected(self) -> int:
        return len(self.bad_rows)


@dataclass
class Tally:
    """Counts while an import runs."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    pipelines_unknown: Counter[str] = field(default_factory=Counter)
    stayed: int = 0

    @property
    def rejected(self) -> int:
        return len(self.bad_rows)

    def refuse(self, line: int, fault: DomainError, kept: Mapping[str, str]) -> None:
        self.bad_rows.append(BadRow(line, fault, {name: legible(text) for name, text in kept.items()}))

    def report(
        self,
        *,
        members_made: int,
        stages_made: Sequence[str] = (),
        fields_made: Sequence[str] = (),
        columns: Mapping[str, str] | None = None,
        pipeline: str = "",
        dates_assumed: DateOrder | None = None,
    ) -> ImportReport:
        return ImportReport(
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            bad_rows=tuple(sorted(self.bad_rows, key=lambda bad: bad.line)),
            members_made=members_made,
            stages_made=stages_made,
            fields_made=fields_made,
            columns=columns or {},
            pipeline=pipeline,
            dates_assumed=dates_assumed,
            pipelines_unknown=self.pipelines_unknown,
            stayed=self.stayed,
        )


def write_rejects(file: CsvFile, bad_rows: Sequence[BadRow], to: Path, wording: Callable[[DomainError], str]) -> None:
    """The refused rows as they were, each with its fault at the end; no file where there are none."""
    if not bad_rows:
        return
    faults = {bad.line: bad.fault for bad in bad_rows}
    header = file.header
    width = max(len(header), *(len(row.cells) for row in file.rows() if row.line in faults))
    padded = [*header, *[""] * (width - len(header))]
    with writing(to) as stream:
        write_csv(
            stream,
            [*padded, FAULT],
            (
                [*row.cells, *[""] * (width - len(row.cells)), wording(faults[row.line])]
                for row in file.rows()
                if row.line in faults
            ),
        )
