"""What a team may know of a model: what it was learnt from, how good it was when tried, and how it has done since.

These values are read back from the JSON that stands with a model version; what they do not name is left aside there.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True)
class Quality:
    """Log loss, Brier score and calibration error of answers; of each, less is better."""

    log_loss: float
    brier: float
    calibration_error: float


@dataclass(frozen=True)
class Window:
    """From when to when was learnt; what is later than `cut` was kept aside to try the model on."""

    first: datetime
    cut: datetime
    last: datetime


@dataclass(frozen=True)
class Card:
    """A model as it was trained. `outcomes` counts the deals whose outcome was known, `moved` those that answered yes,
    `closed` those that were closed, None where nobody counted; `knew_until` is when the past that it was learnt from
    ends; `lacking` is how many deals more, at the least, it would have taken to try it. `features` names what it looks
    at, and `weightiest` what of it weighed most; `data_hash` is of all that it was learnt from. The qualities are of
    deals later than it was tried with; the base rate's of that by stage, or by stage and age, whichever is harder to
    beat.
    """

    verdict: str = ""
    horizon_days: int = 30
    outcomes: int = 0
    closed: int | None = None
    moved: int = 0
    lacking: int = 0
    chosen: str = ""
    knew_until: datetime | None = None
    window: Window | None = None
    features: tuple[str, ...] = ()
    weightiest: tuple[str, ...] = ()
    data_hash: str = ""
    model: Quality | None = None
    base_rate: Quality | None = None


class WatchVerdict(StrEnum):
    """How a serving model does. The last two are bad: the rates of the stages alone would have said better, or what it
    says comes true far less, or far more, often than it says."""

    TOO_FEW = "too_few"
    WELL = "well"
    WORSE = "worse"
    OFF = "off"


@dataclass(frozen=True)
class Group:
    """Deals of which much the same was said: what was said (mean chance), the share of which it came true, and the
    interval that chance leaves to that share (95 %)."""

    said: float
    happened: float
    deals: int
    low: float
    high: float


@dataclass(frozen=True)
class Watch:
    """What a serving model said, held against what has happened since; `at` says as of when.

    `base_rate` is how good the rates of the stages would have been. No qualities and groups where there was too little.
    """

    verdict: WatchVerdict
    at: datetime
    deals: int
    model: Quality | None = None
    base_rate: Quality | None = None
    groups: tuple[Group, ...] = ()

    @property
    def is_bad(self) -> bool:
        return self.verdict in (WatchVerdict.WORSE, WatchVerdict.OFF)


_CARDS = TypeAdapter(Card)
_WATCHES = TypeAdapter(Watch)


def card_from(json: dict[str, Any]) -> Card:
    return _CARDS.validate_python(json)


def watch_from(json: dict[str, Any]) -> Watch:
    return _WATCHES.validate_python(json)


def watch_as_json(watch: Watch) -> dict[str, Any]:
    json: dict[str, Any] = _WATCHES.dump_python(watch, mode="json")
    return json
