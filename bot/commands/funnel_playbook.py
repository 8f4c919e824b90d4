"""`/funnel stage Proposal task "Send the offer" in 2 days` gives a stage tasks and messages, or shows them."""

from bot.faults import SettingNotUnderstood
from bot.grammar import unquoted
from bot.pipeline_words import from_template, without_pipeline
from bot.playbook_words import Part, Told, told
from bot.reply import Reply
from bot.services import Turn
from bot.views.blocks import section
from bot.views.playbook import playbook_view
from models.errors import StageNotFound
from models.member import Role
from models.pipeline import Pipeline, Stage, Trade
from models.playbook import message, planned_task
from models.templates import template
from models.texts import matching

TASK = '/funnel stage Proposal task "Send the offer" in 2 working days'
OF_TRADE = "/funnel stage Proposal playbook from b2b Negotiation"
TEMPLATE = '/funnel stage Proposal template "Our offer" "Hello {contact}, here is our offer for {deal}."'


def run(words: str, turn: Turn) -> Reply:
    """Everybody may look. Raises NotAllowed, StageNotFound, and what `message` and the stage raise."""
    wanted = told(words)
    if wanted is None:
        raise SettingNotUnderstood(words, TASK)
    if not wanted.title:
        return shown(wanted.stage, turn)
    name, pipeline = _place(wanted.stage, turn)
    turn.member.require(Role.MANAGER)
    stage = turn.pipelines.reshaping(pipeline).pipeline.stage_named(name)
    done = _change(wanted, stage, words, turn)
    return Reply(done, (section(done), *playbook_view(stage, turn.say)))


def shown(words: str, turn: Turn) -> Reply:
    """The playbook of the stage that is named, of the default pipeline unless another is. Raises StageNotFound."""
    name, pipeline = _place(words, turn)
    stage = pipeline.stage_named(name)
    return Reply(turn.say("playbook.of", stage=stage.name), playbook_view(stage, turn.say))


def _place(words: str, turn: Turn) -> tuple[str, Pipeline]:
    name, named = without_pipeline(words, [each.name for each in turn.pipelines.all()])
    return unquoted(name), turn.pipelines.named(named) if named else turn.pipeline


def _change(wanted: Told, stage: Stage, words: str, turn: Turn) -> str:
    match wanted:
        case Told(part=Part.TASK, is_removal=True):
            return turn.say("playbook.task_gone", text=stage.drop_task(wanted.title), stage=stage.name)
        case Told(part=Part.TEMPLATE, is_removal=True):
            return turn.say("playbook.template_gone", name=stage.drop_template(wanted.title), stage=stage.name)
        case Told(part=Part.TASK):
            task = planned_task(wanted.title, days=wanted.days, in_working_days=wanted.in_working_days)
            stage.plan_task(task)
            return turn.say("playbook.task_kept", text=task.text, stage=stage.name)
        case Told(part=Part.TEMPLATE, text=text) if text:
            kept = message(wanted.title, text)
            stage.keep_template(kept)
            return turn.say("playbook.template_kept", name=kept.name, stage=stage.name)
        case Told(part=Part.TEMPLATE):
            raise SettingNotUnderstood(words, TEMPLATE)
        case Told(part=Part.ALL, title=title):
            told_of = from_template(title)
            if told_of is None:
                raise SettingNotUnderstood(words, OF_TRADE)
            return _taken_over(stage, *told_of, turn)
    raise SettingNotUnderstood(words, TASK)


def _taken_over(stage: Stage, trade: Trade, name: str, turn: Turn) -> str:
    """What the template of a trade has for a stage, of the same name unless another is named."""
    plans = template(trade, turn.workspace.locale)
    found = matching(name or stage.name, [plan.name for plan in plans])
    if len(found) != 1:
        raise StageNotFound(name or stage.name, tuple(plan.name for plan in plans))
    plan = plans[found[0]]
    tasks, messages = stage.take_over(plan.tasks, plan.messages)
    return turn.say("playbook.taken_over", stage=stage.name, template=plan.name, tasks=tasks, messages=messages)
