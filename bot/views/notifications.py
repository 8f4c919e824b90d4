"""What somebody hears without having asked, and the form that changes it."""

from collections.abc import Mapping

from bot.say import Say
from bot.views.blocks import Block, actions, button, choice, context, modal, option, section, text_input
from bot.views.buttons import NO_DEAL
from models.member import Member


def notifications_view(member: Member, country: str, say: Say) -> tuple[Block, ...]:
    """`country` is the name of theirs, or that none is known."""
    key = "notifications.muted" if member.is_muted else "notifications.hour"
    time = say(key, time=member.notified_at, zone=member.time_zone)
    alerts = say("notifications.together" if member.is_bundled else "notifications.apart")
    where = say("notifications.country" if member.country else "notifications.country_guessed", country=country)
    told = [say("notifications.title"), time, *([] if member.is_muted else [alerts]), where]
    return (
        section("\n".join(told)),
        context(say("notifications.tip")),
        actions(button(say.plain("button.change_settings"), "notifications.change", NO_DEAL)),
    )


def notifications_form(now: Mapping[str, str], *, private: str, say: Say) -> Block:
    """Shows how somebody is notified, to be changed."""
    chosen = {
        name: {each: option(say.plain(f"form.notifications.{each}"), each) for each in values}
        for name, values in (("unasked", ("on", "off")), ("alerts", ("apart", "together")))
    }
    languages = {
        each: option(say.plain(f"form.notifications.language_{each}"), each) for each in ("slack", "en", "zh-CN")
    }
    return modal(
        callback_id="form.notifications",
        title=say.plain("form.notifications.title"),
        submit=say.plain("form.settings.submit"),
        close=say.plain("form.close"),
        private=private,
        blocks=[
            *(
                choice(name, say.plain(f"form.notifications.{name}"), [*options.values()], first=options[now[name]])
                for name, options in chosen.items()
            ),
            text_input("hour", say.plain("form.notifications.hour"), hint="8:30", limit=20, value=now["hour"]),
            text_input(
                "country",
                say.plain("form.notifications.country"),
                hint=say.plain("form.notifications.country_hint"),
                limit=60,
                value=now["country"],
                optional=True,
            ),
            choice(
                "language",
                say.plain("form.notifications.language"),
                [*languages.values()],
                first=languages[now["language"]],
            ),
        ],
    )
