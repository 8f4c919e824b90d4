"""`/funnel forecast this quarter for @bob` tells what is likely to be won by the end of a month or quarter; `last
quarter`, how the forecast of one that is over turned out."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.faults import SettingNotUnderstood
from bot.forecast_now import forecast_now, hindsight_now
from bot.reply import Labour, Reply
from bot.report_words import ReportWanted, deals_wanted
from bot.services import Turn
from models.period import Period, Unit, whole_unit

EXAMPLE = "/funnel forecast next quarter for @ann"

_TIME = re.compile(
    r"(?<!\S)(?<!last )(?<!previous )(?<!past )(?:(?P<which>this|current|next)\s+)?(?P<unit>month|quarter)(?!\S)"
    r"|(?P<han_which>这个|本|这|下个|下一个|下)(?P<han_unit>月|季度|季)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"20\d\d")
_TOLD = re.compile(r"(?<!\S)by\s+(?:stage|category)(?!\S)|按\s*(?:阶段|类别)", re.IGNORECASE)
"""What every forecast is told by."""
_UNITS = {**dict.fromkeys(("month", "月"), Unit.MONTH), **dict.fromkeys(("quarter", "季度", "季"), Unit.QUARTER)}


@dataclass(frozen=True)
class ForecastWanted:
    """Which deals, of a report's words, and which whole month or quarter."""

    report: ReportWanted
    period: Period


def run(words: str, turn: Turn) -> Reply:
    """In the channel, and after a while: the whole past is read for it."""
    wanted = forecast_wanted(words, turn)
    scorers, team_id, at, say = turn.scorers, turn.workspace.id, turn.now, turn.say
    make = hindsight_now if wanted.period.end <= at else partial(forecast_now, scorers=scorers)
    labour = Labour(
        do=lambda database: make(
            database=database, team_id=team_id, wanted=wanted.report, period=wanted.period, at=at, say=say
        ),
        sorry=say("forecast.failed"),
    )
    return Reply(say("forecast.begun"), labour=labour)


def forecast_wanted(words: str, turn: Turn) -> ForecastWanted:
    """Without a time it is the running quarter, by the workspace's clock; as a report's words say it, one that is over,
    too, but `December` is the coming one where that is next. Raises what these raise, and SettingNotUnderstood for
    another stretch of time."""
    zone = turn.workspace.time_zone
    today = turn.now.astimezone(ZoneInfo(zone)).date()
    match = _TIME.search(words)
    unit = _UNITS[(match["unit"] or match["han_unit"]).lower()] if match else Unit.QUARTER
    period = whole_unit(unit, today, zone)
    if match and (match["which"] or match["han_which"] or "this").lower() in ("next", "下个", "下一个", "下"):
        period = whole_unit(unit, period.last + timedelta(days=1), zone)
    rest = f"{words[: match.start()]} {words[match.end() :]}" if match else words
    report = deals_wanted(_TOLD.sub(" ", rest).strip(), turn, example=EXAMPLE, usual=period)
    named = report.period
    if named != period:
        if match or named.unit not in _UNITS.values():
            raise SettingNotUnderstood(words.strip(), EXAMPLE)
        coming = whole_unit(named.unit, whole_unit(named.unit, today, zone).last + timedelta(days=1), zone)
        is_coming = named == coming.year_before() and not _YEAR.search(words)
        period = coming if is_coming else whole_unit(named.unit, named.first, zone)
    return ForecastWanted(report, period)
