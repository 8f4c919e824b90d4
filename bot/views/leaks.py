"""What a funnel loses, in words: by stage and owner, for which reasons, where time goes, and what is out of line."""

from collections.abc import Mapping, Sequence

from bot.reply import Reply
from bot.say import Percent, Say, escaped
from bot.views.blocks import Block, context, cut, header, paragraphs, section
from bot.views.exchange import together
from bot.views.funnel_report import NONE, Asked, deals_told, period_told
from models.leaks import Abnormal, Clue, Leak, Leaks, OutOfLine, OwnerLeak, ReasonGrowth, StageLeak, Verdict, Watched
from models.period import Period

NAME = 27
"""As many letters of a name are shown."""
MOST = 3
"""As many stages out of line are told of."""
MOST_OWNERS = 5
MEANINGS = ("value", "time", "reasons", "watch")
_MOST_BESIDE = 2


def leaks_report(
    asked: Asked, found: Leaks, names: Mapping[int, str], say: Say, *, headline: str = ""
) -> tuple[Block, ...]:
    """The whole report; what it comes to stands above, what each figure means below."""
    of = say("leaks.of", period=period_told(found.period, say), only=deals_told(asked, say))
    growing = [_reason_line(each, names, say) for each in found.reasons] or [say("leaks.no_reasons")]
    owners = [_owner_line(each, names, say) for each in found.owners[:MOST_OWNERS]]
    if more := len(found.owners) - len(owners):
        owners.append(say("leaks.more_owners", count=more))
    return (
        header(say.plain("leaks.title", pipeline=asked.pipeline)),
        section("\n".join([of, *([escaped(headline)] if headline else [])])),
        *paragraphs([_stage_line(each, say) for each in found.stages if each.stage.is_open or each.leak.lost]),
        *([context(told)] if (told := _not_valued(found, say)) else []),
        *paragraphs([say("leaks.owners"), *owners] if owners else []),
        *paragraphs([say("leaks.reasons"), *growing]),
        section(_clue_line(found.clue, names, say) if found.clue else _no_clue(found, say)),
        *paragraphs(_watch_lines(found.watched, say)),
        context("\n".join([*_reopened(found, say), *(say(f"leaks.means.{each}") for each in MEANINGS)])),
    )


def _not_valued(found: Leaks, say: Say) -> str:
    """What no value is known of, where stages are ranked by it or would be."""
    if found.unpriced:
        return say("leaks.by_number", count=found.unpriced)
    return say("leaks.not_valued", count=found.no_amount) if found.is_by_value and found.no_amount else ""


def _reopened(found: Leaks, say: Say) -> list[str]:
    """Why the report tells of fewer losses, where it does."""
    count = sum(each.leak.reopened for each in found.stages)
    lost = sum(each.leak.lost for each in found.stages)
    return [say("leaks.reopened", count=count, lost=lost)] if count else []


def leaks_text(asked: Asked, period: Period, say: Say) -> str:
    """The report in one plain line."""
    return say.plain("leaks.short", pipeline=cut(asked.pipeline, NAME), period=period_told(period, say))


def stage_alert(news: Sequence[OutOfLine], names: Mapping[int, str], say: Say) -> Reply:
    """What a manager sees on the morning that stages went out of line."""
    title = say.plain("leaks.alert.title")
    lines = [
        say("leaks.alert.in", pipeline=cut(each.pipeline, NAME), told=verdict_told(each.verdict, say))
        for each in news[:MOST]
    ]
    text = "\n".join([title, *lines])
    clues = [_alert_clue(each, names, say) for each in news[:MOST]]
    told = [line for pair in zip(lines, clues, strict=True) for line in pair if line]
    if (more := len(news) - len(lines)) > 0:
        told.append(say("leaks.alert.more", count=more))
    return Reply(text, (header(title), *paragraphs(told), context(say("leaks.alert.once"))))


def _alert_clue(each: OutOfLine, names: Mapping[int, str], say: Say) -> str:
    if each.verdict.kind is Abnormal.SLOWDOWN:
        return say("leaks.alert.slow")
    return "" if each.clue is None else _clue_line(each.clue, names, say)


def value_told(leak: Leak, say: Say) -> str:
    """The expected value that was lost, and what is not in it."""
    told = [] if leak.value.total is None else [say.compact(leak.value.total)]
    if unpriced := leak.value.unpriced:
        amounts = together([each.money for each in unpriced], say, most=_MOST_BESIDE)
        told.append(say.plain("leaks.unpriced", amounts=amounts, count=sum(each.count for each in unpriced)))
    if leak.no_amount:
        told += [] if told else [say.plain("leaks.not_known")]
        told.append(say.plain("leaks.no_amount", count=leak.no_amount))
    return ", ".join(told) or NONE


def _stage_line(each: StageLeak, say: Say) -> str:
    line = say("leaks.stage", stage=cut(each.stage.name, NAME), value=value_told(each.leak, say), lost=each.leak.lost)
    if each.win_share is not None and each.leak.lost:
        line += say("leaks.win_share", share=Percent(each.win_share))
    if each.days_share is not None:
        usual = NONE if each.usual_share is None else say.value(Percent(each.usual_share))
        line += say("leaks.days", count=round(each.days), share=Percent(each.days_share), usual=usual)
    return line


def _owner_line(each: OwnerLeak, names: Mapping[int, str], say: Say) -> str:
    return say(
        "leaks.owner", owner=_name(each.owner_id, names, say), value=value_told(each.leak, say), lost=each.leak.lost
    )


def _reason_line(each: ReasonGrowth, names: Mapping[int, str], say: Say) -> str:
    usual = say.value(Percent(each.lost_usually / each.of_usually)) if each.of_usually else NONE
    return say(
        "leaks.reason",
        reason=cut(each.reason, NAME) or say.plain("leaks.without_reason"),
        lost=each.lost,
        of=each.of,
        share=Percent(each.lost / each.of),
        before=Percent(each.lost_before / each.of_before),
        usual=usual,
        verdict=say.plain("leaks.beyond_chance" if each.is_beyond_chance else "leaks.maybe_chance"),
        stage=cut(each.stage, NAME),
        owner=_name(each.owner_id, names, say),
    )


def _no_clue(found: Leaks, say: Say) -> str:
    return say("leaks.no_clue") if found.is_by_value else say("leaks.no_clue_by_number")


def _clue_line(clue: Clue, names: Mapping[int, str], say: Say) -> str:
    what = "value" if clue.by_value else "number"
    line = say(
        f"leaks.clue.{what}",
        share=Percent(clue.share),
        stage=cut(clue.stage, NAME),
        reason=cut(clue.reason, NAME) or say.plain("leaks.without_reason"),
    )
    if not clue.field:
        return line + say("leaks.clue.alone")
    value = clue.value
    field = clue.field.removeprefix("custom:")
    if clue.field == "owner":
        value = _name(int(clue.value), names, say)
    if clue.field in ("owner", "source"):
        field = say.plain(f"field.{clue.field}")
    return line + say(
        "leaks.clue.with",
        part=Percent(clue.part),
        field=cut(field, NAME),
        value=cut(value, NAME),
        usual=Percent(clue.usual),
    )


def _watch_lines(watched: Watched, say: Say) -> list[str]:
    lines = [say("leaks.abnormal", told=verdict_told(each, say)) for each in watched.abnormal[:MOST]]
    if watched.verdicts and not lines:
        lines.append(say("leaks.normal"))
    if watched.too_young:
        young = [cut(stage.name, NAME) for stage in watched.too_young[:MOST]]
        if more := len(watched.too_young) - len(young):
            young.append(say.plain("leaks.more_stages", count=more))
        lines.append(say("leaks.too_young", stages=young))
    return lines


def verdict_told(each: Verdict, say: Say) -> str:
    """`Proposal: 18 of 40 deals were lost in three weeks, usually 20%`"""
    usual = Percent(each.usual) if each.kind == "attrition" else round(each.usual, 1)
    return say.plain(
        f"leaks.{each.kind}", stage=cut(each.stage.name, NAME), seen=each.seen, among=each.among, usual=usual
    )


def _name(owner_id: int | None, names: Mapping[int, str], say: Say) -> str:
    return cut(names.get(owner_id, NONE), NAME) if owner_id is not None else say.plain("leaks.nobody")
