"""Pasts of deals as plain values, made by the domain's own moves, with no database."""

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from models.deal import Deal
from models.history import Via
from models.moving_errors import NothingToUndo
from models.pipeline import Pipeline, StageKind
from models.pricing import Pricing, Rates
from models.timeline import DealHistory, PastMove, PastRevision, StageFacts
from tests.factories import MONDAY, a_deal, days

DAYS = 120
IN_DOLLARS = Pricing("USD", "UTC", MONDAY.date(), Rates(()))
"""What amounts are worth in a team without exchange rates."""


def facts_of(pipeline: Pipeline) -> list[StageFacts]:
    return [StageFacts(each.id, pipeline.id, each.name, each.position, each.kind, None) for each in pipeline.stages]


def past_of(
    deal: Deal,
    *,
    owner_id: int | None = None,
    source: str = "",
    amount: int | None = 1000,
    currency: str = "USD",
    revisions: tuple[PastRevision, ...] = (),
) -> DealHistory:
    """The history of a deal that only memory knows."""
    return DealHistory(
        deal_id=deal.id,
        pipeline_id=deal.pipeline_id,
        created_at=deal.changes[0].at,
        owner_id=owner_id,
        company="",
        source=source,
        amount=None if amount is None else Decimal(amount),
        currency=currency,
        close_date=None,
        custom={},
        moves=tuple(
            PastMove(each.at, each.change, each.from_stage_id, each.to_stage_id, None, each.reason)
            for each in deal.changes
        ),
        revisions=revisions,
    )


def a_past(pipeline: Pipeline, *stops: tuple[str, float], **fields: object) -> DealHistory:
    """A deal that entered these stages, each so many days after MONDAY; "undo" takes the move before back."""
    (first, began), *others = stops
    deal = a_deal(stage=first, at=MONDAY + days(began), pipeline=pipeline)
    for stage, day in others:
        step(deal, stage, MONDAY + days(day))
    return past_of(deal, **fields)  # type: ignore[arg-type]  # the fields of past_of


def step(deal: Deal, stage: str, at: datetime) -> None:
    """Into a stage that it is not in."""
    if stage == "undo":
        deal.undo(by=None, at=at, via=Via.IMPORT)
        return
    target = deal.pipeline.stage_named(stage)
    if target.kind is StageKind.LOST:
        deal.lose("price", by=None, at=at, via=Via.IMPORT)
    else:
        deal.move(target, by=None, at=at, via=Via.IMPORT)


@st.composite
def pasts(draw: st.DrawFn, pipeline: Pipeline, *, most: int = 8) -> list[DealHistory]:
    """Deals that wander through the pipeline at random, some moves undone, some deals given to another owner."""
    return [draw(_wanderings(pipeline)) for _ in range(draw(st.integers(0, most)))]


@st.composite
def _wanderings(draw: st.DrawFn, pipeline: Pipeline) -> DealHistory:
    at = MONDAY + timedelta(hours=draw(st.integers(0, 24 * DAYS)))
    names = [stage.name for stage in pipeline.stages]
    deal = a_deal(stage=draw(st.sampled_from(names[:-1])), at=at, pipeline=pipeline)
    for _ in range(draw(st.integers(0, 7))):
        at += timedelta(hours=draw(st.integers(1, 24 * 30)))
        stage = draw(st.sampled_from([*names, "undo"]))
        if stage != deal.stage.name:
            with suppress(NothingToUndo):
                step(deal, stage, at)
    owner = draw(st.sampled_from([1, 2, None]))
    former = draw(st.sampled_from(["", "1", "2"]))
    given_at = MONDAY + timedelta(hours=draw(st.integers(0, 48 * DAYS)))
    revisions = (PastRevision(given_at, "owner", former, str(owner or "")),) if given_at > deal.changes[0].at else ()
    return past_of(deal, owner_id=owner, currency=draw(st.sampled_from(["USD", "EUR"])), revisions=revisions)
