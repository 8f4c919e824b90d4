"""A workspace behaves as if it were alone: no collection reaches or changes another's rows, whatever their names."""

import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from importlib import import_module
from typing import Any

from moneyed import Money
from sqlalchemy import Table, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

import models
from models.activity import ActivityKind
from models.aftercare import Aftercare
from models.alarm import Alarm, Alarms, Cause
from models.base import Base
from models.commission import Commissions, Terms
from models.database import Database
from models.deal import Deal, DealField
from models.deal_names import DealNames
from models.deal_values import DealValues
from models.deals import Deals
from models.delays import Delays
from models.delivery import Deliveries, Delivery
from models.errors import DomainError
from models.exchange import ExchangeRates
from models.funnel import Funnel
from models.history import Via
from models.importing_lookups import KnownDeals, People
from models.kept_forecast import KeptForecasts
from models.known_deals import Selection
from models.member import Member, Role
from models.members import Members, Profile
from models.model_version import ModelStatus, ModelVersion, ModelVersions, Question
from models.nudge import Nudges
from models.open_deals import OpenDeals
from models.past_wins import PastWins
from models.period import Unit, whole_unit
from models.pipeline import stages_from_text
from models.pipelines import Pipelines
from models.pricing import Lot, Rate
from models.receipt import Receipts
from models.rhythm import DAILY
from models.said import Sayings
from models.schedule import EVERYTHING, Schedule, ScheduleKind, Schedules, Topic
from models.score import Estimate, Scores
from models.stage_count import Counted
from models.stage_counts import Cell, StageCounts
from models.sums import Sums
from models.tally import Part
from models.target import Aim, Measure, Targets
from models.timelines import Timelines
from models.to_do import ToDo
from models.workspace import Workspace
from tests.factories import MONDAY, Team, a_team, days
from tests.models.test_kept_forecast import GLANCE

SHORT = stages_from_text("Lead,Signed:won")
NOW = MONDAY + days(100)
WINS, CALLS = Aim(Measure.WON, Unit.MONTH), Aim(Measure.CALL, Unit.WEEK)
GUESS = Estimate(0.5, 30, 2, 10, won=0.5)


@dataclass(frozen=True)
class Strangers:
    """Ids of another workspace's rows, or of none at all."""

    deal_id: int = 1_000_000
    member_id: int = 1_000_000
    delivery_id: int = 1_000_000


Case = Callable[[Team, Strangers], Any]


def furnish(session: Session, team_id: str, *, secret: bool) -> tuple[Team, Strangers]:
    """A team with something of everything; the secret things have names that the other team does not use."""
    team = a_team(session, team_id)
    deal = team.adds("Acme", company="Acme Ltd", money=Money(1000, "USD"))
    deal.external_id = "crm-1"
    deal.log(ActivityKind.CALL, "Called", by=team.ann, at=MONDAY)
    _put_off(deal)
    deal.advance(by=team.bob, at=MONDAY + days(2), via=Via.COMMAND)
    lost = team.adds("Globex")
    Scores(session, team.workspace).keep({lost.id: GUESS}, at=MONDAY)
    lost.lose("price", by=team.ann, at=MONDAY + days(3), via=Via.COMMAND)
    _schedule(team, "C1")
    delivery = Deliveries(session, team.workspace).claim(ScheduleKind.DIGEST, "C1", "2026-03-02", at=MONDAY)
    assert delivery is not None
    Receipts(session, team.workspace).is_first("seen", at=MONDAY)
    _version(team)
    Scores(session, team.workspace).keep({deal.id: GUESS}, at=MONDAY)
    _rates(team).keep([_rate("EUR", "1.2")])
    _rated(team, "Customer", 9)
    _forecast(team, team.bob)
    _target(team, WINS)
    _agree(team, team.bob)
    _commissions(team).split(deal, team.bob, Decimal(30), by=team.ann, at=MONDAY)
    _alarms(team).take(deal, by=team.bob, at=MONDAY + days(2))
    told = [Alarm(deal, cause, 1) for cause in (Cause.STALLED, Cause.SCORE_FELL)]
    _alarms(team).note(told, delivery_id=delivery.id, at=MONDAY)
    if secret:
        delivery.settle(channel="C1", ts="1.0", at=MONDAY, as_of=MONDAY)
        deal = team.adds("Secret", company="Secret Ltd", money=Money(1000, "GBP"))
        deal.external_id, deal.source, deal.custom = "crm-secret", "Secret show", {"Industry": "Secret service"}
        deal.set_text(DealField.SOURCE, "Secret fair", by=team.ann, at=MONDAY)
        _put_off(deal)
        team.members.seen(Profile("USECRET", "Secretary", is_admin=True), at=MONDAY)
        Pipelines(session, team.workspace).add("Secret", SHORT)
        _schedule(team, "CSECRET")
        delivery = Deliveries(session, team.workspace).claim(ScheduleKind.NUDGE, "CSECRET", "2026-03-02", at=MONDAY)
        assert delivery is not None
        delivery.settle(channel="CSECRET", ts="1.0", at=MONDAY, as_of=MONDAY)
        Receipts(session, team.workspace).is_first("secret", at=MONDAY)
        _version(team)
        Scores(session, team.workspace).keep({deal.id: GUESS}, at=MONDAY)
        _rates(team).keep([_rate("GBP", "2")])
        secret_customer = _rated(team, "Secret customer", 1)
        _forecast(team, team.ann)
        _care(team).renew(secret_customer, NOW.date(), by=team.ann, at=MONDAY + days(2))
        _care(team).refer(secret_customer, "Secret friend", by=team.ann, at=MONDAY + days(2))
        _target(team, CALLS)
        _agree(team, team.ann)
        _commissions(team).split(deal, team.bob, Decimal(20), by=team.ann, at=MONDAY)
    session.flush()
    return team, Strangers(deal.id, team.ann.id, delivery.id)


def _schedule(team: Team, target: str) -> object:
    return Schedules(team.session, team.workspace).set(
        ScheduleKind.DIGEST, target, local_time="09:00", time_zone="UTC", weekdays=DAILY, by=team.ann, at=MONDAY
    )


def _nudges(team: Team) -> Nudges:
    return Nudges(team.session, team.workspace)


def _put_off(deal: Deal) -> None:
    for later in (10, 20):
        deal.set_close_date((MONDAY + days(later)).date(), by=None, at=MONDAY + days(later / 20))


def _alarms(team: Team) -> Alarms:
    return Alarms(team.session, team.workspace)


def _versions(team: Team) -> ModelVersions:
    return ModelVersions(team.session, team.workspace)


def _version(team: Team) -> ModelVersion:
    return ModelVersions(team.session, team.workspace).record(
        question=Question.FORWARD,
        status=ModelStatus.CHAMPION,
        card={},
        artifact=b"",
        sha256="",
        trained_by="test",
        at=MONDAY,
    )


def _rates(team: Team) -> ExchangeRates:
    return ExchangeRates(team.session, team.workspace)


def _rate(currency: str, rate: str) -> Rate:
    return Rate(currency, "USD", MONDAY.date(), Decimal(rate))


def _commissions(team: Team) -> Commissions:
    return Commissions(team.session, team.workspace)


def _agree(team: Team, member: Member) -> None:
    _commissions(team).agree(
        Terms(Decimal(5)), Unit.QUARTER, member=member, since=MONDAY.date(), by=team.ann, at=MONDAY
    )


def _paid(team: Team, member: Member) -> object:
    return [(each.plan, each.period) for each in _commissions(team).periods(member, NOW.date(), NOW.date())]


def _target(team: Team, aim: Aim) -> object:
    return _targets(team).set(aim, Decimal(5), currency="", since=MONDAY.date(), by=team.ann, at=MONDAY)


def _kept(team: Team) -> KeptForecasts:
    return KeptForecasts(team.session, team.workspace)


def _forecast(team: Team, owner: Member) -> None:
    _kept(team).keep({Topic(team.pipeline.id, owner.id): GLANCE}, at=MONDAY)


def _names(team: Team) -> DealNames:
    return DealNames(team.session, team.workspace)


def _rated(team: Team, name: str, score: int) -> Deal:
    customer = team.adds(name)
    customer.win(by=team.ann, at=MONDAY + days(1), via=Via.COMMAND)
    _care(team).rate(customer, score, "", by=team.ann, at=MONDAY + days(2))
    return customer


def _care(team: Team) -> Aftercare:
    return Aftercare(team.session, team.workspace)


def _answered(team: Team) -> Deal:
    _care(team).rate(_customer(team), 9, "", by=team.ann, at=NOW)
    return _customer(team)


def _customer(team: Team) -> Deal:
    """The deal that was won."""
    return team.deals.named("Customer", closed_first=True)


def _values(team: Team) -> DealValues:
    return DealValues(team.session, team.workspace)


def _to_do(team: Team) -> ToDo:
    return ToDo(team.session, team.workspace)


def _targets(team: Team) -> Targets:
    return Targets(team.session, team.workspace)


def _schedules(team: Team) -> Schedules:
    return Schedules(team.session, team.workspace)


def _unclaimed(target: str) -> Delivery:
    return Delivery(id=1_000_000, kind=ScheduleKind.NUDGE, target=target)


def _deliveries(team: Team) -> Deliveries:
    return Deliveries(team.session, team.workspace)


CASES: Mapping[type, Mapping[str, Case]] = {
    DealValues: {
        "companies": lambda own, _: [_values(own).companies(text, limit=9) for text in ("", "secret", "ltd")],
        "has_lately": lambda own, _: [
            _values(own).has_lately(DealField.SOURCE, "Secret fair", limit=9),
            _values(own).has_lately("Industry", "Secret service", limit=9),
        ],
        "had": lambda own, _: _values(own).had(DealField.SOURCE, "Secret show"),
        "most_used": lambda own, _: [_values(own).most_used(each, limit=9) for each in (DealField.SOURCE, "Industry")],
    },
    ToDo: {
        "tasks": lambda own, _: _to_do(own).tasks(owner=own.bob),
        "count": lambda own, _: _to_do(own).count(owner=own.bob),
        "deals": lambda own, _: _to_do(own).deals(),
    },
    Deals: {
        "add": lambda own, _: own.adds("Secret"),
        "get": lambda own, other: own.deals.get(other.deal_id),
        "rename": lambda own, _: own.deals.rename(own.deals.named("Acme"), "Secret", by=own.ann, at=NOW),
        "transfer": lambda own, _: (
            own.deals.transfer(
                own.deals.named("Acme"),
                Pipelines(own.session, own.workspace).add("Beside", SHORT),
                None,
                by=own.ann,
                at=NOW,
                via=Via.COMMAND,
            ).at
        ),
        "named": lambda own, other: [
            own.deals.named("Acme"),
            _attempt(lambda: own.deals.named("Secret")),
            _attempt(lambda: own.deals.named(f"#{other.deal_id}")),
        ],
        "named_at_start": lambda own, other: [
            own.deals.named_at_start("Acme and more"),
            _attempt(lambda: own.deals.named_at_start("Secret and more")),
            _attempt(lambda: own.deals.named_at_start(f"#{other.deal_id} and more")),
        ],
        "has_name": lambda own, _: own.deals.has_name("Secret"),
        "has_open": lambda own, _: own.deals.has_open("Secret"),
        "names": lambda own, _: own.deals.names(),
        "find": lambda own, _: [own.deals.find(text, limit=9) for text in ("acme", "secret", "ltd")],
        "count_found": lambda own, _: [own.deals.count_found(text) for text in ("acme", "secret", "ltd")],
        "revisions_after": lambda own, other: [
            [each.new for each in own.deals.revisions_after(deal_id, 0)]
            for deal_id in (own.deals.named("Acme").id, other.deal_id)
        ],
        "last_revision_id": lambda own, other: [
            own.deals.last_revision_id(deal_id) > 0 for deal_id in (own.deals.named("Acme").id, other.deal_id)
        ],
        "undo": lambda own, _: own.deals.undo(own.deals.named("Acme"), by=own.ann, at=NOW, via=Via.COMMAND),
        "last_written_by": lambda own, _: own.deals.last_written_by(own.ann, since=MONDAY),
        "names_of": lambda own, other: own.deals.names_of([other.deal_id]),
        "open_pieces": lambda own, _: [piece.amount for piece in own.deals.open_pieces()],
        "won_pieces": lambda own, _: own.deals.won_pieces(since=MONDAY),
        "has_any": lambda own, _: own.deals.has_any(),
        "some": lambda own, other: own.deals.some([other.deal_id]),
        "count_closed": lambda own, _: own.deals.count_closed(),
    },
    OpenDeals: {
        "name_keys": lambda own, _: sorted(own.open_deals.name_keys()),
        "all": lambda own, _: own.open_deals.all(),
        "count": lambda own, _: own.open_deals.count(),
        "count_by_stage": lambda own, _: list(own.open_deals.count_by_stage().values()),
        "ids": lambda own, _: [own.deals.get(each).name for each in own.open_deals.ids()],
        "to_look_through": lambda own, other: own.open_deals.to_look_through(
            own.pipeline, closing_by=NOW.date(), at=NOW, besides=[other.deal_id]
        ),
        "renewals": lambda own, _: own.open_deals.renewals(MONDAY, owner=own.bob),
        "closing": lambda own, _: own.open_deals.closing(NOW.date(), owner=own.bob),
        "stalled": lambda own, _: own.open_deals.stalled(NOW),
    },
    Members: {
        "all": lambda own, _: own.members.all(),
        "get": lambda own, other: own.members.get(other.member_id),
        "by_user_id": lambda own, _: [own.members.by_user_id(each) for each in ("UANN", "USECRET")],
        "named": lambda own, _: [own.members.named("Ann"), _attempt(lambda: own.members.named("Secretary"))],
        "seen": lambda own, _: [
            own.members.seen(Profile(each, "New", "new@example.com"), at=NOW) for each in ("UANN", "USECRET")
        ],
        "known_as": lambda own, _: own.members.known_as("Secretary", at=NOW),
        "appoint": lambda own, _: own.members.appoint(own.ann, Role.REP),
        "managers_of": lambda own, _: own.members.managers_of(own.bob),
        "outdate_homes": lambda own, _: own.members.outdate_homes(),
        "outdate_home": lambda own, _: own.members.outdate_home("USECRET"),
        "update_homes": lambda own, _: own.members.update_homes(["UANN", "USECRET"]),
    },
    Pipelines: {
        "all": lambda own, _: Pipelines(own.session, own.workspace).all(),
        "names_to_tell": lambda own, _: list(Pipelines(own.session, own.workspace).names_to_tell().values()),
        "default": lambda own, _: Pipelines(own.session, own.workspace).default(),
        "named": lambda own, _: Pipelines(own.session, own.workspace).named("Secret"),
        "reshaping": lambda own, _: (
            Pipelines(own.session, own.workspace)
            .reshaping(own.pipeline)
            .retire(own.pipeline.stage_named("First contact"), into=own.pipeline.first, at=NOW)
        ),
        "keep_usual_waits": lambda own, _: Pipelines(own.session, own.workspace).keep_usual_waits({}),
        "expect_in_use": lambda own, _: Pipelines(own.session, own.workspace).expect_in_use(own.pipeline.stages),
        "make_default": lambda own, _: Pipelines(own.session, own.workspace).make_default(
            Pipelines(own.session, own.workspace).add("Second", SHORT)
        ),
        "add": lambda own, _: Pipelines(own.session, own.workspace).add("Secret", SHORT),
        "rename": lambda own, _: Pipelines(own.session, own.workspace).rename(own.pipeline, "Secret"),
    },
    Schedules: {
        "all": lambda own, _: _schedules(own).all(),
        "get": lambda own, _: _schedules(own).get(ScheduleKind.DIGEST, "CSECRET"),
        "known": lambda own, _: _schedules(own).known(_schedules(own).get(ScheduleKind.DIGEST, "CSECRET").id),
        "digests": lambda own, _: _schedules(own).digests(),
        "heed": lambda own, _: _schedules(own).heed("CSECRET", own.ann, at=NOW),
        "change": lambda own, _: _schedules(own).change(
            _schedules(own).get(ScheduleKind.DIGEST, "C1"),
            topic=EVERYTHING,
            local_time="10:00",
            weekdays="fri",
            is_quiet=True,
            at=NOW,
        ),
        "subscribe": lambda own, _: [
            _schedules(own).subscribe(
                channel,
                topic=EVERYTHING,
                local_time="09:00",
                time_zone="UTC",
                weekdays="mon",
                is_quiet=True,
                by=own.ann,
                at=NOW,
            )
            for channel in ("C1", "CSECRET")
        ],
        "set": lambda own, _: [_schedule(own, "C1"), _schedule(own, "CSECRET")],
        "ensure": lambda own, _: _schedules(own).ensure(
            ScheduleKind.DIGEST, "CSECRET", local_time="10:00", time_zone="UTC", weekdays="mon", at=NOW
        ),
        "remove": lambda own, _: [
            _attempt(partial(_schedules(own).remove, ScheduleKind.DIGEST, target)) for target in ("C1", "CSECRET")
        ],
        "find": lambda own, _: [_schedules(own).find(ScheduleKind.DIGEST, target) for target in ("C1", "CSECRET")],
    },
    Deliveries: {
        "claim": lambda own, _: [
            _deliveries(own).claim(ScheduleKind.DIGEST, "C1", "2026-03-02", at=NOW),
            _deliveries(own).claim(ScheduleKind.NUDGE, "CSECRET", "2026-03-02", at=NOW),
        ],
        "get": lambda own, other: _deliveries(own).get(other.delivery_id),
        "owe": lambda own, _: [
            _deliveries(own).owe(ScheduleKind.DIGEST, "C1", "2026-03-02", at=NOW),
            _deliveries(own).owe(ScheduleKind.NUDGE, "CSECRET", "2026-03-02", at=NOW),
        ],
        "is_claimed": lambda own, _: [
            _deliveries(own).is_claimed(ScheduleKind.DIGEST, "C1", "2026-03-02"),
            _deliveries(own).is_claimed(ScheduleKind.NUDGE, "CSECRET", "2026-03-02"),
        ],
        "before": lambda own, _: _deliveries(own).before(_unclaimed("CSECRET")),
        "last_posted": lambda own, _: [
            _deliveries(own).last_posted(_schedules(own).get(ScheduleKind.DIGEST, "C1")),
            _deliveries(own).last_posted(Schedule(kind=ScheduleKind.NUDGE, target="CSECRET", number=1)),
        ],
        "last_posted_before": lambda own, _: _deliveries(own).last_posted_before(_unclaimed("CSECRET")),
        "latest": lambda own, _: _deliveries(own).latest(ScheduleKind.NUDGE, "CSECRET"),
    },
    Receipts: {
        "is_first": lambda own, _: [
            Receipts(own.session, own.workspace).is_first(key, at=NOW) for key in ("seen", "secret")
        ],
        "forget_old": lambda own, _: Receipts(own.session, own.workspace).forget_old(NOW),
    },
    ModelVersions: {
        "changed_at": lambda own, _: _versions(own).changed_at(Question.FORWARD),
        "champion": lambda own, _: _versions(own).champion(Question.FORWARD),
        "challenger": lambda own, _: _versions(own).challenger(Question.FORWARD),
        "all": lambda own, _: _versions(own).all(Question.FORWARD),
        "latest": lambda own, _: _versions(own).latest(),
        "record": lambda own, _: _version(own),
        "is_served_by": lambda own, _: _versions(own).is_served_by(Question.FORWARD, None),
        "rolled_back": lambda own, _: _versions(own).rolled_back(Question.FORWARD),
        "roll_back": lambda own, _: _versions(own).roll_back(Question.FORWARD, at=NOW),
    },
    Scores: {
        "forget_old": lambda own, _: Scores(own.session, own.workspace).forget_old(NOW + days(1000)),
        "keep": lambda own, _: Scores(own.session, own.workspace).keep({own.adds("Kept").id: GUESS}, at=NOW),
        "prospects": lambda own, _: Scores(own.session, own.workspace).prospects(since=MONDAY),
        "moved": lambda own, _: Scores(own.session, own.workspace).moved(owner_id=own.bob.id, since=MONDAY, at=NOW),
        "of": lambda own, other: Scores(own.session, own.workspace).of(other.deal_id, since=MONDAY),
    },
    Sayings: {
        "of_moving_forward": lambda own, _: Sayings(own.session, own.workspace).of_moving_forward(
            _version(own), since=MONDAY, until=NOW
        ),
        "of_winning": lambda own, _: Sayings(own.session, own.workspace).of_winning(since=MONDAY, until=NOW),
    },
    Commissions: {
        "periods": lambda own, _: [_attempt(partial(_paid, own, member)) for member in (own.ann, own.bob)],
        "plan_for": lambda own, _: [_commissions(own).plan_for(each, NOW.date()) for each in (None, own.ann)],
        "plans_on": lambda own, _: _commissions(own).plans_on(NOW.date()),
        "agree": lambda own, _: _agree(own, own.ann),
        "split": lambda own, _: _commissions(own).split(
            own.deals.named("Acme"), own.bob, Decimal(80), by=own.ann, at=NOW
        ),
        "helpers": lambda own, _: [*_commissions(own).helpers(own.deals.named("Acme")).values()],
        "parts": lambda own, _: [*_commissions(own).parts(own.deals.named("Acme")).values()],
        "shares": lambda own, _: [
            share.percent for each in _commissions(own).shares(since=MONDAY).values() for share in each
        ],
    },
    DealNames: {
        "every": lambda own, _: [each.name for each in _names(own).every()],
        "exactly": lambda own, _: _names(own).exactly("Secret"),
        "fitting": lambda own, _: _names(own).fitting("Secre"),
        "at_start": lambda own, _: _names(own).at_start("Secret called"),
        "perhaps": lambda own, _: _names(own).perhaps("Secret 15k"),
    },
    Aftercare: {
        "rate": lambda own, _: _care(own).rate(_customer(own), 9, "", by=own.ann, at=NOW),
        "take_back": lambda own, _: _care(own).take_back(_answered(own), by=own.ann).score,
        "answers": lambda own, _: [each.score for each in _care(own).answers(since=MONDAY, until=NOW)],
        "renew": lambda own, _: _care(own).renew(_customer(own), NOW.date(), by=own.ann, at=NOW),
        "open_renewals": lambda own, _: [each.name for each in _care(own).open_renewals(NOW.date(), at=NOW)],
        "refer": lambda own, _: _care(own).refer(_customer(own), "Sent", by=own.ann, at=NOW).name,
        "ties": lambda own, _: _care(own).ties(_customer(own)),
        "renewals_closed": lambda own, _: _care(own).renewals_closed(since=MONDAY, until=NOW),
        "renewals_coming": lambda own, _: _care(own).renewals_coming(NOW.date()),
        "referred": lambda own, _: _care(own).referred(since=MONDAY, until=NOW),
        "of": lambda own, _: _care(own).of(Selection(frozenset([own.ann.id])), None).buyers(since=MONDAY, until=NOW),
        "buyers": lambda own, _: _care(own).buyers(since=MONDAY, until=NOW),
    },
    Alarms: {
        "take": lambda own, _: _alarms(own).take(own.deals.named("Acme"), by=own.ann, at=NOW).by.name,
        "takings": lambda own, _: [each.by.name for each in _alarms(own).takings(own.open_deals.all()).values()],
        "untaken": lambda own, _: _alarms(own).untaken([Alarm(own.deals.named("Acme"), Cause.SCORE_FELL, 0)], at=NOW),
        "told": lambda own, _: _alarms(own).told("C1", since=MONDAY),
        "falls_told": lambda own, _: sorted(_alarms(own).falls_told(at=MONDAY + days(3)).values()),
        "note": lambda own, away: _alarms(own).note([], delivery_id=away.delivery_id, at=NOW),
    },
    Nudges: {
        "held_back": lambda own, _: len(_nudges(own).held_back([own.deals.named("Acme")])),
        "note": lambda own, _: _nudges(own).note(
            [own.deals.named("Acme")], set(), delivery_id=own.nudged(at=MONDAY).id, at=MONDAY
        ),
        "tried": lambda own, _: _nudges(own).tried(whole_unit(Unit.YEAR, MONDAY.date(), "UTC"), at=NOW),
    },
    Targets: {
        "on": lambda own, _: _targets(own).on(NOW.date()),
        "by_aim": lambda own, _: _targets(own).by_aim(),
        "set": lambda own, _: [_target(own, aim) for aim in (WINS, CALLS)],
        "remove": lambda own, _: [
            _attempt(partial(_targets(own).remove, aim, since=NOW.date(), by=own.ann, at=NOW)) for aim in (WINS, CALLS)
        ],
    },
    Timelines: {
        "moved_since": lambda own, _: Timelines(own.session, own.workspace).moved_since(MONDAY),
        "won_or_taken_back_since": lambda own, _: Timelines(own.session, own.workspace).won_or_taken_back_since(MONDAY),
        "all": lambda own, _: Timelines(own.session, own.workspace).all(),
        "newest": lambda own, _: [Timelines(own.session, own.workspace).newest(most, at=NOW) for most in (1, 99)],
        "open": lambda own, _: Timelines(own.session, own.workspace).open(),
        "in_pipeline": lambda own, _: Timelines(own.session, own.workspace).in_pipeline(own.pipeline.id),
        "in_pipeline_since": lambda own, _: Timelines(own.session, own.workspace).in_pipeline_since(
            own.pipeline.id, MONDAY
        ),
        "lately_in_pipeline": lambda own, _: [
            Timelines(own.session, own.workspace).lately_in_pipeline(own.pipeline.id, most) for most in (1, 99)
        ],
        "resting": lambda own, _: Timelines(own.session, own.workspace).resting(
            own.pipeline.id, [whole_unit(Unit.YEAR, NOW.date(), "UTC")]
        ),
        "count_resting": lambda own, _: Timelines(own.session, own.workspace).count_resting(
            own.pipeline.id, [whole_unit(Unit.YEAR, NOW.date(), "UTC")]
        ),
        "in_pipeline_within": lambda own, _: Timelines(own.session, own.workspace).in_pipeline_within(
            own.pipeline.id, [whole_unit(Unit.YEAR, NOW.date(), "UTC")]
        ),
        "of": lambda own, other: Timelines(own.session, own.workspace).of([other.deal_id]),
        "count_moves": lambda own, _: Timelines(own.session, own.workspace).count_moves(),
        "stages": lambda own, _: Timelines(own.session, own.workspace).stages(),
    },
    Delays: {
        "of": lambda own, _: [
            delay.deal.name
            for delay in Delays(own.session, own.workspace).of(own.pipeline, None, since=MONDAY, until=NOW)
        ],
    },
    PastWins: {
        "days": lambda own, _: PastWins(own.session, own.workspace).days(until=NOW),
    },
    Funnel: {
        "report": lambda own, _: Funnel(own.session, own.workspace).report(own.pipeline, at=NOW, since=MONDAY),
        "owned_by": lambda own, other: (
            Funnel(own.session, own.workspace)
            .owned_by(frozenset({own.ann.id, other.member_id}))
            .report(own.pipeline, at=NOW, since=MONDAY)
        ),
        "changes": lambda own, _: Funnel(own.session, own.workspace).changes(own.pipeline, MONDAY - days(1), NOW),
        "open_by_stage": lambda own, _: list(
            Funnel(own.session, own.workspace).open_by_stage(owner=None, at=NOW).values()
        ),
    },
    Sums: {
        "parts": lambda own, _: sorted(
            Sums(own.session, own.workspace).parts(select(Deal.stage_id), MONDAY, NOW), key=str
        ),
        "parts_of_both": lambda own, _: sorted(
            Sums(own.session, own.workspace).parts_of_both(select(Deal.stage_id), select(Deal.stage_id), MONDAY, NOW),
            key=str,
        ),
        "pricing": lambda own, _: (
            Sums(own.session, own.workspace)
            .pricing([Part("EUR", 1, 1, Decimal(1))], NOW)
            .rates.price("EUR", own.workspace.currency, NOW.date())
        ),
    },
    KeptForecasts: {
        "are_for": lambda own, _: _kept(own).are_for(own.pipeline.id),
        "keep": lambda own, _: _kept(own).keep({Topic(own.pipeline.id): GLANCE}, at=NOW),
        "of": lambda own, _: [
            _kept(own).of(Topic(own.pipeline.id, owner.id), GLANCE.period, at=MONDAY) for owner in (own.ann, own.bob)
        ],
    },
    StageCounts: {
        "paces": lambda own, _: StageCounts(own.session, own.workspace).paces(own.pipeline, at=NOW),
        "fold": lambda own, _: StageCounts(own.session, own.workspace).fold(at=NOW),
        "add": lambda own, _: StageCounts(own.session, own.workspace).add(
            Counter(), Counter([Cell(own.pipeline.id, own.pipeline.first.id, date(2026, 1, 1), Counted.REACHED)])
        ),
        "count_anew": lambda own, _: StageCounts(own.session, own.workspace).count_anew(own.pipeline, at=NOW),
    },
    ExchangeRates: {
        "since": lambda own, _: [
            price and price.of(Decimal(100))
            for code in ("EUR", "GBP")
            for price in [_rates(own).since(MONDAY.date()).price(code, "USD", MONDAY.date())]
        ],
        "keep": lambda own, _: _rates(own).keep([_rate("EUR", "1.3"), _rate("GBP", "1.5")]),
        "pricing": lambda own, _: [
            _rates(own).pricing(at=MONDAY, since=since).total([Lot(1, code, Decimal(100)) for code in ("EUR", "GBP")])
            for since in (None, MONDAY.date())
        ],
        "needed": lambda own, _: _rates(own).needed(),
    },
    KnownDeals: {
        "find": lambda own, _: [
            _attempt(partial(KnownDeals(own.session, own.workspace).find, key, name))
            for key, name in (("crm-1", "Acme"), ("crm-secret", "Secret"), ("", "Secret"))
        ],
    },
    People: {
        "id_of": lambda own, _: own.members.get(
            People(own.session, own.workspace, at=NOW).id_of("Secretary", own.session, own.workspace) or 0
        ),
    },
}


def _attempt(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except (DomainError, NoResultFound) as refused:
        return type(refused).__name__


def described(found: Any) -> Any:
    """What was found in plain words, without the numbers of rows that were made just now."""
    if isinstance(found, Base):
        columns = found.__table__.columns
        shown = [each.key for each in columns if each.key not in ("id", "artifact") and not each.foreign_keys]
        workspace_id = getattr(found, "workspace_id", None)
        return (type(found).__name__, workspace_id, *(str(getattr(found, key)) for key in sorted(shown)))
    if is_dataclass(found):
        return [described(getattr(found, each.name)) for each in fields(found)]
    if isinstance(found, Mapping):
        return {str(key): described(value) for key, value in found.items()}
    if isinstance(found, Sequence) and not isinstance(found, str | bytes):
        return [described(each) for each in found]
    return str(found)


def rows_of(session: Session, workspace_id: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a workspace, as it is in the database."""
    session.flush()
    tables: list[Table] = [table for table in Base.metadata.sorted_tables if "workspace_id" in table.columns]
    found = {
        table.name: [
            tuple(row)
            for row in session.execute(
                select(table).where(table.c.workspace_id == workspace_id).order_by(*table.primary_key)
            )
        ]
        for table in tables
    }
    row = session.execute(select(Workspace.__table__).where(Workspace.__table__.c.id == workspace_id)).one_or_none()
    return found | {"workspace": [tuple(row)] if row else []}


def test_every_collection_behaves_as_if_its_workspace_were_alone(database: Database) -> None:
    with database.begin() as session:
        own, _ = furnish(session, "T1", secret=False)

        def outcome(case: Case, strangers: Strangers) -> tuple[Any, dict[str, list[tuple[Any, ...]]]]:
            undo_afterwards = session.begin_nested()
            found = described(_attempt(lambda: case(own, strangers)))
            other_rows = rows_of(session, "T2")
            undo_afterwards.rollback()
            session.expire_all()
            return found, other_rows

        each = [(kind, name, case) for kind, cases in CASES.items() for name, case in cases.items()]
        alone = {(kind, name): outcome(case, Strangers())[0] for kind, name, case in each}
        _, strangers = furnish(session, "T2", secret=True)
        before = rows_of(session, "T2")

        for kind, name, case in each:
            beside, after = outcome(case, strangers)
            assert beside == alone[kind, name], f"{kind.__name__}.{name} reaches another workspace"
            assert after == before, f"{kind.__name__}.{name} changes another workspace"
        session.rollback()


def test_the_case_of_every_public_method_is_written_down() -> None:
    written = {(kind.__name__, name) for kind, cases in CASES.items() for name in cases}

    assert {(kind.__name__, name) for kind in collections() for name in public_methods(kind)} == written


def test_no_table_of_customers_data_is_without_a_workspace() -> None:
    without = {table.name for table in Base.metadata.sorted_tables if "workspace_id" not in table.columns}

    assert without == {"workspace"}


def collections() -> set[type]:
    """The classes of the domain that are made for a session and a workspace, and nothing else but a moment."""
    found = set()
    for module in pkgutil.iter_modules(models.__path__, "models."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if kind.__module__ == module.name and _takes_a_workspace(kind):
                found.add(kind)
    return found


def _takes_a_workspace(kind: type) -> bool:
    if "__init__" not in vars(kind):
        return False
    return set(inspect.signature(kind).parameters) - {"at"} == {"session", "workspace"}


def public_methods(kind: type) -> list[str]:
    return [name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")]
