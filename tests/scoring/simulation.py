"""Invents teams whose deals move by known rules, so that what was learnt can be held against the truth.

Each day an open deal is touched, moves on, or is lost by chance; `Rules` says how the chance of moving on depends on
the deal. With `NOISE` it depends on nothing, and there is nothing to be learnt.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from models.activity import ActivityKind
from models.history import Change
from models.pipeline import StageKind
from models.timeline import DealHistory, PastActivity, PastMove, StageFacts
from scoring.past import Past
from scoring.usual import Usual

START = datetime(2024, 1, 1, 9, tzinfo=UTC)

_PLAN = (
    ("Lead", StageKind.OPEN),
    ("Demo", StageKind.OPEN),
    ("Offer", StageKind.OPEN),
    ("Won", StageKind.WON),
    ("Lost", StageKind.LOST),
)
STAGES = {
    number: StageFacts(number, 1, name, number - 1, kind, None) for number, (name, kind) in enumerate(_PLAN, start=1)
}
LEAD, DEMO, OFFER, WON, LOST = STAGES
NEWCOMER = Usual([], STAGES)
"""What is usual in a team of which nothing is known."""


def days(number: float) -> timedelta:
    return timedelta(days=number)


def after(number: float) -> datetime:
    return START + days(number)


def created(stage_id: int = LEAD, at: datetime = START) -> PastMove:
    return PastMove(at, Change.CREATED, None, stage_id, None)


def move(change: Change, to: int, at: datetime, *, origin: int = LEAD) -> PastMove:
    return PastMove(at, change, origin, to, None)


def a_deal(*moves: PastMove, deal_id: int = 1) -> DealHistory:
    """A plain deal that was created at START and then made these moves."""
    return DealHistory(
        deal_id=deal_id,
        pipeline_id=1,
        created_at=START,
        owner_id=1,
        company="Acme",
        source="web",
        amount=Decimal(5000),
        currency="USD",
        close_date=None,
        custom={},
        moves=(created(), *moves),
    )


def a_past(*histories: DealHistory, horizon_days: int = 30) -> Past:
    return Past(histories, STAGES, horizon_days)


@dataclass(frozen=True)
class Rules:
    """A deal moves on with `pace` a day, in log-odds: by stage, plus more for each meeting of the last 30 days, plus
    what its source and its field "Region" add."""

    pace: Mapping[int, float] = field(default_factory=lambda: {LEAD: -4.3, DEMO: -3.8, OFFER: -4.6})
    meeting: float = 1.0
    sources: Mapping[str, float] = field(default_factory=lambda: {"web": -0.5, "partner": 0.7, "fair": 0.0})
    regions: Mapping[str, float] = field(default_factory=lambda: {"North": 0.5, "South": -0.5})
    lost: float = 0.008


SIGNAL = Rules()
NOISE = Rules(
    pace={LEAD: -4.0, DEMO: -4.0, OFFER: -4.0},
    meeting=0.0,
    sources={"web": 0.0, "partner": 0.0, "fair": 0.0},
    regions={"North": 0.0, "South": 0.0},
)


def a_team(rules: Rules, *, deals: int, over_days: int = 540, seed: int = 1) -> Past:
    """Deals that come in evenly over the days, each followed until it closes or the days are over."""
    dice = random.Random(seed)  # noqa: S311 - no secret hangs on it
    return a_past(*(_life(rules, number + 1, over_days, dice) for number in range(deals)))


def _life(rules: Rules, deal_id: int, over_days: int, dice: random.Random) -> DealHistory:
    born = dice.random() * over_days
    source, region = dice.choice(sorted(rules.sources)), dice.choice(sorted(rules.regions))
    busy = dice.choice((0.005, 0.03, 0.08))
    stage, age = LEAD, 0.0
    moves = [created(at=after(born))]
    meetings: list[float] = []
    while STAGES[stage].is_open and born + (age := age + 1) < over_days:
        at = after(born + age)
        if dice.random() < busy:
            meetings.append(age)
        recent = sum(meeting > age - 30 for meeting in meetings)
        drive = rules.pace[stage] + rules.meeting * min(recent, 2) + rules.sources[source] + rules.regions[region]
        fate = dice.random()
        if fate < rules.lost:
            moves.append(move(Change.LOST, LOST, at, origin=stage))
            stage = LOST
        elif fate < rules.lost + 1 / (1 + math.exp(-drive)):
            moves.append(move(Change.WON if stage == OFFER else Change.FORWARD, stage + 1, at, origin=stage))
            stage += 1
    return DealHistory(
        deal_id=deal_id,
        pipeline_id=1,
        created_at=after(born),
        owner_id=dice.randint(1, 6),
        company=dice.choice(("", "Acme")),
        source=source,
        amount=Decimal(round(dice.lognormvariate(9, 1))),
        currency="USD",
        close_date=None,
        custom={"Region": region, "Remark": f"remark {dice.random()}", "Seats": str(dice.randint(1, 500))},
        moves=tuple(moves),
        activities=tuple(PastActivity(after(born + age), ActivityKind.MEETING) for age in meetings),
    )
