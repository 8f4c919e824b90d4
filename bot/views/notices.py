"""What opens over Slack and asks for nothing: that a form is coming, that something failed, an answer."""

from collections.abc import Sequence

from bot.say import Say
from bot.views.blocks import Block, context, notice, section


def loading(say: Say) -> Block:
    """Stands there at once, while what a form needs is looked up."""
    told = [section(say("form.loading.text"))]
    return notice(title=say.plain("form.loading.title"), close=say.plain("form.close"), blocks=told)


def failed(sorry: str, say: Say) -> Block:
    """Stands where a form could not be made."""
    return notice(title=say.plain("form.failed.title"), close=say.plain("form.close"), blocks=[section(sorry)])


def not_saved(sorry: str, *, say: Say) -> Block:
    """Lies on top of a form that could not be saved, whose words are kept below it."""
    shown = [section(sorry), context(say("form.not_saved.kept"))]
    return notice(title=say.plain("form.not_saved.title"), close=say.plain("form.back"), blocks=shown)


def told(blocks: Sequence[Block], text: str, say: Say) -> Block:
    """What was asked for on the Home tab, over which only a view can open; its buttons act there, too."""
    return notice(
        title=say.plain("form.told.title"), close=say.plain("form.told.close"), blocks=blocks or [section(text)]
    )
