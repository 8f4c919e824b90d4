"""What can go wrong in the trade: each error names a sentence in the catalogue and carries its values."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar


class DomainError(Exception):
    """A rule of the trade was broken; `key` names the sentence in the catalogue, the fields are its values."""

    key: ClassVar[str]

    @property
    def values(self) -> dict[str, Any]:
        """The values that the sentence needs, by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]  # children are dataclasses

    def __str__(self) -> str:
        return f"{self.key} {self.values}"


# Looking things up


@dataclass(eq=False)
class DealNotFound(DomainError):
    """`perhaps` is a deal whose name the words begin with."""

    key: ClassVar[str] = "error.deal_not_found"
    name: str
    perhaps: str = ""


@dataclass(frozen=True)
class Candidate:
    """One of several deals that a name may mean."""

    deal_id: int
    name: str
    stage: str


@dataclass(eq=False)
class SeveralDealsFit(DomainError):
    """The name fits more than one deal; nothing was changed."""

    key: ClassVar[str] = "error.several_deals_fit"
    name: str
    candidates: tuple[Candidate, ...]
    more: int = 0


@dataclass(eq=False)
class StageNotFound(DomainError):
    key: ClassVar[str] = "error.stage_not_found"
    name: str
    stages: tuple[str, ...]


@dataclass(eq=False)
class PipelineNotFound(DomainError):
    key: ClassVar[str] = "error.pipeline_not_found"
    name: str
    pipelines: tuple[str, ...]


@dataclass(eq=False)
class StagesUnknown(DomainError):
    """So many rows of a file name stages that no pipeline has."""

    key: ClassVar[str] = "error.stages_unknown"
    name: str
    stages: tuple[str, ...]
    rows: int


@dataclass(eq=False)
class PipelineDiffers(DomainError):
    """A pipeline was to be made that is there already, of other stages."""

    key: ClassVar[str] = "error.pipeline_differs"
    name: str
    stages: tuple[str, ...]


@dataclass(eq=False)
class MemberNotFound(DomainError):
    key: ClassVar[str] = "error.member_not_found"
    name: str


@dataclass(eq=False)
class ScheduleNotFound(DomainError):
    key: ClassVar[str] = "error.schedule_not_found"
    target: str


@dataclass(eq=False)
class TargetNotFound(DomainError):
    key: ClassVar[str] = "error.target_not_found"


@dataclass(eq=False)
class PlanNotFound(DomainError):
    """No commission plan holds for a person."""

    key: ClassVar[str] = "error.plan_not_found"
    name: str


# Writing things down


@dataclass(eq=False)
class PercentOutOfRange(DomainError):
    key: ClassVar[str] = "error.percent_out_of_range"
    text: str


@dataclass(eq=False)
class SharesBeyondAll(DomainError):
    """Helpers would have more than all of a deal; `left` is the largest share that is possible."""

    key: ClassVar[str] = "error.shares_beyond_all"
    name: str
    left: str


@dataclass(eq=False)
class PlanUnpriced(DomainError):
    """A plan's amount is in a currency that has no rate in the workspace's."""

    key: ClassVar[str] = "error.plan_unpriced"
    plan: str
    currency: str


@dataclass(eq=False)
class TargetOutOfRange(DomainError):
    key: ClassVar[str] = "error.target_out_of_range"
    text: str


@dataclass(eq=False)
class NameMissing(DomainError):
    key: ClassVar[str] = "error.name_missing"


@dataclass(eq=False)
class TextTooLong(DomainError):
    """`field` is the catalogue's name of the field, `limit` its length in characters."""

    key: ClassVar[str] = "error.text_too_long"
    field: str
    limit: int


@dataclass(eq=False)
class TextMissing(DomainError):
    key: ClassVar[str] = "error.text_missing"
    field: str


@dataclass(eq=False)
class NameTaken(DomainError):
    """An open deal of that very name exists already."""

    key: ClassVar[str] = "error.name_taken"
    name: str


@dataclass(eq=False)
class PlaceholderUnknown(DomainError):
    """A message was to leave something open that no deal could fill."""

    key: ClassVar[str] = "error.placeholder_unknown"
    placeholder: str
    known: tuple[str, ...]


@dataclass(eq=False)
class TaskNotFound(DomainError):
    """`tasks` are those of the deal that are open."""

    key: ClassVar[str] = "error.task_not_found"
    text: str
    name: str
    tasks: tuple[str, ...]


@dataclass(eq=False)
class PlaybookHasNot(DomainError):
    """A stage has no such task or message; `texts` are those it has."""

    key: ClassVar[str] = "error.playbook_has_not"
    text: str
    stage: str
    texts: tuple[str, ...]


@dataclass(eq=False)
class PlaybookFull(DomainError):
    key: ClassVar[str] = "error.playbook_full"
    stage: str
    most: int


@dataclass(eq=False)
class NoTemplates(DomainError):
    """A deal's stage has no message to send."""

    key: ClassVar[str] = "error.no_templates"
    name: str
    stage: str


@dataclass(eq=False)
class FieldUnknown(DomainError):
    key: ClassVar[str] = "error.field_unknown"
    name: str
    fields_known: tuple[str, ...] = field(default=())


# Moving deals


@dataclass(eq=False)
class DealMoved(DomainError):
    """Somebody else moved the deal meanwhile; `by` is a display name, empty when nobody is known."""

    key: ClassVar[str] = "error.deal_moved"
    name: str
    stage: str
    by: str
    at: datetime


@dataclass(eq=False)
class StageTakenOver(DomainError):
    """Somebody saw the deal in a stage that another one has taken over since."""

    key: ClassVar[str] = "error.stage_taken_over"
    name: str
    old: str
    stage: str


@dataclass(eq=False)
class AlreadyThere(DomainError):
    key: ClassVar[str] = "error.already_there"
    name: str
    stage: str


@dataclass(eq=False)
class NoStageAhead(DomainError):
    key: ClassVar[str] = "error.no_stage_ahead"
    name: str
    stage: str


@dataclass(eq=False)
class NotForward(DomainError):
    """An advance named a stage that does not lie ahead."""

    key: ClassVar[str] = "error.not_forward"
    name: str
    stage: str
    target: str


@dataclass(eq=False)
class DealNotWon(DomainError):
    """Only customers are looked after."""

    key: ClassVar[str] = "error.deal_not_won"
    name: str
    stage: str


@dataclass(eq=False)
class ScoreOutOfRange(DomainError):
    key: ClassVar[str] = "error.score_out_of_range"
    text: str


@dataclass(eq=False)
class DealIsLost(DomainError):
    key: ClassVar[str] = "error.deal_is_lost"
    name: str


@dataclass(eq=False)
class DealIsOpen(DomainError):
    key: ClassVar[str] = "error.deal_is_open"
    name: str
    stage: str


@dataclass(eq=False)
class DealIsClosed(DomainError):
    """Only an open deal goes into another pipeline, and only into an open stage."""

    key: ClassVar[str] = "error.deal_is_closed"
    name: str
    stage: str


@dataclass(eq=False)
class CameFromPipeline(DomainError):
    """There is nothing to undo but that the deal came from another pipeline."""

    key: ClassVar[str] = "error.came_from_pipeline"
    name: str
    pipeline: str


@dataclass(eq=False)
class LossReasonMissing(DomainError):
    key: ClassVar[str] = "error.loss_reason_missing"
    name: str


@dataclass(eq=False)
class NothingToUndo(DomainError):
    key: ClassVar[str] = "error.nothing_to_undo"
    name: str


@dataclass(eq=False)
class MovedInThePast(DomainError):
    """A move was dated before the deal's latest move."""

    key: ClassVar[str] = "error.moved_in_the_past"
    name: str
    latest: datetime


# Rights and pipelines


@dataclass(eq=False)
class NotAllowed(DomainError):
    """`role` is the least role that may do it."""

    key: ClassVar[str] = "error.not_allowed"
    role: str


@dataclass(eq=False)
class LastAdmin(DomainError):
    """Somebody must remain who may give roles."""

    key: ClassVar[str] = "error.last_admin"
    name: str


@dataclass(eq=False)
class ReportsToThemselves(DomainError):
    """Somebody was named as their own manager."""

    key: ClassVar[str] = "error.reports_to_themselves"
    name: str


@dataclass(eq=False)
class StageRetired(DomainError):
    """A manager retired a stage while a file that names it was being imported."""

    key: ClassVar[str] = "error.stage_retired"
    name: str


@dataclass(eq=False)
class PipelineInvalid(DomainError):
    """`reason` is a catalogue key under `error.pipeline.`"""

    key: ClassVar[str] = "error.pipeline_invalid"
    reason: str


# Reading what people write


@dataclass(eq=False)
class AmountNotUnderstood(DomainError):
    key: ClassVar[str] = "error.amount_not_understood"
    text: str


@dataclass(eq=False)
class AmountOutOfRange(DomainError):
    """An amount below zero or above `limit`."""

    key: ClassVar[str] = "error.amount_out_of_range"
    text: str
    limit: Decimal


@dataclass(eq=False)
class CurrencyUnknown(DomainError):
    key: ClassVar[str] = "error.currency_unknown"
    text: str


@dataclass(eq=False)
class DateNotUnderstood(DomainError):
    key: ClassVar[str] = "error.date_not_understood"
    text: str


@dataclass(eq=False)
class DateOutOfRange(DomainError):
    """A date before `earliest` or after `latest`, which no deal can mean."""

    key: ClassVar[str] = "error.date_out_of_range"
    text: str
    earliest: date
    latest: date


@dataclass(eq=False)
class PeriodNotUnderstood(DomainError):
    """A time that a report cannot be about: one that is still to come, or none at all."""

    key: ClassVar[str] = "error.period_not_understood"
    text: str


@dataclass(eq=False)
class RateOutOfRange(DomainError):
    """An exchange rate that is zero, below zero, or has more digits than any has."""

    key: ClassVar[str] = "error.rate_out_of_range"
    text: str
    base: str
    currency: str


# Files


@dataclass(eq=False)
class FileIsEmpty(DomainError):
    key: ClassVar[str] = "error.file_is_empty"
    file: str


@dataclass(eq=False)
class FileIsNotText(DomainError):
    """A workbook, a picture, or text in an encoding that nobody can tell."""

    key: ClassVar[str] = "error.file_is_not_text"
    file: str


@dataclass(eq=False)
class FileIsBroken(DomainError):
    """From this line on the file is no table, mostly because a quotation mark was never closed."""

    key: ClassVar[str] = "error.file_is_broken"
    file: str
    line: int


@dataclass(eq=False)
class ColumnsMissing(DomainError):
    """The file lacks columns without which its rows mean nothing; `found` are those it has."""

    key: ClassVar[str] = "error.columns_missing"
    missing: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(eq=False)
class ColumnUnknown(DomainError):
    """A column was mapped that the file does not have."""

    key: ClassVar[str] = "error.column_unknown"
    name: str
    found: tuple[str, ...]


@dataclass(eq=False)
class CellsTooMany(DomainError):
    """A row has more cells than the header, mostly because a comma stands outside quotation marks."""

    key: ClassVar[str] = "error.cells_too_many"
    expected: int
    found: int


@dataclass(eq=False)
class TextIsDamaged(DomainError):
    """A row has bytes that are no character of the file's encoding."""

    key: ClassVar[str] = "error.text_is_damaged"


@dataclass(eq=False)
class DealOfRowNotFound(DomainError):
    """A row tells something of a deal that is not there; `name` is its name or its id."""

    key: ClassVar[str] = "error.deal_of_row_not_found"
    name: str


@dataclass(eq=False)
class RowRepeated(DomainError):
    """The same deal stood in an earlier line already."""

    key: ClassVar[str] = "error.row_repeated"
    line: int


@dataclass(eq=False)
class ActivityKindUnknown(DomainError):
    key: ClassVar[str] = "error.activity_kind_unknown"
    name: str
    kinds: tuple[str, ...]


@dataclass(eq=False)
class NoRatesFile(DomainError):
    """The first line of a file does not name currencies as the European Central Bank's files do."""

    key: ClassVar[str] = "error.no_rates_file"
    file: str


@dataclass(eq=False)
class RateNotUnderstood(DomainError):
    """A cell of a file of rates is neither a number above zero nor empty nor N/A."""

    key: ClassVar[str] = "error.rate_not_understood"
    text: str
    currency: str
    line: int


@dataclass(eq=False)
class RowOfRatesTooLong(DomainError):
    """A line has cells that no currency stands above, mostly because its rates have commas."""

    key: ClassVar[str] = "error.row_of_rates_too_long"
    line: int


@dataclass(eq=False)
class DayOfRatesNotUnderstood(DomainError):
    key: ClassVar[str] = "error.day_of_rates_not_understood"
    text: str
    line: int


# Scores


@dataclass(eq=False)
class NoModelServes(DomainError):
    """There is no model to roll back: base rates answer already."""

    key: ClassVar[str] = "error.no_model_serves"
