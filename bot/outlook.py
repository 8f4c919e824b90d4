"""How likely a team's deals are, asked of the scorer now or remembered from when it was last asked, and how much they
are worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Protocol

from sqlalchemy.orm import Session

from models.alarm import SHARPLY, Alarms, Fall
from models.bands import Band, Bands
from models.deal import Deal
from models.exchange import ExchangeRates
from models.explanation import LOOKED_BACK, WEEK, Explanation, trend_of
from models.member import Member
from models.pricing import Pricing, Valued
from models.score import Estimate, Prospect, Scores
from models.timeline import DealHistory
from models.timelines import Timelines
from models.workspace import Workspace
from scoring.scorer import Scorer, Scorers, estimates_of
from scoring.what_if import what_would_help

FRESH = timedelta(days=2)
"""Every night all open deals are scored; a score that is older than this was kept before the bot was off for a while,
and is not repeated."""
MOST_AT_ONCE = 200
"""As many deals are scored while a person waits."""


class _Open(Valued, Protocol):
    """A deal that is open."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True)
class Outlook:
    """The outlook of one workspace's deals at one moment, within one transaction."""

    session: Session
    workspace: Workspace
    scorers: Scorers
    now: datetime

    def of(self, deal: Deal) -> Estimate | None:
        """What the scorer says of a deal now; None for one that is not open."""
        return self.estimates([deal]).get(deal.id)

    def estimates(self, deals: Sequence[Deal]) -> dict[int, Estimate]:
        """What the scorer says now of those that are open, by their ids."""
        return self._estimates([deal.id for deal in deals if deal.is_open])

    def prospects(self, deals: Sequence[Deal]) -> dict[int, Prospect]:
        """The chances of those deals that are open, by their ids, for comparing many."""
        return self.prospects_of_open([deal for deal in deals if deal.is_open])

    def prospects_of_open(self, deals: Sequence[_Open]) -> dict[int, Prospect]:
        """The same of deals that are open, by their ids.

        As they were last said; where nothing was said since the deal changed, the scorer is asked, of so many deals
        only that nobody waits for long, those of the largest amounts. So others may be missing until the next night.
        """
        known = {deal.id: self._kept[deal.id] for deal in deals if deal.id in self._kept}
        unknown = [deal for deal in deals if deal.id not in known]
        largest = sorted(unknown, key=lambda deal: self.pricing.worth_of(deal) or 0, reverse=True)[:MOST_AT_ONCE]
        asked = self._estimates([deal.id for deal in largest])
        return known | {deal_id: estimate.prospect for deal_id, estimate in asked.items()}

    def chances_of_winning(self) -> dict[int, float]:
        """Of all open deals of which that was said lately, by their ids."""
        return {deal_id: said.chance for deal_id, said in self._kept.items() if said.is_of_winning}

    @cached_property
    def pricing(self) -> Pricing:
        """What the team's deals are worth in its currency."""
        return ExchangeRates(self.session, self.workspace).pricing(at=self.now)

    @cached_property
    def bands(self) -> Bands:
        """From the chances of the team's open deals as they were last said."""
        return Bands.of(prospect.chance for prospect in self._kept.values())

    def in_band(self, band: Band) -> set[int]:
        """The ids of the open deals of which a chance of this band was said lately."""
        return {deal_id for deal_id, said in self._kept.items() if self.bands.band_of(said.chance) is band}

    def moved(self, owner: Member | None = None) -> dict[int, float]:
        """By how much the chances of open deals, of one owner or all, moved within a week, by their ids."""
        return self._scores.moved(owner_id=owner.id if owner else None, since=self.now - WEEK, at=self.now)

    def falls(self, owner: Member | None = None) -> dict[int, Fall]:
        """Those of chances that are down sharply, of deals of one owner or all, by their ids: within the last week, or
        before somebody was told of it and not up again since."""
        told, week = Alarms(self.session, self.workspace).falls_told(at=self.now), self.now - WEEK
        found = {}
        for deal_id, by in self.moved(owner).items():
            if by <= -SHARPLY:  # what was told before this week was another fall
                found[deal_id] = Fall(-by, min((at for at in told.get(deal_id, ()) if at > week), default=self.now))
        for deal_id in told.keys() - found.keys():
            first = told[deal_id][0]
            for by in self._scores.moved(
                owner_id=owner.id if owner else None, deal_id=deal_id, since=first - WEEK, at=self.now
            ).values():
                if by <= -SHARPLY:
                    found[deal_id] = Fall(-by, first)
        return found

    def explain(self, deal: Deal) -> Explanation | None:
        """All there is to say of a deal's score; None for one that is not open."""
        histories = self._histories([deal.id])
        at = self._moment(histories)
        estimate = self._scorer.score(histories[0], at)
        if estimate is None:
            return None
        return Explanation(
            estimate=estimate,
            band=self.bands.band_of(estimate.prospect.chance),
            trend=trend_of(self._scores.of(deal.id, since=at - LOOKED_BACK), estimate, at=at),
            helps=tuple(what_would_help(self._scorer, histories[0], at)),
        )

    def keep(self, deal: Deal, estimate: Estimate) -> None:
        """Remember what was said of a deal just now."""
        self._scores.keep({deal.id: estimate}, at=self.now)

    @cached_property
    def _kept(self) -> dict[int, Prospect]:
        self.session.flush()
        return self._scores.prospects(since=self.now - FRESH)

    @cached_property
    def _scores(self) -> Scores:
        return Scores(self.session, self.workspace)

    @cached_property
    def _scorer(self) -> Scorer:
        return self.scorers.scorer_for(self.session, self.workspace, at=self.now)

    def _estimates(self, ids: Sequence[int]) -> dict[int, Estimate]:
        if not ids:
            return {}
        histories = self._histories(ids)
        return estimates_of(histories, self._scorer, at=self._moment(histories))

    def _histories(self, ids: Sequence[int]) -> list[DealHistory]:
        self.session.flush()
        return Timelines(self.session, self.workspace).of(ids)

    def _moment(self, histories: Sequence[DealHistory]) -> datetime:
        """Now, or a little later: another process, whose clock is ahead, may have added one of the deals."""
        return max([self.now, *(history.created_at for history in histories)])
