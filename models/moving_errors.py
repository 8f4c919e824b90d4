"""What can be wrong as a deal moves, or is given away."""

from datetime import datetime

from models.errors import DomainError


class DealMoved(DomainError):
    """Somebody else moved the deal meanwhile; `by` is a display name, empty when nobody is known."""

    name: str
    stage: str
    by: str
    at: datetime


class StageTakenOver(DomainError):
    """Somebody saw the deal in a stage that another one has taken over since."""

    name: str
    old: str
    stage: str


class AlreadyThere(DomainError):
    name: str
    stage: str


class NoStageAhead(DomainError):
    name: str
    stage: str


class NotForward(DomainError):
    """An advance named a stage that does not lie ahead."""

    name: str
    stage: str
    target: str


class DealNotWon(DomainError):
    """Only customers are looked after."""

    name: str
    stage: str


class DealIsLost(DomainError):
    name: str


class DealIsOpen(DomainError):
    name: str
    stage: str


class DealIsClosed(DomainError):
    """Only an open deal goes into another pipeline, and only into an open stage."""

    name: str
    stage: str


class CameFromPipeline(DomainError):
    """There is nothing to undo but that the deal came from another pipeline."""

    name: str
    pipeline: str


class LossReasonMissing(DomainError):
    """`said` is what was typed in the place of a reason."""

    name: str
    said: str = ""


class LossReasonUnknown(DomainError):
    """A team that has agreed on reasons gives no others."""

    said: str
    reasons: tuple[str, ...]


class NothingToUndo(DomainError):
    name: str


class MovedInThePast(DomainError):
    """A move was dated before the deal's latest move."""

    name: str
    latest: datetime


class WonByAnother(DomainError):
    """A deal that is or was won brings its owner commission, so that nobody else may take it."""

    name: str


class WonByNobody(DomainError):
    """A deal that is or was won, and has no owner, is a manager's to give."""

    name: str
