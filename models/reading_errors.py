"""What can be wrong with an amount, a date or a period as somebody wrote it."""

from datetime import date
from decimal import Decimal

from models.errors import DomainError


class AmountNotUnderstood(DomainError):
    text: str


class AmountOutOfRange(DomainError):
    """An amount below zero or above `limit`."""

    text: str
    limit: Decimal


class CurrencyUnknown(DomainError):
    text: str


class DateNotUnderstood(DomainError):
    text: str


class DateOutOfRange(DomainError):
    """A date before `earliest` or after `latest`, which no deal can mean."""

    text: str
    earliest: date
    latest: date


class PeriodNotUnderstood(DomainError):
    """A time that a report cannot be about: one that is still to come, or none at all."""

    text: str


class RateOutOfRange(DomainError):
    """An exchange rate that is zero, below zero, or has more digits than any has."""

    text: str
    base: str
    currency: str
