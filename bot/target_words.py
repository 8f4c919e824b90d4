"""Reads what a target is: `won 500k a quarter for @bob`, `meetings 10 a week`, `Proposal 8 a month team @ann`."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.faults import TargetNotUnderstood
from bot.grammar import unquoted
from bot.services import Turn
from models.errors import StageNotFound
from models.member import Member
from models.period import Unit, whole_unit
from models.pipeline import Pipeline, Stage, StageKind
from models.reading_dates import read_date
from models.reading_money import find_money
from models.target import Aim, Measure, Scope
from models.workspace import day_in

_UNITS = {
    **dict.fromkeys(("day", "daily", "天", "日"), Unit.DAYS),
    **dict.fromkeys(("week", "weekly", "周", "星期"), Unit.WEEK),
    **dict.fromkeys(("month", "monthly", "月"), Unit.MONTH),
    **dict.fromkeys(("quarter", "quarterly", "季", "季度"), Unit.QUARTER),
    **dict.fromkeys(("year", "yearly", "annually", "年"), Unit.YEAR),
}
_EVERY = re.compile(
    r"(?<!\S)(?:an?|per|each|every|/)\s*(?P<unit>day|week|month|quarter|year)(?!\S)"
    r"|/\s*(?P<slash>day|week|month|quarter|year)(?!\S)"
    r"|(?<!\S)(?P<adverb>daily|weekly|monthly|quarterly|yearly|annually)(?!\S)"
    r"|每个?(?P<han>天|日|周|星期|月|季度|季|年)",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    r"(?:(?<!\S)(?P<team>team(?:\s+of)?|for\s+(?:the\s+)?team(?:\s+of)?)|(?<!\S)(?P<rep>for|owner)"
    r"|(?P<han_team>团队)|(?P<han_rep>负责人)|(?<!\S)(?=<?@))[:：]?\s*(?=\S)(?P<who>.+)$",
    re.IGNORECASE,
)
_SINCE = re.compile(r"(?:(?<!\S)(?:from|since|starting)\s+|[自从]\s*)(?P<day>.*?\d.*)$", re.IGNORECASE)
_NAMES = {
    Measure.AMOUNT: r"won(?:\s+amount)?|win|revenue|amount|sales|bookings|赢单金额|成交金额|销售额|金额|赢单|成交",
    Measure.WON: r"won\s+deals|deals\s+won|wins|赢单数|成交数",
    Measure.NEW: r"new(?:\s+(?:leads?|deals?))?|leads?|新线索|新商机|新增|线索",
    Measure.MEETING: r"meetings?|meet|会议|拜访",
    Measure.CALL: r"calls?|电话",
    Measure.EMAIL: r"e-?mails?|mails?|邮件",
}
_MEASURE = re.compile(
    "|".join(rf"(?P<{measure}>(?:{names})(?![^\W\d_]))" for measure, names in reversed(_NAMES.items())), re.IGNORECASE
)
_DEALS = re.compile(r"(?P<count>\d[\d,.]*)\s*(?:deals?|个(?:商机|单子)?|单)(?![^\W\d_])", re.IGNORECASE)
_COUNT = re.compile(
    r"(?<![^\s:：=])(?P<count>\d{1,9})\s*[次个条通封场]?(?!\S)|(?<=[\u4e00-\u9fff])(?P<han>\d{1,9})[次个条通封场]?(?!\S)"
)
_ENTERING = re.compile(
    r"(?:(?<!\S)(?:deals?|entered|entering|into|in|stage|reach(?:ing)?)(?!\S)|进入|阶段)", re.IGNORECASE
)
_IN_PIPELINE = r"(?:(?<!\S)(?:in(?:to)?\s+(?:the\s+)?(?:pipeline\s+)?|pipeline[:：]?\s+)|(?:销售)?管道[:：]?\s*)"
_LED = re.compile(r"(?P<number>[^\w\s]?\d[\d.,]*[^\W\d_]{0,3})\s+(?P<rest>\D+)")
"""`5 meetings`, as people say it, beside `meetings 5`."""
_LED_HAN = re.compile(r"(?P<number>\d{1,9})\s*[次个条通封场]\s*(?P<rest>[^\d\s]+)")
"""`10 次会议`, likewise, with the word that Chinese counts by."""
_LOOSE = " \t\n,;:=，；：、＝"


@dataclass(frozen=True)
class TargetWanted:
    """What a target is about, of whom, how much, and since when; `goal` is None where no number was said."""

    aim: Aim
    member: Member | None
    stage: Stage | None
    pipeline: Pipeline | None
    goal: Decimal | None
    currency: str
    since: date


def target_wanted(words: str, turn: Turn) -> TargetWanted:
    """A target holds from the beginning of the running period, or of the one that the day behind `from` is in.

    Raises TargetNotUnderstood, MemberNotFound, StageNotFound, PipelineNotFound, and what amounts and dates raise.
    """
    found = unit_in(words)
    if found is None:
        raise TargetNotUnderstood(words)
    unit, rest = found
    since, rest = _since(rest, turn)
    pipeline, rest = _pipeline(rest, turn)
    scope, member, rest = whose(rest, turn)
    measure, stage, goal, currency = _what(rest.strip(_LOOSE), words, turn, pipeline)
    if measure in (Measure.MEETING, Measure.CALL, Measure.EMAIL) and pipeline:
        raise TargetNotUnderstood(words)
    if stage:
        pipeline = None
    return TargetWanted(
        aim=Aim(
            *(measure, unit, scope, member.id if member else None),
            stage_id=stage.id if stage else None,
            pipeline_id=pipeline.id if pipeline else None,
        ),
        member=member,
        stage=stage,
        pipeline=pipeline,
        goal=goal,
        currency=currency,
        since=whole_unit(unit, since, turn.workspace.time_zone).first,
    )


def _since(rest: str, turn: Turn) -> tuple[date, str]:
    today = day_in(turn.workspace.time_zone, turn.now)
    if match := _SINCE.search(rest):
        return read_date(match["day"], today=today, locale=turn.say.locale), rest[: match.start()].strip()
    return today, rest


def _pipeline(rest: str, turn: Turn) -> tuple[Pipeline | None, str]:
    """The pipeline in `… in Shop …`, `… pipeline Shop …`, and the words without it; only a full name is one."""
    for pipeline in sorted(turn.pipelines.all(), key=lambda each: -len(each.name)):
        if match := re.search(rf'{_IN_PIPELINE}"?{re.escape(pipeline.name)}"?(?!\w)', rest, re.IGNORECASE):
            return pipeline, f"{rest[: match.start()]} {rest[match.end() :]}".strip()
    return None, rest


def unit_in(words: str) -> tuple[Unit, str] | None:
    """The period in `… a quarter`, and the words without it."""
    every = _EVERY.search(words)
    if every is None:
        return None
    unit = _UNITS[next(filter(None, every.groups())).lower()]
    return unit, f"{words[: every.start()]} {words[every.end() :]}".strip()


def whose(rest: str, turn: Turn) -> tuple[Scope, Member | None, str]:
    """Whom `for @bob`, `@bob` or `team @ann` at the end means, and the words before it. Raises MemberNotFound."""
    match = _WHOSE.search(rest)
    if match is None:
        return Scope.WORKSPACE, None, rest
    before, who = rest[: match.start()].strip(), unquoted(match["who"])
    is_team = match["team"] or match["han_team"]
    if not is_team and who.lower() in ("all", "everyone", "everybody", "us", "the workspace", "全部", "所有人"):
        return Scope.WORKSPACE, None, before
    return (Scope.TEAM if is_team else Scope.REP), turn.person(who), before


def _what(
    text: str, words: str, turn: Turn, pipeline: Pipeline | None
) -> tuple[Measure, Stage | None, Decimal | None, str]:
    if (led := _LED_HAN.fullmatch(text)) and _MEASURE.match(led["rest"]):
        text = f"{led['rest']} {led['number']}个"
    elif (led := _LED.fullmatch(text)) and _MEASURE.match(led["rest"]):
        text = f"{led['rest']} {led['number']}"
    match = _MEASURE.match(text)
    if match is None:
        stage, count = _stage(text, words, turn, pipeline)
        if stage.kind is StageKind.LOST and count is not None:  # nobody means to lose so many
            raise TargetNotUnderstood(words)
        return Measure.ENTERED, stage, count, ""
    measure, number = Measure(str(match.lastgroup)), text[match.end() :].strip(_LOOSE)
    if measure is Measure.AMOUNT and (deals := _DEALS.fullmatch(number)):
        return Measure.WON, None, _count(deals["count"]), ""
    if not number:
        return measure, None, None, ""
    if measure is not Measure.AMOUNT:
        found = _COUNT.fullmatch(number) or _DEALS.fullmatch(number)
        if found is None:
            raise TargetNotUnderstood(words)
        return measure, None, _count(found["count"]), ""
    currency = turn.workspace.currency
    money = find_money(f"x {number}" if not number.isdigit() else f"x {number} {currency}", currency=currency)
    if money is None or money.money.currency.code != currency:
        raise TargetNotUnderstood(words)
    return measure, None, money.money.amount, currency


def _stage(text: str, words: str, turn: Turn, within: Pipeline | None) -> tuple[Stage, Decimal | None]:
    """`Proposal 8`, `8 deals entering Proposal`, `进入 Proposal 8`, `Cart in Shop 8`; the last number is how many."""
    numbers = list(_COUNT.finditer(text))
    count = numbers[-1] if numbers else None
    rest = f"{text[: count.start()]} {text[count.end() :]}" if count else text
    name = unquoted(_ENTERING.sub(" ", rest).strip(_LOOSE))
    if not name:
        raise TargetNotUnderstood(words)
    goal = _count(count["count"] or count["han"]) if count else None
    pipelines = [within] if within else turn.pipelines.all()
    for pipeline in pipelines:
        with suppress(StageNotFound):
            return pipeline.stage_named(name), goal
    for pipeline in pipelines:
        if stage := pipeline.stage_once_named(name):
            return stage, goal
    return (within or turn.pipeline).stage_named(name), goal


def _count(text: str) -> Decimal:
    return Decimal(text.replace(",", "").rstrip("."))
