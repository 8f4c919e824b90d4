"""`/funnel stage rename Lead to Enquiry` changes the stages of a pipeline, with deals in them or without."""

from collections.abc import Callable

from bot.commands import funnel_pipelines, funnel_playbook
from bot.faults import SettingNotUnderstood, StageGoesNowhere, WordsMissing
from bot.grammar import unquoted
from bot.pipeline_words import without_pipeline
from bot.playbook_words import names_playbook
from bot.reply import Reply
from bot.services import Turn
from bot.stage_words import before_text, beside, patience, stage_and_rest, stage_and_text, verb_first
from bot.views.pipelines import pipelines_view
from models.errors import PipelineInvalid, StageNotFound
from models.member import Role
from models.pipeline import Pipeline, Stage
from models.reshaping import Reshaping, can_take_over


def run(words: str, turn: Turn) -> Reply:
    """Of the default pipeline, or of the one named at the end; a stage alone is shown, no words show all. Raises
    NotAllowed, and what each change raises."""
    said, _, rest = words.partition(" ")
    verb = ALIASES.get(said.lower(), said.lower())
    if verb not in CHANGES and (turned := verb_first(words)):
        verb, rest = turned
    if verb not in CHANGES and names_playbook(words):
        return funnel_playbook.run(words, turn)
    if verb not in CHANGES:
        return _shown(words, turn)
    turn.member.require(Role.MANAGER)
    if not rest.strip():
        raise WordsMissing(EXAMPLES[verb])
    rest, pipeline = _pipeline(rest.strip(), verb, turn)
    change = turn.pipelines.reshaping(pipeline)
    done = CHANGES[verb](rest, change, turn)
    turn.session.flush()
    return Reply(done, pipelines_view([change.pipeline], turn.open_deals.count_by_stage(), turn.say, head=done))


def _shown(words: str, turn: Turn) -> Reply:
    if not words:
        return funnel_pipelines.run("", turn)
    try:
        return funnel_playbook.shown(words, turn)
    except StageNotFound:
        raise SettingNotUnderstood(words, EXAMPLES["rename"]) from None


def _pipeline(words: str, verb: str, turn: Turn) -> tuple[str, Pipeline]:
    """The words without the pipeline that they name, and that one. What a goal says may end with any words: there the
    pipeline is named before the `is`."""
    told, text = before_text(words) if verb in ("goal", "criteria") else (words, "")
    left, named = without_pipeline(told, [each.name for each in turn.pipelines.all()])
    return f"{left}{text}", turn.pipelines.named(named) if named else turn.pipeline


def _rename(words: str, change: Reshaping, turn: Turn) -> str:
    told = stage_and_rest(words, change.pipeline)
    if told is None:
        raise SettingNotUnderstood(words, EXAMPLES["rename"])
    stage, name = told
    old = stage.name
    change.rename(stage, unquoted(name))
    return turn.say("stage.renamed", old=old, stage=stage.name)


def _insert(words: str, change: Reshaping, turn: Turn) -> str:
    told = beside(words, change.pipeline)
    if told is None:
        raise SettingNotUnderstood(words, EXAMPLES["insert"])
    stage = change.insert(told.name, beside=told.stage, at=turn.now, before=told.before)
    return turn.say("stage.inserted", stage=stage.name, pipeline=change.pipeline.name)


def _retire(words: str, change: Reshaping, turn: Turn) -> str:
    told = stage_and_rest(words, change.pipeline)
    if told is None:
        stage = change.pipeline.stage_named(unquoted(words))
        raise StageGoesNowhere(stage.name, _merging(stage, change.pipeline))
    stage, into = told[0], change.pipeline.stage_named(unquoted(told[1]))
    names, had_playbook = {"old": stage.name, "stage": into.name}, bool(stage.playbook or stage.messages)
    count = change.retire(stage, into=into, at=turn.now)
    said = turn.say("stage.retired", count=count, **names)
    return said + "\n" + turn.say("stage.playbook_retired", **names) if had_playbook else said


def _merging(stage: Stage, pipeline: Pipeline) -> str:
    """How to say where the deals of a stage go: into the one before it that takes them, or the one behind. Raises
    PipelineInvalid."""
    takers = [each for each in pipeline.stages if each is not stage and can_take_over(each, stage)]
    if not takers:
        raise PipelineInvalid("no_open_stage" if stage.is_open else "ends_stay")
    into = next((each for each in reversed(takers) if each.position < stage.position), takers[0])
    within = "" if pipeline.is_default else f" in {pipeline.name}"
    return f"/funnel stage merge {stage.name} into {into.name}{within}"


def _goal(words: str, change: Reshaping, turn: Turn) -> str:
    stage, text = _text_of("goal", words, change)
    stage.set_goal(text)
    return turn.say("stage.goal_set" if text else "stage.goal_cleared", stage=stage.name)


def _criteria(words: str, change: Reshaping, turn: Turn) -> str:
    stage, text = _text_of("criteria", words, change)
    stage.set_exit_criteria(text)
    return turn.say("stage.criteria_set" if text else "stage.criteria_cleared", stage=stage.name)


def _text_of(verb: str, words: str, change: Reshaping) -> tuple[Stage, str]:
    told = stage_and_text(words, change.pipeline)
    if told is None:
        raise SettingNotUnderstood(words, EXAMPLES[verb])
    return told


def _stalled(words: str, change: Reshaping, turn: Turn) -> str:
    told = patience(words, change.pipeline)
    if told is None or not told.stage.is_open:
        raise SettingNotUnderstood(words, EXAMPLES["stalled"])
    told.stage.stalled_after_days = told.days
    if told.days is None:
        return turn.say("stage.stalled_never", stage=told.stage.name)
    return turn.say("stage.stalled_set", stage=told.stage.name, count=told.days)


CHANGES: dict[str, Callable[[str, Reshaping, Turn], str]] = {
    "rename": _rename,
    "insert": _insert,
    "merge": _retire,
    "goal": _goal,
    "criteria": _criteria,
    "stalled": _stalled,
}
"""What a manager can change of a stage; each does it and says so."""

ALIASES = {
    **dict.fromkeys(("改名", "重命名"), "rename"),
    **dict.fromkeys(("add", "new", "插入", "新增"), "insert"),
    **dict.fromkeys(("retire", "remove", "合并", "停用"), "merge"),
    "目标": "goal",
    **dict.fromkeys(("criterion", "exit", "标准", "完成标准"), "criteria"),
    **dict.fromkeys(("stall", "停滞"), "stalled"),
}

EXAMPLES = {
    "rename": "/funnel stage rename Lead to Enquiry",
    "insert": "/funnel stage insert Demo after Qualified",
    "merge": "/funnel stage merge Demo into Qualified",
    "goal": "/funnel stage goal Qualified is agree on a date",
    "criteria": "/funnel stage criteria Qualified are need, budget and date are known",
    "stalled": "/funnel stage stalled Qualified 10 days",
}
"""How each is said, for whoever said it otherwise."""
