"""Draws a forecast: what it comes to in a line, the range and what is called by category against the target, and
earlier forecasts below."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.drawing import BLUE, GREEN, INK, LEFT, MUTED, ORANGE, PALE, RIGHT, SKY, TRACK, WIDTH, as_png, blank, cut, write
from bot.say import Percent, Say
from bot.snapshot_chart import draw_titles
from bot.views.forecast import amount, called_told, forecast_text, sum_told
from bot.views.funnel_report import Asked, only_told, period_told
from models.deal import ForecastCategory
from models.forecast import Forecast, Outcome, Range, Step

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

_LEFT, _RIGHT = 0.25, 0.95
_HEIGHT = 0.085
_RANGE, _CALLED = 0.62, 0.47
"""In the middle of which heights the two bars of this period lie; what their colours are stands below each."""
_BELOW, _GAP = 0.074, 0.022
"""How far below the middle of a bar its colours are told, and how far from each other."""
_MOST_ROWS = 4
_EARLIER, _WIDEST_PITCH = 0.2, 0.065
"""The room of earlier periods, and of one of them."""
_COLOURS = {ForecastCategory.COMMIT: BLUE, ForecastCategory.BEST_CASE: SKY, ForecastCategory.PIPELINE: PALE}


def forecast_picture(asked: Asked, forecast: Forecast, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(forecast_figure(asked, forecast, say))


def forecast_alt_text(asked: Asked, forecast: Forecast, say: Say) -> str:
    """The picture in words, for whoever cannot see it."""
    told = {
        "forecast": _range_told(asked, forecast, say),
        "head": _head(forecast, say),
        "won": sum_told(forecast.won, forecast, say),
        "weighted": _weighted(forecast, say),
        **called_told(forecast, say),
    }
    if not forecast.outcomes:
        return say.plain("chart.forecast.alt", **told)
    earlier = [
        say.plain(
            "chart.forecast.alt_earlier",
            first=each.first,
            low=amount(each.forecast.low, forecast, say),
            high=amount(each.forecast.high, forecast, say),
            won=_won(each, forecast, say),
        )
        for each in forecast.outcomes[:_MOST_ROWS]
    ]
    return say.plain("chart.forecast.alt_track", **told, track=_track(forecast, say), earlier=earlier)


def forecast_figure(asked: Asked, forecast: Forecast, say: Say) -> "Figure":
    """The picture before it is rendered."""
    figure, axes = blank()
    title = say.plain("chart.forecast.title", pipeline=cut(asked.pipeline))
    draw_titles(axes, title, f"{period_told(forecast.period, say)} · {only_told(asked, say)}")
    colour = INK if forecast.target is None else GREEN if _is_on_target(forecast) else ORANGE
    write(axes, LEFT, 0.765, _head(forecast, say), size=28, bold=True, colour=colour, room=RIGHT - LEFT)
    outcomes = forecast.outcomes[:_MOST_ROWS]
    highest = [forecast.won.amount, *(each.won for each in outcomes), *(each.forecast.high for each in outcomes)]
    highest += [forecast.range.high] if forecast.range else [forecast.total.by_model]
    highest += [forecast.target.amount] if forecast.target else []
    highest.append(forecast.called(ForecastCategory.BEST_CASE).amount)
    scale = (_RIGHT - _LEFT) / max(1.0, float(max(highest)) * 1.05)
    _draw_range(axes, forecast, scale, say)
    _draw_called(axes, forecast, scale, say)
    if forecast.target is not None:
        _draw_target(axes, float(forecast.target.amount) * scale, say.compact(forecast.target), say)
    _draw_earlier(axes, outcomes, forecast, scale, say)
    write(axes, LEFT, 0.05, _weighted(forecast, say), size=17, colour=MUTED, room=RIGHT - LEFT)
    return figure


def _range_told(asked: Asked, forecast: Forecast, say: Say) -> str:
    """Without the middle of it, which the head tells."""
    if (found := forecast.range) is None:
        return forecast_text(asked, forecast, say)
    told = {"pipeline": cut(asked.pipeline), "period": period_told(forecast.period, say)}
    low, high = (amount(each, forecast, say) for each in (found.low, found.high))
    return say.plain("chart.forecast.alt_range", **told, low=low, high=high)


def _head(forecast: Forecast, say: Say) -> str:
    """What a manager takes along: what it comes to, against what."""
    told = {"won": sum_told(forecast.won, forecast, say)}
    if forecast.range:
        told["middle"] = amount(forecast.range.middle, forecast, say)
    name = "likely" if forecast.range else "won"
    if forecast.target is None:
        return say.plain(f"chart.forecast.head.{name}", **told)
    told["target"] = say.compact(forecast.target)
    if forecast.range and forecast.won.amount >= forecast.target.amount:
        return say.plain("chart.forecast.head.reached", **told)
    if forecast.chance is not None:
        return say.plain("chart.forecast.head.chance", **told, chance=Percent(forecast.chance))
    return say.plain(f"chart.forecast.head.{name}_with_target", **told)


def _is_on_target(forecast: Forecast) -> bool:
    likely = forecast.range.middle if forecast.range else forecast.won.amount
    return forecast.target is not None and max(likely, forecast.won.amount) >= forecast.target.amount


def _weighted(forecast: Forecast, say: Say) -> str:
    total = forecast.total
    by_stage, by_model = (sum_told(total.sum_of(name), forecast, say) for name in ("by_stage", "by_model"))
    if not forecast.scored:
        return say.plain("chart.forecast.weighted_alone", by_stage=by_stage)
    return say.plain("chart.forecast.weighted", by_stage=by_stage, by_model=by_model)


def _track(forecast: Forecast, say: Say) -> str:
    return say.plain("chart.forecast.track", hits=forecast.hits, count=len(forecast.outcomes))


def _won(outcome: Outcome, forecast: Forecast, say: Say) -> str:
    return sum_told(Step(0, outcome.won, outcome.apart), forecast, say)


def _draw_range(axes: "Axes", forecast: Forecast, scale: float, say: Say) -> None:
    label = say.plain("chart.forecast.now" if forecast.range else "chart.forecast.so_far")
    draw_bar(axes, _RANGE, label, forecast.range, won=float(forecast.won.amount), scale=scale, height=_HEIGHT, size=24)
    told = say.plain("chart.forecast.won", won=_short(forecast.won, forecast, say))
    keys = [(GREEN, told)]
    if found := forecast.range:
        low, middle, high = (amount(each, forecast, say) for each in (found.low, found.middle, found.high))
        keys.append((BLUE, say.plain("chart.forecast.middle", middle=middle)))
        keys.append((PALE, say.plain("chart.forecast.in_range", low=low, high=high)))
    write_keys(axes, _RANGE, keys)


def _draw_called(axes: "Axes", forecast: Forecast, scale: float, say: Say) -> None:
    """What is won, committed, in the best case and at all due, each as long as it comes to with those before it; cut at
    the edge, where very much is due."""
    write(axes, LEFT, _CALLED, say.plain("chart.forecast.called"), size=24, room=_LEFT - LEFT - 0.01)
    axes.barh(_CALLED, _RIGHT - _LEFT, height=_HEIGHT, left=_LEFT, color=TRACK)
    for category, colour in reversed(_COLOURS.items()):
        wide = float(forecast.called(category).amount) * scale
        if wide > _RIGHT - _LEFT:
            wide = _RIGHT - _LEFT
            write(axes, _RIGHT - 0.008, _CALLED, "→", size=24, align="right")
        axes.barh(_CALLED, wide, height=_HEIGHT, left=_LEFT, color=colour, gid=f"called:{category}")
    axes.barh(_CALLED, float(forecast.won.amount) * scale, height=_HEIGHT, left=_LEFT, color=GREEN)
    called = {each: _short(forecast.called(each), forecast, say) for each in _COLOURS}
    keys = [(_COLOURS[each], say.plain(f"chart.forecast.called.{each}", amount=called[each])) for each in called]
    write_keys(axes, _CALLED, keys)


def _short(step: Step, forecast: Forecast, say: Say) -> str:
    """How much has no rate the message says."""
    return amount(step.amount, forecast, say) + (" + …" if step.apart else "")


def _draw_target(axes: "Axes", along: float, target: str, say: Say) -> None:
    """A line through both bars, which leaves out what is written below each."""
    x = _LEFT + along
    for middle, above in ((_RANGE, 0.024), (_CALLED, 0.001)):
        ends = [middle - _HEIGHT / 2 - 0.001, middle + _HEIGHT / 2 + above]
        axes.plot([x, x], ends, color=ORANGE, linewidth=4, gid=f"target:{middle}")
    told = say.plain("chart.forecast.target", target=target)
    align, room = ("left", RIGHT - x) if along < 0.1 else ("right", 0.4) if along > 0.6 else ("center", 0.3)
    write(axes, x, _RANGE + 0.085, told, size=17, colour=ORANGE, align=align, room=room)


def _draw_earlier(axes: "Axes", outcomes: Sequence[Outcome], forecast: Forecast, scale: float, say: Say) -> None:
    if not outcomes:
        return
    head = say.plain("chart.forecast.earlier", track=_track(forecast, say))
    write(axes, LEFT, 0.33, head, size=17, colour=MUTED, room=RIGHT - LEFT)
    pitch = min(_WIDEST_PITCH, _EARLIER / len(outcomes))
    for row, each in enumerate(outcomes):
        middle, label = 0.3 - pitch * (row + 0.5), say.plain("chart.forecast.period", first=each.first)
        size, height = min(18, 340 * pitch), pitch * 0.6
        draw_bar(axes, middle, label, each.forecast, won=float(each.won), scale=scale, height=height, size=size)


def draw_bar(
    axes: "Axes",
    middle: float,
    label: str,
    found: Range | None,
    *,
    won: float,
    scale: float,
    height: float,
    size: float,
) -> None:
    """What was foreseen, and within it what is won."""
    write(axes, LEFT, middle, label, size=size, room=_LEFT - LEFT - 0.01)
    axes.barh(middle, _RIGHT - _LEFT, height=height, left=_LEFT, color=TRACK)
    if found is not None:
        low, wide = float(found.low) * scale, float(found.high - found.low) * scale
        axes.barh(middle, wide, height=height, left=_LEFT + low, color=PALE, gid=f"{label}:range")
    axes.barh(middle, won * scale, height=height * 0.4, left=_LEFT, color=GREEN, gid=f"{label}:won")
    if found is not None:
        x = _LEFT + float(found.middle) * scale
        axes.plot([x, x], [middle - height / 2, middle + height / 2], color=BLUE, linewidth=4, gid=f"{label}:middle")


def write_keys(axes: "Axes", middle: float, keys: Sequence[tuple[str, str]]) -> None:
    """What the colours of a bar are, side by side below it, all as large as fits."""
    labels = [write(axes, 0, middle - _BELOW, told, size=17) for _, told in keys]
    room = _RIGHT - _LEFT - len(keys) * 0.017 - (len(keys) - 1) * _GAP
    while sum(map(_width, labels)) > room:
        for label in labels:
            label.set_fontsize(0.98 * float(label.get_fontsize()))
    x = _LEFT
    for (colour, _), label in zip(keys, labels, strict=True):
        axes.barh(middle - _BELOW, 0.012, height=0.02, left=x, color=colour)
        label.set_x(x + 0.017)
        x += 0.017 + _width(label) + _GAP


def _width(label: "Text") -> float:
    return float(label.get_window_extent().width) / WIDTH
