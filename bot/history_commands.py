"""`sluice train`, `scores` and `backtest`: the score of a workspace's own deals, as of now or of an earlier day."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import operating
from bot.console import WorkspaceOption, configured_database, err, out
from bot.say import Say
from bot.settings import SettingsFault
from bot.training_progress import training_progress
from bot.views.deal import reason_words
from models.csv_files import write_csv, writing
from models.database import Database
from models.exporting import keys_of
from models.members import Members
from models.pipelines import Pipelines
from models.score import Estimate, Reason
from models.workspace import Workspace

if TYPE_CHECKING:  # these load the learning libraries: seconds that other commands need not wait
    from scoring.past import Past
    from scoring.scorer import Scorer

_COLUMNS = (
    "id",
    "stage",
    "probability_forward",
    "probability_won",
    "as_of",
    "forward_within_days",
    "forward_model",
    "won_within_days",
    "won_model",
    "name",
    "pipeline",
    "reasons",
)
_OLD = timedelta(days=14)
"""A record that ends so long before the moment of scoring is taken for an old export."""

HorizonOption = Annotated[
    int | None,
    typer.Option(
        "--horizon",
        min=1,
        max=365,
        metavar="DAYS",
        help="Within how many days a deal is to move forward; otherwise what the workspace has set.",
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Use nothing that happened later: a date (its beginning) or a time like 2026-03-01T18:00, in UTC unless "
        "it says otherwise.",
    ),
]


def train(horizon: HorizonOption = None, as_of: AsOfOption = None, workspace: WorkspaceOption = None) -> None:
    """Train the scores on the workspace's own history; one is used only if it is better on later deals.

    Better than the base rate, and than the model that serves. As of an earlier time, or for another horizon than the
    workspace's (`/funnel set horizon`), it is shown what would have come of it: nothing is kept, and what serves, which
    may know later things or answer another question, is not compared with.
    """
    from bot.training_table import training_table, verdict  # noqa: PLC0415 - seconds again
    from scoring import recording, training  # noqa: PLC0415

    at = operating.moment(as_of, option="--as-of") if as_of else operating.now()
    with configured_database() as database:
        team_id = operating.chosen_workspace(database, workspace)
        past = _past(database, team_id, horizon, at)
        with database.reading() as session:
            asked = session.get_one(Workspace, team_id)
            is_kept = as_of is None and asked.horizon_days == past.horizon_days
            incumbents = recording.incumbents_of(session, asked) if is_kept else {}
        with training_progress(err) as tell:
            trainings = training.train(past, at=at, incumbents=incumbents, tell=tell)
        outcomes = [recording.Outcome(trained.report, None) for trained in trainings.values()]
        if is_kept:
            with database.begin() as session:
                kept = session.get_one(Workspace, team_id)
                outcomes = [
                    recording.record(session, kept, trained, trained_by="command line", at=at)
                    for trained in trainings.values()
                ]
        for came in outcomes:
            out.print(training_table(came.report))
            out.print(verdict(came.report, came.number), soft_wrap=True)


def scores(
    *,
    target: Annotated[
        Path, typer.Option("--out", dir_okay=False, metavar="FILE", help="The CSV file that the scores go to.")
    ],
    as_of: AsOfOption = None,
    horizon: HorizonOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the chances of every open deal: of moving forward within the horizon, and of being won in the end.

    Without --as-of, and for the workspace's own horizon, what serves now answers. Otherwise the scores are learnt
    afresh from what was known at that time, for the deals that were open then; where a model was not better than the
    base rate on later deals, the base rate answers. Nothing of it is kept.

    Beside each of the two probabilities stands within how many days it is to come true, and what answered; `reasons`
    are those of moving forward.
    """
    from scoring.replaying import scorer_as_of  # noqa: PLC0415
    from scoring.scorer import Scorers  # noqa: PLC0415

    at = operating.moment(as_of, option="--as-of") if as_of else operating.now()
    with configured_database() as database:
        team_id = operating.chosen_workspace(database, workspace)
        past = _past(database, team_id, horizon, at)
        with database.reading() as session:
            asked = session.get_one(Workspace, team_id)
            owners = {member.id: member.name for member in Members(session, asked).all()}
            keys = keys_of(session, asked)
            pipelines = {each.id: each.name for each in Pipelines(session, asked).all()}
            serving = (
                Scorers().scorer_for(session, asked, at=at)
                if as_of is None and past.horizon_days == asked.horizon_days
                else None
            )
        with training_progress(err) as tell:
            scorer = serving or scorer_as_of(past, at, owners=owners, tell=tell)
        there = [history for history in past.histories if history.created_at <= at]
        with err.status("Scoring…"):
            estimates = scorer.score_all(there, at)
        answered, rows = _answered(scorer, at), []
        for history, estimate in zip(there, estimates, strict=True):
            if estimate is not None:
                (key, name), stage = keys[history.deal_id], past.stages[history.as_of(at).standing.stage_id]
                told = name, pipelines[stage.pipeline_id], _told(estimate.reasons)
                rows.append((key, stage.name, *_chances(estimate), *answered, *told))
    try:
        with writing(target) as stream:
            write_csv(stream, _COLUMNS, rows)
    except OSError as error:
        raise SettingsFault(f"--out: {target} cannot be written ({error.strerror}).") from None
    if later := len(past.histories) - len(there):
        err.print(
            f"Left out: {later:,} deals that were added after that, or imported after it without a date.",
            soft_wrap=True,
            markup=False,
        )
    kept_until = past.known_until(at)
    if at - kept_until > _OLD:
        silent, end = (at - kept_until).days, kept_until + timedelta(days=1)
        err.print(
            f"Nothing was written down after {kept_until:%Y-%m-%d}, {silent:,} days before: every open deal is taken "
            f"for untouched since. `--as-of {end:%Y-%m-%d}` scores as of then.",
            soft_wrap=True,
            markup=False,
        )
    deals = "deal" if len(rows) == 1 else "deals"
    out.print(f"{len(rows):,} open {deals} as of {at:%Y-%m-%d %H:%M} UTC: {target}", soft_wrap=True, markup=False)


def backtest(
    horizon: HorizonOption = None,
    folds: Annotated[int, typer.Option(min=1, max=20, metavar="K", help="How many times to learn and to ask.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Tell how good the scores would have been: learn at some moments of the past, and ask about what came then.

    Each time it is learnt, calibrated and chosen from what was known at that moment, and compared with the base rate.
    """
    from bot.backtest_table import backtest_table, backtest_words  # noqa: PLC0415 - seconds again
    from scoring.replaying import backtest as replayed  # noqa: PLC0415

    at = operating.now()
    with configured_database() as database:
        team_id = operating.chosen_workspace(database, workspace)
        past = _past(database, team_id, horizon, at)
    with training_progress(err, trainings=folds) as tell:
        found = list(replayed(past, at=at, folds=folds, tell=tell))
    if as_json:
        typer.echo(json.dumps([asdict(fold) for fold in found], default=str, indent=1))
        return
    in_order = sorted(found, key=lambda fold: fold.question)
    for question, of_question in groupby(in_order, key=lambda fold: fold.question):
        shown = list(of_question)
        out.print(backtest_table(question, shown))
        out.print(backtest_words(shown), soft_wrap=True)


def _past(database: Database, team_id: str, horizon: int | None, at: datetime) -> "Past":
    from scoring.past import past_of  # noqa: PLC0415

    with err.status("Reading the history…"), database.reading() as session:
        past = past_of(session, session.get_one(Workspace, team_id), at=at)
    return past if horizon is None else replace(past, horizon_days=horizon)


def _chances(estimate: Estimate) -> Sequence[str]:
    return f"{estimate.probability:.4f}", "" if estimate.won is None else f"{estimate.won:.4f}"


def _answered(scorer: "Scorer", at: datetime) -> Sequence[str]:
    """As of when, and for each of the two chances within how many days and what answered."""
    each = ((str(answers.days), answers.name) for answers in (scorer.forward, scorer.won))
    return f"{at:%Y-%m-%dT%H:%M:%SZ}", *chain.from_iterable(each)


def _told(reasons: Iterable[Reason]) -> str:
    """Like "3 meetings, 2 of them lately (+0.62); no next step (-0.31)"; without a weight that is next to nothing."""
    say = Say("en", "UTC")
    told = ((reason_words(reason, say), f"{reason.weight:+.2f}") for reason in reasons)
    return "; ".join(words if weight in ("+0.00", "-0.00") else f"{words} ({weight})" for words, weight in told)
