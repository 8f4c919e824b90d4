"""What changed in a funnel since a moment, held against as long a time before, and which close dates were put off."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.say import Markup, Say, escaped
from bot.views.blocks import cut
from bot.views.exchange import together
from models.changes import Changes
from models.delays import Delay
from models.funnel import FunnelReport
from models.tally import Tally

MOST_DELAYS = 5
_AWAITED = ("new", "won", "lost")
_NAME = 40


def changes_told(report: FunnelReport, say: Say) -> str:
    """How many deals moved in what way since when."""
    said, since = moves_told(report, say), local(report.since, say)
    return f"{say('digest.since', since=since)} {said}" if said else say("digest.nothing_changed", since=since)


def moves_told(report: FunnelReport, say: Say) -> str:
    """How many deals moved in what way, and for how much, beside as long a time before where anything moved then. That
    none came, was won or lost is told where some were then."""
    earlier = {} if report.before.is_empty else dict(_tallies(report.before))
    return " · ".join(
        f"{say(f'funnel.changed.{name}', count=tally.count)}{bracketed(tally, say, before=earlier.get(name))}"
        for name, tally in _tallies(report.changes)
        if tally.count or (name in _AWAITED and name in earlier and earlier[name].count)
    )


def delays_told(delays: Sequence[Delay], say: Say) -> str:
    """How many close dates were put off, which, by how long and whose, the longest first; nothing where none was."""
    if not delays:
        return ""
    told = [
        say(
            "digest.delay",
            name=cut(delay.deal.name, _NAME),
            count=delay.by.days,
            date=delay.deal.close_date,
            owner=cut(delay.deal.owner.name, _NAME) if delay.deal.owner else Markup(say("alert.no_owner")),
        )
        for delay in delays[:MOST_DELAYS]
    ]
    if len(delays) > MOST_DELAYS:
        told.append(say("list.and_more", count=len(delays) - MOST_DELAYS))
    return f"{say('digest.delays', count=len(delays))} {' · '.join(told)}"


def _tallies(changes: Changes) -> Iterator[tuple[str, Tally]]:
    yield "new", changes.new
    yield "forward", changes.forward
    yield "back", changes.back
    yield "won", changes.won
    yield "lost", changes.lost
    yield "reopened", changes.reopened


def bracketed(tally: Tally, say: Say, *, before: Tally | None = None) -> str:
    """The amounts, how many deals are in none of them, and how it was before."""
    told = [_amounts(tally, say)] if tally.told else []
    if tally.unpriced and tally.told:
        told.append(say("digest.unpriced", count=tally.unpriced))
    if before:
        was = [say.value(before.count), *([_amounts(before, say)] if before.told else [])]
        told.append(say("digest.before", was=Markup(" · ".join(was))))
    return f" ({'; '.join(told)})" if told else ""


def _amounts(tally: Tally, say: Say) -> str:
    return escaped(together(tally.told, say))


def local(moment: datetime, say: Say) -> datetime:
    return moment.astimezone(ZoneInfo(say.time_zone))
