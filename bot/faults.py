"""What can be said wrongly to the bot, beside what is wrong in the trade: words it does not know, settings it lacks."""

from datetime import date

from models.errors import DomainError


class VerbUnknown(DomainError):
    """`likely` and `perhaps` are the verbs that are spelt most alike; `likely` alone is the one that is meant by it."""

    verb: str
    command: str
    likely: str
    perhaps: str


class NotOfTeam(DomainError):
    """Who asks is of another Slack team, with which a channel is shared."""


class ChannelUnknown(DomainError):
    """A channel's name was typed, but Slack told none of that name."""

    name: str
    example: str


class StageMissing(DomainError):
    name: str
    stages: tuple[str, ...]


class SelectionUnknown(DomainError):
    """Whose deals to list, or which, was not understood."""

    text: str
    stages: tuple[str, ...]


class ChangeMissing(DomainError):
    """A deal was named, but not what to write down about it."""

    name: str


class WordsMissing(DomainError):
    command: str


class TimesNotUnderstood(DomainError):
    text: str


class SeveralDigests(DomainError):
    """One of several digests of a channel was meant, and it was not said which."""

    digests: tuple[str, ...]


class ScheduleOfSomebodyElse(DomainError):
    """`name` is who set it up."""

    name: str


class FieldOfEveryDeal(DomainError):
    """A field was to be agreed on that every deal has already."""

    name: str


class SettingUnknown(DomainError):
    text: str


class SettingNotUnderstood(DomainError):
    """`example` is the command as it would be understood."""

    text: str
    example: str


class StageGoesNowhere(DomainError):
    """A stage was to end without another one to take over its deals; `example` names one."""

    name: str
    example: str


class OnePipelineAtATime(DomainError):
    """Pipelines were to stand side by side, whose stages differ."""

    pipelines: tuple[str, ...]
    example: str


class TargetNotUnderstood(DomainError):
    text: str


class TargetsTakeNoWords(DomainError):
    """Words stand behind what shows all targets of now, and are no target."""

    text: str


class ForecastCategoryUnknown(DomainError):
    text: str
    name: str


class LeaderboardOff(DomainError):
    """The workspace shows nobody beside others."""


class NobodyReports(DomainError):
    """Coaching was asked for by somebody whom nobody reports to."""


class CommissionNotTheirs(DomainError):
    """What somebody earns is between them and their manager."""

    name: str


class PlanNotUnderstood(DomainError):
    text: str


class SplitNotUnderstood(DomainError):
    text: str


class RenewalNotUnderstood(DomainError):
    text: str


class RenewalInThePast(DomainError):
    day: date


class SnoozeInThePast(DomainError):
    day: date
