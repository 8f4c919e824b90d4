"""The form in which a digest is changed: when it comes, and about which deals it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.say import Say
from bot.views.blocks import Block, choice, modal, option, search, section, text_input
from models.member import Member
from models.pipeline import Pipeline


@dataclass(frozen=True)
class DigestShown:
    """What the form shows; `when` are days and hour as they would be typed."""

    when: str
    pipeline_id: int | None
    owner: Member | None
    with_team: bool
    is_quiet: bool


def schedule_form(
    shown: DigestShown, pipelines: Sequence[Pipeline], *, private: str, say: Say, changed: str = ""
) -> Block:
    """Shows the digest as it is, or as somebody wants it who is told that it is `changed`: markup that says how."""
    which = {each.id: option(each.name, str(each.id)) for each in pipelines[:100]}
    default = next((each.id for each in pipelines if each.is_default), 0)
    reach = {each: option(say.plain(f"form.schedule.{each}"), each) for each in ("alone", "team")}
    empty = {each: option(say.plain(f"form.schedule.{each}"), each) for each in ("told", "quiet")}
    fields = [
        *([section(changed)] if changed else []),
        text_input(
            "when",
            say.plain("form.schedule.when"),
            hint=say.plain("form.schedule.when_hint"),
            limit=100,
            value=shown.when,
        ),
        *(
            [
                choice(
                    "pipeline",
                    say.plain("field.which_pipeline"),
                    [*which.values()],
                    first=which.get(shown.pipeline_id or default),
                )
            ]
            if len(which) > 1
            else []
        ),
        search(
            "owner",
            say.plain("form.schedule.owner"),
            say.plain("form.schedule.owner_hint"),
            first=option(shown.owner.name, str(shown.owner.id)) if shown.owner else None,
            optional=True,
        ),
        choice(
            "reach",
            say.plain("form.schedule.reach"),
            [*reach.values()],
            first=reach["team" if shown.with_team else "alone"],
        ),
        choice(
            "empty",
            say.plain("form.schedule.empty"),
            [*empty.values()],
            first=empty["quiet" if shown.is_quiet else "told"],
        ),
    ]
    return modal(
        callback_id="form.schedule",
        title=say.plain("form.schedule.title"),
        submit=say.plain("form.schedule.submit"),
        close=say.plain("form.close"),
        private=private,
        blocks=fields,
    )
