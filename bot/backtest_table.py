"""Shows how good the scores would have been, fold after fold, and what that comes to in a sentence."""

from collections.abc import Sequence

from rich.table import Table

from bot.training_table import WORSE_THAN_A_COIN
from models.model_version import Question
from scoring.members import BASE_RATE
from scoring.replaying import Fold
from scoring.training import LEAST_DEALS

_TITLES = {Question.FORWARD: "Moving forward", Question.WON: "Being won in the end"}
_COUNTED = "A deal that several folds ask about counts once in each of them, and once in all."
"""What the column of deals counts, which does not add up."""


def backtest_table(question: Question, folds: Sequence[Fold]) -> Table:
    table = Table(title=_TITLES[question], caption=_COUNTED, caption_justify="left")
    for name in ("Learnt", "Model", "Deals", "Log loss", "Base\nrate's", "Calibration\nerror", "AUC"):
        table.add_column(name, justify="left" if name in ("Learnt", "Model") else "right", no_wrap=name != "Model")
    for fold in folds:
        of_score, of_rate = fold.score, fold.base_rate
        told = ("–",) * 4
        if of_rate is not None and fold.chosen == BASE_RATE:
            told = ("–", f"{of_rate.log_loss:.4f}", "–", "–")
        elif of_score is not None and of_rate is not None:
            auc = "–" if of_score.auc is None else f"{of_score.auc:.3f}"
            told = (
                f"{of_score.log_loss:.4f}",
                f"{of_rate.log_loss:.4f}",
                f"{of_score.calibration_error:.4f}",
                auc,
            )
        learnt = "" if fold is folds[-1] else f"{fold.learnt_at:%Y-%m-%d}"
        table.add_row(learnt, fold.chosen, f"{fold.deals:,}", *told)
    return table


def backtest_words(folds: Sequence[Fold]) -> str:
    """What the table comes to, in a sentence."""
    *each, together = folds
    if together.score is None or together.base_rate is None:
        return "There are no deals yet of which the answer is known."
    if together.lacking:
        return (
            f"Too few to tell how good the score would have been: of the {together.deals:,} deals asked about, it must "
            f"have come true of {LEAST_DEALS} and not of {LEAST_DEALS} (at least {together.lacking} more needed)."
        )
    found = sum(fold.chosen != BASE_RATE for fold in each)
    if not found:
        told = "Nothing was found in any fold that tells the deals apart: base rates answered."
    else:
        less = 1 - together.score.log_loss / together.base_rate.log_loss
        told = (
            f"A model answered in {found} of {len(each)} folds; all together, log loss is {less:.1%} below base rates'."
        )
    return f"{told} {WORSE_THAN_A_COIN}" if together.base_rate.is_worse_than_a_coin else told
