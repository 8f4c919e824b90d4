"""How good the score is on real leads, side by side with what others would say of the same leads."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import process_time

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from benchmarks.data import Benchmark
from benchmarks.rivals import RIVALS, Lesson, Sluice
from scoring.arrays import Bools, Floats
from scoring.evaluation import calibration_error, figures
from scoring.lead_scorer import LeadScorer

_BINS = 15


@dataclass(frozen=True)
class Line:
    """One rival on one set: the mean over its folds, of which the calibration error is that of all answers together.

    `chose` counts what was chosen on how many folds, where there was a choice.
    """

    benchmark: str
    rival: str
    log_loss: float
    auc: float
    average_precision: float
    brier: float
    calibration_error: float
    lift: float
    fit_seconds: float
    rows_a_second: float
    chose: dict[str, int]


@dataclass(frozen=True)
class Serving:
    """What it costs to serve: one lead with its reasons, and many, on one core."""

    milliseconds_a_lead: float
    reasons_a_second: float
    chances_a_second: float


def compare(benchmark: Benchmark, tick: Callable[[str], None]) -> Iterator[Line]:
    """Each rival on each fold; `tick` hears what has been done."""
    for name in RIVALS:
        yield _line(benchmark, name, tick)


def serving(benchmark: Benchmark, *, asked: int = 60) -> Serving:
    """Measured on the first fold's model."""
    seen, unseen = benchmark.splits[0]
    scorer = LeadScorer().fit(benchmark.table.take(seen.tolist()), benchmark.won[seen])
    single = [_seconds(scorer.predict_explained, benchmark.table.take([place])) for place in unseen[:asked].tolist()]
    many = benchmark.table.take(unseen.tolist())
    return Serving(
        milliseconds_a_lead=float(np.median(single)) * 1000,
        reasons_a_second=len(unseen) / _seconds(scorer.predict_explained, many),
        chances_a_second=len(unseen) / _seconds(scorer.predict_proba, many),
    )


def _line(benchmark: Benchmark, name: str, tick: Callable[[str], None]) -> Line:
    said: list[tuple[Bools, Floats]] = []
    fit_seconds, asking_seconds = 0.0, 0.0
    chose: dict[str, int] = {}
    for seen, unseen in benchmark.splits:
        lesson = Lesson(
            benchmark.table.take(seen.tolist()),
            benchmark.won[seen],
            None if benchmark.moments is None else benchmark.moments[seen],
            None if benchmark.groups is None else benchmark.groups[seen],
        )
        asked = benchmark.table.take(unseen.tolist())
        rival = RIVALS[name]()
        fit_seconds += _seconds(rival.fit, lesson)
        began = process_time()
        chances = rival.chances(asked)
        asking_seconds += process_time() - began
        said.append((benchmark.won[unseen], chances))
        if isinstance(rival, Sluice):
            chose[rival.scorer.choice_.name] = chose.get(rival.scorer.choice_.name, 0) + 1
        tick(f"{benchmark.name}: {name}")
    each = [figures(won, chances) for won, chances in said]
    return Line(
        benchmark=benchmark.name,
        rival=name,
        log_loss=float(np.mean([fold.log_loss for fold in each])),
        auc=float(np.mean([roc_auc_score(won, chances) for won, chances in said])),
        average_precision=float(np.mean([average_precision_score(won, chances) for won, chances in said])),
        brier=float(np.mean([fold.brier for fold in each])),
        calibration_error=calibration_error(*_together(said), bins=_BINS),
        lift=float(np.mean([_lift(won, chances) for won, chances in said])),
        fit_seconds=fit_seconds / len(said),
        rows_a_second=sum(len(won) for won, _ in said) / asking_seconds,
        chose=chose,
    )


def _together(said: Sequence[tuple[Bools, Floats]]) -> tuple[Bools, Floats]:
    return np.concatenate([won for won, _ in said]), np.concatenate([chances for _, chances in said])


def _lift(won: Bools, chances: Floats) -> float:
    """How much oftener the best tenth is won than all; of equal chances, what drawing lots would give on average."""
    order = np.argsort(-chances, kind="stable")
    tenth = max(1, round(len(won) / 10))
    last = chances[order[tenth - 1]]
    above, tied = chances > last, chances == last
    hits = won[above].sum() + won[tied].mean() * (tenth - above.sum())
    return float(hits / tenth / won.mean())


def _seconds(action: Callable[..., object], *arguments: object) -> float:
    """Of a processor, whatever else the machine does meanwhile; all threads together."""
    began = process_time()
    action(*arguments)
    return process_time() - began
