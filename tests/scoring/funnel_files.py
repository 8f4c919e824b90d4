"""Writes an invented team down in the files that `sluice import` reads, with the stages to import them with."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from models.pipeline import StagePlan
from tests.scoring.truth import Simulated


def stage_plan(simulated: Simulated) -> list[StagePlan]:
    return [StagePlan(stage.name, stage.kind) for stage in simulated.law.stage_facts().values()]


def write_csv_files(simulated: Simulated, folder: Path) -> None:
    """deals.csv, history.csv and activities.csv.

    They do not tell of close dates that were put off, nor of next steps that are done; the true chances know of both.
    """
    past = simulated.past()
    names = {number: stage.name for number, stage in past.stages.items()}
    custom = list(past.histories[0].custom)
    head = ("id", "name", "company", "source", "owner", "amount", "currency", "stage", "created", "expected_close")
    _write(
        folder / "deals.csv",
        (*head, "next_step", "next_step_due", *custom),
        (
            (
                each.deal_id,
                f"Deal {each.deal_id}",
                each.company,
                each.source,
                f"Rep {each.owner_id}",
                each.amount,
                each.currency,
                names[each.standing.stage_id],
                each.created_at.isoformat(),
                each.close_date,
                *next((("Ask again", step.due) for step in each.steps if step.done_at is None), ("", "")),
                *each.custom.values(),
            )
            for each in past.histories
        ),
    )
    _write(
        folder / "history.csv",
        ("deal", "stage", "at", "by"),
        (
            (each.deal_id, names[move.to_stage_id], move.at.isoformat(), f"Rep {move.by_id}")
            for each in past.histories
            for move in each.moves
        ),
    )
    _write(
        folder / "activities.csv",
        ("deal", "kind", "at", "by"),
        (
            (each.deal_id, activity.kind.value, activity.at.isoformat(), f"Rep {each.owner_id}")
            for each in past.histories
            for activity in each.activities
        ),
    )


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
