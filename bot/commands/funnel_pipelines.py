"""`/funnel pipelines` shows the team's pipelines; `/funnel pipeline add Shop from retail` puts one beside them."""

from bot.faults import SettingNotUnderstood, WordsMissing
from bot.grammar import at_to, unquoted
from bot.pipeline_words import new_pipeline
from bot.reply import Reply
from bot.services import Turn
from bot.views.pipelines import pipelines_view
from models.member import Role
from models.pipeline import stages_from_text
from models.templates import template

ADD = "/funnel pipeline add Shop from retail"
DEFAULT = "/funnel pipeline default Shop"
RENAME = "/funnel pipeline rename Shop to Store"
_ADDING = ("add", "new", "create", "新建", "添加")
_CHOOSING = ("default", "默认")
_RENAMING = ("rename", "改名", "重命名")


def run(words: str, turn: Turn) -> Reply:
    """All of them, or the one that is named. Raises PipelineNotFound, and what `add`, `default` and `rename`
    raise."""
    verb, _, rest = words.partition(" ")
    if verb.lower() in _ADDING:
        return _add(rest.strip(), turn)
    if verb.lower() in _CHOOSING:
        return _choose(rest.strip(), turn)
    if verb.lower() in _RENAMING:
        return _rename(rest.strip(), turn)
    default = turn.pipeline  # made now where there is none yet
    shown = [turn.pipelines.named(unquoted(words))] if words else turn.pipelines.all()
    blocks = pipelines_view(shown, turn.open_deals.count_by_stage(), turn.say)
    return Reply(turn.say("pipelines.text", count=len(shown), name=default.name), blocks)


def _add(words: str, turn: Turn) -> Reply:
    """Raises NotAllowed, WordsMissing, SettingNotUnderstood, PipelineInvalid."""
    turn.member.require(Role.MANAGER)
    if not words:
        raise WordsMissing(ADD)
    told = new_pipeline(words)
    if told is None:
        raise SettingNotUnderstood(words, ADD)
    first = turn.pipeline
    plans = template(told.trade, turn.workspace.locale) if told.trade else stages_from_text(told.stages)
    made = turn.pipelines.add(told.name, plans, told.trade)
    said = turn.say("pipelines.added", name=made.name, default=first.name)
    return Reply(said, pipelines_view([made], {}, turn.say, head=said))


def _choose(words: str, turn: Turn) -> Reply:
    """Raises NotAllowed, WordsMissing, PipelineNotFound."""
    turn.member.require(Role.MANAGER)
    if not words:
        raise WordsMissing(DEFAULT)
    pipeline = turn.pipelines.named(unquoted(words))
    turn.pipelines.make_default(pipeline)
    return Reply(turn.say("pipelines.now_default", name=pipeline.name))


def _rename(words: str, turn: Turn) -> Reply:
    """Raises NotAllowed, WordsMissing, SettingNotUnderstood, PipelineNotFound, PipelineInvalid."""
    turn.member.require(Role.MANAGER)
    if not words:
        raise WordsMissing(RENAME)
    told = at_to(words)
    if told.name is None:
        raise SettingNotUnderstood(words, RENAME)
    pipeline = turn.pipelines.named(unquoted(told.name))
    old = pipeline.name
    turn.pipelines.rename(pipeline, unquoted(told.rest))
    return Reply(turn.say("pipelines.renamed", old=old, name=pipeline.name))
