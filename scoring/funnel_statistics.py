"""How sure a share is that was seen among few deals, and how long a stay lasts of which many have not ended."""

from collections.abc import Sequence
from math import hypot

from scipy.stats import CensoredData, binomtest, ecdf

from models.funnel_figures import Quartiles, Ratio

_LEVEL = 0.95
_ROUNDING = 1e-9
"""The curve is a product of fractions; a half may come out a hair below a half."""


def ratio(hits: int, count: int, *, undecided: int = 0) -> Ratio | None:
    """With Wilson's interval (1927, https://doi.org/10.1080/01621459.1927.10502953); None of nothing. Where so many
    others are yet to become hits or not, it reaches from where none of them does to where all do (Manski 1990)."""
    if not count:
        return None
    low, _ = _wilson(hits, count + undecided)
    _, high = _wilson(hits + undecided, count + undecided)
    return Ratio(hits, count, low, high)


def _wilson(hits: int, count: int) -> tuple[float, float]:
    interval = binomtest(hits, count).proportion_ci(_LEVEL, method="wilson")
    return float(interval.low), float(interval.high)


def difference(one: Ratio, other: Ratio) -> tuple[float, float]:
    """From how little to how much the first share may be above the second, at the same level: Newcombe's interval out
    of Wilson's two (1998, https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I)."""
    by = one.share - other.share
    below = hypot(one.share - one.low, other.high - other.share)
    above = hypot(one.high - one.share, other.share - other.low)
    return by - below, by + above


def quartiles(ended: Sequence[float], lasting: Sequence[float]) -> Quartiles:
    """Of the days that stays lasted that have ended, and that others have lasted so far, which are censored.

    The estimate of Kaplan and Meier (1958, https://doi.org/10.1080/01621459.1958.10501452): the first day at which the
    share that has left is at least a quarter, a half, three quarters.
    """
    first, half, third = left_by(ended, lasting, (0.25, 0.5, 0.75))
    return Quartiles(first, half, third, len(ended), len(lasting))


def left_by(ended: Sequence[float], lasting: Sequence[float], shares: Sequence[float]) -> list[float | None]:
    """For each share the first day at which as many have left, by the same estimate; None where so many never have."""
    if not ended:
        return [None for _ in shares]
    left = ecdf(CensoredData(uncensored=ended, right=lasting)).cdf
    reached = [left.quantiles[left.probabilities >= share - _ROUNDING] for share in shares]
    return [float(days[0]) if len(days) else None for days in reached]
