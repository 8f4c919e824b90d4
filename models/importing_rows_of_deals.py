"""Reads a file whose every row tells something of a deal that is there, such as a move or a call, and when it was."""

from abc import ABC, abstractmethod
from collections import defaultdict
from datetime import datetime
from itertools import islice
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.csv_files import CsvFile, CsvRow
from models.errors import DomainError
from models.importing_columns import Columns
from models.importing_lookups import KnownDeal, KnownDeals
from models.importing_reports import Tally
from models.importing_rows import past, refuse_broken, usual_order
from models.pipelines import Pipelines
from models.reading_cells import guess_date_order, order_is_open, read_timestamp
from models.reading_dates import DateOrder
from models.workspace import Workspace

_SAMPLES = 1_000

Told = TypeVar("Told")
"""What a row becomes."""


class RowsOfDeals(ABC, Generic[Told]):
    """A file with the columns `id`, `deal` and `at`; its deals are looked up once."""

    def __init__(
        self, session: Session, workspace: Workspace, file: CsvFile, columns: Columns, *, at: datetime
    ) -> None:
        self._file = file
        self._columns = columns
        self._at = at
        self._width = len(file.header)
        self._deals = KnownDeals(session, workspace)
        self._samples = [columns.cell(row.cells, "at") for row in islice(file.rows(), _SAMPLES)]
        self.pipelines = {pipeline.id: pipeline for pipeline in Pipelines(session, workspace).all()}
        self.zone = ZoneInfo(workspace.time_zone)
        self.order = guess_date_order(self._samples, otherwise=usual_order(file, workspace.locale))

    @property
    def order_assumed(self) -> DateOrder | None:
        """How dates were read that could mean two days; None where there were none."""
        return self.order if order_is_open(self._samples) else None

    def by_deal(self, tally: Tally) -> dict[int, list[Told]]:
        """All rows by the ids of their deals, in the order of the file."""
        told: dict[int, list[Told]] = defaultdict(list)
        for row in self._file.rows():
            try:
                deal = self._deals.find(self.cell(row, "id"), self.cell(row, "deal"))
                refuse_broken(row, self._width)
                told[deal.id].append(self.read(row, deal))
            except DomainError as fault:
                tally.refuse(row.line, fault, self._columns.filled(row.cells))
        return told

    @abstractmethod
    def read(self, row: CsvRow, deal: KnownDeal) -> Told:
        """Raises a DomainError that says what is wrong with the row."""

    def cell(self, row: CsvRow, column: str) -> str:
        return self._columns.cell(row.cells, column)

    def moment(self, row: CsvRow, column: str) -> datetime:
        """When something happened. Raises DateOfRowNotUnderstood, DateOutOfRange."""
        text = self.cell(row, column)
        return past(read_timestamp(text, order=self.order, zone=self.zone), text, at=self._at)
