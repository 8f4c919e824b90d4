"""One row of another CRM's export becomes a deal that could stand in the pipeline, or a fault that names the reason."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from moneyed import Money

from models.csv_files import CsvFile, CsvRow
from models.deal import ForecastCategory
from models.errors import DomainError, NameMissing, StageNotFound
from models.importing_columns import Columns, DealColumn, plain_words
from models.importing_errors import CellsTooMany, TextIsDamaged
from models.importing_moves import Entry, KnownDates, derived
from models.importing_stages import known_stage, status_stage
from models.money import currency_code
from models.pipeline import Pipeline, Stage, StageKind
from models.reading_cells import read_timestamp
from models.reading_dates import EARLIEST, DateOrder, date_order
from models.reading_errors import DateOutOfRange
from models.reading_money import read_money
from models.texts import NAME_LIMIT, NOTE_LIMIT, PHRASE_LIMIT, clean, clean_or_empty, is_no_reason, name_key

_WON = (StageKind.WON, StageKind.AFTER_SALES)
_CLOCKS_DIFFER = timedelta(days=1)
"""A file may come from a place where it is tomorrow already."""


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal as a row tells it; empty where the row says nothing."""

    line: int
    key: str
    """What tells it from other deals: the other CRM's id, else a fingerprint of name, company and day of creation."""
    name: str
    company: str
    contact: str
    source: str
    currency: str
    money: Money | None
    money_since: datetime | None
    """Since when the amount is known, where that is later than the deal itself."""
    owner: str
    stage: Stage
    close_date: date | None
    stage_since: datetime | None
    """When the deal got into its stage, as far as the row says so."""
    loss_reason: str
    next_step: str
    next_step_due: date | None
    forecast: str
    """A ForecastCategory."""
    renews_on: date | None
    """Of a won deal."""
    renews: str
    referred_by: str
    custom: Mapping[str, str]
    pipeline_unknown: str
    """The pipeline it names, where none of that name is there."""
    entries: Sequence[Entry]


@dataclass(frozen=True)
class DealReader:
    """Reads the rows of one file: where its columns are, in which order it writes dates, what it leaves unsaid."""

    columns: Columns
    date_orders: Mapping[str, DateOrder]
    pipelines: Mapping[str, Pipeline]
    """By `name_key`, those that a row may name; none where all rows go to one."""
    pipeline: Pipeline
    """Of all other rows."""
    currency: str
    zone: tzinfo
    width: int
    at: datetime

    def fits(self, row: CsvRow) -> bool:
        """Whether nothing is wrong with the row by itself."""
        try:
            self.read(row)
        except DomainError:
            return False
        return True

    def read(self, row: CsvRow) -> DealRow:
        """Raises a DomainError that says what is wrong with the row."""
        refuse_broken(row, self.width)
        cells = row.cells
        name, company = self._name(cells), self._text(cells, DealColumn.COMPANY)
        named = self._text(cells, DealColumn.PIPELINE)
        pipeline = self.pipelines.get(name_key(named), self.pipeline)
        stage, passed = self._stage(cells, pipeline)
        dates = self._dates(cells, stage)
        why = self._cell(cells, DealColumn.LOSS_REASON) if stage.kind is StageKind.LOST else ""
        reason = "" if is_no_reason(why) else clean_or_empty(why, field="reason", limit=PHRASE_LIMIT)
        entries = derived(pipeline, stage, dates, at=self.at, passed=passed, reason=reason)
        code = currency_code(self._cell(cells, DealColumn.CURRENCY) or self.currency)
        money, since = self._money(cells, stage, code, closed=entries[-1].at)
        return DealRow(
            line=row.line,
            key=self._key(cells, name, company),
            name=name,
            company=company,
            contact=self._text(cells, DealColumn.CONTACT),
            source=self._text(cells, DealColumn.SOURCE),
            currency=money.currency.code if money is not None else code,
            money=money,
            money_since=since if since and since > entries[0].at else None,
            owner=self._text(cells, DealColumn.OWNER),
            stage=stage,
            close_date=self._expected_close(cells, stage),
            stage_since=dates.stage_changed if stage.is_open else dates.closed or dates.stage_changed,
            loss_reason=reason,
            next_step=clean_or_empty(self._cell(cells, DealColumn.NEXT_STEP), field="next_step", limit=PHRASE_LIMIT),
            next_step_due=self._day(cells, DealColumn.NEXT_STEP_DUE),
            forecast=self._forecast(cells),
            renews_on=self._day(cells, DealColumn.RENEWS_ON) if stage.kind in _WON else None,
            renews=self._text(cells, DealColumn.RENEWS),
            referred_by=self._text(cells, DealColumn.REFERRED_BY),
            custom=self._custom(cells),
            pipeline_unknown=named if self.pipelines and name_key(named) not in self.pipelines else "",
            entries=entries,
        )

    def _name(self, cells: Sequence[str]) -> str:
        """Its name; without one the company and its product, or the product and the id, or whichever there is."""
        if text := self._cell(cells, DealColumn.NAME):
            return clean(text, field="name", limit=NAME_LIMIT)
        company, product = self._cell(cells, DealColumn.COMPANY), self._cell(cells, DealColumn.PRODUCT)
        parts = (company, product) if company else (product, self._cell(cells, DealColumn.ID))
        if not any(parts):
            raise NameMissing
        return clean(" ".join(parts), field="name", limit=NAME_LIMIT)

    def _key(self, cells: Sequence[str], name: str, company: str) -> str:
        if given := self._cell(cells, DealColumn.ID):
            return clean(given, field="id", limit=NAME_LIMIT)
        created = self._cell(cells, DealColumn.CREATED)
        told = "\n".join((name_key(name), name_key(company), created))
        return f"row:{hashlib.sha256(told.encode()).hexdigest()[:32]}"

    def _stage(self, cells: Sequence[str], pipeline: Pipeline) -> tuple[Stage, Stage | None]:
        """The stage that the deal is in, and the one it was in before it was closed where the row tells both."""
        text, status = self._cell(cells, DealColumn.STAGE), self._cell(cells, DealColumn.STATUS)
        closed = status_stage(pipeline, status)
        if DealColumn.STAGE not in self.columns:
            # Some say `Status` and mean the stage.
            text = "" if closed or plain_words(status) == "open" else status
        found = known_stage(pipeline, text) if text else None
        if text and found is None:
            raise StageNotFound(text[:NAME_LIMIT], tuple(stage.name for stage in pipeline.stages))
        if found and not found.is_open:
            return found, None
        if closed:
            return closed, found
        return found or pipeline.first, None

    def _dates(self, cells: Sequence[str], stage: Stage) -> KnownDates:
        closed = None
        if not stage.is_open:
            closed = self._past(cells, DealColumn.CLOSED) or self._past(cells, DealColumn.CLOSE)
        return KnownDates(
            created=self._past(cells, DealColumn.CREATED),
            engaged=self._past(cells, DealColumn.ENGAGED),
            stage_changed=self._past(cells, DealColumn.STAGE_CHANGED),
            closed=closed,
        )

    def _expected_close(self, cells: Sequence[str], stage: Stage) -> date | None:
        """What `Close date` says of an open deal is expected; of a closed one it would give the outcome away."""
        expected = self._day(cells, DealColumn.EXPECTED_CLOSE)
        return expected or (self._day(cells, DealColumn.CLOSE) if stage.is_open else None)

    def _money(
        self, cells: Sequence[str], stage: Stage, code: str, *, closed: datetime
    ) -> tuple[Money | None, datetime | None]:
        """The amount, and since when it is known if not from the start: what a deal closed for is known at its close.

        A loss closes for nothing, which says nothing of what the deal might have brought.
        """
        if text := self._cell(cells, DealColumn.AMOUNT):
            return read_money(text, currency=code), self._past(cells, DealColumn.AMOUNT_SINCE)
        text = self._cell(cells, DealColumn.CLOSE_VALUE)
        if not text or stage.is_open:
            return None, None
        money = read_money(text, currency=code)
        return (money, closed) if money.amount else (None, None)

    def _forecast(self, cells: Sequence[str]) -> str:
        """What is none of the four categories, such as the `Closed` of others, says nothing."""
        said = self._cell(cells, DealColumn.FORECAST).lower().replace(" ", "_")
        return said if said in set(ForecastCategory) else ""

    def _custom(self, cells: Sequence[str]) -> dict[str, str]:
        found = {}
        for place, field in self.columns.others.items():
            text = cells[place] if place < len(cells) else ""
            if kept := clean_or_empty(text, field=field, limit=NOTE_LIMIT):
                found[field] = kept
        return found

    def _past(self, cells: Sequence[str], column: DealColumn) -> datetime | None:
        moment = self._moment(cells, column)
        return None if moment is None else past(moment, self._cell(cells, column), at=self.at)

    def _day(self, cells: Sequence[str], column: DealColumn) -> date | None:
        moment = self._moment(cells, column)
        return None if moment is None else moment.astimezone(self.zone).date()

    def _moment(self, cells: Sequence[str], column: DealColumn) -> datetime | None:
        text = self._cell(cells, column)
        return read_timestamp(text, order=self.date_orders[column], zone=self.zone) if text else None

    def _text(self, cells: Sequence[str], column: DealColumn) -> str:
        return clean_or_empty(self._cell(cells, column), field=column, limit=NAME_LIMIT)

    def _cell(self, cells: Sequence[str], column: DealColumn) -> str:
        return self.columns.cell(cells, column)


def refuse_broken(row: CsvRow, width: int) -> None:
    """Raises TextIsDamaged, CellsTooMany."""
    if row.is_damaged:
        raise TextIsDamaged
    if any(cell.strip() for cell in row.cells[width:]):
        raise CellsTooMany(width, len(row.cells))


def usual_order(file: CsvFile, locale: str) -> DateOrder:
    """How dates are read that could mean two days: spreadsheets write semicolons where the day comes first."""
    return DateOrder.DMY if file.separator == ";" else date_order(locale)


def past(moment: datetime, text: str, *, at: datetime) -> datetime:
    """What happened, happened before `at`. Raises DateOutOfRange for what lies more than a day ahead."""
    if moment > at + _CLOCKS_DIFFER:
        raise DateOutOfRange(text, earliest=EARLIEST, latest=at.date())
    return min(moment, at)
