"""Reads how a manager changes stages: `Demo after Qualified`, `Qualified is agree on a date`, `Proposal 10 days`."""

import re
from dataclasses import dataclass

from bot.grammar import is_nothing, unquoted
from models.pipeline import Pipeline, Stage
from models.texts import name_key

_TO = re.compile(r"\s+(?:in)?to\s+|\s*(?:->|→)\s*|\s+(?:为|到|至)\s*", re.IGNORECASE)
_IS = re.compile(r"\s*[:=：＝]\s*|\s+(?:is|are)\s+|\s+(?:是|为)\s*", re.IGNORECASE)
_BESIDE = re.compile(r"\s+(after|behind|before)\s+|\s+(?=在)", re.IGNORECASE)
_BESIDE_ZH = re.compile(r"在\s*(.+?)\s*之?(前|后)面?")
_DAYS = re.compile(
    r"(.+?)(?:\s+(?:after|for))?[\s:：]+(?:(\d{1,4})\s*(?:days?|d|天)?|(?:never|none|no|从不|不|无))", re.IGNORECASE
)
_STAGE_FIRST = re.compile(
    r"(?P<stage>.+?)\s+(?P<verb>goal|criteria|stalled|目标|标准|完成标准|停滞)"
    r"(?:\s+(?:is|are|after|是|为)\s+|\s*[:=：＝]\s*|\s+)(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_VERBS = {"目标": "goal", "标准": "criteria", "完成标准": "criteria", "停滞": "stalled"}
MOST_DAYS = 365


@dataclass(frozen=True)
class Beside:
    """A new stage's name, and where it is to stand."""

    name: str
    stage: Stage
    before: bool


@dataclass(frozen=True)
class Patience:
    """After how many days deals count as stalled in a stage; None for never."""

    stage: Stage
    days: int | None


def stage_and_rest(words: str, pipeline: Pipeline) -> tuple[Stage, str] | None:
    """`Lead to Enquiry`: a stage, and what follows the first `to` that stands behind one. None without any `to`.

    Raises StageNotFound.
    """
    return _stage_before(_TO, words, pipeline)


def stage_and_text(words: str, pipeline: Pipeline) -> tuple[Stage, str] | None:
    """`Qualified is agree on a date`; `none` is empty text. None without `is`. Raises StageNotFound."""
    found = _stage_before(_IS, words, pipeline)
    return (found[0], "" if is_nothing(found[1]) else found[1]) if found else None


def verb_first(words: str) -> tuple[str, str] | None:
    """`Qualified goal is agree on a date` as `goal` and `Qualified is agree on a date`: playbooks are told in that
    order, too."""
    match = _STAGE_FIRST.fullmatch(words)
    if match is None:
        return None
    verb = _VERBS.get(match["verb"], match["verb"].lower())
    return verb, f"{match['stage']}{' ' if verb == 'stalled' else ': '}{match['rest']}"


def before_text(words: str) -> tuple[str, str]:
    """`Qualified in Shop is agree on a date`, parted before the `is`."""
    match = _IS.search(words)
    return (words[: match.start()], words[match.start() :]) if match else (words, "")


def beside(words: str, pipeline: Pipeline) -> Beside | None:
    """`Demo after Qualified`, `演示 在 需求确认 之后`; None for what is neither. Raises StageNotFound."""
    last = next(reversed(list(_BESIDE.finditer(words))), None)
    if last is None:
        return None
    name, rest = unquoted(words[: last.start()]), words[last.end() :]
    if last[1]:
        return Beside(name, pipeline.stage_named(unquoted(rest)), last[1].lower() == "before")
    chinese = _BESIDE_ZH.fullmatch(rest.strip())
    return Beside(name, pipeline.stage_named(unquoted(chinese[1])), chinese[2] == "前") if chinese else None


def patience(words: str, pipeline: Pipeline) -> Patience | None:
    """`Proposal 10 days`, `Proposal never`; None for what is neither, or no number of days. Raises StageNotFound."""
    match = _DAYS.fullmatch(words.strip())
    if match is None or (match[2] and not 1 <= int(match[2]) <= MOST_DAYS):
        return None
    return Patience(pipeline.stage_named(unquoted(match[1])), int(match[2]) if match[2] else None)


def _stage_before(joint: re.Pattern[str], words: str, pipeline: Pipeline) -> tuple[Stage, str] | None:
    """Where several joints part a stage from the rest, one that parts a whole name does."""
    parted = [(unquoted(words[: each.start()]), words[each.end() :].strip()) for each in joint.finditer(words)]
    keys = [name_key(stage.name) for stage in pipeline.stages]
    if not parted:
        return None
    name, rest = next((each for each in parted if name_key(each[0]) in keys), parted[0])
    return pipeline.stage_named(name), rest
