"""`/deal tasks` lists what is to be done, `/deal done Acme send the offer` ticks it, `/deal template Acme` writes."""

from collections.abc import Sequence

from bot.cards import card
from bot.commands.naming import deal_and_rest
from bot.faults import WordsMissing
from bot.grammar import at_colon, unquoted
from bot.mail import address_in, draft_link, name_in
from bot.reply import Reply
from bot.services import Turn
from bot.views.playbook import task_list, template_choice, written_message
from models.deal import Deal
from models.errors import DealNotFound, MemberNotFound, NoTemplates, TaskNotFound
from models.member import Member
from models.playbook import Placeholder

DEALS = 40
"""More than a list can show the tasks of."""
_ALL = ("all", "everyone", "team", "全部", "所有", "团队")
_MINE = ("", "me", "mine", "my", "我", "我的")


def tasks(words: str, turn: Turn) -> Reply:
    """Of one's own deals, of a person's, of the team's, or of one deal."""
    said = unquoted(words)
    if said.lower() in _MINE:
        return _of(turn.member, turn.say("tasks.mine"), turn)
    if said.lower() in _ALL:
        return _of(None, turn.say("tasks.all"), turn)
    if said.startswith(("@", "<@")):
        owner = turn.person(said)
        return _of(owner, turn.say("tasks.of_person", name=owner.name), turn)
    try:
        deal = turn.deals.named(said)
    except DealNotFound as missing:
        try:
            owner = turn.person(said)
        except MemberNotFound:
            raise missing from None
        return _of(owner, turn.say("tasks.of_person", name=owner.name), turn)
    if deal.is_lost:
        return Reply(turn.say("tasks.none_as_lost", name=deal.name))
    return _listed([deal], turn.say("tasks.of_deal", name=deal.name), turn)


def done(words: str, turn: Turn) -> Reply:
    """The only open task of a deal needs no words. Raises TaskNotFound."""
    if not words:
        raise WordsMissing("/deal done Acme send the offer")
    deal, rest = deal_and_rest(words, turn, split=at_colon)
    text = unquoted(rest)
    open_tasks = deal.to_do
    if not text and len(open_tasks) != 1:
        raise TaskNotFound("…", deal.name, tuple(task.text for task in open_tasks))
    task = deal.finish(text or open_tasks[0].text, at=turn.now)
    return card(deal, turn, said=turn.say("done.task", by=turn.member.name, task=task.text, name=deal.name))


def template(words: str, turn: Turn) -> Reply:
    """A message of the stage that the deal is in. Raises WordsMissing, NoTemplates, PlaybookHasNot."""
    if not words:
        raise WordsMissing("/deal template Acme")
    deal, rest = deal_and_rest(words, turn, split=at_colon)
    named, known = unquoted(rest), deal.stage.templates
    if not known:
        raise NoTemplates(deal.name, deal.stage.name)
    values = _values(deal, turn)
    names = [each.filled(values).name for each in known]
    if not named and len(known) > 1:
        return Reply(turn.say("template.which", name=deal.name), template_choice(deal, names, turn.say))
    chosen = deal.stage.template_named(named, shown=names) if named else known[0]
    filled = chosen.filled(values)
    link, has_text = draft_link(address_in(deal.contact, deal.custom), filled.name, filled.text)
    blocks = written_message(deal, filled, link, has_text=has_text, say=turn.say)
    return Reply(turn.say("template.title", name=filled.name, deal=deal.name), blocks)


def _values(deal: Deal, turn: Turn) -> dict[Placeholder, str]:
    """What is not known stays in brackets, so that nobody sends it unseen."""
    say = turn.say
    known = {
        Placeholder.DEAL: deal.name,
        Placeholder.COMPANY: deal.company,
        Placeholder.CONTACT: name_in(deal.contact),
        Placeholder.OWNER: deal.owner.name if deal.owner else turn.member.name,
        Placeholder.AMOUNT: "" if deal.money is None else say.value(deal.money),
        Placeholder.CLOSE_DATE: "" if deal.close_date is None else say.value(deal.close_date),
        Placeholder.STAGE: deal.stage.name,
    }
    return {each: text or f"[{say.plain(f'field.{each}')}]" for each, text in known.items()}


def _of(owner: Member | None, title: str, turn: Turn) -> Reply:
    return _listed(turn.to_do.deals(owner=owner, limit=DEALS), title, turn)


def _listed(deals: Sequence[Deal], title: str, turn: Turn) -> Reply:
    if not any(deal.to_do for deal in deals):
        return Reply(turn.say("tasks.none"))
    return Reply(title, task_list(title, deals, today=turn.today, say=turn.say))
