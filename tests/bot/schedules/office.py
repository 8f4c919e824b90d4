"""What tests do with a team, its Slack and its schedules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import select

from bot.schedules.clockwork import Clockwork
from bot.services import Services
from models.database import Database
from models.deal import Deal
from models.delivery import Deliveries, Delivery
from models.errand import Due, claimed
from models.nudge import Nudge
from models.rhythm import DAILY
from models.schedule import Schedule, ScheduleKind, Schedules
from models.workspace import Workspace
from tests.bot.conftest import HandClock
from tests.factories import MONDAY, Team, a_team
from tests.slack_double import Message, SlackDouble


@dataclass
class Office:
    """The team T1 and its bot. `slept` are the seconds that the bot would have waited."""

    database: Database
    slack: SlackDouble
    clock: HandClock
    client: WebClient
    services: Services
    slept: list[float] = field(default_factory=list)
    clockwork: Clockwork = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """As if the process had died, and another one had begun."""
        self.clockwork = self.another_process()

    def another_process(self) -> Clockwork:
        return Clockwork([self.client], self.services, sleep=self.slept.append)

    def tick(self, moment: datetime) -> None:
        self.clock.time = moment
        self.clockwork.tick()

    def arrange(self, work: Callable[[Team], object], team_id: str = "T1") -> None:
        """Whatever stands in the database before."""
        with self.database.begin() as session:
            work(a_team(session, team_id))

    def subscribe(
        self, channel: str = "C1", *, local_time: str = "09:00", time_zone: str = "UTC", at: datetime = MONDAY
    ) -> None:
        """Ann sets up a daily digest."""
        self.arrange(
            lambda team: Schedules(team.session, team.workspace).set(
                ScheduleKind.DIGEST,
                channel,
                local_time=local_time,
                time_zone=time_zone,
                weekdays=DAILY,
                by=team.ann,
                at=at,
            )
        )

    def claim(self, kind: ScheduleKind, target: str, period: str, *, at: datetime) -> Delivery:
        """What a process leaves behind that dies right after its claim: the schedule has moved on, too."""
        with self.database.begin() as session:
            team = a_team(session)
            schedule = Schedules(session, team.workspace).get(kind, target)
            due = Due(schedule.id, team.workspace.id, kind, is_begun=False)
            (errand,) = claimed(session, [due], at)
            delivery = Deliveries(session, team.workspace).get(errand.delivery_id)
        assert delivery.period == period
        return delivery

    def posts(self, channel: str = "C1") -> Sequence[Message]:
        """What was said in a channel, pictures aside."""
        return [message for message in self.slack.posts(channel) if not message.files]

    def deliveries(self, kind: ScheduleKind = ScheduleKind.DIGEST) -> list[tuple[str, str, str, str]]:
        """The ledger: target, period, state and error of each, in the order of their claims."""
        with self.database.reading() as session:
            rows = session.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id))
            return [(row.target, row.period, row.state.value, row.error) for row in rows]

    def schedules(self) -> dict[tuple[str, str], Schedule]:
        with self.database.reading() as session:
            workspace = session.get_one(Workspace, "T1")
            return {(each.kind.value, each.target): each for each in Schedules(session, workspace).all()}

    def nudges(self) -> list[tuple[str, bool]]:
        """The deals that were nudged for the first time in their stage, and whether they were held back."""
        with self.database.begin() as session:
            drawn = select(Deal.name, Nudge.is_held_back).join(Deal, Nudge.deal_id == Deal.id).order_by(Nudge.id)
            return [(name, is_held_back) for name, is_held_back in session.execute(drawn)]

    def deal(self, name: str) -> Deal:
        with self.database.begin() as session:
            return a_team(session).deals.named(name)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # the zone is none of the parts


def block_ids(message: Message) -> list[str]:
    return [str(block.get("block_id", "")) for block in message.blocks]


def actions_of(message: Message) -> list[dict[str, Any]]:
    """The buttons and menus of a message, in their order."""
    found: list[dict[str, Any]] = []
    for block in message.blocks:
        found += block["elements"] if block["type"] == "actions" else []
        found += [block["accessory"]] if "accessory" in block else []
    return found
