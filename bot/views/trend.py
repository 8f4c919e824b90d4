"""The trend of a pipeline in words: what is open at its end, and how that was before."""

from bot.say import Say
from bot.views.blocks import CHART_POINTS, Block, context, cut, header, line_chart, section
from bot.views.exchange import worth_told
from bot.views.funnel_report import NAME, Asked, deals_told, period_told
from models.trend import PipelineTrend, Point

_MOST_NAMED = 6


def trend_view(asked: Asked, trend: PipelineTrend, say: Say) -> tuple[Block, ...]:
    """The trend in three lines; what the figures mean stands below."""
    lines = [
        say(f"trend.{name}", **told(point, say))
        for name, point in (("last", trend.last), ("first", trend.first), ("highest", trend.highest))
    ]
    notes = [say("trend.means")]
    codes = sorted({each.money.currency.code for point in trend.points for each in point.unpriced})
    if codes:
        more = ["…"] if len(codes) > _MOST_NAMED else []
        notes.append(say("trend.unpriced", currencies=[*codes[:_MOST_NAMED], *more]))
    if trend.last.without_amount:
        notes.append(say("trend.without_amount", count=trend.last.without_amount))
    return (
        header(say.plain("trend.title", pipeline=asked.pipeline)),
        section(say("trend.of", period=period_told(trend.period, say), only=deals_told(asked, say))),
        section("\n".join(lines)),
        context("\n".join(notes)),
    )


def trend_charts(trend: PipelineTrend, say: Say) -> tuple[Block, ...]:
    """The amount and the number of open deals as charts of Slack's own, with fewer points where there are too many;
    the latest stays."""
    step = -(-len(trend.points) // CHART_POINTS)
    points = trend.points[::-1][::step][::-1]
    days = [say.weekday(each.day) for each in points]
    amount, number = say.plain("chart.trend.amount"), say.plain("chart.trend.count")
    title = say.plain("chart.trend.in", currency=trend.last.amount.currency.code)
    return (
        line_chart(title, days, {amount: [float(each.amount.amount) for each in points]}),
        line_chart(number, days, {number: [float(each.count) for each in points]}),
    )


def trend_text(asked: Asked, trend: PipelineTrend, say: Say) -> str:
    """The trend in one plain line, for notifications and above its picture."""
    period = period_told(trend.period, say)
    return say.plain("trend.short", pipeline=cut(asked.pipeline, NAME), period=period, **told(trend.last, say))


def told(point: Point, say: Say) -> dict[str, object]:
    return {"day": say.weekday(point.day), "count": point.count, "amount": worth_told(point.worth, say)}
