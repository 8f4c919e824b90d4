"""The model card of `sluice score`: what was learnt from, how well it did, and what to beware of."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.lead_lists import LeadList
from models.csv_files import legible

if TYPE_CHECKING:  # loads the learning libraries: seconds that other commands need not wait
    from scoring.lead_scorer import LeadScorer

_TOO_GOOD = 0.97
_COIN = math.log(2)
"""The log loss of who says .5 of every lead."""


def model_card(scorer: "LeadScorer", leads: LeadList) -> dict[str, Any]:
    """The model card, as JSON takes it."""
    from scoring.kinds import TELL_NOTHING  # noqa: PLC0415
    from scoring.telltale import too_good  # noqa: PLC0415

    choice = scorer.choice_
    unused = [name for name, kind in scorer.columns_.kinds_.items() if kind in TELL_NOTHING]
    return {
        "outcome": leads.outcome,
        "positive": leads.good,
        "leads": len(leads.outcomes),
        "positives": sum(leads.won),
        "others": dict(Counter(each for each in leads.outcomes if each != leads.good).most_common(8)),
        "without_outcome": leads.without_outcome,
        "without_time": leads.without_time,
        "copies": leads.copies,
        "validation": "folds" if leads.moments is None else "later leads",
        "chosen": choice.name,
        "calibration": choice.calibration,
        "no_better_than_base_rate": not choice.members,
        "rate": scorer.newest_rate_,
        "rate_of_newest": choice.newest,
        "candidates": dict(choice.candidates),
        "model": asdict(choice.model) if choice.model else None,
        "base_rate": asdict(choice.base_rate) if choice.base_rate else None,
        "gain": asdict(choice.gain) if choice.gain else None,
        "columns": {name: kind.value for name, kind in scorer.columns_.kinds_.items()},
        "too_good": too_good(leads.inputs.without(unused), leads.won),
    }


def shown(card: dict[str, Any]) -> RenderableType:
    return Group(*_parts(card))


def _parts(card: dict[str, Any]) -> Iterator[RenderableType]:
    kinds: dict[str, list[str]] = {}
    for name, kind in card["columns"].items():
        kinds.setdefault(kind, []).append(legible(name))
    told = f"{card['leads']:,} leads, {card['positives']:,} of them {legible(card['positive'])}"
    lacking = [(card["without_outcome"], "an outcome"), (card["without_time"], "a time")]
    left_out = " and ".join(f"{count:,} without {what}" for count, what in lacking if count)
    yield Text(f"{told}; left out: {left_out}." if left_out else f"{told}.")
    if len(card["others"]) > 1:
        others = ", ".join(f"{legible(value)} ({count:,})" for value, count in card["others"].items())
        yield Text(f"All others count against it: {others}. Leave out leads that are still open.")
    if card["copies"]:
        yield Text(f"{card['copies']:,} lines are copies of others in every column, and are counted once.")
    for kind, names in kinds.items():
        ignored = " (left out)" if kind in ("constant", "identifier") else ""
        yield Text.assemble((f"{kind}{ignored}: ", "dim"), ", ".join(names))
    if card["model"]:
        yield _figures(card)
    yield _verdict(card)
    if card["model"] and card["model"]["auc"] is None:
        yield Text("The later leads all ended alike: how well better ones are told from worse ones is not known.")
    if card["too_good"]:
        named = {legible(name) or "a column without a name": area for name, area in card["too_good"].items()}
        told = " or ".join(f"{name} ({area:.2f})" for name, area in named.items())
        yield Text(
            f"Too good to be true: alone, {told} nearly tells how leads ended (area under the ROC curve). If that is "
            "known only afterwards, the chances will not hold for leads that are open: leave it out by --drop.",
            "bold yellow",
        )


def _figures(card: dict[str, Any]) -> Table:
    asked = "later leads" if card["validation"] == "later leads" else "leads held back in turn"
    table = Table(title=f"On {asked}, which the model had not seen")
    for name in ("", "Best candidate" if card["no_better_than_base_rate"] else "Model", "Base rate"):
        table.add_column(name, justify="right" if name else "left")
    for key, name in (
        ("log_loss", "Log loss (less is better)"),
        ("brier", "Brier score (less is better)"),
        ("calibration_error", "Calibration error (less is better)"),
    ):
        table.add_row(name, *(f"{card[of][key]:.3f}" for of in ("model", "base_rate")))
    in_folds = card["validation"] == "folds"  # of folds, the pooled area of a rate tells of these alone
    areas = [card["model"]["auc"], 0.5 if in_folds else card["base_rate"]["auc"]]
    told = ["–" if area is None else f"{area:.3f}" for area in areas]
    table.add_row("Area under the ROC curve (0.5: blind)", *told)
    table.add_section()
    table.add_row("Before any calibration:", "", "")
    for candidate, loss in sorted(card["candidates"].items(), key=lambda each: float(each[1])):
        mark = "✓ " if candidate == card["chosen"] else "  "
        table.add_row(f"{mark}{candidate}, log loss", f"{loss:.3f}", "")
    return table


def _verdict(card: dict[str, Any]) -> Text:
    gain = card["gain"]
    if gain is None:
        return Text(f"Too few leads to learn from: every lead gets the base rate, {_rate(card)}.", "bold")
    interval = f"95 % interval {gain['low']:.3f} to {gain['high']:.3f}"
    coin = " That base rate did worse than a coin on those leads." if card["base_rate"]["log_loss"] > _COIN else ""
    if card["no_better_than_base_rate"]:
        best = (
            f"the best candidate's log loss is lower by {gain['mean']:.3f} ({interval}), which may be chance or drift"
            if gain["mean"] > 0
            else f"the best candidate's log loss is higher than the base rate's by {-gain['mean']:.3f}"
        )
        return Text(
            f"No better than the base rate: {best}. Every lead gets the base rate, {_rate(card)}.{coin}", "bold"
        )
    bent = "" if card["calibration"] == "none" else f", calibrated ({card['calibration']})"
    lower = f"Log loss is lower than the base rate's by {gain['mean']:.3f} ({interval})."
    losses = card["candidates"]
    lucky = " What has a lower log loss above is not better beyond chance." * (
        losses[card["chosen"]] > min(losses.values())
    )
    verdict = Text(f"Chosen: {card['chosen']}{bent}. {lower}{lucky}", "bold")
    if (card["model"]["auc"] or 0.5) > _TOO_GOOD and not card["too_good"]:
        verdict.append(" Almost too good: do columns hold what is known only afterwards? --drop leaves them out.")
    return verdict


def _rate(card: dict[str, Any]) -> str:
    """The base rate, and why it is not simply the share of all leads where it is not."""
    told = f"{card['rate']:.1%}"
    if card["rate_of_newest"] < 1:
        return f"{told}, counted on the newest {card['rate_of_newest']:.0%} of the leads, as these came out differently"
    counted = f"{card['positives'] / card['leads']:.1%}"
    if counted == told:
        return told
    return f"{told} (counted {counted}, and drawn by one lead towards a half: of so few, a rate is no sure thing)"
