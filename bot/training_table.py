"""Shows what training came to: the model's figures beside the base rate's, and the verdict in a sentence."""

from rich.table import Table

from scoring.evaluation import Gain
from scoring.training import TrainingReport, Verdict


def training_table(report: TrainingReport) -> Table:
    """The figures of the newest moments, which neither the model nor the base rate had seen."""
    table = Table(title=f"Moving forward within {report.horizon_days} days, from {report.outcomes} deals")
    for name in ("", "Model", "Base rate"):
        table.add_column(name, justify="left" if not name else "right")
    if report.model and report.base_rate:
        for name, of_model, of_rate in (
            ("Log loss (less is better)", report.model.log_loss, report.base_rate.log_loss),
            ("Brier score (less is better)", report.model.brier, report.base_rate.brier),
            ("Calibration error (less is better)", report.model.calibration_error, report.base_rate.calibration_error),
            ("Area under the ROC curve", report.model.auc, report.base_rate.auc),
        ):
            table.add_row(name, _shown(of_model), _shown(of_rate))
    table.add_row("Deals that moved forward", f"{report.moved:,}", f"{report.outcomes:,} seen")
    return table


def verdict(report: TrainingReport, number: int | None) -> str:
    """What happens now."""
    match report.verdict:
        case Verdict.PUBLISHED if report.gain:
            return (
                f"Model {number} serves from now on: its log loss on later deals is {report.gain.mean:.3f} less "
                f"than the base rate's (95 % interval {report.gain.low:.3f} to {report.gain.high:.3f})."
            )
        case Verdict.NO_BETTER if report.gain:
            return (
                f"Model {number} is kept but not used: on later deals it is {_standing(report.gain)} "
                f"(gain {report.gain.mean:.3f}, 95 % interval {report.gain.low:.3f} to {report.gain.high:.3f})."
            )
    return "There is too little history to train on yet; the base rate of each stage answers, as an early estimate."


def _standing(gain: Gain) -> str:
    return "worse than the base rate" if gain.high < 0 else "no better than the base rate beyond chance"


def _shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"
