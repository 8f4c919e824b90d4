"""A forecast in words: the range against the target, what it is made of, how it went before, and what changed."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from moneyed import Money

from bot.say import Percent, Say
from bot.views.blocks import Block, context, cut, header, paragraphs, section
from bot.views.exchange import unpriced_told
from bot.views.funnel_report import NAME, Asked, deals_told, period_told
from models.deal import ForecastCategory
from models.forecast import Forecast, Glance, Promise

_MOST_STAGES = 15
_DEAL = 30


def forecast_report(
    asked: Asked, forecast: Forecast, names: Mapping[int, str], say: Say, *, beyond: Money | None = None
) -> tuple[Block, ...]:
    """The whole forecast; what each figure means stands below. `names` are those of deals that changed it, by ids;
    `beyond` is a target of all pipelines together."""
    return (
        header(say.plain("forecast.title", pipeline=asked.pipeline)),
        section(say("forecast.of", period=period_told(forecast.period, say), only=deals_told(asked, say))),
        section("\n".join(_outlook(forecast, say))),
        *([section(_beyond(beyond, asked, forecast, say))] if beyond else []),
        *paragraphs([say("forecast.categories"), *_categories(forecast, say)]),
        *paragraphs([say("forecast.stages"), *_stages(forecast, say)]),
        *paragraphs([*_changes(forecast, names, say)]),
        context("\n".join([*_notes(forecast, say), say("forecast.means")])),
    )


def forecast_text(asked: Asked, forecast: Forecast, say: Say) -> str:
    """The forecast in one plain line, for notifications and above its picture."""
    told = {"pipeline": cut(asked.pipeline, NAME), "period": period_told(forecast.period, say)}
    if forecast.range is None:
        return say.plain("forecast.short_without", **told)
    low, middle, high = (amount(each, forecast, say) for each in _range(forecast))
    return say.plain("forecast.short", **told, low=low, middle=middle, high=high)


def glance_line(glance: Glance, say: Say) -> str:
    """The forecast against the target in one line, as markup."""
    low, middle, high, won = (
        say.compact(Money(each, glance.currency))
        for each in (glance.range.low, glance.range.middle, glance.range.high, glance.won)
    )
    told = say("forecast.glance", last=glance.period.last, low=low, middle=middle, high=high, won=won)
    if glance.target is None or glance.chance is None:
        return told
    return f"{told} · {say('forecast.glance_target', target=say.compact(glance.target), chance=Percent(glance.chance))}"


def amount(value: Decimal, forecast: Forecast, say: Say) -> str:
    return say.compact(forecast.money(value))


def track_told(forecast: Forecast, say: Say) -> str:
    """How the forecasts of earlier periods turned out, in a sentence."""
    if not forecast.outcomes:
        return say("forecast.no_track")
    last = forecast.outcomes[0]
    return say(
        "forecast.track",
        count=len(forecast.outcomes),
        hits=forecast.hits,
        middle=amount(last.forecast.middle, forecast, say),
        won=amount(last.won, forecast, say),
    )


def _range(forecast: Forecast) -> tuple[Decimal, Decimal, Decimal]:
    found = forecast.range
    return (Decimal(0),) * 3 if found is None else (found.low, found.middle, found.high)


def _outlook(forecast: Forecast, say: Say) -> Iterator[str]:
    yield say("forecast.won", count=forecast.won.count, amount=amount(forecast.won.amount, forecast, say))
    if forecast.range is None:
        yield say("forecast.too_short")
    else:
        low, middle, high = (amount(each, forecast, say) for each in _range(forecast))
        yield say("forecast.range", low=low, middle=middle, high=high)
        yield say("forecast.from_new", middle=middle, amount=amount(forecast.from_new, forecast, say))
    if forecast.target is not None:
        yield _target(forecast.target, forecast, say)
    yield _weighted(forecast, say)
    yield track_told(forecast, say)


def _weighted(forecast: Forecast, say: Say) -> str:
    total = forecast.total
    if not total.count:
        return say("forecast.weighted_none")
    sums = {"amount": amount(total.amount, forecast, say), "by_stage": amount(total.by_stage, forecast, say)}
    if not forecast.scored:
        return say("forecast.weighted_alone", count=total.count, **sums)
    return say("forecast.weighted", count=total.count, by_model=amount(total.by_model, forecast, say), **sums)


def _target(target: Money, forecast: Forecast, say: Say) -> str:
    left = target.amount - forecast.won.amount
    if left <= 0:
        return say("forecast.target_reached", target=say.compact(target))
    told = say("forecast.target", target=say.compact(target), left=amount(left, forecast, say))
    return told if forecast.chance is None else f"{told} · {say('forecast.chance', chance=Percent(forecast.chance))}"


def _beyond(target: Money, asked: Asked, forecast: Forecast, say: Say) -> str:
    told = {"target": say.compact(target), "pipeline": cut(asked.pipeline, NAME), "unit": str(forecast.period.unit)}
    return say("forecast.target_beyond", **told)


def _categories(forecast: Forecast, say: Say) -> Iterator[str]:
    for category in ForecastCategory:
        promise = forecast.categories[category]
        if promise.count or category is not ForecastCategory.OMITTED:
            yield _promise(say.plain(f"forecast.category.{category}"), promise, forecast, say)
    if not forecast.total.count:
        return
    called = {
        category.value: amount(forecast.called(category), forecast, say)
        for category in ForecastCategory
        if category is not ForecastCategory.OMITTED
    }
    yield say("forecast.called", last=forecast.period.last, **called)
    if forecast.suggested:
        yield say("forecast.suggested", count=forecast.suggested)


def _stages(forecast: Forecast, say: Say) -> Iterator[str]:
    stages = list(forecast.stages.items())
    for name, promise in stages[:_MOST_STAGES]:
        yield _promise(cut(name, NAME), promise, forecast, say)
    if len(stages) > _MOST_STAGES:
        yield say("list.and_more", count=len(stages) - _MOST_STAGES)


def _promise(name: str, promise: Promise, forecast: Forecast, say: Say) -> str:
    if not promise.count:
        return say("forecast.promise_none", name=name)
    told = {each: amount(getattr(promise, each), forecast, say) for each in ("amount", "due", "by_stage", "in_period")}
    if not forecast.scored:
        return say("forecast.promise_unscored", name=name, count=promise.count, **told)
    by_model = amount(promise.by_model, forecast, say)
    return say("forecast.promise", name=name, count=promise.count, by_model=by_model, **told)


def _changes(forecast: Forecast, names: Mapping[int, str], say: Say) -> Iterator[str]:
    changes = forecast.changes
    before, now = (amount(step.amount, forecast, say) for step in (changes.before, changes.now))
    yield say("forecast.changes", before=before, now=now)
    for name, step in changes.steps.items():
        if step.count:
            by = amount(abs(step.amount), forecast, say)
            told = say.plain(f"forecast.changed.{name}", count=step.count, amount=by)
            largest = [cut(names.get(deal_id, "?"), _DEAL) for deal_id in step.largest]
            is_all = len(largest) == step.count
            yield say("forecast.changed_all" if is_all else "forecast.changed_most", told=told, names=largest)
    if not any(step.count for step in changes.steps.values()):
        yield say("forecast.unchanged")


def _notes(forecast: Forecast, say: Say) -> Iterator[str]:
    if (slip := forecast.slip) is not None:
        days = {"median": round(abs(slip.median)), "high": round(slip.high), "count": slip.count}
        if slip.median >= 0:
            yield say("forecast.slip", low=round(slip.low), **days)
        else:
            yield say("forecast.slip_early", early=round(-slip.low), **days)
    if forecast.unpriced:
        amounts = unpriced_told(forecast.unpriced, say)
        yield say("forecast.unpriced", count=sum(each.count for each in forecast.unpriced), amounts=amounts)
    if forecast.without_amount:
        yield say("forecast.without_amount", count=forecast.without_amount)
