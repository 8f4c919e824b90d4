"""Brings deals up to date with a newer export of the same CRM, and leaves alone what people changed in Slack meanwhile.

A cell is news when it differs from the deal and from what the last import had put there: somebody who corrected a deal
in Slack is not overruled by the old file. An empty cell says nothing. A stage is news while all that is known of the
deal's moves was derived from imports; otherwise only when the row dates the move later than the last one known.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.activity import Revision
from models.deal import Deal, DealField, ForecastCategory, plain_money
from models.history import Via, kind_of_change
from models.importing_lookups import People
from models.importing_moves import NewMove, count_moves, moves_written, stand, write_moves
from models.importing_rows import DealRow
from models.member import Member
from models.pipeline import Stage
from models.workspace import Workspace


class Updates:
    """What one lot of rows has to say of deals that are there already."""

    def __init__(
        self, session: Session, workspace: Workspace, people: People, stages: Mapping[int, Stage], *, at: datetime
    ) -> None:
        self._session = session
        self._workspace = workspace
        self._people = people
        self._stages = stages
        self._at = at
        self.stayed = 0
        """How many deals the rows have in another pipeline."""

    def bring(self, rows: Mapping[int, DealRow]) -> int:
        """Write what is news; how many deals had any."""
        if not rows:
            return 0
        held = (
            select(Deal)
            .where(Deal.workspace_id == self._workspace.id, Deal.id.in_(rows))
            .with_for_update(of=Deal)
            .execution_options(populate_existing=True)
        )
        deals = {deal.id: deal for deal in self._session.scalars(held)}
        revisions = self._revisions(rows)
        changed = {
            deal_id
            for deal_id, row in rows.items()
            if self._bring_fields(deals[deal_id], row, revisions.get(deal_id, []))
        }
        self.stayed += sum(row.stage.pipeline_id != deals[deal_id].pipeline_id for deal_id, row in rows.items())
        self._session.flush()
        moved = [deals[deal_id] for deal_id, row in rows.items() if deals[deal_id].stage_id != row.stage.id]
        return len(changed | self._move_on(moved, rows))

    def _bring_fields(self, deal: Deal, row: DealRow, revisions: Sequence[Revision]) -> bool:
        news = list(self._news(deal, row, revisions))
        for field, text in news:
            self._write(deal, row, field, text)
        has_new_step = bool(row.next_step) and all(
            (task.text, task.due) != (row.next_step, row.next_step_due) for task in deal.tasks
        )
        if has_new_step:
            deal.plan(row.next_step, due=row.next_step_due, by=None, at=self._at)
        return bool(news) or has_new_step

    def _news(self, deal: Deal, row: DealRow, revisions: Sequence[Revision]) -> Iterator[tuple[str, str]]:
        """The fields that the row writes anew, with their text as a Revision has it."""
        owner_id = self._people.id_of(row.owner, self._session, self._workspace)
        told: dict[str, tuple[str, str]] = {
            DealField.NAME: (deal.name, row.name),
            DealField.COMPANY: (deal.company, row.company),
            DealField.CONTACT: (deal.contact, row.contact),
            DealField.SOURCE: (deal.source, row.source),
            DealField.AMOUNT: (plain_money(deal.money), plain_money(row.money)),
            DealField.CLOSE_DATE: (str(deal.close_date or ""), str(row.close_date or "")),
            DealField.FORECAST: (deal.forecast, row.forecast),
            DealField.RENEWAL: (str(deal.renews_on or ""), str(row.renews_on or "")),
            DealField.OWNER: (str(deal.owner_id or ""), str(owner_id or "")),
        }
        for field, text in row.custom.items():
            told[f"custom:{field}"] = (str(deal.custom.get(field, "")), text)
        for field, (now, text) in told.items():
            if text and text not in (now, _left_by_import(field, now, revisions)):
                yield field, text

    def _write(self, deal: Deal, row: DealRow, field: str, text: str) -> None:
        match field:
            case DealField.NAME:
                deal.rename(text, by=None, at=self._at)
            case DealField.COMPANY | DealField.CONTACT | DealField.SOURCE:
                deal.set_text(DealField(field), text, by=None, at=self._at)
            case DealField.AMOUNT:
                deal.set_money(row.money, by=None, at=self._at)
            case DealField.CLOSE_DATE:
                deal.set_close_date(row.close_date, by=None, at=self._at)
            case DealField.FORECAST:
                deal.set_forecast(ForecastCategory(text), by=None, at=self._at)
            case DealField.RENEWAL:
                deal.set_renewal(row.renews_on, by=None, at=self._at)
            case DealField.OWNER:
                deal.assign(self._session.get_one(Member, int(text)), by=None, at=self._at)
            case _:
                deal.set_custom(field.removeprefix("custom:"), text, by=None, at=self._at)

    def _move_on(self, deals: Sequence[Deal], rows: Mapping[int, DealRow]) -> set[int]:
        """Into the stages that the rows have them in; the ids of the deals that moved."""
        histories = moves_written(self._session, self._workspace, [deal.id for deal in deals])
        fresh: dict[int, NewMove] = {}
        for deal in deals:
            row, last = rows[deal.id], histories[deal.id][-1]
            is_later = row.stage_since is not None and row.stage_since > last.at
            is_of_its_pipeline = row.stage.pipeline_id == deal.pipeline_id
            if is_of_its_pipeline and (is_later or last.via is Via.DERIVED):
                fresh[deal.id] = NewMove(
                    change=kind_of_change(self._stages[deal.stage_id], row.stage),
                    from_stage_id=deal.stage_id,
                    to_stage_id=row.stage.id,
                    at=row.stage_since if row.stage_since and is_later else max(self._at, last.at),
                    by_id=None,
                    reason=row.loss_reason,
                    note="",
                    via=Via.DERIVED,
                )
        write_moves(self._session, self._workspace, fresh.items())
        retold = {deal_id: [*histories[deal_id], move] for deal_id, move in fresh.items()}
        stand(self._session, retold, self._stages)
        before = [histories[deal_id] for deal_id in fresh]
        count_moves(self._session, self._workspace, before=before, after=retold.values(), stages=self._stages)
        return set(fresh)

    def _revisions(self, ids: Mapping[int, DealRow]) -> dict[int, list[Revision]]:
        query = (
            select(Revision)
            .where(Revision.workspace_id == self._workspace.id, Revision.deal_id.in_(ids))
            .order_by(Revision.at, Revision.id)
        )
        by_deal: dict[int, list[Revision]] = defaultdict(list)
        for revision in self._session.scalars(query):
            by_deal[revision.deal_id].append(revision)
        return by_deal


def _left_by_import(field: str, now: str, revisions: Sequence[Revision]) -> str:
    """What a field read before people wrote over it in Slack; what it reads now where nobody did."""
    text = now
    for revision in reversed([each for each in revisions if each.field == field]):
        if revision.by_id is None:
            break
        text = revision.old
    return text
