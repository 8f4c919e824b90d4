"""The form in which managers change what the team has agreed on."""

from collections.abc import Mapping

from bot.say import Say
from bot.views.blocks import Block, channel_field, choice, modal, option, text_input
from models.texts import NOTE_LIMIT


def settings_form(agreed: Mapping[str, str], *, private: str, say: Say) -> Block:
    """Shows the settings as they are, to be changed."""
    switch = {each: option(say.plain(f"form.settings.{each}"), each) for each in ("on", "off")}
    lines = [
        text_input(name, say.plain(f"form.settings.{name}"), limit=64, value=agreed[name])
        for name in ("currency", "high-value", "escalation", "alert-quiet", "nudge-holdback", "zone", "horizon")
    ]
    reasons = text_input(
        "loss-reasons",
        say.plain("form.settings.loss-reasons"),
        hint=say.plain("form.settings.loss-reasons_hint"),
        limit=NOTE_LIMIT,
        value=agreed["loss-reasons"],
        multiline=True,
        optional=True,
    )
    switches = {
        name: choice(name, say.plain(f"form.settings.{name}"), [*switch.values()], first=switch[agreed[name]])
        for name in ("leaderboard", "wins")
    }
    channels = {
        name: channel_field(name, say.plain(f"form.settings.{name}"), first=agreed[name].strip("<#>"), optional=True)
        for name in ("alert-channel", "win-channel")
    }
    return modal(
        callback_id="form.settings",
        title=say.plain("form.settings.title"),
        submit=say.plain("form.settings.submit"),
        close=say.plain("form.close"),
        private=private,
        blocks=[*lines, *switches.values(), *channels.values(), reasons],
    )
