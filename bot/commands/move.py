"""`/deal move Acme to Qualified` moves a deal into any stage, ahead or back, `… to pipeline Shop` elsewhere."""

from bot.actions import moving
from bot.cards import card, moved
from bot.commands.naming import deal_and_rest, deal_and_stage
from bot.faults import StageMissing
from bot.grammar import at_to, unquoted, without_joint
from bot.pipeline_words import at_pipeline, without_pipeline
from bot.reply import Reply
from bot.services import Turn
from models.history import Via
from models.pipeline import Pipeline


def run(words: str, turn: Turn) -> Reply:
    if not turn.deals.has_name(unquoted(words)):
        rest, pipeline = _pipeline_at_end(words, turn)
        if pipeline is not None:
            return _into(pipeline, rest, turn)
    deal, stage = deal_and_stage(words, turn)
    if stage is None and turn.can_ask:
        return moving.asked(deal, turn)
    if stage is None:
        raise StageMissing(deal.name, tuple(each.name for each in deal.pipeline.stages))
    move = deal.move(stage, by=turn.member, at=turn.now, via=Via.COMMAND)
    return moved(move, deal, turn)


def _into(pipeline: Pipeline, words: str, turn: Turn) -> Reply:
    """`Acme` or `Acme to Basket`, of another pipeline than the deal is in. Raises DealIsClosed, StageNotFound."""
    deal, rest = deal_and_rest(words, turn, split=at_to)
    named = without_joint(rest)
    stage = pipeline.stage_named(named) if named else None
    former = deal.pipeline
    move = turn.deals.transfer(deal, pipeline, stage, by=turn.member, at=turn.now, via=Via.COMMAND)
    if former.id == deal.pipeline_id:
        return moved(move, deal, turn)
    said = turn.say("done.transferred", name=deal.name, pipeline=pipeline.name, stage=deal.stage.name)
    return card(deal, turn, said=said)


def _pipeline_at_end(words: str, turn: Turn) -> tuple[str, Pipeline | None]:
    """`Acme to pipeline Retail`, `Acme to Basket in Retail`. Raises PipelineNotFound for the first."""
    rest, name = at_pipeline(words)
    if name:
        return rest, turn.pipelines.named(name)
    every = turn.pipelines.all()
    rest, name = without_pipeline(words, [each.name for each in every])
    return rest, next((each for each in every if each.name == name), None)
