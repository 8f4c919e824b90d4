"""What can be said wrongly to the bot, beside what is wrong in the trade: words it does not know, settings it lacks."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from models.errors import DomainError


@dataclass(eq=False)
class VerbUnknown(DomainError):
    """`likely` and `perhaps` are the verbs that are spelt most alike."""

    key: ClassVar[str] = "error.verb_unknown"
    verb: str
    command: str
    likely: str
    perhaps: str


@dataclass(eq=False)
class NotOfTeam(DomainError):
    """Who asks is of another Slack team, with which a channel is shared."""

    key: ClassVar[str] = "error.not_of_team"


@dataclass(eq=False)
class ChannelUnknown(DomainError):
    """A channel's name was typed, but Slack told none of that name."""

    key: ClassVar[str] = "error.channel_unknown"
    name: str
    example: str


@dataclass(eq=False)
class StageMissing(DomainError):
    key: ClassVar[str] = "error.stage_missing"
    name: str
    stages: tuple[str, ...]


@dataclass(eq=False)
class SelectionUnknown(DomainError):
    """Whose deals to list, or which, was not understood."""

    key: ClassVar[str] = "error.selection_unknown"
    text: str
    stages: tuple[str, ...]


@dataclass(eq=False)
class ChangeMissing(DomainError):
    """A deal was named, but not what to write down about it."""

    key: ClassVar[str] = "error.change_missing"
    name: str


@dataclass(eq=False)
class WordsMissing(DomainError):
    key: ClassVar[str] = "error.words_missing"
    command: str


@dataclass(eq=False)
class TimesNotUnderstood(DomainError):
    key: ClassVar[str] = "error.times_not_understood"
    text: str


@dataclass(eq=False)
class SeveralDigests(DomainError):
    """One of several digests of a channel was meant, and it was not said which."""

    key: ClassVar[str] = "error.several_digests"
    digests: tuple[str, ...]


@dataclass(eq=False)
class ScheduleOfSomebodyElse(DomainError):
    """`name` is who set it up."""

    key: ClassVar[str] = "error.schedule_of_somebody_else"
    name: str


@dataclass(eq=False)
class FieldOfEveryDeal(DomainError):
    """A field was to be agreed on that every deal has already."""

    key: ClassVar[str] = "error.field_of_every_deal"
    name: str


@dataclass(eq=False)
class SettingUnknown(DomainError):
    key: ClassVar[str] = "error.setting_unknown"
    text: str


@dataclass(eq=False)
class SettingNotUnderstood(DomainError):
    """`example` is the command as it would be understood."""

    key: ClassVar[str] = "error.setting_not_understood"
    text: str
    example: str


@dataclass(eq=False)
class TargetNotUnderstood(DomainError):
    key: ClassVar[str] = "error.target_not_understood"
    text: str


@dataclass(eq=False)
class ForecastCategoryUnknown(DomainError):
    key: ClassVar[str] = "error.forecast_category_unknown"
    text: str
    name: str


@dataclass(eq=False)
class LeaderboardOff(DomainError):
    key: ClassVar[str] = "error.leaderboard_off"


@dataclass(eq=False)
class NobodyReports(DomainError):
    """Coaching was asked for by somebody whom nobody reports to."""

    key: ClassVar[str] = "error.nobody_reports"


@dataclass(eq=False)
class CommissionNotTheirs(DomainError):
    """What somebody earns is between them and their manager."""

    key: ClassVar[str] = "error.commission_not_theirs"
    name: str


@dataclass(eq=False)
class PlanNotUnderstood(DomainError):
    key: ClassVar[str] = "error.plan_not_understood"
    text: str


@dataclass(eq=False)
class SplitNotUnderstood(DomainError):
    key: ClassVar[str] = "error.split_not_understood"
    text: str


@dataclass(eq=False)
class SnoozeInThePast(DomainError):
    key: ClassVar[str] = "error.snooze_in_the_past"
    day: date
