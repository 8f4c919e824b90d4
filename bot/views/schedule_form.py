"""The form in which a digest is changed: when it comes, and about which deals it is."""

from collections.abc import Sequence

from bot.say import Say
from bot.views.blocks import Block, choice, modal, option, search, text_input
from models.pipeline import Pipeline
from models.schedule import Schedule


def schedule_form(schedule: Schedule, pipelines: Sequence[Pipeline], *, when: str, private: str, say: Say) -> Block:
    """Shows the digest as it is; `when` is its days and hour, as they would be typed."""
    which = {each.id: option(each.name, str(each.id)) for each in pipelines[:100]}
    default = next((each.id for each in pipelines if each.is_default), 0)
    reach = {each: option(say.plain(f"form.schedule.{each}"), each) for each in ("alone", "team")}
    empty = {each: option(say.plain(f"form.schedule.{each}"), each) for each in ("told", "quiet")}
    fields = [
        text_input(
            "when", say.plain("form.schedule.when"), hint=say.plain("form.schedule.when_hint"), limit=100, value=when
        ),
        *(
            [
                choice(
                    "pipeline",
                    say.plain("field.which_pipeline"),
                    [*which.values()],
                    first=which.get(schedule.pipeline_id or default),
                )
            ]
            if len(which) > 1
            else []
        ),
        search(
            "owner",
            say.plain("form.schedule.owner"),
            say.plain("form.schedule.owner_hint"),
            first=option(schedule.owner.name, str(schedule.owner.id)) if schedule.owner else None,
            optional=True,
        ),
        choice(
            "reach",
            say.plain("form.schedule.reach"),
            [*reach.values()],
            first=reach["team" if schedule.with_team else "alone"],
        ),
        choice(
            "empty",
            say.plain("form.schedule.empty"),
            [*empty.values()],
            first=empty["quiet" if schedule.is_quiet else "told"],
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
