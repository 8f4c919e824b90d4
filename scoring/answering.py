"""The two ways to answer of a deal: with a learnt model, or with how often it came true of deals in its stage."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scipy.special import logit

from models.model_version import Question
from models.score import Reason
from scoring.arrays import Floats
from scoring.artifact import FittedModel
from scoring.beliefs import believed_rates
from scoring.dataset import all_moments, answers, weights
from scoring.explaining import reasons, stage_reason
from scoring.features import Row, identity
from scoring.members import BASE_RATE
from scoring.past import FOR_RATES, Past
from scoring.rates import Rates
from scoring.tables import table_of_rows
from scoring.telling import Telling

UNKEPT = 0
"""The version of a model that nobody keeps."""


class Answers(Protocol):
    """Chances (0 to 1) of one question. `version` names the model, None for base rates, and `name` says in words what
    answers; `days` is the horizon that was learnt, `learnt_from` the number of deals whose answers were seen."""

    @property
    def version(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def days(self) -> int: ...
    @property
    def learnt_from(self) -> int: ...

    def chances(self, rows: Sequence[Row]) -> Floats: ...

    def explained(self, deals: Sequence[Telling]) -> tuple[Floats, list[tuple[Reason, ...]]]: ...


@dataclass(frozen=True)
class ModelAnswers:
    """The answers of a published model."""

    model: FittedModel
    version: int

    @property
    def name(self) -> str:
        learnt = self.model.scorer.choice_.name
        return learnt if self.version == UNKEPT else f"model {self.version} ({learnt})"

    @property
    def days(self) -> int:
        return self.model.horizon_days

    @property
    def learnt_from(self) -> int:
        return self.model.learnt_from

    def chances(self, rows: Sequence[Row]) -> Floats:
        chances: Floats = self.model.scorer.predict_proba(table_of_rows(rows))[:, 1]
        return chances

    def explained(self, deals: Sequence[Telling]) -> tuple[Floats, list[tuple[Reason, ...]]]:
        chances, summands = self.model.scorer.contributions(table_of_rows([deal.row for deal in deals]))
        return chances, reasons(deals, self.model.scorer.subjects_, summands)


@dataclass(frozen=True)
class BaseRates:
    """How often it happened to deals in each stage, and of how many that was seen: in each stage (by its id), and
    altogether (`learnt_from`)."""

    rates: Rates
    seen: Mapping[int, int]
    days: int
    learnt_from: int
    version: None = None
    name: str = BASE_RATE

    @classmethod
    def of(cls, past: Past, question: Question, *, at: datetime, at_most: float = FOR_RATES) -> "BaseRates":
        """What is known at a moment; for `at_most` see `Past.days_to`."""
        end = past.known_until(at)
        moments = all_moments(past, question, end=end, at_most=at_most)
        stages = [identity(moment.stage_id) for moment in moments]
        return cls(
            rates=believed_rates(question, past.stages).fit(stages, answers(moments), weights(moments)),
            seen=Counter(stage_id for _, stage_id in {(moment.deal_id, moment.stage_id) for moment in moments}),
            days=past.days_to(question, end=end, at_most=at_most),
            learnt_from=len({moment.deal_id for moment in moments}),
        )

    def chances(self, rows: Sequence[Row]) -> Floats:
        return self.rates.rates_of(str(row["stage"]) for row in rows)

    def explained(self, deals: Sequence[Telling]) -> tuple[Floats, list[tuple[Reason, ...]]]:
        chances = self.chances([deal.row for deal in deals])
        return chances, [(self._reason(deal, rate),) for deal, rate in zip(deals, chances.tolist(), strict=True)]

    def _reason(self, deal: Telling, rate: float) -> Reason:
        return stage_reason(
            deal.stage,
            rate=rate,
            count=self.seen.get(deal.known.standing.stage_id, 0),
            weight=_logit(rate) - _logit(self.rates.overall_),
        )


def _logit(chance: float) -> float:
    return float(logit(chance))
