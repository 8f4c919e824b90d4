"""A forecast in words: the range against the target, what it is made of, how it went before, and what changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from moneyed import Money

from bot.say import Percent, Say
from bot.views.blocks import Block, context, cut, header, paragraphs, section
from bot.views.exchange import together, unpriced_told
from bot.views.funnel_report import NAME, Asked, deals_told, period_told
from bot.views.lines import as_many_as_fit
from models.deal import ForecastCategory
from models.forecast import Forecast, Glance, Promise, Slip, Step
from models.pricing import Unpriced

_MOST_BESIDE = 2
_DEAL = 30
_FEWEST_SPREAD = 5
"""Of so many won deals at least it is told between which days half of them were won."""


def forecast_report(
    asked: Asked, forecast: Forecast, names: Mapping[int, str], say: Say, *, beyond: Money | None = None
) -> tuple[Block, ...]:
    """The whole forecast; what each figure means stands below. `names` are those of deals that changed it, by ids;
    `beyond` is a target of all pipelines together."""
    above = (
        header(say.plain("forecast.title", pipeline=asked.pipeline)),
        section(say("forecast.of", period=period_told(forecast.period, say), only=deals_told(asked, say))),
        section("\n".join(_outlook(forecast, say))),
        *([section(_beyond(beyond, asked, forecast, say))] if beyond else []),
        *paragraphs([say("forecast.categories"), *_categories(forecast, say)]),
    )
    below = (
        *paragraphs([*_changes(forecast, names, say)]),
        context("\n".join([*_notes(forecast, say), say("forecast.means")])),
    )
    stages = [_promise(cut(name, NAME), promise, forecast, say) for name, promise in forecast.stages.items()]
    return (*above, *as_many_as_fit([say("forecast.stages"), *stages], say, beside=[*above, *below]), *below)


def forecast_text(asked: Asked, forecast: Forecast, say: Say) -> str:
    """The forecast in one plain line, for notifications and above its picture."""
    told = {"pipeline": cut(asked.pipeline, NAME), "period": period_told(forecast.period, say)}
    if forecast.range is None:
        return say.plain("forecast.short_without", **told, won=sum_told(forecast.won, forecast, say))
    low, middle, high = (amount(each, forecast, say) for each in _range(forecast))
    return say.plain("forecast.short", **told, low=low, middle=middle, high=high)


def glance_line(glance: Glance, say: Say, *, as_of: datetime | None = None, has_old_rates: bool = False) -> str:
    """The forecast against the target in one line, as markup; and as of when, where that is past, and whether exchange
    rates have changed since."""
    low, middle, high = (
        say.compact(Money(each, glance.currency)) for each in (glance.range.low, glance.range.middle, glance.range.high)
    )
    won = amounts_told(glance.won, glance.currency, say)
    told = [say("forecast.glance", last=glance.period.last, low=low, middle=middle, high=high, won=won)]
    if glance.target is not None and glance.chance is not None:
        target = say.compact(glance.target)
        told.append(say("forecast.glance_target", target=target, chance=Percent(glance.chance)))
    told += unpriced_in_short(glance.unpriced, say)
    if as_of:
        told.append(say("forecast.glance_as_of_rates" if has_old_rates else "forecast.glance_as_of", at=as_of))
    return " · ".join(told)


def amount(value: Decimal, forecast: Forecast, say: Say) -> str:
    return say.compact(forecast.money(value))


def sum_told(step: Step, forecast: Forecast, say: Say) -> str:
    """`$10K + €50K`, plain"""
    return amounts_told(step, forecast.currency, say)


def called_told(forecast: Forecast, say: Say) -> dict[str, str]:
    """What is won or due in the period, by each category with all surer ones."""
    categories = (each for each in ForecastCategory if each is not ForecastCategory.OMITTED)
    return {each.value: sum_told(forecast.called(each), forecast, say) for each in categories}


def amounts_told(step: Step, currency: str, say: Say) -> str:
    apart = [Money(amount, code) for code, amount in sorted(step.apart.items()) if amount]
    own = [Money(step.amount, currency)] if step.amount or not apart else []
    return together([*own, *apart], say, most=_MOST_BESIDE)


def unpriced_in_short(unpriced: Sequence[Unpriced], say: Say) -> list[str]:
    """As markup, what a range leaves out; nothing where there is nothing."""
    count, amounts = _counted(unpriced, say)
    return [say("forecast.glance_unpriced", count=count, amounts=amounts)] if count else []


def _counted(unpriced: Sequence[Unpriced], say: Say) -> tuple[int, str]:
    return sum(each.count for each in unpriced), unpriced_told(unpriced, say)


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
        won=sum_told(Step(0, last.won, last.apart), forecast, say),
    )


def _range(forecast: Forecast) -> tuple[Decimal, Decimal, Decimal]:
    found = forecast.range
    return (Decimal(0),) * 3 if found is None else (found.low, found.middle, found.high)


def _outlook(forecast: Forecast, say: Say) -> Iterator[str]:
    yield say("forecast.won", count=forecast.won.count, amount=sum_told(forecast.won, forecast, say))
    if forecast.range is None:
        yield say("forecast.no_worth" if forecast.knows_no_worth else "forecast.too_short")
    else:
        low, middle, high = (amount(each, forecast, say) for each in _range(forecast))
        yield say("forecast.range", low=low, middle=middle, high=high)
        if forecast.range.middle > forecast.won.amount:  # else all of it is won
            yield say("forecast.from_new", middle=middle, amount=amount(forecast.from_new, forecast, say))
    if forecast.target is not None:
        yield _target(forecast.target, forecast, say)
    yield _weighted(forecast, say)
    if not forecast.knows_no_worth:
        yield track_told(forecast, say)


def _weighted(forecast: Forecast, say: Say) -> str:
    total = forecast.total
    if not total.count:
        return say("forecast.weighted_none")
    if forecast.without_amount == total.count:
        return say("forecast.weighted_unknown", count=total.count)
    sums = {name: sum_told(total.sum_of(name), forecast, say) for name in ("amount", "by_stage")}
    if not forecast.scored:
        return say("forecast.weighted_alone", count=total.count, **sums)
    return say(
        "forecast.weighted", count=total.count, by_model=sum_told(total.sum_of("by_model"), forecast, say), **sums
    )


def _target(target: Money, forecast: Forecast, say: Say) -> str:
    left = target.amount - forecast.won.amount
    if left <= 0:
        return say("forecast.target_reached", target=say.compact(target))
    how = "forecast.target_at_most" if forecast.won.apart else "forecast.target"
    told = say(how, target=say.compact(target), left=amount(left, forecast, say))
    return told if forecast.chance is None else f"{told} · {say('forecast.chance', chance=Percent(forecast.chance))}"


def _beyond(target: Money, asked: Asked, forecast: Forecast, say: Say) -> str:
    told = {
        "target": say.compact(target),
        "pipeline": asked.pipeline,
        "every": say.plain(f"typed.every.{forecast.period.unit}"),
    }
    return say("forecast.target_beyond", **told)


def _categories(forecast: Forecast, say: Say) -> Iterator[str]:
    for category in ForecastCategory:
        promise = forecast.categories[category]
        if promise.count or category is not ForecastCategory.OMITTED:
            yield _promise(say.plain(f"forecast.category.{category}"), promise, forecast, say)
    if not forecast.total.count:
        return
    yield say("forecast.called", last=forecast.period.last, **called_told(forecast, say))
    if forecast.suggested:
        yield say("forecast.suggested", count=forecast.suggested)


def _promise(name: str, promise: Promise, forecast: Forecast, say: Say) -> str:
    if not promise.count:
        return say("forecast.promise_none", name=name)
    told = {each: sum_told(promise.sum_of(each), forecast, say) for each in ("amount", "due", "by_stage", "in_period")}
    if forecast.range is None:  # nothing is known of it, which is not that nothing comes
        told["in_period"] = "–"
    if not forecast.scored:
        return say("forecast.promise_unscored", name=name, count=promise.count, **told)
    by_model = sum_told(promise.sum_of("by_model"), forecast, say)
    return say("forecast.promise", name=name, count=promise.count, by_model=by_model, **told)


def _changes(forecast: Forecast, names: Mapping[int, str], say: Say) -> Iterator[str]:
    changes = forecast.changes
    before, now = (sum_told(step, forecast, say) for step in (changes.before, changes.now))
    yield say("forecast.changes", before=before, now=now)
    for name, step in changes.steps.items():
        if step.count:
            by = sum_told(_absolute(step), forecast, say)
            by = f"({by})" if " + " in by else by
            told = say.plain(f"forecast.changed.{name}", count=step.count, amount=by)
            largest = [cut(names.get(deal_id, "?"), _DEAL) for deal_id in step.largest]
            is_all = len(largest) == step.count
            some = "forecast.changed_some" if step.apart else "forecast.changed_most"
            yield say("forecast.changed_all" if is_all else some, told=told, names=largest)
    if not any(step.count for step in changes.steps.values()):
        yield say("forecast.unchanged")


def _absolute(step: Step) -> Step:
    return Step(step.count, abs(step.amount), {code: abs(amount) for code, amount in step.apart.items()})


def _spread(slip: Slip, say: Say) -> str:
    """Between which days half of them close; nothing while there are too few to tell."""
    low, high = round(slip.low), round(slip.high)
    if slip.count < _FEWEST_SPREAD:
        return ""
    if low >= 0:
        return say.plain("forecast.spread_after", low=low, high=high)
    if high <= 0:
        return say.plain("forecast.spread_before", early=-low, late=-high)
    return say.plain("forecast.spread_around", early=-low, high=high)


def _notes(forecast: Forecast, say: Say) -> Iterator[str]:
    if (slip := forecast.slip) is not None:
        key = "forecast.slip" if slip.median >= 0 else "forecast.slip_early"
        median = say.plain("unit.days", count=round(abs(slip.median)))
        yield say(key, median=median, count=slip.count, spread=_spread(slip, say))
    if forecast.unpriced:
        count, amounts = _counted(forecast.unpriced, say)
        yield say("forecast.unpriced", count=count, amounts=amounts)
    if forecast.without_amount:
        yield say("forecast.without_amount", count=forecast.without_amount)
