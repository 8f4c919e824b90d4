"""Invents the year of a sales team: deals that come in, are worked on or forgotten, move on, stall, are won or lost.

Everything goes through the domain's own methods, day by day, so that the past reads as if people had made it. Whether
a deal moves on really depends on what a score can see (who works on it and how much, where it came from, its
industry), so that there is something to learn. One moment gives one past.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from moneyed import Money
from sqlalchemy.orm import Session

from bot.demo.people import (
    BEGINNINGS,
    FIRST_NAMES,
    INDUSTRIES,
    INDUSTRY_FIELD,
    LAST_NAMES,
    LOSS_REASONS,
    MAYA,
    NEXT_STEPS,
    NO_ANSWER,
    SAID,
    SOURCES,
    TEAM,
    TEAM_ID,
    TOLD,
    Industry,
    Person,
    Source,
    Told,
)
from models.activity import ActivityKind
from models.deal import Deal
from models.deals import Deals
from models.exchange import ExchangeRates
from models.history import Via
from models.member import Member, Role
from models.members import Members, Profile
from models.pipeline import Pipeline, StageKind
from models.pipelines import Pipelines
from models.pricing import Rate
from models.workspace import Workspace, workspace_of

_YEAR = timedelta(days=365)
_INVENTED = 400

# A day of a deal. Chances are of one working day; forces are in log-odds and add up to the chance of moving on.
_FORCES = (-3.6, -3.8, -4.1, -4.6, -4.1)
"""Of the five open stages."""
_MEETING, _CALL, _STEP, _QUIET = 1.5, 0.7, 0.4, -0.8
_LATELY = timedelta(days=14)
_DAILY = {ActivityKind.CALL: 0.09, ActivityKind.EMAIL: 0.11, ActivityKind.MEETING: 0.05, ActivityKind.NOTE: 0.03}
_LOST, _FORGOTTEN, _REMEMBERED, _LOST_WHEN_FORGOTTEN, _BACK = 0.014, 0.012, 0.015, 0.035, 0.006
_SKIPS, _UNDOES, _AFTER_SALES, _REOPENS, _SLIPS, _HAGGLES = 0.08, 0.02, 0.6, 0.06, 0.8, 0.4


@dataclass(frozen=True)
class Team:
    """The workspace as it is before there are deals."""

    session: Session
    workspace: Workspace
    pipeline: Pipeline
    members: dict[Person, Member]


@dataclass(frozen=True)
class _Prospect:
    company: str
    contact: str
    industry: Industry
    source: Source
    owner: Person
    money: Money
    keenness: float = 1.0
    """How much more than usual is spoken with them."""


DEALS = _INVENTED + len(TOLD)


def found(session: Session, *, at: datetime, time_zone: str) -> Team:
    """The workspace, its people and its pipeline, a year before `at`; Maya leads, the others report to her."""
    begin = at - _YEAR
    workspace = workspace_of(session, TEAM_ID, at=begin)
    workspace.name, workspace.time_zone = "Brightwater", time_zone
    workspace.add_field(INDUSTRY_FIELD)
    everybody = Members(session, workspace)
    members = {
        person: everybody.seen(Profile(person.user_id, person.name, time_zone=time_zone), at=begin) for person in TEAM
    }
    for person, member in members.items():
        if person is not MAYA:
            member.role, member.manager = Role.REP, members[MAYA]
    ExchangeRates(session, workspace).keep(_rates(begin.date(), at.date()))
    return Team(session, workspace, Pipelines(session, workspace).default(), members)


def _rates(first: date, last: date) -> Iterator[Rate]:
    """What a euro is worth in dollars, every thirty days, and a little different each time."""
    for number in range((last - first).days // 30 + 1):
        yield Rate("EUR", "USD", first + timedelta(days=30 * number), Decimal("1.08") + Decimal(number * 7 % 5) / 100)


def invent(team: Team, *, at: datetime) -> Iterator[Deal]:
    """All DEALS of the year that ends with `at`, one after the other."""
    dice = random.Random(1)  # noqa: S311 - a game, not a secret
    births = sorted(at - _YEAR * dice.random() for _ in range(_INVENTED))
    for number, (born, prospect) in enumerate(zip(births, _prospects(dice), strict=False)):
        own_dice = random.Random(f"1 {number}")  # noqa: S311 - an hour later the other deals are still the same
        life = _Life(team, prospect, own_dice, born=_at_work(born, team), now=at)
        life.live()
        yield life.deal
    for told in TOLD:
        yield _tell(told, team, dice, at)
    team.session.flush()


def _prospects(dice: random.Random) -> Iterator[_Prospect]:
    names = [
        (f"{beginning} {ending}", industry)
        for industry in INDUSTRIES
        for ending in industry.endings
        for beginning in BEGINNINGS
    ]
    dice.shuffle(names)
    for company, industry in names:
        yield _Prospect(
            company=company,
            contact=_contact(dice),
            industry=industry,
            source=dice.choices(SOURCES, [source.share for source in SOURCES])[0],
            owner=dice.choices(TEAM, [person.share for person in TEAM])[0],
            money=_money(dice),
            keenness=dice.choice((0.35, 0.8, 1.8)),
        )


class _Life:
    """One deal, working day by working day, until it is closed or today has come."""

    def __init__(self, team: Team, prospect: _Prospect, dice: random.Random, *, born: datetime, now: datetime) -> None:
        self._team = team
        self._prospect = prospect
        self._dice = dice
        self._now = now
        self._owner = team.members[prospect.owner]
        self._is_forgotten = False
        self._day = born
        self.deal = _add(team, prospect, dice, at=born)

    def live(self) -> None:
        while self._next_day():
            if self.deal.is_open:
                self._talk()
                self._keep_dates()
                self._move()
            elif not self._goes_on_after_the_end():
                break
        if not self._is_forgotten:
            self._tick_off()

    def _tick_off(self) -> None:
        """What the playbook asked for has been done when it was due, and so has the next step of a closed deal."""
        today = self._now.astimezone(ZoneInfo(self._team.workspace.time_zone)).date()
        for task in self.deal.to_do:
            if task.due and task.due < today and not (task.is_next_step and self.deal.is_open):
                task.done_at = datetime.combine(task.due, time(12), tzinfo=UTC)

    def _next_day(self) -> bool:
        """Whether there is another working day before now; `_day` is then an early hour of it."""
        self._day = _at_work(self._day + timedelta(days=1), self._team)
        return self._day + timedelta(hours=8) <= self._now

    def _talk(self) -> None:
        """Mails, calls, meetings, and what is agreed in them."""
        if self._is_forgotten:
            return
        for kind, chance in _DAILY.items():
            if self._happens(chance * self._prospect.owner.care * self._prospect.keenness):
                self.deal.log(kind, self._dice.choice(SAID[kind]), by=self._owner, at=self._later(1, 4))
                if self._happens(0.4):
                    due = (self._day + timedelta(days=self._dice.randint(2, 12))).date()
                    self.deal.plan(self._dice.choice(NEXT_STEPS), due=due, by=self._owner, at=self._later(4, 5))

    def _keep_dates(self) -> None:
        """A step that was due is done with, mostly; a close date that has come is put off, mostly."""
        today = self._day.date()
        step, close_date = self.deal.next_step, self.deal.close_date
        if step and step.due and step.due < today and not self._is_forgotten and self._happens(0.3):
            self.deal.finish_step(at=self._later(5, 5.2))
        if close_date and close_date == today and self._happens(_SLIPS):
            later = close_date + timedelta(days=self._dice.choice((14, 30, 30, 60)))
            self.deal.set_close_date(later, by=self._owner, at=self._later(5.2, 5.5))

    def _move(self) -> None:
        at = self._later(5.5, 7)
        if self._happens(_LOST_WHEN_FORGOTTEN if self._is_forgotten else _LOST):
            reason = NO_ANSWER if self._is_forgotten else self._pick(LOSS_REASONS)
            self.deal.lose(reason, by=self._owner, at=at, via=Via.COMMAND)
        elif self._is_forgotten:
            self._is_forgotten = not self._happens(_REMEMBERED)
        elif self._happens(_FORGOTTEN):
            self._is_forgotten = True
        elif self._happens(_chance(self._force(at))):
            self._advance(at)
        elif self.deal.stage is not self._team.pipeline.first and self._happens(_BACK):
            before = self._team.pipeline.stages[self.deal.stage.position - 1]
            self.deal.move(before, by=self._owner, at=at, via=Via.COMMAND, note="Back a step: the need has changed")

    def _force(self, at: datetime) -> float:
        """How strongly the deal is drawn to the next stage today."""
        deal = self.deal
        lately = [activity.kind for activity in deal.activities if at - activity.at < _LATELY]
        return (
            _FORCES[deal.stage.position]
            + self._prospect.source.appeal
            + self._prospect.industry.appeal
            + self._prospect.owner.drive
            + _MEETING * min(lately.count(ActivityKind.MEETING), 2)
            + _CALL * min(lately.count(ActivityKind.CALL), 2)
            + _STEP * (deal.next_step is not None)
            + _QUIET * (not lately)
        )

    def _advance(self, at: datetime) -> None:
        deal, stages = self.deal, self._team.pipeline.open_stages
        ahead = deal.stage.position + (2 if self._happens(_SKIPS) else 1)
        if ahead >= len(stages):
            deal.win(by=self._owner, at=at, via=Via.BUTTON)
            return
        deal.advance(stages[ahead], by=self._owner, at=at, via=Via.BUTTON)
        if self._happens(_UNDOES):
            deal.undo(by=self._owner, at=at + timedelta(minutes=20), via=Via.COMMAND)
        elif stages[ahead].name == "Negotiation" and deal.money and self._happens(_HAGGLES):
            agreed = Decimal(self._dice.choice((85, 90, 90, 95, 110))) / 100
            fresh = Money(round(deal.money.amount * agreed, -2), deal.money.currency)
            deal.set_money(fresh, by=self._owner, at=at + timedelta(minutes=5))

    def _goes_on_after_the_end(self) -> bool:
        """A customer who was won is looked after; now and then one who was lost comes back."""
        deal, waited = self.deal, self._day - self.deal.entered_stage_at
        if deal.stage.kind is StageKind.WON and waited > timedelta(days=10):
            if self._happens(_AFTER_SALES):
                deal.advance(by=self._owner, at=self._later(1, 7), via=Via.BUTTON, note="Handed over to onboarding")
            return False
        if deal.is_lost and waited > timedelta(days=30):
            if not self._happens(_REOPENS):
                return False
            deal.reopen(by=self._owner, at=self._later(1, 7), via=Via.COMMAND, note="They called us back")
            self._is_forgotten = False
        return deal.stage.kind is not StageKind.AFTER_SALES

    def _later(self, least: float, most: float) -> datetime:
        """A moment so many hours into the day."""
        return self._day + timedelta(hours=self._dice.uniform(least, most))

    def _happens(self, chance: float) -> bool:
        return self._dice.random() < chance

    def _pick(self, weights: dict[str, float]) -> str:
        return self._dice.choices(list(weights), list(weights.values()))[0]


def _tell(told: Told, team: Team, dice: random.Random, at: datetime) -> Deal:
    """A stage every ten days, a meeting before each, and silence since the last words."""
    owner, stages = team.members[told.owner], team.pipeline.open_stages
    last = team.pipeline.stage_named(told.stage).position
    quiet_since = at - timedelta(days=told.quiet_days, hours=2)
    begin = quiet_since - timedelta(days=10 * (last + 1))
    industry = next(each for each in INDUSTRIES if each.name == told.industry)
    source = next(each for each in SOURCES if each.name == "Website")
    prospect = _Prospect(told.company, _contact(dice), industry, source, told.owner, Money(told.amount, "USD"))
    deal = _add(team, prospect, dice, at=begin)
    for position in range(1, last + 1):
        entered = begin + timedelta(days=10 * position)
        said = dice.choice(SAID[ActivityKind.MEETING])
        deal.log(ActivityKind.MEETING, said, by=owner, at=entered - timedelta(days=1))
        deal.advance(stages[position], by=owner, at=entered, via=Via.BUTTON)
    deal.log(ActivityKind.NOTE, told.last_words, by=owner, at=quiet_since)
    deal.plan(dice.choice(NEXT_STEPS), due=(quiet_since + timedelta(days=5)).date(), by=owner, at=quiet_since)
    return deal


def _add(team: Team, prospect: _Prospect, dice: random.Random, *, at: datetime) -> Deal:
    owner = team.members[prospect.owner]
    deal = Deals(team.session, team.workspace).add(
        prospect.company,
        stage=team.pipeline.first,
        owner=owner,
        at=at,
        via=Via.COMMAND,
        money=prospect.money,
        close_date=_workday(at.date() + timedelta(days=dice.randint(45, 100))),
        company=prospect.company,
        contact=prospect.contact,
        source=prospect.source.name,
    )
    deal.set_custom(INDUSTRY_FIELD, prospect.industry.name, by=owner, at=at)
    return deal


def _contact(dice: random.Random) -> str:
    return f"{dice.choice(FIRST_NAMES)} {dice.choice(LAST_NAMES)}"


def _money(dice: random.Random) -> Money:
    """Half of the deals are above 16,000, one in ten above 50,000."""
    amount = round(Decimal(dice.lognormvariate(math.log(16_000), 0.85)), -2)
    return Money(max(amount, Decimal(1_500)), dice.choices(("USD", "EUR"), (6, 1))[0])


def _at_work(moment: datetime, team: Team) -> datetime:
    """Nine in the morning of the day, or of the Monday after it."""
    day = _workday(moment.astimezone(ZoneInfo(team.workspace.time_zone)).date())
    return datetime.combine(day, time(9), tzinfo=ZoneInfo(team.workspace.time_zone)).astimezone(UTC)


def _workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _chance(force: float) -> float:
    return 1 / (1 + math.exp(-force))
