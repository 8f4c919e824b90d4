"""When a deal counts as stalled: two clocks run, and each has a limit that the team's own past may only lengthen."""

from dataclasses import dataclass

SHARE = 0.8
"""Of the deals that moved on, the share by whose waits is said what is usual."""

PATIENCE = 2
"""An open deal that people are busy with is given this many times the days that a silent one is given."""


@dataclass(frozen=True)
class Wait:
    """How long a deal has stood in its stage, and how long nothing has happened, both in working days of its owner.

    `limit` is the number of days that were set for the stage. The usual ones are learnt: `SHARE` of the deals that
    moved on from the stage had left it by then, or were never silent for longer; None while too few have.
    """

    in_stage: int
    quiet: int
    limit: int
    usual_in_stage: int | None = None
    usual_quiet: int | None = None

    @property
    def is_too_quiet(self) -> bool:
        return self.quiet >= max(self.limit, self.usual_quiet or 0)

    @property
    def is_too_long(self) -> bool:
        return self.in_stage >= max(self.limit * PATIENCE, self.usual_in_stage or 0)

    @property
    def overdue(self) -> int:
        """For how many working days it has been too quiet or too long there, whichever is more; 0 on the first."""
        quiet = self.quiet - max(self.limit, self.usual_quiet or 0)
        return max(0, quiet, self.in_stage - max(self.limit * PATIENCE, self.usual_in_stage or 0))

    @property
    def is_stalled(self) -> bool:
        return self.is_too_quiet or self.is_too_long


@dataclass(frozen=True)
class UsualWaits:
    """What is learnt of a stage, in working days; see `Wait`."""

    in_stage: int | None
    quiet: int | None
