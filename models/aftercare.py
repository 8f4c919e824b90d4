"""After the sale: how satisfied customers are, when they are to buy again, and whom they send."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count

from moneyed import Money
from sqlalchemy import ColumnElement, ForeignKey, Select, Text, case, func, select
from sqlalchemy.orm import Mapped, Session, lazyload, mapped_column

from models.base import Base
from models.deal import Deal, new_deal
from models.deals import Deals
from models.errors import NoAnswer, ScoreOutOfRange
from models.history import Via
from models.known_deals import Selection
from models.member import Member, Role
from models.moving_errors import DealNotWon
from models.open_deals import OpenDeals
from models.pipeline import Stage, StageKind, kept_in_use
from models.pipelines import Pipelines
from models.texts import NAME_LIMIT, NOTE_LIMIT, clean_or_empty, name_key
from models.workspace import InWorkspace, Workspace, day_in, one_at_a_time

LEAD = timedelta(days=60)
"""So long before its day, but not before half of the time since the sale is over, a renewal becomes a deal: time enough
to work on it, also for who buys again every month."""
HIGHEST = 10
RENEWAL, REFERRAL = "renewal", "referral"
"""What the deals that come of a customer have for a source, unless the team's language has other words."""
_MONTH_OF_RENEWAL = re.compile(r"(?<=\S) \d{4}-\d\d(?: \(\d+\))?$")
_WON = (StageKind.WON, StageKind.AFTER_SALES)


class Satisfaction(InWorkspace, Base):
    """What a customer answered when asked how likely they are to recommend the team, from 0 to 10; never changed, but
    taken back where it was a slip."""

    __tablename__ = "satisfaction"

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


@dataclass(frozen=True)
class Ties:
    """The deals that one comes from, by their names, and what its customer answered last."""

    renews: str = ""
    sent_by: str = ""
    answer: Satisfaction | None = None


def score_in(text: str) -> int:
    """Raises ScoreOutOfRange."""
    if not (text.isdecimal() and int(text) <= HIGHEST):
        raise ScoreOutOfRange(text)
    return int(text)


class Aftercare:
    """What is done about one workspace's customers; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace
        self._selection = Selection()
        self._pipeline_id: int | None = None

    def of(self, selection: Selection, pipeline_id: int | None) -> "Aftercare":
        """The same, with the figures of deals that are selected as they read now, in one pipeline or in all."""
        chosen = Aftercare(self._session, self._workspace)
        chosen._selection, chosen._pipeline_id = selection, pipeline_id
        return chosen

    def rate(self, deal: Deal, score: int, comment: str, *, by: Member | None, at: datetime) -> Satisfaction:
        """Write down an answer. Raises DealNotWon, ScoreOutOfRange, TextTooLong."""
        expect_won(deal)
        answer = Satisfaction(
            workspace_id=self._workspace.id,
            deal_id=deal.id,
            score=score_in(str(score)),
            comment=clean_or_empty(comment, field="note", limit=NOTE_LIMIT),
            at=at,
            by_id=by.id if by else None,
        )
        self._session.add(answer)
        self._session.flush()
        return answer

    def take_back(self, deal: Deal, *, by: Member) -> Satisfaction:
        """The latest answer of a deal is none: whoever wrote it down says so, or a manager. Raises NoAnswer."""
        answer = self._session.scalar(self._latest_answer(deal))
        if answer is None:
            raise NoAnswer(deal.name)
        if answer.by_id != by.id:
            by.require(Role.MANAGER)
        self._session.delete(answer)
        self._session.flush()
        return answer

    def answers(self, *, since: datetime, until: datetime) -> Sequence[Satisfaction]:
        """Those given in a time, oldest first; `until` is not in it."""
        mine = (
            select(Satisfaction, Deal)
            .join(Deal, Deal.id == Satisfaction.deal_id)
            .where(Satisfaction.workspace_id == self._workspace.id, Satisfaction.at >= since, Satisfaction.at < until)
            .order_by(Satisfaction.at, Satisfaction.id)
        )
        return [answer for answer, deal in self._session.execute(mine) if self._is_chosen(deal)]

    def ties(self, deal: Deal) -> Ties:
        """What a card tells of where the deal comes from and how satisfied its customer is."""
        origins = [each or 0 for each in (deal.follows_id, deal.referred_by_id)]
        names = Deals(self._session, self._workspace).names_of(origins) if any(origins) else {}
        renews, sent_by = (names.get(each, "") for each in origins)
        return Ties(renews, sent_by, self._session.scalar(self._latest_answer(deal)) if deal.is_won else None)

    def renew(self, deal: Deal, on: date | None, *, by: Member | None, at: datetime) -> None:
        """The customer is to buy again by that day; None for never. Raises DealNotWon."""
        expect_won(deal)
        deal.set_renewal(on, by=by, at=at)

    def open_renewals(self, today: date, *, at: datetime, source: str = RENEWAL) -> list[Deal]:
        """A deal for each renewal that is near, once: with it the renewal's day is taken off the deal that it follows.

        It has that one's owner, customer, amount and own fields, and is expected to close on the renewal's day. A deal
        that is not won just now keeps its day.
        """
        one_at_a_time(self._session, self._workspace)
        near = (
            select(Deal)
            .join(Stage, Deal.stage_id == Stage.id)
            .where(Deal.workspace_id == self._workspace.id, Deal.renews_on <= today + LEAD, Stage.kind.in_(_WON))
        )
        formers = self._session.scalars(near.order_by(Deal.renews_on, Deal.id)).all()
        due = [deal for deal in formers if self._is_due(deal, today)]
        for pipeline_id in sorted({deal.pipeline_id for deal in due}):
            kept_in_use(self._session, pipeline_id)
        taken = OpenDeals(self._session, self._workspace).name_keys() if due else set()
        opened = []
        for former in due:
            opened.append(self._renewal(former, source, at, taken))
            taken.add(opened[-1].name_key)
            former.set_renewal(None, by=None, at=at)
        self._session.flush()
        return opened

    def refer(
        self,
        deal: Deal,
        name: str,
        *,
        by: Member | None,
        at: datetime,
        source: str = REFERRAL,
        stage: Stage | None = None,
        money: Money | None = None,
        close_date: date | None = None,
    ) -> Deal:
        """The customer has sent another one: a new deal of whoever it is `by`, that says where it comes from, in the
        first stage of all where none is named. Raises DealNotWon, NameTaken."""
        expect_won(deal)
        first = stage or Pipelines(self._session, self._workspace).default().first
        fresh = Deals(self._session, self._workspace).add(
            name, stage=first, owner=by, at=at, via=Via.COMMAND, source=source, money=money, close_date=close_date
        )
        fresh.referred_by_id = deal.id
        return fresh

    def renewals_closed(self, *, since: datetime, until: datetime) -> tuple[int, int]:
        """How many deals that renew another one were won, and lost, in a time, as they stand now."""
        renewals = (Deal.follows_id.is_not(None), Deal.closed_at >= since, Deal.closed_at < until)
        closed = self._by_first_source(*renewals)
        won = sum(deal.is_won for deal in closed)
        return won, len(closed) - won

    def renewals_coming(self, until: date) -> list[tuple[date, str]]:
        """Which customers are to buy again up to that day, the nearest first: by the day that stands at a win, or, as
        soon as there is a deal for it, by when that is to close."""
        to_open = [(deal.renews_on, deal) for deal in self._by_first_source(Deal.renews_on <= until) if deal.is_won]
        of_open = (Deal.follows_id.is_not(None), Deal.closed_at.is_(None), Deal.close_date <= until)
        opened = [(deal.close_date, deal) for deal in self._by_first_source(*of_open) if deal.is_open]
        return sorted((day, deal.company or deal.name) for day, deal in [*to_open, *opened] if day)

    def referred(self, *, since: datetime, until: datetime) -> tuple[int, int]:
        """How many deals that customers sent began in a time, and how many of them are won by now."""
        sent = self._chosen(Deal.referred_by_id.is_not(None), Deal.created_at >= since, Deal.created_at < until)
        return len(sent), sum(deal.is_won for deal in sent)

    def buyers(self, *, since: datetime, until: datetime) -> tuple[int, int]:
        """How many customers bought in a time, and for how many of them that was not all: they had bought before,
        in it or earlier, whoever sold it. A customer is a company, or a deal's name where it has none, in whatever
        case."""
        last: dict[str, datetime] = {}
        for deal in self._chosen(Deal.closed_at >= since, Deal.closed_at < until):
            if deal.is_won and deal.closed_at:
                customer = name_key(deal.company or deal.name)
                last[customer] = max(deal.closed_at, last.get(customer, deal.closed_at))
        whose = case((Deal.company != "", Deal.company), else_=Deal.name)
        firsts = (
            select(whose, func.min(Deal.closed_at))
            .join(Stage, Deal.stage_id == Stage.id)
            .where(Deal.workspace_id == self._workspace.id, Stage.kind.in_(_WON), Deal.closed_at < until)
            .group_by(whose)
        )
        again = {
            name_key(name) for name, first in self._session.execute(firsts) if first < last.get(name_key(name), first)
        }
        return len(last), len(again)

    def _latest_answer(self, deal: Deal) -> Select[Satisfaction]:
        mine = Satisfaction.workspace_id == self._workspace.id
        answers = select(Satisfaction).where(mine, Satisfaction.deal_id == deal.id)
        return answers.order_by(Satisfaction.at.desc(), Satisfaction.id.desc()).limit(1)

    def _by_first_source(self, *conditions: ColumnElement[bool]) -> list[Deal]:
        """Where a source is asked for, that of a renewal is that of the deal that was renewed first."""
        found = self.of(replace(self._selection, source=""), self._pipeline_id)._chosen(*conditions)
        if asked := name_key(self._selection.source):
            sources = self._first_sources(*conditions)
            return [deal for deal in found if name_key(sources.get(deal.id, deal.source)) == asked]
        return found

    def _chosen(self, *conditions: ColumnElement[bool]) -> list[Deal]:
        mine = select(Deal).options(lazyload(Deal.tasks)).where(Deal.workspace_id == self._workspace.id, *conditions)
        return [deal for deal in self._session.scalars(mine) if self._is_chosen(deal)]

    def _is_chosen(self, deal: Deal) -> bool:
        return self._pipeline_id in (None, deal.pipeline_id) and self._selection.has(deal)

    def _first_sources(self, *conditions: ColumnElement[bool]) -> dict[int, str]:
        """Of renewals, by their ids, the source of what was sold before anything was renewed; of deals that renew each
        other there is no first."""
        mine = select(Deal.id.label("renewal_id"), Deal.follows_id.label("former_id"))
        chain = mine.where(Deal.workspace_id == self._workspace.id, *conditions).cte("chain", recursive=True)
        before = select(chain.c.renewal_id, Deal.follows_id).join(Deal, Deal.id == chain.c.former_id)
        chain = chain.union(before)  # nothing stands twice, so that deals which renew each other in a file end it, too
        firsts = select(chain.c.renewal_id, Deal.source).join(Deal, Deal.id == chain.c.former_id)
        return dict(self._session.execute(firsts.where(Deal.follows_id.is_(None))).all())

    def _is_due(self, deal: Deal, today: date) -> bool:
        return deal.renews_on is not None and opens_on(deal, deal.renews_on, zone=self._workspace.time_zone) <= today

    def _renewal(self, former: Deal, source: str, at: datetime, taken: Container[str]) -> Deal:
        fresh = new_deal(
            self._workspace,
            _name_of_renewal(former, taken),
            stage=former.pipeline.first,
            pipeline=former.pipeline,
            owner=former.owner,
            at=at,
            via=Via.CLOCK,
            money=former.money,
            close_date=former.renews_on,
            company=former.company or former.name,
            contact=former.contact,
            source=source,
            custom=former.custom,
            follows_id=former.id,
        )
        self._session.add(fresh)
        return fresh


def _name_of_renewal(former: Deal, taken: Container[str]) -> str:
    """`Acme 2027-03`, also of `Acme 2026-03` which renewed Acme; with a number behind it while an open deal, or the
    one that it renews, is called so."""
    name = former.name if former.follows_id is None else _MONTH_OF_RENEWAL.sub("", former.name)
    suffixes = (f" {former.renews_on:%Y-%m}" + (f" ({number})" if number > 1 else "") for number in count(1))
    names = (name[: NAME_LIMIT - len(suffix)].rstrip() + suffix for suffix in suffixes)
    return next(each for each in names if (key := name_key(each)) != former.name_key and key not in taken)


def opens_on(deal: Deal, renews_on: date, *, zone: str) -> date:
    """When a deal is opened for the renewal of one that is won, by a clock's days."""
    sold = day_in(zone, deal.closed_at) if deal.closed_at else date.min
    return max(renews_on - LEAD, renews_on - max((renews_on - sold) // 2, timedelta()))


def expect_won(deal: Deal) -> None:
    """Raises DealNotWon."""
    if not deal.is_won:
        raise DealNotWon(deal.name, deal.stage.name)
