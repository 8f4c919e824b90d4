"""Draws a forecast: what is won, the range of what that may come to, the target, what is called by category, and
earlier forecasts below it."""

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.drawing import BLUE, GREEN, INK, LEFT, MUTED, ORANGE, PALE, RIGHT, SKY, TRACK, as_png, blank, cut, write
from bot.say import Percent, Say
from bot.snapshot_chart import draw_titles
from bot.views.forecast import amount, called_told, forecast_text, sum_told
from bot.views.funnel_report import Asked, only_told, period_told
from models.deal import ForecastCategory
from models.forecast import Forecast, Range

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT, _RIGHT = 0.25, 0.95
_MOST_ROWS = 4

_EARLIER, _WIDEST_PITCH = 0.22, 0.075
"""The room of earlier periods, and of one of them."""
_CALLED = {ForecastCategory.COMMIT: BLUE, ForecastCategory.BEST_CASE: SKY, ForecastCategory.PIPELINE: PALE}


def forecast_picture(asked: Asked, forecast: Forecast, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(forecast_figure(asked, forecast, say))


def forecast_alt_text(asked: Asked, forecast: Forecast, say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    text = forecast_text(asked, forecast, say)
    won, called = sum_told(forecast.won, forecast, say), called_told(forecast, say)
    if forecast.target is None:
        return say.plain("chart.forecast.alt", forecast=text, won=won, **called)
    return say.plain("chart.forecast.alt_target", forecast=text, won=won, target=say.compact(forecast.target), **called)


def forecast_figure(asked: Asked, forecast: Forecast, say: Say) -> "Figure":
    """The picture before it is rendered: a bar for this period, and one for each of the latest earlier ones."""
    figure, axes = blank()
    title = say.plain("chart.forecast.title", pipeline=cut(asked.pipeline))
    draw_titles(axes, title, f"{period_told(forecast.period, say)} · {only_told(asked, say)}")
    outcomes = forecast.outcomes[:_MOST_ROWS]
    highest = [forecast.won.amount, *(each.won for each in outcomes), *(each.forecast.high for each in outcomes)]
    highest += [forecast.range.high] if forecast.range else [forecast.total.by_model]
    highest += [forecast.target.amount] if forecast.target else []
    highest.append(forecast.called(ForecastCategory.BEST_CASE).amount)
    scale = (_RIGHT - _LEFT) / max(1.0, float(max(highest)) * 1.05)
    _draw_legend(axes, say)
    now = say.plain("chart.forecast.now")
    _draw_row(
        axes,
        0.65,
        now,
        found=forecast.range,
        won=forecast.won.amount,
        forecast=forecast,
        scale=scale,
        height=0.1,
        say=say,
    )
    if forecast.target is not None:
        x = _LEFT + float(forecast.target.amount) * scale
        axes.plot([x, x], [0.595, 0.73], color=ORANGE, linewidth=4, gid="target")
        told = say.plain("chart.forecast.target", target=say.compact(forecast.target))
        write(axes, x, 0.75, told, size=17, colour=ORANGE, align="center", room=0.3)
    _draw_called(axes, 0.46, forecast, scale, say)
    pitch = min(_WIDEST_PITCH, _EARLIER / max(len(outcomes), 1))
    for row, outcome in enumerate(outcomes):
        label = say.plain("chart.forecast.period", first=outcome.first)
        middle = 0.345 - pitch * (row + 0.5)
        _draw_row(
            axes,
            middle,
            label,
            found=outcome.forecast,
            won=outcome.won,
            forecast=forecast,
            scale=scale,
            height=pitch * 0.58,
            say=say,
        )
    _draw_footer(axes, forecast, say)
    return figure


def _draw_row(
    axes: "Axes",
    middle: float,
    label: str,
    *,
    found: Range | None,
    won: Decimal,
    forecast: Forecast,
    scale: float,
    height: float,
    say: Say,
) -> None:
    size = 24 if height > 0.05 else min(20, 470 * height)
    write(axes, LEFT, middle, label, size=size, room=_LEFT - LEFT - 0.01)
    axes.barh(middle, _RIGHT - _LEFT, height=height, left=_LEFT, color=TRACK)
    if found is not None:
        low, wide = float(found.low) * scale, float(found.high - found.low) * scale
        axes.barh(middle, wide, height=height, left=_LEFT + low, color=PALE, gid=f"{label}:range")
        x = _LEFT + float(found.middle) * scale
        axes.plot([x, x], [middle - height / 2, middle + height / 2], color=BLUE, linewidth=3)
    axes.barh(middle, float(won) * scale, height=height * 0.4, left=_LEFT, color=GREEN, gid=f"{label}:won")
    if height > 0.05:
        write(axes, _LEFT, middle - 0.085, sum_told(forecast.won, forecast, say), size=18, colour=GREEN, room=0.2)
        if found is not None:
            told = say.plain(
                "chart.forecast.range",
                low=amount(found.low, forecast, say),
                middle=amount(found.middle, forecast, say),
                high=amount(found.high, forecast, say),
            )
            write(axes, RIGHT, middle - 0.085, told, size=18, colour=BLUE, align="right", room=0.5)


def _draw_called(axes: "Axes", middle: float, forecast: Forecast, scale: float, say: Say) -> None:
    """What is won, committed, in the best case and at all due, each as long as it comes to with those before it; cut at
    the edge, where very much is due."""
    write(axes, LEFT, middle, say.plain("chart.forecast.called"), size=24, room=_LEFT - LEFT - 0.01)
    axes.barh(middle, _RIGHT - _LEFT, height=0.06, left=_LEFT, color=TRACK)
    for category, colour in reversed(_CALLED.items()):
        wide = min(float(forecast.called(category).amount) * scale, _RIGHT - _LEFT)
        axes.barh(middle, wide, height=0.06, left=_LEFT, color=colour, gid=f"called:{category}")
    axes.barh(middle, float(forecast.won.amount) * scale, height=0.06, left=_LEFT, color=GREEN)
    for number, (category, colour) in enumerate(_CALLED.items()):
        step, x = forecast.called(category), _LEFT + number * 0.235
        told = say.plain(f"chart.forecast.called_{category}", amount=amount(step.amount, forecast, say))
        told += " + …" if step.apart else ""  # the message says how much
        axes.barh(middle - 0.06, 0.012, height=0.02, left=x, color=colour)
        write(axes, x + 0.017, middle - 0.06, told, size=17, room=0.21)


def _draw_legend(axes: "Axes", say: Say) -> None:
    parts = ((GREEN, "won"), (PALE, "in_range"), (BLUE, "middle"))
    for number, (colour, name) in enumerate(parts):
        x = _LEFT + number * 0.2
        axes.barh(0.8, 0.012, height=0.02, left=x, color=colour)
        write(axes, x + 0.017, 0.8, say.plain(f"chart.forecast.{name}"), size=16, colour=MUTED, room=0.17)


def _draw_footer(axes: "Axes", forecast: Forecast, say: Say) -> None:
    total = forecast.total
    by_stage, by_model = (sum_told(total.sum_of(name), forecast, say) for name in ("by_stage", "by_model"))
    told = [
        say.plain("chart.forecast.weighted", by_stage=by_stage, by_model=by_model)
        if forecast.scored
        else say.plain("chart.forecast.weighted_alone", by_stage=by_stage)
    ]
    if forecast.chance is not None:
        told.append(say.plain("chart.forecast.chance", chance=Percent(forecast.chance)))
    if forecast.outcomes:
        told.append(say.plain("chart.forecast.track", hits=forecast.hits, count=len(forecast.outcomes)))
    write(axes, LEFT, 0.06, " · ".join(told), size=20, colour=INK, room=RIGHT - LEFT)
