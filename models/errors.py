"""What can go wrong in the trade: each error is named after a sentence in the catalogue and carries its values."""

import re
from dataclasses import dataclass, fields
from typing import Any, ClassVar, dataclass_transform


@dataclass_transform(eq_default=False)
class DomainError(Exception):
    """A rule of the trade was broken. Each kind of it is a dataclass, whose fields are the values of its sentence."""

    key: ClassVar[str]
    """The name of the sentence in the catalogue: `error.stage_not_found` of StageNotFound."""

    def __init_subclass__(cls) -> None:
        dataclass(eq=False)(cls)
        cls.key = "error." + re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @property
    def values(self) -> dict[str, Any]:
        """The values that the sentence needs, by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]  # children are dataclasses

    def __str__(self) -> str:
        return f"{self.key} {self.values}"


# Looking things up


class DealNotFound(DomainError):
    """`perhaps` is a deal whose name the words begin with."""

    name: str
    perhaps: str = ""


@dataclass(frozen=True)
class Candidate:
    """One of several deals that a name may mean."""

    deal_id: int
    name: str
    stage: str


class SeveralDealsFit(DomainError):
    """The name fits more than one deal; nothing was changed."""

    name: str
    candidates: tuple[Candidate, ...]
    more: int = 0


class StageNotFound(DomainError):
    name: str
    stages: tuple[str, ...]


class PipelineNotFound(DomainError):
    name: str
    pipelines: tuple[str, ...]


class StagesUnknown(DomainError):
    """So many rows of a file name stages that the pipeline they go to has not; `elsewhere` is one that has them all."""

    name: str
    stages: tuple[str, ...]
    rows: int
    elsewhere: str = ""


class PipelineDiffers(DomainError):
    """A pipeline was to be made that is there already, of other stages."""

    name: str
    stages: tuple[str, ...]


class MemberNotFound(DomainError):
    name: str


class ScheduleNotFound(DomainError):
    target: str


class TargetNotFound(DomainError):
    """Nobody means to reach such a thing."""


class PlanNotFound(DomainError):
    """No commission plan holds for a person."""

    name: str


# Writing things down


class PercentOutOfRange(DomainError):
    text: str


class SharesBeyondAll(DomainError):
    """Helpers would have more than all of a deal; `left` is the largest share that is possible."""

    name: str
    left: str


class PlanUnpriced(DomainError):
    """A plan's amount is in a currency that had no rate in the workspace's on the day from which the plan holds."""

    plan: str
    currency: str
    day: str
    """As one may type it, `2026-03-01`."""


class NoAnswer(DomainError):
    """No customer's answer is written down of the deal."""

    name: str


class ScoreOutOfRange(DomainError):
    text: str


class TargetOutOfRange(DomainError):
    text: str


class NameMissing(DomainError):
    """A deal was not named."""


class TextTooLong(DomainError):
    """`field` is the catalogue's name of the field, `limit` its length in characters."""

    field: str
    limit: int


class TextMissing(DomainError):
    field: str


class NameTaken(DomainError):
    """An open deal of that very name exists already."""

    name: str


class PlaceholderUnknown(DomainError):
    """A message was to leave something open that no deal could fill."""

    placeholder: str
    known: tuple[str, ...]


class TaskNotFound(DomainError):
    """`tasks` are those of the deal that are open."""

    text: str
    name: str
    tasks: tuple[str, ...]


class PlaybookHasNot(DomainError):
    """A stage has no such task or message; `texts` are those it has."""

    text: str
    stage: str
    texts: tuple[str, ...]


class PlaybookFull(DomainError):
    stage: str
    most: int


class NoTemplates(DomainError):
    """A deal's stage has no message to send."""

    name: str
    stage: str


class FieldUnknown(DomainError):
    name: str
    fields_known: tuple[str, ...] = ()


class ValueUnknown(DomainError):
    """No deal has, or ever had, this in a field; `likely` is what it may mean, `values_known` the most used ones."""

    field: str
    value: str
    likely: str
    values_known: tuple[str, ...]


# Rights and pipelines


class NotAllowed(DomainError):
    """`role` is the least role that may do it."""

    role: str


class LastAdmin(DomainError):
    """Somebody must remain who may give roles."""

    name: str


class ReportsToThemselves(DomainError):
    """Somebody was named as their own manager."""

    name: str


class StageRetired(DomainError):
    """A manager retired a stage while a file that names it was being imported."""

    name: str


class PipelineInvalid(DomainError):
    """`reason` is a catalogue key under `error.pipeline.`"""

    reason: str


# Scores


class NoModelServes(DomainError):
    """There is no model to roll back: base rates answer already."""
