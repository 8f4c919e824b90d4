"""What an owner is reminded of in the morning: tasks that are due, renewals that were opened, close
dates that passed, deals that wait, chances that fell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.activity import Task
from models.deal import Deal

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """A deal that its owner is reminded of, and why; at least one of the causes holds."""

    deal: Deal
    due: tuple[Task, ...] = ()
    """What is to be done by today: the next step, or what the playbook of the stage asks for where the deal is."""
    is_renewal: bool = False
    """It renews another deal, and was opened since the owner's morning before."""
    should_have_closed: bool = False
    is_stalled: bool = False
    fell_by: float = 0.0
    """How much the chance of a big deal fell within a week; 0 where that is no news."""

    @property
    def only_stalls(self) -> bool:
        return self.is_stalled and not (self.due or self.is_renewal or self.should_have_closed or self.fell_by)


def reminders(
    deals: Iterable[Deal], falls: Mapping[int, float] | None = None, *, today: date, at: datetime
) -> list[Reminder]:
    """Of those deals that there is a cause for: what is due first, then new renewals, close dates that passed, chances
    that fell, then those that are quiet longest. `today` is the owner's. Of a snoozed deal a fall is told, and once
    what falls due meanwhile; what was due before rests, as does the deal."""
    known = {deal.id: deal for deal in deals}
    found = [each for deal in known.values() if (each := _reminder(deal, (falls or {}).get(deal.id, 0.0), today, at))]
    return sorted(
        found,
        key=lambda each: (
            min((task.due or today for task in each.due), default=date.max),
            not each.is_renewal,
            not each.should_have_closed,
            not each.fell_by,
            each.deal.quiet_since,
            each.deal.id,
        ),
    )


def _reminder(deal: Deal, fell_by: float, today: date, at: datetime) -> Reminder | None:
    if deal.is_lost:
        return None
    last_morning = _morning_before(today, deal)
    is_snoozed = deal.snoozed_until is not None and at < deal.snoozed_until
    told_by = last_morning if is_snoozed else date.min
    found = Reminder(
        deal,
        due=tuple(task for task in deal.due_by(today) if task.due and task.due > told_by),
        is_renewal=deal.is_open and deal.follows_id is not None and deal.created_at > at - (today - last_morning),
        should_have_closed=deal.is_open and not is_snoozed and deal.close_date is not None and deal.close_date < today,
        is_stalled=deal.is_stalled(at),
        fell_by=fell_by,
    )
    causes = (found.due, found.is_renewal, found.should_have_closed, found.is_stalled, fell_by)
    return found if any(causes) else None


def _morning_before(today: date, deal: Deal) -> date:
    """The owner's working day before."""
    day = today - _DAY
    while deal.owner and not deal.owner.working_days.has(day):
        day -= _DAY
    return day
