"""What a report comes to in one plain sentence with its numbers, for notifications and for whoever reads no further."""

from collections.abc import Sequence

from bot.say import Percent, Say
from bot.views.blocks import cut
from bot.views.exchange import worth_told
from bot.views.leaderboard import name_of
from bot.views.leaks import NAME
from models.aftersales_figures import AfterSales
from models.attainment import Progress
from models.funnel_figures import CohortView, PipelineFigures, Ratio, Snapshot
from models.leaderboard import Performance
from models.leaks import Leaks
from models.pricing import Worth
from models.velocity import Velocity


def snapshot_headline(found: Snapshot, say: Say) -> str:
    """`46 began, 22 won (€345K), 23 lost, win rate 49%`"""
    return _closed(found.begun, found.velocity, found.win_rate, say)


def pipelines_headline(together: PipelineFigures, say: Say) -> str:
    """Of all of them together."""
    return _closed(together.begun, together.velocity, together.win_rate, say)


def cohort_headline(found: CohortView, say: Say) -> str:
    whole = found.whole
    return say.plain("headline.cohort", begun=whole.deals, won=whole.won, lost=whole.lost, open=whole.open)


def leaks_headline(found: Leaks, say: Say) -> str:
    """Which stage costs most, and where most time went."""
    told, worst = say.plain("headline.nothing_lost"), found.ranked[0]
    if worst.leak.lost:
        key, value = ("costliest", worth_told(worst.leak.value, say)) if found.is_by_value else ("loses_most", "")
        told = say.plain(f"headline.{key}", stage=cut(worst.stage.name, NAME), value=value, count=worst.leak.lost)
    longest = max(found.stages, key=lambda each: each.days_share or 0.0)
    if not longest.days_share:
        return told
    time = say.plain("headline.longest", stage=cut(longest.stage.name, NAME), share=Percent(longest.days_share))
    return say.plain("headline.two", first=told, second=time)


def leaderboard_headline(found: Sequence[Performance], say: Say) -> str:
    """Who stands first; empty where nobody has won anything."""
    first = found[0]
    if not first.won or first.member is None:
        return ""
    key = "leader_worth" if _is_any(first.amount) else "leader"
    return say.plain(f"headline.{key}", name=name_of(first, say), count=first.won, amount=worth_told(first.amount, say))


def targets_headline(found: Sequence[Progress], say: Say) -> str:
    """`1 of 4 reached or on pace`"""
    well = sum(each.is_reached or each.is_on_pace for each in found)
    return say.plain("headline.targets", well=well, count=len(found))


def aftersales_headline(found: AfterSales, say: Say) -> str:
    told = []
    if found.mean is not None:
        told.append(say.plain("headline.satisfaction", mean=round(found.mean, 1)))
    for name, ratio in (("retention", found.retention), ("repurchase", found.repurchase)):
        if ratio is not None:
            told.append(say.plain(f"headline.{name}", share=Percent(ratio.share)))
    if found.referrals:
        told.append(say.plain("headline.referrals", count=found.referrals))
    return say.value(told)


def headed(title: str, headline: str, say: Say) -> str:
    """The title and what it comes to, if anything does."""
    return say.plain("headline.of", title=title, told=headline) if headline else title


def _closed(begun: int, velocity: Velocity, rate: Ratio | None, say: Say) -> str:
    key = "closed_worth" if _is_any(velocity.worth) else "closed"
    amount = worth_told(velocity.worth, say)
    told = say.plain(f"headline.{key}", begun=begun, won=velocity.won, lost=velocity.lost, amount=amount)
    return told if rate is None else say.plain("headline.with_rate", told=told, rate=Percent(rate.share))


def _is_any(worth: Worth) -> bool:
    return any(each.amount for each in worth.told)
