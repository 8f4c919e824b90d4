"""What one can type, with examples, and what the person may want to do next."""

from bot.say import Say
from bot.views.blocks import Block, context, section


def deal_help(say: Say, *, open_deals: int, stalled: int) -> tuple[Block, ...]:
    """What `/deal` can do, and first what is sensible now."""
    return (
        section(next_action(say, open_deals=open_deals, stalled=stalled)),
        section(say("help.deal.move")),
        section(say("help.deal.look")),
        section(say("help.deal.write")),
        section(say("help.deal.tasks")),
        section(say("help.deal.after")),
        context(say("help.deal.tips")),
    )


def next_action(say: Say, *, open_deals: int, stalled: int) -> str:
    if not open_deals:
        return say("help.next.begin")
    if not stalled:
        return say("help.next.list", count=open_deals)
    return say("help.next.stalled", count=stalled)


def funnel_help(say: Say) -> tuple[Block, ...]:
    return (
        section(say("help.funnel.look")),
        section(say("help.funnel.targets")),
        section(say("help.funnel.people")),
        section(say("help.funnel.pipelines")),
        section(say("help.funnel.stages")),
        section(say("help.funnel.playbook")),
        section(say("help.funnel.digest")),
        section(say("help.funnel.notifications")),
        section(say("help.funnel.model")),
        section(say("help.funnel.set")),
        section(say("help.funnel.rates")),
    )
