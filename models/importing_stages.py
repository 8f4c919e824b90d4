"""Other CRMs name their stages differently; here a name finds the stage of our pipeline that it means.

Only words that surely mean the same count. An unknown stage is better told to a person than guessed.
"""

from collections.abc import Iterable

from models.importing_columns import plain_words
from models.pipeline import Pipeline, Stage

_SAME = (
    "lead identified|lead|new|new lead|prospect|prospecting|identified|线索|新线索|潜在客户|线索识别",
    "first contact|contacted|contact made|appointment scheduled|初步接触|首次接触|初次接触",
    "qualified|qualification|qualified to buy|needs analysis|needs defined|需求确认|已确认需求",
    "proposal|proposal made|proposal sent|proposal price quote|quote|quote sent|offer|方案报价|报价|方案",
    "negotiation|negotiations started|negotiation review|contract sent|谈判|商务谈判|谈判审核",
    "after sales|aftersales|customer success|售后|售后服务",
)
_WON = "won|closed won|win|赢单|已赢单|成交|已成交|赢"
_LOST = "lost|closed lost|丢单|输单|已丢单|已输单|失败|输"


def known_stage(pipeline: Pipeline, text: str) -> Stage | None:
    """The stage of that name, whatever its case and punctuation; else of a name that means the same."""
    wanted = plain_words(text)
    return (
        _named(pipeline, [wanted])
        or _named_before(pipeline, wanted)
        or _named(pipeline, next((group.split("|") for group in _SAME if wanted in group.split("|")), []))
        or status_stage(pipeline, text)
    )


def status_stage(pipeline: Pipeline, text: str) -> Stage | None:
    """The won or the lost stage, where a word says that a deal is won or lost."""
    wanted = _glued(plain_words(text))
    if wanted in map(_glued, _WON.split("|")):
        return pipeline.won
    if wanted in map(_glued, _LOST.split("|")):
        return pipeline.lost
    return None


def _named(pipeline: Pipeline, names: Iterable[str]) -> Stage | None:
    wanted = {_glued(name) for name in names}
    return next((stage for stage in pipeline.stages if _glued(plain_words(stage.name)) in wanted), None)


def _named_before(pipeline: Pipeline, wanted: str) -> Stage | None:
    """The stage that took over a retired one of that name: files tell of the past."""
    retired = (stage for stage in pipeline.every_stage if stage.retired_into_id is not None)
    same = next((stage for stage in retired if _glued(plain_words(stage.name)) == _glued(wanted)), None)
    return pipeline.stage_now(same.id) if same else None


def _glued(words: str) -> str:
    """`closedwon`, as HubSpot writes it."""
    return words.replace(" ", "")
