"""The verdicts of the watch over stages counted anew by the words of docs/metrics.md, deal by deal and day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import comb
from statistics import NormalDist

from numpy.random import Generator

from models.history import Change
from models.known_deals import KnownDeal
from models.timeline import DealHistory, PastMove

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stay:
    """In days before the moment of the verdict; what still lasts ended at infinity."""

    began: float
    ended: float
    change: Change | None

    def seen(self, first: float, last: float) -> tuple[float, float, bool] | None:
        """Within a time: its age at first and at last, and whether it ended then."""
        if self.began >= last or self.ended < first:
            return None
        return max(0.0, first - self.began), min(self.ended, last) - self.began, self.ended < last


def stays_in(stage_id: int, deals: Sequence[KnownDeal], end: datetime) -> list[Stay]:
    found = []
    for deal in deals:
        for place, move in enumerate(deal.moves):
            if move.to_stage_id == stage_id:
                left = deal.moves[place + 1] if place + 1 < len(deal.moves) else None
                ended = (left.at - end) / DAY if left else float("inf")
                found.append(Stay((move.at - end) / DAY, ended, left.change if left else None))
    return found


def is_told_of(stays: Sequence[Stay]) -> bool:
    """Fifty left it in the year before the three weeks, and the first of them came eight weeks before those."""
    left = [stay for stay in stays if -386 <= stay.ended < -21]
    return len(left) >= 50 and min(stay.began for stay in left) <= -21 - 56


def attrition(stays: Sequence[Stay], level: float) -> float:
    ways = [
        (stay.ended, stay.change is Change.LOST)
        for stay in stays
        if stay.ended < 0 and stay.change in (Change.LOST, Change.FORWARD, Change.WON)
    ]

    def counted(first: float, last: float) -> tuple[int, int]:
        lost = [is_lost for at, is_lost in ways if first <= at < last]
        return sum(lost), len(lost)

    (lost, among), (lost_before, before) = counted(-21, 0), counted(-386, -21)
    if not among or (before and Fraction(lost, among) <= Fraction(lost_before, before)):
        return 1.0
    drawn = [comb(lost + lost_before, each) for each in range(lost, among + 1)]
    kept = [comb(among + before - lost - lost_before, among - each) for each in range(lost, among + 1)]
    draws = [one * other for one, other in zip(drawn, kept, strict=True)]
    chance = float(Fraction(2 * sum(draws) - draws[0], 2 * comb(among + before, among)))
    if chance >= level:
        return chance
    windows = [counted(-21 * (number + 1), -21 * number) for number in range(1, 35)]
    share = sum(hits for hits, _ in windows) / sum(left for _, left in windows)
    return among_its_own(
        chance, [(hits - left * share) ** 2 / (left * share * (1 - share)) for hits, left in windows if left]
    )


def slowdown(stays: Sequence[Stay], level: float) -> float:
    year = [seen for stay in stays if (seen := stay.seen(-386, -21))]
    steps = []
    for _, age, has_left in year:
        there = sum(young < age <= old for young, old, _ in year)
        if has_left and there >= 10:
            steps.append((age, 1 / there))
    if not steps:
        return 1.0
    oldest = max(age for age, _ in steps)

    def counted(first: float, last: float) -> tuple[int, float]:
        seen = [each for stay in stays if (each := stay.seen(first, last))]
        expected = sum(step for young, old, _ in seen for age, step in steps if young < age <= old)
        return sum(has_left and old <= oldest for _, old, has_left in seen), expected

    left, expected = counted(-21, 0)
    if left >= expected:
        return 1.0
    part, trials = expected / (expected + len(steps)), left + len(steps)
    chance = sum(comb(trials, each) * part**each * (1 - part) ** (trials - each) for each in range(left + 1))
    if chance >= level:
        return chance
    first = min(stay.ended for stay in stays if stay.ended >= -735)
    windows = [counted(-21 * (number + 1), -21 * number) for number in range(1, max(1, int(-first / 21) - 1) + 1)]
    level_of = sum(came for came, _ in windows) / sum(usual for _, usual in windows)
    return among_its_own(
        chance, [(came - usual * level_of) ** 2 / (usual * level_of) for came, usual in windows if usual]
    )


def among_its_own(chance: float, squares: Sequence[float]) -> float:
    """Laney's: each square counts up to nine, and eight of one are believed beforehand."""
    spread = max(1.0, (sum(min(each, 9.0) for each in squares) + 8) / (len(squares) - 1 + 8))
    return NormalDist().cdf(NormalDist().inv_cdf(chance) / spread**0.5)


def wandering(
    random: Generator, end: datetime, *, stages: int, lost: int, deals: int, losses: float, stays: float, swing: float
) -> list[KnownDeal]:
    """Deals of two years that go forward, back, are lost and reopened by chance. In the first stage's last weeks they
    are lost, or stay, unlike before; quarters swing, and one leak of three weeks is long mended."""
    found = []
    for number in range(deals):
        day, stage, moves = -760 * random.random(), 0, list[PastMove]()
        change = Change.CREATED
        while day < 0:
            moves.append(PastMove(end + day * DAY, change, moves[-1].to_stage_id if moves else None, stage, None))
            if stage == lost:
                day, stage, change = day + random.gamma(2, 10), 0, Change.REOPENED
                if random.random() < 0.8:
                    break
                continue
            if stage == stages:
                break
            is_late = stage == 0 and day > -30
            day += random.gamma(1.5, 8) * (stays if is_late else 1)
            share = losses if stage == 0 and day > -21 else 0.25 + (swing if int(-day / 91) % 2 else -swing)
            if swing and -168 <= day < -147:
                share = 0.9
            draw = random.random()
            if draw < share:
                stage, change = lost, Change.LOST
            elif draw > 0.95 and stage:
                stage, change = stage - 1, Change.BACK
            else:
                stage, change = stage + 1, Change.WON if stage + 1 == stages else Change.FORWARD
        fields = DealHistory(number, 1, moves[0].at, None, "", "", None, "USD", None, {}, tuple(moves))
        found.append(KnownDeal(fields, fields.moves))
    return found


def ways_of(deals: Sequence[KnownDeal]) -> set[Change]:
    return {move.change for deal in deals for _, move in pairwise(deal.moves)}
