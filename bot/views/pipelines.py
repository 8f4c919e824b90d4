"""The team's pipelines: their stages, what each is for, when it is done, and how many deals wait there."""

from collections.abc import Mapping, Sequence

from bot.say import Say
from bot.views.blocks import Block, context, section
from bot.views.lines import as_many_as_fit
from bot.views.playbook import aims_of
from models.pipeline import Pipeline, Stage
from models.texts import name_key

_LONGEST = 200


def pipelines_view(
    pipelines: Sequence[Pipeline], waiting: Mapping[int, int], say: Say, *, head: str = ""
) -> tuple[Block, ...]:
    """Pipelines with their stages, under what was done to them or else how many they are; `waiting` counts the open
    deals in each stage, by its id."""
    title = section(head or say("pipelines.title", count=len(pipelines)))
    tip = context(say("pipelines.tip"))
    lines = [
        line for pipeline in pipelines for line in (_head(pipeline, waiting, say), *_stages(pipeline, waiting, say))
    ]
    return (title, *as_many_as_fit(lines, say, beside=(title, tip)), tip)


def _head(pipeline: Pipeline, waiting: Mapping[int, int], say: Say) -> str:
    count = sum(waiting.get(stage.id, 0) for stage in pipeline.stages)
    key = "pipelines.default" if pipeline.is_default else "pipelines.other"
    return say(key, name=pipeline.name, deals=say.plain("unit.deals", count=count))


def _stages(pipeline: Pipeline, waiting: Mapping[int, int], say: Say) -> list[str]:
    return [_stage(place, stage, waiting.get(stage.id, 0), say) for place, stage in enumerate(pipeline.stages, start=1)]


def _stage(place: int, stage: Stage, count: int, say: Say) -> str:
    """`3. Qualified · 12 deals · stalled after 14 days`, and below it the goal and the exit criteria."""
    told = []
    if stage.is_open:
        told.append(say.plain("unit.deals", count=count))
        days = stage.stalled_after_days
        told.append(say.plain("stage.never_stalled") if days is None else say.plain("stage.stalled_after", count=days))
    elif name_key(kind := say.plain(f"kind.{stage.kind}")) != name_key(stage.name):
        told.append(kind)
    lines = [say("pipelines.stage", place=place, stage=stage.name, facts=" · ".join(told)).rstrip()]
    return "\n".join([*lines, *aims_of(stage, say)])
