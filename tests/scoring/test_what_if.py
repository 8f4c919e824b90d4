"""What a rep could do about a deal is tried on a copy of its past, with the scorer that serves."""

from dataclasses import replace
from datetime import datetime, timedelta

from models.activity import ActivityKind
from models.deal import DealField
from models.explanation import Act
from models.history import Change
from models.model_version import Question
from models.timeline import DealHistory, PastActivity, PastRevision, PastStep
from scoring.answering import BaseRates
from scoring.features import features_of
from scoring.past import Past
from scoring.scorer import Scorer
from scoring.what_if import LEAST_GAIN, changed, what_would_help
from tests.scoring.conftest import TRAINED_AT
from tests.scoring.simulation import LOST, NEWCOMER, STAGES, a_deal, after, move

NOW = after(20)
TODAY = NOW.date()
WEEK = timedelta(days=7)


def acts(history: DealHistory) -> list[Act]:
    return [act for act, _ in changed(history, NOW)]


def done(act: Act, history: DealHistory) -> DealHistory:
    return dict(changed(history, NOW))[act]


def with_step(*, due_in: int | None, done_at: datetime | None = None) -> DealHistory:
    due = None if due_in is None else TODAY + timedelta(days=due_in)
    return replace(a_deal(), steps=(PastStep(after(1), due, done_at),))


def test_a_next_step_is_worth_planning_where_none_is_ahead() -> None:
    assert Act.PLAN_STEP not in acts(with_step(due_in=0))
    for waiting in (a_deal(), with_step(due_in=-1), with_step(due_in=None), with_step(due_in=3, done_at=after(2))):
        row = features_of(done(Act.PLAN_STEP, waiting), NOW, STAGES, NEWCOMER)
        assert row["next_step_in"] == 7


def test_an_overdue_step_is_done_once_another_is_planned() -> None:
    old, new = done(Act.PLAN_STEP, with_step(due_in=-1)).steps

    assert (old.done_at, new.done_at, new.set_at, new.due) == (NOW, None, NOW, TODAY + WEEK)


def test_a_meeting_is_worth_having_unless_there_was_one_this_week() -> None:
    met_today = replace(a_deal(), activities=(PastActivity(NOW - timedelta(days=6), ActivityKind.MEETING),))
    called = replace(a_deal(), activities=(PastActivity(NOW - timedelta(days=1), ActivityKind.CALL),))

    assert Act.MEET not in acts(met_today)
    row = features_of(done(Act.MEET, called), NOW, STAGES, NEWCOMER)
    assert (row["meeting_recent"], row["days_since_activity"]) == (1, 0)


def test_a_close_date_is_set_where_there_is_none_and_moved_where_it_has_passed() -> None:
    passed = replace(a_deal(), close_date=TODAY - timedelta(days=1))
    still_ahead = replace(a_deal(), close_date=TODAY)

    assert not {Act.SET_CLOSE_DATE, Act.MOVE_CLOSE_DATE} & {*acts(still_ahead)}
    first = features_of(done(Act.SET_CLOSE_DATE, a_deal()), NOW, STAGES, NEWCOMER)
    moved = features_of(done(Act.MOVE_CLOSE_DATE, passed), NOW, STAGES, NEWCOMER)
    assert (first["close_date_in"], first["close_date_slips"]) == (30, 0)
    assert (moved["close_date_in"], moved["close_date_slips"]) == (30, 1)


def test_only_what_was_known_at_the_moment_is_changed() -> None:
    later = after(30)
    history = replace(
        with_step(due_in=-1),
        activities=(PastActivity(later, ActivityKind.MEETING),),
        close_date=later.date(),
        revisions=(PastRevision(later, DealField.CLOSE_DATE, "", later.date().isoformat()),),
    )

    assert acts(history) == [Act.PLAN_STEP, Act.MEET, Act.SET_CLOSE_DATE]
    assert all(activity.at <= NOW for _, copy in changed(history, NOW) for activity in copy.activities)


def test_the_past_itself_stays_as_it_was() -> None:
    history = with_step(due_in=-1)

    changed(history, NOW)

    assert history == with_step(due_in=-1)


def test_what_helps_is_what_the_scorer_says_of_the_changed_deal(scorer: Scorer) -> None:
    """In the made-up team deals move on sooner after meetings, and nothing else that a rep does counts."""
    first, *others = what_would_help(scorer, a_deal(), NOW)

    now, then = scorer.score(a_deal(), NOW), scorer.score(done(Act.MEET, a_deal()), NOW)
    assert now is not None
    assert then is not None
    assert (first.act, first.estimate) == (Act.MEET, then)
    assert first.by == then.probability - now.probability > 5 * LEAST_GAIN
    assert others == []


def test_what_helps_most_comes_first_and_what_hardly_helps_is_left_out(scorer: Scorer, team: Past) -> None:
    deals = [each for each in team.histories if each.created_at <= TRAINED_AT]

    tried = [what_would_help(scorer, deal, TRAINED_AT) for deal in deals]

    assert any(tried)
    for helps in tried:
        gains = [each.by for each in helps]
        assert gains == sorted(gains, reverse=True)
        assert all(gain > LEAST_GAIN for gain in gains)


def test_a_closed_deal_cannot_be_helped(scorer: Scorer) -> None:
    assert what_would_help(scorer, a_deal(move(Change.LOST, LOST, after(5))), NOW) == []


def test_base_rates_cannot_tell_what_would_help(scorer: Scorer, team: Past) -> None:
    early = replace(scorer, forward=BaseRates.of(team, Question.FORWARD, at=TRAINED_AT))

    assert what_would_help(early, a_deal(), NOW) == []
