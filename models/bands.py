"""Hot, warm or cold: how a deal's chance stands among those of the team's open deals."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from statistics import quantiles

ENOUGH = 10
"""Among fewer deals than this a rank says nothing, and only the floors count."""
HOT_FLOOR = 0.40
WARM_FLOOR = 0.15


class Band(StrEnum):
    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


@dataclass(frozen=True)
class Bands:
    """From which chance on a deal is hot, and from which it is warm.

    The best fifth of the open deals is hot and the better half warm, as many as a team can attend to, however high its
    chances are in general. The floors keep the words true: where everything is unlikely, the best fifth is unlikely
    too. Deals with one chance are in one band, so that ties can make a band larger than its share.
    """

    hot_from: float
    warm_from: float

    @classmethod
    def of(cls, chances: Iterable[float]) -> "Bands":
        """The bands of a team whose open deals have these chances (0 to 1)."""
        known = sorted(chances)
        if len(known) < ENOUGH:
            return cls(HOT_FLOOR, WARM_FLOOR)
        tenths = quantiles(known, n=10, method="inclusive")
        return cls(hot_from=max(tenths[7], HOT_FLOOR), warm_from=max(tenths[4], WARM_FLOOR))

    def band_of(self, chance: float) -> Band:
        if chance >= self.hot_from:
            return Band.HOT
        return Band.WARM if chance >= self.warm_from else Band.COLD
