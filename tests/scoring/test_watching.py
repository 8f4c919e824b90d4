"""A model that goes on as it promised is left in peace, one that no longer fits what happens is found."""

import numpy as np
import pytest
from scipy.special import expit

from models.database import Database
from models.history import Change
from models.model_card import Card, Quality, WatchVerdict
from models.model_version import ModelStatus, ModelVersions, Question
from models.said import Said
from models.score import Estimate, Scores
from models.timelines import Timelines
from scoring.arrays import Floats
from scoring.evaluation import figures
from scoring.past import Past
from scoring.watching import Seen, Spoken, groups_of, judged, spoken, watch
from tests.factories import MONDAY, Team, a_team, days
from tests.scoring.simulation import DEMO, LOST, OFFER, WON, a_deal, a_past, after, move

NOW = after(400)


def said_and_seen(
    seed: int, *, deals: int = 150, weeks: int = 3, shift: float = 0.0, slope: float = 1.0, usual: float = -1.0
) -> Seen:
    """Scores of deals that come true as often as said, unless shifted or stretched in log-odds; a deal's scores and
    outcomes resemble each other."""
    dice = np.random.default_rng(seed)
    log_odds = (dice.normal(usual, 1, (deals, 1)) + dice.normal(0, 0.3, (deals, weeks))).ravel()
    luck = np.where(dice.random((deals, weeks)) < 0.5, dice.random((deals, 1)), dice.random((deals, weeks))).ravel()
    chances = _expit(log_odds)
    return Seen(
        chances=chances,
        base_rate=np.full(len(chances), chances.mean()),
        outcomes=luck < _expit(slope * log_odds + shift),
        deal_ids=np.repeat(np.arange(deals), weeks),
    )


def _expit(log_odds: Floats) -> Floats:
    chances: Floats = expit(log_odds)
    return chances


def promised(seed: int, *, usual: float = -1.0) -> Quality:
    """The figures of a card, of a quarter's deals, with the luck that is in them."""
    then = said_and_seen(1_000 + seed, weeks=1, usual=usual)
    found = figures(then.outcomes, then.chances)
    return Quality(found.log_loss, found.brier, found.calibration_error)


def test_a_calibrated_model_is_hardly_ever_called_bad() -> None:
    called_bad = [judged(said_and_seen(seed), promised(seed), at=NOW).is_bad for seed in range(100)]

    assert sum(called_bad) < 0.05 * 100


@pytest.mark.parametrize(
    ("shift", "slope", "usual", "verdict"),
    [
        (1.2, 1.0, -1.0, WatchVerdict.OFF),
        (-1.2, 1.0, -0.5, WatchVerdict.OFF),
        (0.0, -0.5, -1.0, WatchVerdict.WORSE),
    ],
    ids=["far more come true", "far fewer come true", "the other way round"],
)
def test_a_drifted_model_is_found(shift: float, slope: float, usual: float, verdict: WatchVerdict) -> None:
    found = [
        judged(said_and_seen(seed, shift=shift, slope=slope, usual=usual), promised(seed, usual=usual), at=NOW).verdict
        for seed in range(20)
    ]

    assert found.count(verdict) >= 18


def test_of_few_outcomes_nothing_is_thought() -> None:
    found = judged(said_and_seen(1, deals=25, shift=3), promised(1), at=NOW)

    assert (found.verdict, found.deals, found.model, found.groups) == (WatchVerdict.TOO_FEW, 25, None, ())


def test_a_group_tells_what_was_said_and_what_came_true_and_equal_chances_stay_together() -> None:
    chances = np.array([0.1] * 30 + [0.6] * 30)
    outcomes = np.array([True] * 3 + [False] * 27 + [True] * 15 + [False] * 15)

    low, high = groups_of(Seen(chances, chances, outcomes, np.arange(60)))

    assert (low.said, low.happened, low.deals) == pytest.approx((0.1, 0.1, 30))
    assert (high.said, high.happened, high.deals) == pytest.approx((0.6, 0.5, 30))
    assert 0 < high.low < 0.5 < high.high < 1


def test_hearing_of_the_same_deals_again_makes_no_interval_narrower() -> None:
    once = Seen(np.full(40, 0.5), np.full(40, 0.5), np.arange(40) % 2 == 0, np.arange(40))
    places = np.repeat(np.arange(40), 5)
    often = Seen(once.chances[places], once.base_rate[places], once.outcomes[places], once.deal_ids[places])

    assert groups_of(once) == groups_of(often)


def test_deals_that_moved_on_within_the_horizon_are_those_it_came_true_of() -> None:
    in_time = [a_deal(move(Change.FORWARD, DEMO, after(120)), deal_id=number) for number in range(1, 31)]
    too_late = [a_deal(move(Change.FORWARD, DEMO, after(150)), deal_id=number) for number in range(31, 91)]
    before = [a_deal(move(Change.FORWARD, DEMO, after(50)), deal_id=number) for number in range(91, 121)]
    said = [Said(number, after(100), 0.9 if number <= 30 else 0.1) for number in range(1, 121)]

    found = watch(
        Spoken(Question.FORWARD, 1, Card(horizon_days=30, knew_until=after(90)), said),
        a_past(*in_time, *too_late, *before),
        at=NOW,
    )

    assert found.deals == 120
    assert {(round(each.said, 6), each.happened) for each in found.groups} == {(0.9, 1.0), (0.1, 0.0)}
    assert found.verdict is WatchVerdict.WELL
    assert found.model is not None
    assert found.base_rate is not None
    assert found.model.log_loss < found.base_rate.log_loss


def test_of_winning_it_came_true_where_a_deal_was_won() -> None:
    won = [a_deal(move(Change.WON, WON, after(120)), deal_id=number) for number in range(1, 31)]
    lost = [a_deal(move(Change.LOST, LOST, after(120)), deal_id=number) for number in range(31, 61)]
    said = [Said(number, after(100), 0.8 if number <= 30 else 0.3) for number in range(1, 61)]

    found = watch(Spoken(Question.WON, 1, Card(knew_until=after(90)), said), a_past(*won, *lost), at=NOW)

    assert {(round(each.said, 6), each.happened) for each in found.groups} == {(0.8, 1.0), (0.3, 0.0)}


def test_a_model_of_winning_that_is_right_is_left_in_peace_where_many_deals_are_never_closed() -> None:
    won = [a_deal(move(Change.WON, WON, after(120)), deal_id=number) for number in range(1, 41)]
    still_open = [a_deal(deal_id=number) for number in range(41, 161)]
    said = [Said(number, after(100), 0.25) for number in range(1, 161)]

    found = watch(
        Spoken(Question.WON, 1, Card(horizon_days=90, knew_until=after(90)), said), a_past(*won, *still_open), at=NOW
    )

    assert found.deals == 160
    assert found.verdict is WatchVerdict.WELL


def test_a_base_rate_knows_nothing_that_happened_after_the_model_was_trained() -> None:
    def found(*later: int) -> float:
        deals = [a_deal(move(Change.FORWARD, DEMO, after(120)), deal_id=number) for number in range(1, 41)]
        still = [a_deal(*[move(Change.FORWARD, OFFER, after(day)) for day in later], deal_id=41 + n) for n in range(40)]
        said = [Said(number, after(100), 0.5) for number in range(1, 81)]
        card = Card(horizon_days=30, knew_until=after(90))
        quality = watch(Spoken(Question.FORWARD, 1, card, said), a_past(*deals, *still), at=NOW).base_rate
        assert quality is not None
        return quality.log_loss

    assert found() == found(200)


def _serve(team: Team, question: Question, at_day: float) -> None:
    ModelVersions(team.session, team.workspace).record(
        question=question,
        status=ModelStatus.CHAMPION,
        card={"horizon_days": 30},
        artifact=b"",
        sha256="",
        trained_by="Ann",
        at=MONDAY + days(at_day),
    )


def _past(team: Team) -> Past:
    timelines = Timelines(team.session, team.workspace)
    return Past(timelines.all(), timelines.stages(), 30)


def test_only_what_was_said_by_a_model_whose_horizon_passed_lately_is_looked_at(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme")
        _serve(team, Question.FORWARD, 0)
        for day in range(0, 201, 10):
            estimate = Estimate(0.5, 30, 1, 10)
            Scores(session, team.workspace).keep({deal.id: estimate}, at=MONDAY + days(day))

        (found,) = spoken(session, team.workspace, _past(team), at=MONDAY + days(200))

    assert (found.question, found.number, found.card.horizon_days) == (Question.FORWARD, 1, 30)
    assert [(each.at - MONDAY).days for each in found.said] == list(range(80, 171, 10))


def test_winning_is_judged_by_what_was_said_since_the_model_came_into_office_once_the_horizon_has_passed(
    sqlite: Database,
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme")
        _serve(team, Question.WON, 10)
        for day in range(0, 61, 10):
            Scores(session, team.workspace).keep({deal.id: Estimate(0.5, 30, None, 10, won=0.4)}, at=MONDAY + days(day))

        (found,) = spoken(session, team.workspace, _past(team), at=MONDAY + days(60))

    assert [(each.at - MONDAY).days for each in found.said] == [10, 20, 30]
