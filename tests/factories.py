"""Valid things for tests: a test names only what matters to it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from moneyed import Money
from sqlalchemy.orm import Session

from models.deal import Deal
from models.deals import Deals
from models.delivery import Deliveries, Delivery
from models.history import Via
from models.member import Member, Role
from models.members import Members, Profile
from models.model_version import ModelStatus, ModelVersion, Question
from models.open_deals import OpenDeals
from models.pipeline import Pipeline, Stage, StagePlan
from models.pipelines import Pipelines
from models.schedule import ScheduleKind
from models.templates import B2B
from models.texts import name_key
from models.workspace import Workspace, new_workspace, workspace_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

_numbers = count(1)


def days(number: float) -> timedelta:
    return timedelta(days=number)


# In memory


def a_workspace(team_id: str = "T1", *, currency: str = "USD", custom_fields: list[str] | None = None) -> Workspace:
    workspace = new_workspace(team_id, at=MONDAY)
    workspace.currency = currency
    workspace.custom_fields = custom_fields or []
    return workspace


def a_member(name: str = "Ann", *, role: Role = Role.REP) -> Member:
    number = next(_numbers)
    return Member(
        id=number,
        workspace_id="T1",
        user_id=f"U{number}",
        name=name,
        email="",
        role=role,
        time_zone="UTC",
        locale="en",
        notified_at="09:00",
        is_muted=False,
        is_bundled=False,
        joined_at=MONDAY,
    )


def a_pipeline(*plans: StagePlan) -> Pipeline:
    """The seven stages and lost, unless others are given (in their order, with a won and a lost one)."""
    pipeline_id = next(_numbers)
    return Pipeline(
        id=pipeline_id,
        workspace_id="T1",
        name="Sales",
        is_default=True,
        every_stage=[_a_stage(plan, position, pipeline_id) for position, plan in enumerate(plans or B2B)],
    )


def _a_stage(plan: StagePlan, position: int, pipeline_id: int) -> Stage:
    stage = Stage.planned(plan, position, workspace_id="T1")
    stage.id, stage.pipeline_id = next(_numbers), pipeline_id
    return stage


def a_deal(
    name: str = "Acme",
    *,
    stage: str = "Lead identified",
    owner: Member | None = None,
    at: datetime = MONDAY,
    pipeline: Pipeline | None = None,
    money: Money | None = None,
    close_date: date | None = None,
) -> Deal:
    """A deal that no database knows, which entered its stage at the given moment."""
    whole = pipeline or a_pipeline()
    deal = Deal(
        id=next(_numbers),
        workspace_id="T1",
        name=name,
        name_key=name_key(name),
        company="",
        contact="",
        source="",
        amount=None if money is None else money.amount,
        currency="USD" if money is None else money.currency.code,
        close_date=close_date,
        forecast="",
        custom={},
        owner=owner,
        owner_id=owner.id if owner else None,
        pipeline=whole,
        pipeline_id=whole.id,
        created_at=at,
        changes=[],
        activities=[],
        tasks=[],
    )
    deal.begin(whole.stage_named(stage), by=owner, at=at, via=Via.COMMAND)
    return deal


def a_model_version(
    question: Question = Question.FORWARD,
    *,
    number: int = 3,
    status: ModelStatus = ModelStatus.CHAMPION,
    trained_by: str = "Ann",
    at: datetime = MONDAY,
    chosen: str = "logistic regression",
    verdict: str = "published",
    lacking: int = 0,
    own_field: str = "Seats",
) -> ModelVersion:
    """A model with a full card, which no database knows."""
    window = {"first": at - days(400), "cut": at - days(100), "last": at - days(30)}
    card: dict[str, Any] = {
        "verdict": verdict,
        "lacking": lacking,
        "horizon_days": 30,
        "outcomes": 412,
        "moved": 130,
        "chosen": chosen,
        "knew_until": at.isoformat(),
        "features": [f"feature {number}" for number in range(37)],
        "weightiest": ["days_in_stage", "owner", f"custom:{own_field}"],
        "data_hash": "3f9c1a7e" * 8,
        "window": {name: moment.isoformat() for name, moment in window.items()},
        "model": {"log_loss": 0.492, "brier": 0.161, "calibration_error": 0.041},
        "base_rate": {"log_loss": 0.6, "brier": 0.21, "calibration_error": 0.05},
    }
    return ModelVersion(
        id=next(_numbers),
        workspace_id="T1",
        number=number,
        question=question,
        status=status,
        trained_at=at,
        trained_by=trained_by,
        served_from=at if status is ModelStatus.CHAMPION else None,
        card=card,
        artifact=b"",
        sha256="",
    )


# In a database


@dataclass(frozen=True)
class Team:
    """A workspace with its seven stages, Ann who is its admin, and Bob who is a rep."""

    session: Session
    workspace: Workspace
    pipeline: Pipeline
    ann: Member
    bob: Member

    @property
    def deals(self) -> Deals:
        return Deals(self.session, self.workspace)

    @property
    def open_deals(self) -> OpenDeals:
        return OpenDeals(self.session, self.workspace)

    @property
    def members(self) -> Members:
        return Members(self.session, self.workspace)

    def adds(
        self,
        name: str = "Acme",
        *,
        stage: str = "Lead identified",
        owner: Member | None = None,
        at: datetime = MONDAY,
        money: Money | None = None,
        close_date: date | None = None,
        company: str = "",
        contact: str = "",
        source: str = "",
    ) -> Deal:
        """A deal of Ann's, unless another owner is named."""
        return self.deals.add(
            name,
            stage=self.pipeline.stage_named(stage),
            owner=owner or self.ann,
            at=at,
            via=Via.COMMAND,
            money=money,
            close_date=close_date,
            company=company,
            contact=contact,
            source=source,
        )

    def nudged(self, *, at: datetime) -> Delivery:
        """The post by which Bob was told of his deals."""
        post = Deliveries(self.session, self.workspace).claim(ScheduleKind.NUDGE, "UBOB", at.isoformat(), at=at)
        assert post is not None
        post.settle(channel="D1", ts="1.0", as_of=at, at=at)
        return post


def a_team(session: Session, team_id: str = "T1") -> Team:
    """The team of that id, made when it is not there yet."""
    workspace = workspace_of(session, team_id, at=MONDAY)
    members = Members(session, workspace)
    return Team(
        session=session,
        workspace=workspace,
        pipeline=Pipelines(session, workspace).default(),
        ann=members.seen(Profile("UANN", "Ann"), at=MONDAY),
        bob=members.seen(Profile("UBOB", "Bob"), at=MONDAY),
    )
