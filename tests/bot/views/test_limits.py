"""Whatever is in a view, Slack takes it: every view there is, with the longest, strangest and most it can hold."""

import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import get_type_hints

import pytest
from moneyed import Money

from bot import views
from bot.agreeing import as_agreed
from bot.errors import worded
from bot.home_state import Tab
from bot.notifying import as_set
from bot.reply import Reply
from bot.say import Say, escaped
from bot.views.aftersales import aftersales_view
from bot.views.alert import high_value_alert
from bot.views.blocks import Block, context
from bot.views.cheers import cheer
from bot.views.coaching import coaching_view
from bot.views.cohort_report import cohort_report, cohort_tables
from bot.views.commission import CommissionPart, commission_charts, commission_view
from bot.views.deal import deal_card
from bot.views.deals import deal_list, deal_row
from bot.views.digest import funnel_digest, quiet_day, what_to_look_at
from bot.views.doubt import asked, asked_of, asked_which, not_understood
from bot.views.forecast import forecast_report
from bot.views.forms import (
    add_form,
    edit_form,
    log_form,
    lost_form,
    move_form,
    note_form,
    renewal_form,
    satisfaction_form,
    snooze_form,
    step_form,
    won_form,
)
from bot.views.funnel import funnel_report
from bot.views.funnel_report import Asked, snapshot_report, snapshot_tables
from bot.views.help import TOPICS, deal_help, funnel_help
from bot.views.hindsight import hindsight_report
from bot.views.home import PAGE, TASKS, Choice, DealPage, Mine, StageSum, home_tab, manager_tab
from bot.views.leaderboard import leaderboard_table, leaderboard_view
from bot.views.leaks import leaks_report, stage_alert
from bot.views.model import Standing, model_view
from bot.views.model_alert import model_alert
from bot.views.notices import failed, loading, not_saved, told
from bot.views.notifications import notifications_form, notifications_view
from bot.views.nudge import morning_nudge
from bot.views.nudges import Help, nudges_view
from bot.views.pipelines import pipelines_view
from bot.views.pipelines_report import PipelinesBeside, pipelines_report, pipelines_tables
from bot.views.playbook import card_tasks, hints, playbook_view, task_list, template_choice, written_message
from bot.views.rates import Quote, rates_view
from bot.views.report_parts import part_lines, part_table
from bot.views.schedule_form import DigestShown, schedule_form
from bot.views.schedules import PAGE as PAGE_OF_SCHEDULES
from bot.views.schedules import Entry, appointment, schedule_list, schedules_view
from bot.views.settings import settings_view
from bot.views.settings_form import settings_form
from bot.views.start import Start, start_guide
from bot.views.targets import brief_line, targets_view
from bot.views.team import team_settings, team_view
from bot.views.together import in_one, marked_late
from bot.views.trend import trend_charts, trend_view
from bot.views.why import explained
from bot.views.win import win_post
from bot.writing import as_written
from models.activity import ActivityKind
from models.aftercare import Satisfaction, Ties
from models.aftersales_figures import AfterSales
from models.alarm import Alarm, Cause
from models.attainment import Past, Progress, Reached
from models.attention import Call, Look, Looks, Why
from models.bands import Band, Bands
from models.changes import Changes
from models.commission import Credit, Earned, Terms
from models.deal import Deal, ForecastCategory
from models.delays import Delay
from models.delivery import Delivery, DeliveryState
from models.errors import Candidate, SeveralDealsFit
from models.explanation import Act, Explanation, Trend, WhatIf
from models.forecast import Forecast, Hindsight, Outcome, Promise, Range, Slip, Step, Waterfall
from models.funnel import FunnelReport, StageRow
from models.funnel_figures import Compared, Part, PipelineFigures, Ratio
from models.history import Via
from models.known_deals import Selection
from models.leaderboard import Performance
from models.leaks import (
    Abnormal,
    Clue,
    Leak,
    Leaks,
    OutOfLine,
    OwnerLeak,
    ReasonGrowth,
    StageLeak,
    Verdict,
    Watched,
    WatchedWeek,
)
from models.member import Member, Role
from models.model_card import Group, Quality, Watch, WatchVerdict
from models.model_version import ModelStatus, ModelVersion, Question
from models.money import supported_currencies
from models.period import Period, Unit
from models.pipeline import Pipeline, Stage, StageKind, StagePlan
from models.playbook import MOST, Message, PlannedTask
from models.pricing import Basis, Lot, Unpriced, Worth
from models.records import Celebrated, Feat, Win
from models.reminders import Reminder
from models.rhythm import DAILY
from models.schedule import Schedule, ScheduleKind
from models.score import Estimate, Prospect, Reason
from models.tally import Tally
from models.target import Measure, Scope, Target
from models.team import Workload
from models.trend import PipelineTrend, Point
from models.velocity import Velocity
from models.workspace import MOST_REASONS, Workspace
from scoring.funnel_reports import FunnelPast
from scoring.funnel_statistics import ratio
from scoring.people import Comparison, Difference
from tests.bot.reading import words_in
from tests.factories import MONDAY, a_deal, a_member, a_model_version, a_pipeline, a_workspace, days
from tests.pasts import IN_DOLLARS, a_past, facts_of
from tests.slack_double.block_rules import refuse_bad_blocks, refuse_bad_view

VOICES = {language: Say(language, "Europe/Berlin") for language in ("en", "zh-CN")}
SAY = VOICES["en"]
NOW = MONDAY + days(60)
FOLDER = Path(views.__path__[0])
PRIVATE = "x" * 3_000
BANDS = Bands(hot_from=0.4, warm_from=0.15)


@dataclass(frozen=True)
class World:
    """A team whose every text is as long and as strange as may be: `said` fills names, notes and reasons."""

    said: str
    many: int

    def text(self, limit: int) -> str:
        return (self.said * limit)[:limit] if self.said else "x"

    @property
    def name(self) -> str:
        return self.text(150)

    @cached_property
    def progress(self) -> list[Progress]:
        return [self._progress() for _ in range(self.many)]

    def _progress(self) -> Progress:
        target = Target(id=1, measure=Measure.ENTERED, unit=Unit.QUARTER, scope=Scope.TEAM, stage_id=1, member_id=1)
        target.member, target.stage, target.pipeline = self.member, self.pipeline.first, self.pipeline
        reached = Reached(
            Period(Unit.QUARTER, NOW.date(), NOW.date(), "UTC"), Decimal("99999999999"), self.worth.unpriced, 9_999
        )
        return Progress(target, Decimal(100_000_000_000), reached, Decimal("0.999"), (Past(reached, Decimal(1)),) * 6)

    @cached_property
    def leaderboard(self) -> list[Performance]:
        return [Performance(self.member, self.worth, 9_999, 9_999, 9_999, 9_999, self.worth) for _ in range(self.many)]

    @property
    def compared(self) -> Comparison:
        stage = facts_of(self.pipeline)[0]
        own, others = Ratio(5, 9_999, 0.0, 0.999), Ratio(7, 9_999, 0.0, 0.999)
        return Comparison(tuple(Difference(1, stage, 365, own, others, 0.04) for _ in range(self.many)), 9_999)

    @property
    def paid(self) -> list[CommissionPart]:
        """What is paid for many years, all beginning on the same day."""
        most = Decimal("99999999999.99")
        found = Earned((Credit(1, NOW.date(), Decimal("33.333333"), most),) * self.many, most, most)
        terms = Terms(Decimal("5.123456"), most, Decimal("99.999999"))
        year = Period(Unit.YEAR, NOW.date(), NOW.date() + timedelta(364), "UTC")
        return [CommissionPart(found, {1: self.name}, terms, Unit.QUARTER, year)] * max(2, self.many)

    @property
    def celebrated(self) -> list[Celebrated]:
        win = Win(1, 1, NOW, NOW.date(), None)
        return [Celebrated(feat, win, Decimal(99_999_999_999), 52) for feat in (*Feat, Feat.BIGGEST, Feat.MONTH)]

    @cached_property
    def pipeline(self) -> Pipeline:
        return self._pipeline()

    def _pipeline(self) -> Pipeline:
        told = self.text(300)
        plans = [StagePlan(f"{place}{self.text(147)}", StageKind.OPEN, told, told, 1) for place in range(13)]
        return a_pipeline(
            *plans, StagePlan(f"W{self.text(147)}", StageKind.WON), StagePlan(f"L{self.text(147)}", StageKind.LOST)
        )

    @cached_property
    def member(self) -> Member:
        return a_member(self.name, role=Role.ADMIN)

    @property
    def money(self) -> Money:
        return Money(Decimal("99999999999.99"), "USD")

    @cached_property
    def deals(self) -> list[Deal]:
        return self._deals()

    def _deals(self) -> list[Deal]:
        pipeline, owner = self.pipeline, self.member
        made = [
            a_deal(
                self.name,
                stage=pipeline.stages[0].name,
                pipeline=pipeline,
                owner=owner,
                money=self.money,
                close_date=date(2026, 3, 3),
            )
            for _ in range(self.many)
        ]
        for deal in made[:2]:
            deal.company = deal.contact = deal.source = self.name
            deal.custom = {f"{number}{self.text(48)}": self.text(3_000) for number in range(12)}
            deal.plan(self.text(300), due=date(2026, 3, 3), by=owner, at=MONDAY)
            deal.log(ActivityKind.MEETING, self.text(3_000), by=owner, at=MONDAY)
        return made

    @property
    def start(self) -> Start:
        return Start(False, False, False, self.name, Role.ADMIN, self.name, may_choose_role=True)

    @cached_property
    def mine(self) -> Mine:
        """A Home tab with all that one can hold."""
        deals = self._deals()
        for deal in deals[:TASKS]:
            deal.plan(self.text(300), due=date(2026, 3, 3), by=deal.owner, at=MONDAY)
        choices = [Choice(number, self.name) for number in range(120)]
        page = DealPage(
            deals=deals[:PAGE],
            prospects=self.prospects(deals),
            bands=BANDS,
            number=1,
            total=5_000,
            stages=choices,
            pipelines=choices,
            stage=119,
            pipeline=7,
            band=Band.WARM,
            search=self.text(60),
        )
        return Mine(
            total=5_000,
            stalled=400,
            calls=[Call(deal, (Why.DUE, Why.CLOSE_DATE_PASSED, Why.STALLED, Why.SCORE_MOVED), 0.1) for deal in deals],
            tasks=[(task, deal) for deal in deals for task in deal.to_do][:TASKS],
            tasks_in_all=500,
            stages=[StageSum(self.name, self.name, self.report.open) for _ in choices],
            page=page,
        )

    @property
    def lost(self) -> Deal:
        deal = self._deals()[0]
        deal.lose(self.text(300) if self.said else "y", by=self.member, at=NOW, via=Via.FORM, note=self.text(3_000))
        deal.changes[-1].to_stage = deal.stage
        return deal

    @cached_property
    def estimate(self) -> Estimate:
        stage = {"stage": self.name}
        reasons = (
            Reason("reason.days_in_stage", stage | {"days": 10_000, "usual": 9}, -3.0),
            Reason("reason.own_field", {"field": self.text(50), "value": self.text(300)}, 1.0),
            Reason("reason.stage_rate", stage | {"rate": 0.123, "count": 100_000}, 0.5),
            Reason("reason.owner", {"owner": self.name}, 0.1),
        )
        return Estimate(0.5, 30, 12, 100_000, reasons, won=0.25)

    @cached_property
    def explanation(self) -> Explanation:
        helps = tuple(WhatIf(act, self.estimate, 0.1) for act in Act)
        return Explanation(self.estimate, Band.WARM, Trend(0.4, 0.5, is_of_one_model=False), helps)

    @cached_property
    def report(self) -> FunnelReport:
        tally = Tally(100_000, tuple(Money(99_999_999_999, code) for code in ("USD", "EUR", "CNY", "JPY")), 7)
        rows = tuple(
            StageRow(stage.id, stage.name, stage.kind, 100_000, tally.amounts, 7, 0.5, 10_000, 300.0)
            for stage in self.pipeline.stages[:-1]
        )
        changes = Changes(*[tally] * 6)
        return FunnelReport(self.name, NOW, "USD", rows, tally, tally, tally, NOW - days(7), changes, changes)

    @cached_property
    def worth(self) -> Worth:
        """In all currencies, or in one beside the team's."""
        codes = sorted(supported_currencies())[: None if self.many > 1 else 1]
        unpriced = tuple(Unpriced(100_000, Money(99_999_999_999, code)) for code in codes)
        return Worth(Money(Decimal("99999999999.99"), "USD"), unpriced)

    @cached_property
    def report_in_several_currencies(self) -> FunnelReport:
        unpriced, worth = self.worth.unpriced, replace(self.worth, unpriced=self.worth.unpriced[:4])
        basis = Basis("USD", tuple(sorted(supported_currencies())), date(2026, 1, 1), date(2026, 3, 2), True, unpriced)
        rows = tuple(replace(row, worth=worth) for row in self.report.rows)
        changes = Changes(*[replace(self.report.open, worth=worth)] * 6)
        return replace(self.report, rows=rows, changes=changes, before=changes, basis=basis)

    @property
    def quotes(self) -> list[Quote]:
        return [Quote(code, Decimal(1) / 3, date(2026, 3, 2)) for code in sorted(supported_currencies())[: self.many]]

    @property
    def asked(self) -> Asked:
        return Asked(self.name, tuple((self.text(50), self.name) for _ in range(6)), "USD")

    @cached_property
    def past(self) -> FunnelPast:
        """Deals of every month for three years that went through all stages, and one of long ago."""
        pipeline = self.pipeline
        stops = [(stage.name, day) for day, stage in enumerate(pipeline.stages[1:-1])]
        begun = [-1500, *range(-1000, 60, 28)]
        histories = [
            a_past(pipeline, (pipeline.first.name, day - 1), *((n, day + d) for n, d in stops)) for day in begun
        ]
        return FunnelPast(histories, facts_of(pipeline), IN_DOLLARS)

    @cached_property
    def leaks(self) -> Leaks:
        """Losses in every stage, of many owners and currencies, all of them out of line."""
        leak = Leak(100_000, self.worth, 100_000, 100_000)
        stages = facts_of(self.pipeline)
        return Leaks(
            self.period,
            tuple(StageLeak(stage, leak, 0.123, 1e9, 0.123, 0.123) for stage in stages),
            tuple(OwnerLeak(1, leak) for _ in range(self.many)),
            tuple(ReasonGrowth(self.text(300), 9, 10, 1, 100_000, 1, 9, True, self.name, 1) for _ in range(5)),
            Clue(self.name, self.text(300), 0.5, True, f"custom:{self.text(50)}", self.text(3_000), 0.75, 0.2),
            Watched(
                tuple(
                    Verdict(kind, stage, 10_000, 99_999, usual, 0.0, True)
                    for stage in stages
                    for kind, usual in ((Abnormal.ATTRITION, 0.2), (Abnormal.SLOWDOWN, 20_000.4))
                ),
                tuple(stages),
            ),
        )

    @property
    def news(self) -> list[OutOfLine]:
        days = [self.period.last - timedelta(weeks=weeks) for weeks in range(26, -1, -1)]
        return [
            OutOfLine(
                self.name,
                each,
                self.leaks.period.end,
                tuple(WatchedWeek(day, each, 9_999, is_told=True) for day in days),
                self.leaks.clue,
            )
            for each in self.leaks.watched.verdicts
        ]

    @property
    def period(self) -> Period:
        return Period(Unit.DAYS, date(2024, 5, 1), date(2026, 4, 30), "UTC")

    @property
    def trend(self) -> PipelineTrend:
        days = [self.period.last - timedelta(weeks=weeks) for weeks in range(60, -1, -1)]
        return PipelineTrend(
            self.period, 7, tuple(Point(day, 1_000, self.money, 1_000, self.worth.unpriced) for day in days)
        )

    @property
    def forecast(self) -> Forecast:
        """With all that one can say."""
        money, apart = self.money.amount, {each.money.currency.code: each.money.amount for each in self.worth.unpriced}
        step = Step(1_000, money, apart, (0, 1, 2))
        quarter = Period(Unit.QUARTER, date(2026, 4, 1), date(2026, 6, 30), "UTC")
        found = Range(money, money, money)
        one = Promise(1_000, money, money, money, money, money)
        promise = replace(one, apart=dict.fromkeys(apart, one))
        return Forecast(
            period=quarter,
            currency="USD",
            won=step,
            stages={f"{number}{self.text(149)}": promise for number in range(40)},
            categories=dict.fromkeys(ForecastCategory, promise),
            suggested=1_000,
            range=found,
            from_new=money,
            target=self.money,
            chance=0.5,
            slip=Slip(-9, 20, 300, 1_000),
            outcomes=(Outcome(quarter.first, quarter.last, found, money, apart),) * 12,
            changes=Waterfall(*[step] * 10),
            unpriced=(Unpriced(1_000, self.money),) * 40,
            without_amount=1_000,
            scored=1_000,
        )

    @property
    def hindsight(self) -> Hindsight:
        found = self.forecast
        return Hindsight(found.period, "USD", found.won, found.range, found.target, found.unpriced)

    @property
    def schedules(self) -> list[Schedule]:
        return [
            Schedule(
                id=1_000_000_000,
                kind=ScheduleKind.DIGEST,
                set_by=self.member,
                target=f"C{number:010}",
                local_time="09:00",
                time_zone="America/Argentina/ComodRivadavia",
                weekdays=DAILY.removesuffix(",sun"),
                next_due_at=NOW,
                pipeline=self.pipeline,
                owner=self.member,
                with_team=True,
                is_quiet=True,
                paused_because="is_archived",
            )
            for number in range(self.many)
        ]

    @property
    def looks(self) -> Looks:
        whys = tuple(why for why in Why if why not in (Why.DUE, Why.SCORE_MOVED))
        return Looks(
            tuple(Look(deal, whys, None, days(0), self.estimate, Band.WARM) for deal in self.deals[:20]), 100_000
        )

    @property
    def failed_delivery(self) -> Delivery:
        return Delivery(state=DeliveryState.FAILED, error="is_archived", settled_at=NOW)

    @property
    def workspace(self) -> Workspace:
        return a_workspace(custom_fields=[f"{number}{self.text(40)}" for number in range(40)])

    def model(self, question: Question) -> ModelVersion:
        """One that has gone bad, learnt by somebody with a very long name."""
        version = a_model_version(question, trained_by=self.name, chosen=self.text(100), own_field=self.name)
        quality = Quality(0.123456, 0.123456, 0.123456)
        groups = tuple(Group(n / 10, n / 10, 100_000, 0.0, 1.0) for n in range(10))
        version.take_note(Watch(WatchVerdict.WORSE, NOW, 100_000, quality, quality, groups))
        return version

    @property
    def model_standings(self) -> list[Standing]:
        challenger = a_model_version(Question.WON, number=99_999, status=ModelStatus.CHALLENGER, verdict="too_new")
        return [
            Standing(Question.FORWARD, self.model(Question.FORWARD), challenger, 100_000, 365),
            Standing(Question.WON, None, challenger, 100_000, 365),
        ]

    def managed(self, number: int) -> Member:
        member = a_member(f"{number}{self.text(140)}", role=Role.MANAGER)
        member.manager = a_member(self.name)
        return member

    @cached_property
    def busy_stage(self) -> Stage:
        stage = self._pipeline().first
        for number in range(MOST):
            stage.plan_task(PlannedTask(f"{number}{self.text(297)}", number, in_working_days=True))
            stage.keep_template(Message(f"{number}{self.text(297)}", self.text(2_000)))
        return stage

    @cached_property
    def busy_deals(self) -> list[Deal]:
        """Each with many tasks of two stages."""
        pipeline = self._pipeline()
        for stage in pipeline.stages[:2]:
            for number in range(MOST):
                stage.plan_task(PlannedTask(f"{number}{self.text(297)}", number))
                stage.keep_template(Message(f"{number}{self.text(297)}", self.text(2_000)))
        deals = [a_deal(self.name, stage=pipeline.first.name, pipeline=pipeline) for _ in range(9)]
        for deal in deals:
            deal.advance(by=None, at=MONDAY + days(1), via=Via.COMMAND)
            for number, task in enumerate(deal.tasks):
                task.id = number
        return deals

    def unasked(self, say: Say) -> list[Reply]:
        """Everything at once that a person may hear in the morning."""
        reminders = [Reminder(deal, tuple(deal.tasks), should_have_closed=True, is_stalled=True) for deal in self.deals]
        alarms = [Alarm(deal, cause, 1, 0.5) for deal in self.deals for cause in Cause]
        return [
            high_value_alert(alarms, self.estimates(self.deals), now=NOW, say=say),
            model_alert([self.model(Question.FORWARD), self.model(Question.WON)], say),
            morning_nudge(reminders, self.estimates(self.deals), now=NOW, today=NOW.date(), say=say),
        ]

    def estimates(self, deals: Sequence[Deal]) -> dict[int, Estimate]:
        return {deal.id: self.estimate for deal in deals}

    def prospects(self, deals: Sequence[Deal]) -> dict[int, Prospect]:
        return {deal.id: Prospect(0.5, is_of_winning=True) for deal in deals}


def values(world: World) -> list[Compared[Part]]:
    """More values than are shown, all with long names."""
    value = Part(world.name, 10**6, 10**6, 10**6, ratio(10**6, 2 * 10**6), world.worth)
    return [Compared(value, value, value)] * 11


def pipelines(world: World) -> PipelinesBeside:
    """As many, all with long names and large figures."""
    worth = world.worth
    total = worth.total or Money(1, "USD")
    velocity = Velocity(10**6, 10**6, 10**6, total, 10**6, 1234.5, worth.unpriced, 10**6)
    found = PipelineFigures(world.period, 10**6, ratio(10**6, 2 * 10**6), velocity, is_cohort=False, has_velocity=True)
    beside = Compared(found, found, found)
    return PipelinesBeside({f"{world.name}{number}": beside for number in range(200)}, beside)


def parts(world: World, say: Say) -> list[str]:
    return part_lines(world.name, values(world), {}, say)


def several(world: World) -> SeveralDealsFit:
    candidates = tuple(Candidate(number, world.name, world.name) for number in range(8))
    return SeveralDealsFit(world.name, candidates, more=492)


Shown = Callable[[World, Say], Sequence[Block]]

MESSAGES: dict[str, Shown] = {
    "card": lambda w, say: deal_card(
        w.deals[0],
        estimate=w.estimate,
        bands=BANDS,
        note=w.deals[0].activities[-1],
        move=w.lost.changes[-1],
        shares=[(w.name, Decimal("12.345678"))] * 20,
        ties=Ties(w.name, w.name, Satisfaction(score=10, comment=w.text(2_000), at=NOW)),
        now=NOW,
        say=say,
    ),
    "card of a lost deal": lambda w, say: deal_card(
        w.lost, estimate=None, bands=BANDS, note=None, now=NOW, say=say, closed_on=NOW.date()
    ),
    "list": lambda w, say: deal_list(
        escaped(w.name),
        deals := w.deals,
        w.prospects(deals),
        BANDS,
        total=5_000,
        now=NOW,
        say=say,
        begin=15,
        words=w.text(3_000),
    ),
    "row": lambda w, say: [deal_row(w.deals[0], Prospect(0.5, is_of_winning=True), BANDS, NOW, say, with_owner=True)],
    "start": lambda w, say: start_guide(w.start, say),
    "why": lambda w, say: explained(w.deals[0], w.explanation, say).blocks,
    "why not": lambda w, say: explained(w.lost, None, say).blocks,
    "choice": lambda w, say: worded(several(w), say, command="/deal", words=f"note {w.name} hello").blocks,
    "long choice": lambda w, say: worded(several(w), say, command="/deal", words=f"note {'x' * 3_000}").blocks,
    "report": lambda w, say: snapshot_report(w.asked, w.past.snapshot(w.period, Selection()), say, parts(w, say)),
    "report with tables": lambda w, say: snapshot_tables(
        w.asked, w.past.snapshot(w.period, Selection()), say, part_table(w.name, values(w), {}, say)
    ),
    "pipelines side by side": lambda w, say: pipelines_report(w.asked, pipelines(w), say),
    "pipelines in a table": lambda w, say: pipelines_tables(w.asked, pipelines(w), say),
    "leaks": lambda w, say: leaks_report(w.asked, w.leaks, {1: w.name}, say),
    "stage alert": lambda w, say: stage_alert(w.news, {1: w.name}, say).blocks,
    "asked": lambda w, say: asked(w.name, "/deal show #1", "pick.meant", say).blocks,
    "asked which": lambda w, say: (
        asked_which(
            dict.fromkeys(w.deals, "/deal note #1: " + "x" * 1_980), say("reacting.which.note"), say, action_id="pick"
        ).blocks
    ),
    "not understood": lambda w, say: not_understood([w.name, w.name], say).blocks,
    "cohorts": lambda w, say: cohort_report(w.asked, w.past.cohorts(w.period, Selection(), at=NOW), say, parts(w, say)),
    "cohorts with tables": lambda w, say: cohort_tables(
        w.asked, w.past.cohorts(w.period, Selection(), at=NOW), say, part_table(w.name, values(w), {}, say)
    ),
    "hindsight": lambda w, say: hindsight_report(w.asked, w.hindsight, say),
    "forecast": lambda w, say: forecast_report(w.asked, w.forecast, dict.fromkeys(range(3), w.text(150)), say),
    "nudges": lambda w, say: nudges_view(
        Help(w.period, Ratio(9, 99_999, 0.0, 0.999), Ratio(9, 99_999, 0.0, 0.999), (-0.5, 0.5), 99_999, 50), say
    ),
    "trend": lambda w, say: (*trend_view(w.asked, w.trend, say), *trend_charts(w.trend, say)),
    "funnel": lambda w, say: funnel_report(w.report, say, [Delay(deal, timedelta(100_000)) for deal in w.deals]),
    "funnel in several currencies": lambda w, say: funnel_report(w.report_in_several_currencies, say),
    "rates": lambda w, say: rates_view(
        "USD",
        quotes=w.quotes,
        missing=[quote.base for quote in w.quotes],
        others=[quote.base for quote in w.quotes],
        say=say,
    ),
    "leaderboard": lambda w, say: leaderboard_view(
        w.leaderboard, [0.5] * w.many, title=w.text(150), currency="USD", say=say
    ),
    "leaderboard as a table": lambda w, say: leaderboard_table(
        w.leaderboard, [0.5] * w.many, title=w.text(150), currency="USD", say=say
    ),
    "coaching": lambda w, say: coaching_view(w.compared, {1: w.name}, say, with_chart=True),
    "digest with dates put off": lambda w, say: (
        funnel_digest(w.report, w.looks, say, delays=[Delay(deal, timedelta(100_000)) for deal in w.deals]).blocks
    ),
    "digest with cheers": lambda w, say: (
        funnel_digest(
            w.report,
            Looks((), 0),
            say,
            cheers=[cheer(each, deal=w.name, owner=w.name, currency="USD", say=say) for each in w.celebrated],
        ).blocks
    ),
    "commission": lambda w, say: commission_view(w.name, w.paid[:2], currency="USD", say=say),
    "commission in charts": lambda w, say: commission_charts(w.paid, "USD", say),
    "commission of a year in a chart": lambda w, say: commission_charts(w.paid[:1], "USD", say),
    "targets": lambda w, say: targets_view(
        w.progress, currency="USD", unpriced=[Lot(1, "EUR", Decimal(1), NOW.date())] * w.many, say=say
    ),
    "digest with targets": lambda w, say: (
        funnel_digest(
            w.report, Looks((), 0), say, targets=[brief_line(each, "USD", say) for each in w.progress[:6]]
        ).blocks
    ),
    "after the sale": lambda w, say: aftersales_view(
        AfterSales(
            Period(Unit.QUARTER, NOW.date(), NOW.date(), "UTC"),
            (100_000,) * 11,
            Ratio(1, 100_000, 0.1, 0.9),
            Ratio(1, 100_000, 0.1, 0.9),
            100_000,
            100_000,
        ),
        [(NOW.date(), w.name)] * 100_000,
        NOW.date(),
        title=w.text(150),
        say=say,
    ),
    "help": lambda _, say: deal_help(say, open_deals=500, stalled=400),
    "help with the funnel": lambda _, say: (
        funnel_help(say)
        + tuple(
            block
            for topic in set(TOPICS.values())
            for block in funnel_help(say, next(w for w in TOPICS if TOPICS[w] == topic))
        )
    ),
    "models": lambda w, say: model_view(w.model_standings, say),
    "news of the models": lambda w, say: model_alert([w.model(Question.FORWARD), w.model(Question.WON)], say).blocks,
    "settings": lambda w, say: settings_view(
        w.workspace, [w.managed(number) for number in range(w.many)], None, say, may_change=True
    ),
    "playbook": lambda w, say: playbook_view(w.busy_stage, say),
    "tasks": lambda w, say: task_list(escaped(w.name), w.busy_deals, today=NOW.date(), say=say),
    "tasks on a card": lambda w, say: card_tasks(w.busy_deals[0], NOW.date(), say),
    "hints": lambda w, say: hints(w.busy_stage, w.pipeline.stages[1], say),
    "message": lambda w, say: written_message(
        w.deals[0], Message(w.text(300), w.text(2_000)), "mailto:?x=" + "x" * 2_900, has_text=False, say=say
    ),
    "choice of messages": lambda w, say: template_choice(w.busy_deals[0], [w.text(300)] * w.many, say),
    "pipelines": lambda w, say: pipelines_view([w.pipeline] * min(w.many, 9), {}, say),
    "win": lambda w, say: (
        win_post(
            w.deals[0],
            say,
            helpers=[w.name] * 40,
            cheers=[cheer(each, deal=w.name, owner=w.name, currency="USD", say=say) for each in w.celebrated],
        ).blocks
    ),
    "notifications": lambda w, say: notifications_view(w.member, w.text(60), say),
    "schedules": lambda w, say: schedule_list(w.schedules, say),
    "a page of schedules": lambda w, say: schedules_view(
        [Entry(each, w.failed_delivery, may_change=True) for each in w.schedules[:PAGE_OF_SCHEDULES]],
        say,
        begin=8,
        total=1_000,
        said=say("schedules.sent"),
    ),
    "nudge": lambda w, say: (
        morning_nudge(
            [
                Reminder(deal, tuple(deal.tasks), is_renewal=True, should_have_closed=True, is_stalled=True)
                for deal in w.deals
            ],
            w.estimates(w.deals),
            now=NOW,
            today=NOW.date(),
            say=say,
        ).blocks
    ),
    "what to look at": lambda w, say: (
        what_to_look_at(
            w.looks,
            say,
            title=w.text(300),
            targets=[brief_line(each, "USD", say) for each in w.progress[:6]],
            forecast=escaped(w.text(300)),
        ).blocks
    ),
    "offer": lambda w, say: quiet_day(w.report, w.looks, say, title=w.text(300), offered=10**9).blocks,
    "all that is unasked": lambda w, say: marked_late(in_one(w.unasked(say), say), NOW, say).blocks,
    "a full message that is late": lambda _, say: marked_late(Reply("x", (context("x"),) * 50), NOW, say).blocks,
    "reaction on a post": lambda w, say: (
        asked_of(w.deals[:60], "note", f": {w.text(900)}", say, action_id="pick").blocks
    ),
    "reaction on a post about one deal": lambda w, say: asked_of(w.deals[:1], "won", "", say, action_id="pick").blocks,
    "alert": lambda w, say: (
        high_value_alert(
            [Alarm(deal, cause, 1, 0.5) for deal in w.deals for cause in Cause], w.estimates(w.deals), now=NOW, say=say
        ).blocks
    ),
    "quiet day": lambda w, say: quiet_day(w.report, w.looks, say, title=w.text(300)).blocks,
    "whole digest": lambda w, say: (
        funnel_digest(
            w.report_in_several_currencies,
            w.looks,
            say,
            title=w.text(300),
            targets=[brief_line(each, "USD", say) for each in w.progress[:6]],
            cheers=[cheer(each, deal=w.name, owner=w.name, currency="USD", say=say) for each in w.celebrated],
            forecast=escaped(w.text(300)),
        ).blocks
    ),
    "digest in several currencies": lambda w, say: (
        funnel_digest(w.report_in_several_currencies, Looks((), 0), say).blocks
    ),
    "digest": lambda w, say: funnel_digest(w.report, w.looks, say).blocks,
}
"""Every message that is made of blocks."""

FORMS: dict[str, Callable[[World, Say], Block]] = {
    "renewal": lambda w, say: renewal_form(w.deals[0], private=PRIVATE, say=say),
    "satisfaction": lambda w, say: satisfaction_form(w.deals[0], private=PRIVATE, say=say),
    "add": lambda w, say: add_form(
        [w.pipeline] * w.many, w.pipeline, w.member, private=PRIVATE, say=say, note=w.text(4_000)
    ),
    "edit": lambda w, say: edit_form(
        w.deals[0], as_written(w.deals[0]), w.workspace.custom_fields, private=PRIVATE, say=say
    ),
    "lost": lambda w, say: lost_form(w.deals[0], [], private=PRIVATE, say=say),
    "lost for a reason of many": lambda w, say: lost_form(
        w.deals[0], [f"{number}{w.text(70)}" for number in range(MOST_REASONS)], private=PRIVATE, say=say
    ),
    "move": lambda w, say: move_form(w.deals[0], [w.pipeline, w.pipeline], private=PRIVATE, say=say),
    "edit anew": lambda w, say: edit_form(
        w.deals[0],
        as_written(w.deals[0]),
        w.workspace.custom_fields,
        news=dict.fromkeys(as_written(w.deals[0]), w.text(4_000)),
        mark="9" * 10,
        private=PRIVATE,
        say=say,
    ),
    "failed": lambda w, say: failed(escaped(w.text(3_000)), say),
    "loading": lambda _w, say: loading(say),
    "log": lambda w, say: log_form(w.text(4_000), private=PRIVATE, say=say),
    "not saved": lambda w, say: not_saved(escaped(w.text(3_000)), say=say),
    "note": lambda w, say: note_form(w.deals[0], ActivityKind.CALL, private=PRIVATE, say=say),
    "schedule": lambda w, say: schedule_form(
        DigestShown(w.text(100), w.pipeline.id, w.member, with_team=True, is_quiet=True),
        [w.pipeline] * w.many,
        changed=appointment(w.schedules[0], say),
        private=PRIVATE,
        say=say,
    ),
    "settings": lambda w, say: settings_form(
        as_agreed(w.workspace, "C0123456789") | {"loss-reasons": w.text(MOST_REASONS * 76)}, private=PRIVATE, say=say
    ),
    "notifications": lambda w, say: notifications_form(as_set(w.member), private=PRIVATE, say=say),
    "snooze": lambda w, say: snooze_form(w.deals[0], private=PRIVATE, say=say),
    "step": lambda w, say: step_form(
        w.deals[0], step=w.text(400), due=w.text(100), has_changed=True, private=PRIVATE, say=say
    ),
    "won": lambda w, say: won_form(
        w.deals[0], "1", note=w.text(4_000), news=w.text(4_000), mark="9" * 10, private=PRIVATE, say=say
    ),
    "told": lambda w, say: told(MESSAGES["card"](w, say), w.name, say),
}

WORLDS = {
    "long names": World("W", 500),
    "Chinese": World("华", 500),
    "right to left": World("شركة ", 60),
    "emoji": World("👩‍🚀", 60),
    "markup": World("*&<_", 60),
    "mentions": World("<!channel> <@U123> ", 60),
    "one short deal": World("", 1),
}


@pytest.mark.parametrize("say", VOICES.values(), ids=VOICES)
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
@pytest.mark.parametrize("shown", MESSAGES.values(), ids=MESSAGES)
def test_slack_takes_every_message(shown: Shown, world: World, say: Say) -> None:
    blocks = list(shown(world, say))

    assert refuse_bad_blocks(blocks, "message") == blocks
    assert calls_nobody(blocks)


@pytest.mark.parametrize("say", VOICES.values(), ids=VOICES)
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_slack_takes_the_home_tab(world: World, say: Say) -> None:
    targets = [brief_line(each, "USD", say) for each in world.progress[:8]]
    view = home_tab(
        world.mine, now=NOW, say=say, targets=targets, said=escaped(world.name), start=world.start, may_manage=True
    )

    assert refuse_bad_view(view, "home") == view
    assert calls_nobody(view)


@pytest.mark.parametrize("say", VOICES.values(), ids=VOICES)
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_slack_takes_the_home_tab_of_a_manager(world: World, say: Say) -> None:
    people = [world.managed(number) for number in range(world.many)]
    found = [Workload(each, 9_999, world.worth, world.worth, 9_999, 9_999, world.worth) for each in people]
    team = team_view(found, say=say)
    settings = team_settings(world.workspace, people, world.schedules, world.schedules[0], say)

    for told_to_managers in (team, settings):
        view = manager_tab(told_to_managers, tab=Tab.TEAM, say=say, said=escaped(world.name))
        assert refuse_bad_view(view, "home") == view
        assert calls_nobody(view)


@pytest.mark.parametrize("say", VOICES.values(), ids=VOICES)
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_slack_takes_every_form(form: Callable[[World, Say], Block], world: World, say: Say) -> None:
    view = form(world, say)

    assert refuse_bad_view(view, "modal") == view
    assert calls_nobody(view)


def test_every_view_that_there_is_stands_above() -> None:
    words = {"blocks", "buttons", "lines"}
    modules = [importlib.import_module(f"bot.views.{file.stem}") for file in FOLDER.glob("*.py")]
    there_are = {
        view.__name__
        for module in modules
        for view in vars(module).values()
        if inspect.isfunction(view) and view.__module__ == module.__name__ and not view.__name__.startswith("_")
        if get_type_hints(view)["return"] in (Block, Reply, tuple[Block, ...])
        if module.__name__.rpartition(".")[2] not in words
    }

    assert there_are - set(globals()) == set()


def calls_nobody(shown: object) -> bool:
    """Whether what people wrote mentions neither anybody nor all."""
    return not any("<!" in text or "<@U123>" in text for text in _markup_in(shown))


def _markup_in(part: object) -> Iterator[str]:
    """The texts in which Slack looks for mentions."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for inner in part.values():
            yield from _markup_in(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _markup_in(inner)


def test_what_a_list_leaves_out_is_counted() -> None:
    blocks = deal_list("Deals", WORLDS["markup"].deals, {}, BANDS, total=60, now=NOW, say=SAY)
    shown = len(blocks) - 2

    assert words_in(blocks).splitlines()[-1] == f"and {60 - shown} more"


def test_a_stay_in_a_stage_is_never_negative() -> None:
    before = MONDAY - timedelta(hours=1)
    blocks = deal_list("Deals", WORLDS["one short deal"].deals, {}, BANDS, total=1, now=before, say=SAY)

    assert "0 days" in words_in(blocks)


def test_months_that_a_message_cannot_hold_are_left_out_from_the_oldest_on_and_counted() -> None:
    world = WORLDS["mentions"]
    report = world.past.cohorts(world.period, Selection(), at=NOW)
    told = words_in(cohort_report(world.asked, report, SAY))

    shown = sum(f"*{SAY.month(each.month)}*:" in told for each in report.now.months if each.month)
    assert 0 < shown < 12
    assert f"*{SAY.month(date(2026, 4, 1))}*:" in told
    assert f"{len(report.now.months) - shown} earlier months are in the figures above, but not listed" in told
