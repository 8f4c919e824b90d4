"""How sure a share is that was seen among few deals, and how long a stay lasts of which many have not ended."""

from collections.abc import Sequence

from scipy.stats import CensoredData, binomtest, ecdf

from models.funnel_figures import Quartiles, Ratio

_LEVEL = 0.95
_ROUNDING = 1e-9
"""The curve is a product of fractions; a half may come out a hair below a half."""


def ratio(hits: int, count: int) -> Ratio | None:
    """With Wilson's interval (1927, https://doi.org/10.1080/01621459.1927.10502953); None of nothing."""
    if not count:
        return None
    interval = binomtest(hits, count).proportion_ci(_LEVEL, method="wilson")
    return Ratio(hits, count, float(interval.low), float(interval.high))


def quartiles(ended: Sequence[float], lasting: Sequence[float]) -> Quartiles:
    """Of the days that stays lasted that have ended, and that others have lasted so far, which are censored.

    The estimate of Kaplan and Meier (1958, https://doi.org/10.1080/01621459.1958.10501452): the first day at which the
    share that has left is at least a quarter, a half, three quarters.
    """
    if not ended:
        return Quartiles(None, None, None, 0, len(lasting))
    left = ecdf(CensoredData(uncensored=ended, right=lasting)).cdf

    def after(share: float) -> float | None:
        reached = left.quantiles[left.probabilities >= share - _ROUNDING]
        return float(reached[0]) if len(reached) else None

    return Quartiles(after(0.25), after(0.5), after(0.75), len(ended), len(lasting))
