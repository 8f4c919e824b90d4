"""After the sale, in words: satisfaction, retention, repurchase, referrals."""

from bot.say import Say
from bot.views.blocks import Block, context, section
from bot.views.funnel_report import period_told, ratio_told
from models.aftersales_figures import AfterSales
from models.funnel_figures import Ratio
from models.period import Period


def aftersales_title(period: Period, say: Say) -> str:
    return say.plain("aftersales.title", period=period_told(period, say))


def aftersales_view(found: AfterSales, *, title: str, say: Say) -> tuple[Block, ...]:
    lines = [
        _satisfaction(found, say),
        _share("aftersales.retention", "aftersales.no_retention", found.retention, say),
        _share("aftersales.repurchase", "aftersales.no_repurchase", found.repurchase, say),
        say("aftersales.referrals", count=found.referrals, won=found.referrals_won),
    ]
    return (
        section(say("aftersales.text", title=title)),
        section("\n".join(lines)),
        context(say("aftersales.means")),
    )


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
