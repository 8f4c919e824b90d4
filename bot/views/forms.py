"""The forms that buttons open: why a deal was lost, and what there is to note."""

from bot.say import Say
from bot.views.blocks import Block, choice, context, modal, option, text_input
from models.activity import ActivityKind
from models.deal import Deal
from models.texts import NOTE_LIMIT, PHRASE_LIMIT


def lost_form(deal: Deal, *, private: str, say: Say) -> Block:
    """Asks for the reason; `private` comes back with the answer."""
    return modal(
        callback_id="form.lost",
        title=say.plain("form.lost.title"),
        submit=say.plain("form.lost.submit"),
        close=say.plain("form.close"),
        private=private,
        blocks=(
            context(say("deal.line", name=deal.name, stage=deal.stage.name)),
            text_input("reason", say.plain("form.lost.reason"), hint=say.plain("form.lost.hint"), limit=PHRASE_LIMIT),
        ),
    )


def note_form(deal: Deal, *, private: str, say: Say) -> Block:
    """Asks what happened, and whether it was a note, a call, an email or a meeting."""
    kinds = [option(say.plain(f"activity.{kind}"), kind.value) for kind in ActivityKind]
    return modal(
        callback_id="form.note",
        title=say.plain("form.note.title"),
        submit=say.plain("form.note.submit"),
        close=say.plain("form.close"),
        private=private,
        blocks=(
            context(say("deal.line", name=deal.name, stage=deal.stage.name)),
            choice("kind", say.plain("form.note.kind"), kinds),
            text_input(
                "note", say.plain("form.note.text"), hint=say.plain("form.note.hint"), multiline=True, limit=NOTE_LIMIT
            ),
        ),
    )
