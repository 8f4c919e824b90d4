"""`/funnel model` and its words"""

import pytest
from sqlalchemy import text

from bot.faults import SettingNotUnderstood
from bot.reply import Place
from models.errors import NoModelServes, NotAllowed
from models.model_card import Group, Quality, Watch, WatchVerdict
from models.model_version import ModelStatus, ModelVersion, ModelVersions, Question
from scoring.artifact import FittedModel, dump, fingerprint
from scoring.lead_scorer import LeadScorer
from tests.bot.conftest import TEAM_ID, Desk, Office
from tests.bot.reading import words_in
from tests.factories import MONDAY, Team, a_model_version, a_team, days

QUALITY = Quality(0.5, 0.17, 0.03)
WATCH = Watch(WatchVerdict.WELL, MONDAY + days(1), 90, QUALITY, QUALITY, (Group(0.3, 0.28, 90, 0.2, 0.4),))

SCORER = LeadScorer(base=("stage",)).fit([{"stage": "#1"}] * 20, [True, False] * 10)
ARTIFACT = dump(FittedModel(SCORER, Question.FORWARD, 30, 20, MONDAY))


def record(desk: Desk, question: Question = Question.FORWARD) -> ModelVersion:
    return _recorded(desk.team, question)


def _recorded(team: Team, question: Question = Question.FORWARD) -> ModelVersion:
    return ModelVersions(team.session, team.workspace).record(
        question=question,
        status=ModelStatus.CHAMPION,
        card=a_model_version().card,
        artifact=ARTIFACT,
        sha256=fingerprint(ARTIFACT),
        trained_by="Ann",
        at=MONDAY,
    )


def test_without_models_both_questions_are_answered_by_rates_and_only_the_person_hears(desk: Desk) -> None:
    reply = desk.types("/funnel model")

    assert words_in(reply).count("No model answers yet") == 2
    assert (reply.place, reply.picture) == (Place.PRIVATE, None)


def test_a_model_that_has_been_watched_comes_with_its_picture_to_the_channel(desk: Desk) -> None:
    record(desk).take_note(WATCH)

    reply = desk.types("/funnel model")

    assert "Of 100 deals called 30%, 28 moved on." in words_in(reply)
    assert "Brier score 0.17 (0.161)" in words_in(reply)
    assert reply.place is Place.CHANNEL
    assert reply.picture is not None
    assert reply.picture.draw().startswith(b"\x89PNG")
    assert "said 30%, came true 28%" in reply.picture.alt


def test_a_model_whose_file_was_tampered_with_is_told_to_be_refused(desk: Desk) -> None:
    version = record(desk)
    version.artifact = ARTIFACT[:-1]

    told = words_in(desk.types("/funnel model"))

    assert "its file is not what was kept, so it is refused" in told
    assert "The answers come from" not in told


def test_a_model_that_was_learnt_for_another_horizon_is_not_said_to_answer(desk: Desk) -> None:
    record(desk)
    desk.team.workspace.horizon_days = 14

    told = words_in(desk.types("/funnel model"))

    assert "was learnt for 30 days and does not answer, as the horizon is 14 days now" in told
    assert "The answers come from" not in told


def test_that_a_model_was_taken_back_and_holds_is_told(desk: Desk) -> None:
    record(desk)
    record(desk)
    desk.types("/funnel model rollback")

    told = words_in(desk.types("/funnel model"))

    assert "The answers come from *model 1*" in told
    assert "A person took *model 2* back on Mar 2" in told


def test_the_other_question_has_its_own_words_and_picture(desk: Desk) -> None:
    record(desk)
    record(desk, Question.WON).take_note(WATCH)

    reply = desk.types("/funnel 模型 won")

    assert "Will a deal be won in the end?" in words_in(reply)
    assert "move forward" not in words_in(reply)
    assert reply.picture is not None
    assert reply.picture.title == "Are deals won as often as said?"


def test_a_manager_goes_back_to_the_model_before_and_in_the_end_to_the_rates(desk: Desk) -> None:
    for _ in range(2):
        record(desk)

    said = [desk.types("/funnel model rollback").text for _ in range(2)]

    assert said[0].startswith("Moving forward: *model 1* answers again, until a new one has shown")
    assert said[1].startswith("Moving forward: no earlier model is left, so the rates of the stages answer")
    with pytest.raises(NoModelServes):
        desk.types("/funnel model rollback")


def test_in_slack_the_model_before_answers_of_deals_once_it_was_gone_back_to(office: Office) -> None:
    office.types("/deal add Acme")
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        _recorded(team)
        _recorded(team)

    for line in ("/deal why Acme", "/funnel model rollback", "/deal why Acme"):
        office.types(line)

    before, rolled_back, after = (words_in(each.blocks) or each.text for each in office.slack.ephemerals("UANN")[-3:])
    assert "model 2" in before.lower()
    assert "*model 1* answers again" in rolled_back
    assert "model 1" in after.lower()
    assert office.slack.refused == []


def test_going_back_with_winning_leaves_moving_forward_alone(desk: Desk) -> None:
    record(desk)
    record(desk, Question.WON)

    assert desk.types("/funnel model roll back won").text.startswith("Winning: no earlier model")

    versions = ModelVersions(desk.team.session, desk.team.workspace)
    assert versions.champion(Question.FORWARD) is not None
    assert versions.champion(Question.WON) is None


@pytest.mark.parametrize("words", ["rollback", "rollback won", "train"])
def test_a_rep_looks_but_changes_nothing(desk: Desk, words: str) -> None:
    record(desk)
    desk.types("/funnel model", by=desk.team.bob)

    with pytest.raises(NotAllowed):
        desk.types(f"/funnel model {words}", by=desk.team.bob)


@pytest.mark.parametrize("words", ["please", "rollback twice", "train won"])
def test_other_words_are_not_understood(desk: Desk, words: str) -> None:
    with pytest.raises(SettingNotUnderstood):
        desk.types(f"/funnel model {words}")


def test_training_is_announced_at_once_and_its_result_follows(office: Office) -> None:
    office.types("/deal add Acme")
    office.types("/funnel model train")

    heard = {each.text: words_in(each.blocks) for each in office.slack.ephemerals("UANN")}
    assert any(said.startswith("Training on the team's history now.") for said in heard)
    assert "At least 40 more are needed." in heard["*The training is done*"]


def test_who_waits_for_a_training_hears_when_it_fails(office: Office) -> None:
    office.types("/deal add Acme")
    with office.database.begin() as session:
        session.execute(text("DROP TABLE revision"))

    office.types("/funnel model train")

    assert any(each.text.startswith("The training failed, and nothing") for each in office.slack.ephemerals("UANN"))
