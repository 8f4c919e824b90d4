"""The funnel digest: what changed since the last one, what stands in each stage, and the deals to look at today."""

from collections.abc import Sequence
from dataclasses import replace

from bot.reply import Place, Reply
from bot.say import Markup, Say, escaped
from bot.views.blocks import Block, button, context, cut, divider, fit, header, section
from bot.views.buttons import NO_DEAL, deal_buttons
from bot.views.changes import bracketed, changes_told, delays_told, local, moves_told
from bot.views.funnel import notes_of, stage_line
from bot.views.stalled import likely
from models.attention import Look, Looks
from models.delays import Delay
from models.funnel import FunnelReport

TITLE = 110
"""The date stands beside it in a header of 150 characters."""
_SECTION_CHARACTERS = 2_800


def funnel_digest(
    report: FunnelReport,
    looks: Looks,
    say: Say,
    *,
    title: str = "",
    delays: Sequence[Delay] = (),
    targets: Sequence[str] = (),
    cheers: Sequence[str] = (),
    forecast: str = "",
    offered: int = 0,
) -> Reply:
    """The text says all that the blocks show, for whoever hears it read. `title` names the pipeline and whose deals it
    is about; `delays` are the close dates put off, `targets` tell where each of them stands, `cheers` what recent wins
    were, `forecast` how the quarter is likely to end; `offered` is the schedule that is offered once a week."""
    titled = {"pipeline": cut(title or report.pipeline, TITLE), "date": local(report.at, say).date()}
    changes = "\n".join(filter(None, (changes_told(report, say), delays_told(delays, say))))
    stages = _stages(report, say)
    notes = notes_of(report, say)
    head = [header(say.plain("digest.title", **titled)), section(changes), section(stages), *map(context, notes)]
    cheered = "\n".join([say("cheer.title"), *cheers]) if cheers else ""
    if cheered:
        head.insert(2, section(cheered))
    aims = "\n".join([say("targets.title"), *targets]) if targets else ""
    head += [section(each) for each in (aims, forecast) if each]
    lines = [
        say("digest.title", **titled),
        changes,
        *([cheered] if cheered else []),
        stages,
        *notes,
        *filter(None, (aims, forecast)),
    ]
    return _with_looks(lines, head, looks, say, offered=offered)


def what_to_look_at(
    looks: Looks,
    say: Say,
    *,
    title: str,
    targets: Sequence[str] = (),
    forecast: str = "",
) -> Reply:
    """What a digest says beside the funnel, for whoever has asked how it stands."""
    head = say("digest.beside", pipeline=cut(title, TITLE))
    aims = "\n".join([say("targets.title"), *targets]) if targets else ""
    told = [each for each in (aims, forecast) if each]
    if not told and not looks.shown:
        return Reply(say("digest.nothing_beside"))
    return replace(_with_looks([head, *told], [section(head), *map(section, told)], looks, say), place=Place.CHANNEL)


def _with_looks(lines: list[str], head: list[Block], looks: Looks, say: Say, *, offered: int = 0) -> Reply:
    """As many deals as a message holds beside the rest, each with its buttons; what is left out is said."""
    foot = [_offer(offered, say)] if offered else []
    texts = [_look(look, say) for look in looks.shown]
    rows = [[section(text), deal_buttons(look.deal, say)] for look, text in zip(looks.shown, texts, strict=True)]
    shown = max(0, fit([[*head, *foot], *rows]) - 1)
    if shown:
        lines = [*lines, say("digest.to_look_at"), *texts[:shown]]
        head = [*head, divider(), section(say("digest.to_look_at"))]
    left_out = len(rows) - shown + looks.more
    more = [say("list.and_more", count=left_out)] if left_out else []
    return Reply(
        "\n".join([*lines, *more, *(each["text"]["text"] for each in foot)]),
        (*head, *(block for row in rows[:shown] for block in row), *map(context, more), *foot),
    )


def _offer(schedule_id: int, say: Say) -> Block:
    """Whether once a week would do."""
    weekly = button(say.plain("digest.weekly"), "schedule.weekly", f"{NO_DEAL}:{schedule_id}")
    return section(say("digest.offer"), accessory=weekly)


def quiet_day(report: FunnelReport, looks: Looks, say: Say, *, title: str, offered: int = 0) -> Reply:
    """When nothing moved, a line that says so, with what was new, won or lost in the time before, and the deals to look
    at."""
    quiet = say(
        "digest.quiet",
        pipeline=cut(title, TITLE),
        since=local(report.since, say),
        open=Markup(say("digest.open", count=report.open.count) + bracketed(report.open, say)),
    )
    line = " ".join(filter(None, (quiet, moves_told(report, say))))
    return _with_looks([line], [section(line)], looks, say, offered=offered)


def _stages(report: FunnelReport, say: Say) -> str:
    """One line a stage, as many as one section holds; what is left out is said."""
    total = f"{say('digest.open', count=report.open.count)}{bracketed(report.open, say)}"
    lines = [total]
    for place, row in enumerate(report.rows):
        line = f"• {stage_line(row, say)}"
        if sum(map(len, lines)) + len(line) > _SECTION_CHARACTERS:
            lines.append(say("list.and_more", count=len(report.rows) - place))
            break
        lines.append(line)
    return "\n".join(lines)


def _look(look: Look, say: Say) -> str:
    deal = look.deal
    head = [say("deal.line", name=deal.name, stage=deal.stage.name)]
    if deal.money:
        head.append(say("stalled.amount", amount=deal.money))
    if deal.owner:
        head.append(escaped(deal.owner.name))
    why = " · ".join(say(f"look.{why}", date=deal.close_date, count=look.put_off_by.days) for why in look.whys)
    chance = likely(look.estimate, say, band=look.band) if look.estimate else ""
    return "\n".join(filter(None, (" · ".join(head), why, chance)))
