"""Shows what training came to: each model's figures beside the base rate's, and the verdict in a sentence."""

from rich.table import Table

from models.model_version import Question
from scoring.evaluation import Figures, Gain
from scoring.members import BASE_RATE
from scoring.training import LEAST_DEALS, TrainingReport, Verdict

_ROWS = (
    ("Log loss (less is better)", "log_loss"),
    ("Brier score (less is better)", "brier"),
    ("Calibration error (less is better)", "calibration_error"),
    ("Area under the ROC curve", "auc"),
)

WORSE_THAN_A_COIN = (
    "The base rate itself did worse than a coin on these: how often it comes true has changed since it was counted."
)

NEEDED = (
    f"it takes {LEAST_DEALS} deals of which it came true and {LEAST_DEALS} of which it did not, both among those to "
    "learn from and among the later ones to try a model on"
)


def training_table(report: TrainingReport) -> Table:
    """The figures of the newest moments, which neither the model nor the base rate had seen."""
    model = {} if report.chosen == BASE_RATE else {"Model": report.model}
    return figures_table(asked(report), model | {"Base rate": report.base_rate}, report)


def figures_table(title: str, compared: dict[str, Figures | None], report: TrainingReport) -> Table:
    table = Table(title=f"{title}, from {report.outcomes:,} deals")
    for name in ("", *compared):
        table.add_column(name, justify="left" if not name else "right")
    if all(compared.values()):
        for name, figure in _ROWS:
            table.add_row(name, *(shown(getattr(each, figure)) for each in compared.values()))
    table.add_row("Deals of which it was so", f"{report.moved:,} of {report.outcomes:,}")
    return table


def asked(report: TrainingReport) -> str:
    """What was learnt to be answered."""
    what = "Moving forward" if report.question is Question.FORWARD else "Being won in the end, counted as"
    return f"{what} within {report.horizon_days} days"


def verdict(report: TrainingReport, number: int | None) -> str:
    """What happens now; `number` is the version's, None for one that is not kept."""
    is_blind = report.base_rate is not None and report.base_rate.is_worse_than_a_coin
    return f"{_verdict(report, number)} {WORSE_THAN_A_COIN}" if is_blind else _verdict(report, number)


def _verdict(report: TrainingReport, number: int | None) -> str:
    model = "The model" if number is None else f"Model {number}"
    serves = "would serve" if number is None else "serves from now on"
    match report.verdict:
        case Verdict.PUBLISHED if report.gain:
            better = f"on later deals it is better than the base rate ({_by(report.gain)})"
            return f"{model} ({report.chosen}) {serves}: {better}."
        case Verdict.NO_BETTER if report.chosen == BASE_RATE:
            return "Nothing was found that tells these deals apart: the base rate of each stage answers."
        case Verdict.NO_BETTER if report.gain:
            return (
                f"Nothing was found that tells these deals apart beyond chance. {model} ({report.chosen}) is not used: "
                f"on later deals it is {_standing(report.gain)} ({_by(report.gain)})."
            )
        case Verdict.NO_BETTER_THAN_SERVING if report.gain_over_serving:
            return (
                f"{model} is not used: on later deals it is no better beyond chance than the one that serves "
                f"({_by(report.gain_over_serving)})."
            )
        case Verdict.NOT_TRIED:
            return f"{model} is not tried yet: {NEEDED} ({_lacking(report)}). The base rates answer meanwhile."
        case Verdict.TOO_NEW:
            return f"{model} is not used yet: too few outcomes came in since the serving model was trained to compare."
        case Verdict.HELD:
            return (
                f"{model} is kept aside: a person took a model back, and too little has come of deals since then to "
                "tell whether this one does better."
            )
        case Verdict.OVERTAKEN:
            return f"{model} is kept aside: the model that serves changed while it was trained. Train again."
    return (
        f"Too few answers are known to train on yet: {NEEDED} ({_lacking(report)}). The base rate of each stage "
        "answers, as an early estimate."
    )


def _lacking(report: TrainingReport) -> str:
    return f"at least {report.lacking} more {'is' if report.lacking == 1 else 'are'} needed"


def shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def _by(gain: Gain) -> str:
    low, high = (gain.low, gain.high) if gain.mean >= 0 else (-gain.high, -gain.low)
    way = "less" if gain.mean >= 0 else "more"
    return f"log loss {way} by {abs(gain.mean):.3f}, 95 % interval {low:.3f} to {high:.3f}"


def _standing(gain: Gain) -> str:
    """Against the harder to beat of two base rates."""
    if gain.high < 0:
        return "worse than the base rate by stage, or by stage and age"
    return "no better beyond chance than the base rate by stage, or by stage and age"
