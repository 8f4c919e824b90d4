"""When a deal counts as stalled: two clocks run, and each has a limit that the team's own past may only lengthen.

What the past tells is drawn to the days that were set for the stage, which weigh as much as ENOUGH stays: of few stays
what is usual is chance.
"""

from dataclasses import dataclass

SHARE = 0.8
"""Of the deals that moved on, the share by whose waits is said what is usual."""

PATIENCE = 2
"""An open deal that people are busy with is given this many times the days that a silent one is given."""

ENOUGH = 20
"""The days that were set weigh as much as so many stays; from so many on people are told what is usual."""


@dataclass(frozen=True)
class Wait:
    """How long a deal has stood in its stage, and how long nothing has happened, both in working days of its owner.

    `limit` is the number of days that were set for the stage. The usual ones are learnt, from so many `stays`: `SHARE`
    of the deals that moved on from the stage had left it by then, or were never silent for longer; None while unknown.
    """

    in_stage: int
    quiet: int
    limit: int
    usual_in_stage: int | None = None
    usual_quiet: int | None = None
    stays: int = 0

    @property
    def quiet_limit(self) -> int:
        return self._drawn(self.usual_quiet, self.limit)

    @property
    def in_stage_limit(self) -> int:
        return self._drawn(self.usual_in_stage, self.limit * PATIENCE)

    @property
    def is_too_quiet(self) -> bool:
        return self.quiet >= self.quiet_limit

    @property
    def is_too_long(self) -> bool:
        return self.in_stage >= self.in_stage_limit

    @property
    def overdue(self) -> int:
        """For how many working days it has been too quiet or too long there, whichever is more; 0 on the first."""
        return max(0, self.quiet - self.quiet_limit, self.in_stage - self.in_stage_limit)

    @property
    def is_stalled(self) -> bool:
        return self.is_too_quiet or self.is_too_long

    @property
    def is_usual_known(self) -> bool:
        """Well enough to tell people."""
        return self.stays >= ENOUGH

    def _drawn(self, usual: int | None, days: int) -> int:
        if usual is None:
            return days
        return max(days, round((ENOUGH * days + self.stays * usual) / (ENOUGH + self.stays)))


@dataclass(frozen=True)
class UsualWaits:
    """What is learnt of a stage, in working days, from so many stays that ended; see `Wait`."""

    in_stage: int | None
    quiet: int | None
    stays: int
