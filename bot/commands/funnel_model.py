"""`/funnel model` tells which models answer and how good they are; `rollback` takes one back, `train` makes others."""

from bot.faults import SettingNotUnderstood
from bot.reliability_chart import reliability_alt_text, reliability_picture
from bot.reply import Labour, Picture, Place, Reply
from bot.services import Turn
from bot.training_now import train_now
from bot.views.model import Standing, model_view, version_name
from models.member import Role
from models.model_version import ModelVersions, Question

_WINNING = ("won", "win", "winning", "赢单")
_BACK = ("rollback", "back", "undo", "回退")
_TRAIN = ("train", "retrain", "训练")


def run(words: str, turn: Turn) -> Reply:
    """Raises SettingNotUnderstood, and for `rollback` and `train` NotAllowed."""
    match words.lower().replace("roll back", "rollback").split():
        case []:
            return _shown([*Question], turn)
        case [about] if about in _WINNING:
            return _shown([Question.WON], turn)
        case [verb] if verb in _TRAIN:
            return _train(turn)
        case [verb] if verb in _BACK:
            return _roll_back(Question.FORWARD, turn)
        case [verb, about] if verb in _BACK and about in _WINNING:
            return _roll_back(Question.WON, turn)
    raise SettingNotUnderstood(words, "/funnel model rollback won")


def _shown(questions: list[Question], turn: Turn) -> Reply:
    """With a picture of the first question. That goes to the channel, as Slack shares pictures with all or nobody."""
    versions, closed = ModelVersions(turn.session, turn.workspace), turn.deals.count_closed()
    standings = [
        Standing(
            each,
            champion := versions.champion(each),
            versions.challenger(each),
            closed,
            turn.workspace.horizon_days,
            is_refused=champion is not None and turn.scorers.refuses(champion),
            taken_back=versions.rolled_back(each),
        )
        for each in questions
    ]
    picture = _picture(standings[0], turn)
    place = Place.CHANNEL if picture else Place.PRIVATE
    return Reply(turn.say("model.title"), model_view(standings, turn.say), place, picture=picture)


def _picture(standing: Standing, turn: Turn) -> Picture | None:
    watch = standing.champion.watched if standing.champion else None
    if watch is None or not watch.groups:
        return None
    question, say = standing.question, turn.say
    return Picture(
        draw=lambda: reliability_picture(watch, question, say),
        title=say.plain(f"chart.reliability.title.{question}"),
        alt=reliability_alt_text(watch, question, say),
        sorry=say("model.picture_not_shared"),
        filename="reliability.png",
    )


def _roll_back(question: Question, turn: Turn) -> Reply:
    turn.member.require(Role.MANAGER)
    successor = ModelVersions(turn.session, turn.workspace).roll_back(question, at=turn.now)
    title = turn.say.plain(f"model.short.{question}")
    if successor is None:
        return Reply(turn.say("model.rolled_back_to_rates", title=title))
    return Reply(turn.say("model.rolled_back", title=title, name=version_name(successor, turn.say)))


def _train(turn: Turn) -> Reply:
    turn.member.require(Role.MANAGER)
    team_id, by, at, say = turn.workspace.id, turn.member.name, turn.now, turn.say
    labour = Labour(
        do=lambda database: train_now(database, team_id, by=by, at=at, say=say),
        sorry=say("model.training_failed"),
    )
    return Reply(say("model.training"), labour=labour)
