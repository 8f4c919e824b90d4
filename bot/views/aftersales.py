"""After the sale, in words: satisfaction, retention, repurchase, referrals."""

from collections.abc import Sequence
from datetime import date

from bot.say import Say
from bot.views.blocks import Block, context, cut, section
from bot.views.funnel_report import NAME, period_told, ratio_told
from models.aftersales_figures import AfterSales
from models.funnel_figures import Ratio
from models.period import Period

_NEAREST = 5
"""So many renewals are told by name."""


def aftersales_title(period: Period, say: Say) -> str:
    return say.plain("aftersales.title", period=period_told(period, say))


def aftersales_view(
    found: AfterSales, coming: Sequence[tuple[date, str]], until: date, *, title: str, say: Say
) -> tuple[Block, ...]:
    """`coming` are the renewals up to `until`, the nearest first."""
    lines = [
        _satisfaction(found, say),
        _share("aftersales.retention", "aftersales.no_retention", found.retention, say),
        _share("aftersales.repurchase", "aftersales.no_repurchase", found.repurchase, say),
        say("aftersales.referrals", count=found.referrals, won=found.referrals_won),
        coming_told(coming, until, say),
    ]
    return (
        section(say("aftersales.text", title=title)),
        section("\n".join(lines)),
        context(say("aftersales.means")),
    )


def coming_told(coming: Sequence[tuple[date, str]], until: date, say: Say) -> str:
    if not coming:
        return say("aftersales.none_coming", until=until)
    names = [say.plain("aftersales.renews", name=cut(name, NAME), day=day) for day, name in coming[:_NEAREST]]
    key = "aftersales.coming" if len(coming) <= _NEAREST else "aftersales.coming_first"
    return say(key, number=len(coming), until=until, names=names)


def points(share: float) -> int:
    """Net promoters as they are usually told, from -100 to 100."""
    return round(100 * share)


def _satisfaction(found: AfterSales, say: Say) -> str:
    net = found.net_promoters
    if net is None or found.mean is None:
        return say("aftersales.no_answers")
    return say(
        "aftersales.satisfaction",
        count=found.count,
        mean=round(found.mean, 1),
        net=points(net.score),
        low=points(net.low),
        high=points(net.high),
    )


def _share(key: str, without: str, share: Ratio | None, say: Say) -> str:
    if share is None:
        return say(without)
    return say(key, ratio=ratio_told(share, (), say), hits=share.hits)
