"""The form in which managers change what the team has agreed on."""

from bot.actions.entries import Entries
from bot.actions.meanwhile import mark_of
from bot.actions.origin import Click, Origin, Submission
from bot.agreeing import SETTINGS, as_agreed
from bot.reply import Reply
from bot.services import Turn
from bot.views.settings_form import settings_form
from models.member import Role
from models.schedule import ScheduleKind


def ask(click: Click, turn: Turn) -> Reply:
    return asked(turn, click.origin)


def asked(turn: Turn, origin: Origin | None = None) -> Reply:
    """Raises NotAllowed before anybody writes in vain."""
    turn.member.require(Role.MANAGER)
    agreed = _as_agreed(turn)
    untouched = {"untouched": tuple(mark_of(name, text) for name, text in agreed.items())}
    private = (origin or Origin.of(turn)).model_copy(update=untouched).model_dump_json()
    return Reply(form=settings_form(agreed, private=private, say=turn.say))


def _as_agreed(turn: Turn) -> dict[str, str]:
    told_in = next((each.target for each in turn.schedules.all() if each.kind is ScheduleKind.WIN), "")
    return as_agreed(turn.workspace, told_in)


def settle(submission: Submission, turn: Turn) -> Reply:
    """Changes what was changed, and nothing else: what another manager changed meanwhile stays. What may be none may be
    left empty, unless all is (see `editing`)."""
    turn.member.require(Role.MANAGER)
    entries, said = Entries(), []
    for name, now in _as_agreed(turn).items():
        text = submission.entered(name)
        may_be_empty = name in ("loss-reasons", "alert-channel") and submission.entered("currency")
        if text == now or mark_of(name, text) in submission.origin.untouched or not (text or may_be_empty):
            continue
        with entries.beside(name):
            said.append(SETTINGS[name](text or "none", turn))
    entries.refuse_faults()
    return Reply("\n".join(said) or turn.say("set.nothing"))
