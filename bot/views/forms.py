"""The forms in which a deal is added, edited, moved, won, lost, noted on and planned."""

import re
from collections.abc import Mapping, Sequence
from zlib import crc32

from bot.say import Say
from bot.views.blocks import (
    Block,
    checklist,
    choice,
    context,
    modal,
    option,
    search,
    section,
    text_input,
    with_hint,
)
from models.activity import ActivityKind
from models.aftercare import HIGHEST
from models.deal import Deal, ForecastCategory
from models.member import Member
from models.pipeline import Pipeline, Stage, StageKind
from models.reading_dates import LONGEST_DATE
from models.reading_money import LONGEST_AMOUNT
from models.texts import NAME_LIMIT, NOTE_LIMIT, PHRASE_LIMIT

_MOST_CRITERIA = 10
_MOST_FIELDS = 40
_MOST_OTHERS = 20


def add_form(
    pipelines: Sequence[Pipeline], default: Pipeline, owner: Member, *, private: str, say: Say, note: str = ""
) -> Block:
    """Asks for a deal; all but its name may come later. `private` comes back with the answer, as in every form."""
    options = {each.id: option(each.name, str(each.id)) for each in pipelines[:100]}
    which = choice("pipeline", say.plain("field.which_pipeline"), [*options.values()], first=options.get(default.id))
    return _form(
        "add",
        [
            _line("name", NAME_LIMIT, say, hint="form.add.name_hint"),
            _line("amount", LONGEST_AMOUNT, say, hint="form.amount_hint", optional=True),
            _line("close_date", LONGEST_DATE, say, hint="form.date_hint", optional=True),
            _company("", say),
            *(_line(field, NAME_LIMIT, say, optional=True) for field in ("contact", "source")),
            _owner(owner, say),
            *([which] if len(options) > 1 else []),
            _note(say, note),
            context(say("form.add.tip")),
        ],
        private,
        say,
    )


def edit_form(
    deal: Deal,
    written: Mapping[str, str],
    custom_fields: Sequence[str],
    *,
    private: str,
    say: Say,
    owner: Member | None = None,
    news: Mapping[str, str] | None = None,
    mark: str = "",
) -> Block:
    """Shows the fields of a deal as they are `written`, to be written anew.

    `news` tells beside a field what somebody else did to it. Slack keeps what stands in a field of the same id, so a
    form that is shown anew has a `mark` in its ids.
    """
    categories = {str(each): option(say.plain(f"forecast.category.{each}"), _words(each)) for each in ForecastCategory}
    chosen = next((each for each in categories.values() if each["value"] == written["forecast"]), None)
    fields = [
        _line("name", NAME_LIMIT, say, value=written["name"]),
        _line("amount", LONGEST_AMOUNT, say, value=written["amount"], hint="form.amount_hint", optional=True),
        _line("close_date", LONGEST_DATE, say, value=written["close_date"], hint="form.date_hint", optional=True),
        _company(written["company"], say),
        *(_line(field, NAME_LIMIT, say, value=written[field], optional=True) for field in ("contact", "source")),
        _owner(owner or deal.owner, say),
        choice("forecast", say.plain("field.forecast"), [*categories.values()], first=chosen, optional=True),
        *(
            text_input(f"custom:{name}", name, value=written.get(f"custom:{name}", ""), limit=NOTE_LIMIT, optional=True)
            for name in custom_fields[:_MOST_FIELDS]
        ),
    ]
    told = [with_hint(each, (news or {}).get(each["block_id"], "")) for each in fields]
    marked = [_marked(each, mark) for each in told]
    warning = [section(say("form.edit.changed"))] if news else []
    return _form("edit", [_about(deal, say), *warning, *marked], private, say)


def _marked(field: Block, mark: str) -> Block:
    return field | {"block_id": f"{field['block_id']}-{mark}"} if mark else field


def _words(category: ForecastCategory) -> str:
    return category.replace("_", " ")


def move_form(deal: Deal, pipelines: Sequence[Pipeline], *, private: str, say: Say) -> Block:
    """Asks where to, with the exit criteria of the stage it leaves, and the goals of those it may enter; an open deal
    may go into another of the pipelines, too."""
    ahead = deal.pipeline.stage_after(deal.stage)
    options = {each.id: option(each.name, str(each.id), told=each.goal) for each in stages_to_enter(deal)}
    for each in others(deal, pipelines):
        beside = say.plain("form.move.into_pipeline", pipeline=each.name, stage=each.first.name)
        options[each.first.id] = option(beside, str(each.first.id), told=each.first.goal)
    criteria = criteria_of(deal.stage)
    boxes = [option(each, mark_of(each)) for each in criteria]
    label = say.plain("form.move.criteria", stage=deal.stage.name)
    goal = [context(say("form.move.goal", stage=ahead.name, goal=ahead.goal))] if ahead and ahead.goal else []
    return _form(
        "move",
        [
            _about(deal, say),
            *([checklist("criteria", label, boxes)] if boxes else []),
            *(context(say("form.move.criterion", text=each)) for each in criteria if len(each) > 75),
            choice(
                "stage",
                say.plain("form.move.stage"),
                [*options.values()],
                first=options.get(ahead.id) if ahead else None,
            ),
            *goal,
            _note(say),
        ],
        private,
        say,
    )


def stages_to_enter(deal: Deal) -> list[Stage]:
    """Where it may be moved; a deal is lost in a form of its own, which asks why."""
    return [each for each in deal.pipeline.stages if each.id != deal.stage_id and each.kind is not StageKind.LOST]


def others(deal: Deal, pipelines: Sequence[Pipeline]) -> list[Pipeline]:
    """The pipelines that it may go into; a closed deal stays where it was closed."""
    return [each for each in pipelines if each.id != deal.pipeline_id and deal.is_open][:_MOST_OTHERS]


def criteria_of(stage: Stage) -> list[str]:
    """The exit criteria one by one, as they are parted by lines or semicolons."""
    found = [part.strip() for part in re.split(r"[\n;；]+", stage.exit_criteria)]
    return [*dict.fromkeys(each for each in found if each)][:_MOST_CRITERIA]


def mark_of(criterion: str) -> str:
    """What stands for it in the form, of its words: they may be others by the time that it is sent."""
    return f"{crc32(criterion.encode()):x}"


def won_form(
    deal: Deal, amount: str, *, private: str, say: Say, note: str = "", news: str = "", mark: str = ""
) -> Block:
    """Asks what it was won for, which may differ from what was hoped for. `news` and `mark` are as in `edit_form`."""
    field = _line("amount", LONGEST_AMOUNT, say, value=amount, hint="form.amount_hint", optional=True)
    return _form(
        "won",
        [
            _about(deal, say),
            *([section(say("form.edit.changed"))] if news else []),
            with_hint(_marked(field, mark), news),
            _note(say, note),
        ],
        private,
        say,
    )


def lost_form(deal: Deal, reasons: Sequence[str], typed: str = "", *, private: str, say: Say) -> Block:
    """Asks for the reason, out of those that the team has agreed on, if any; what was typed is then a note."""
    label = say.plain("form.lost.reason")
    asked = (
        choice("reason", label, [option(each, each) for each in reasons])
        if reasons
        else text_input("reason", label, hint=say.plain("form.lost.hint"), limit=PHRASE_LIMIT, value=typed)
    )
    return _form("lost", [_about(deal, say), asked, _note(say, typed if reasons else "")], private, say)


def note_form(deal: Deal, kind: ActivityKind, *, private: str, say: Say) -> Block:
    """Asks what happened, and whether it was a note, a call, an email or a meeting."""
    kinds = {each: option(say.plain(f"activity.{each}"), each.value) for each in ActivityKind}
    text = text_input(
        "note", say.plain("form.note.text"), hint=say.plain("form.note.hint"), multiline=True, limit=NOTE_LIMIT
    )
    which = choice("kind", say.plain("form.note.kind"), [*kinds.values()], first=kinds[kind])
    return _form("note", [_about(deal, say), which, text], private, say)


def log_form(text: str, *, private: str, say: Say) -> Block:
    """As the form of a note, of which the text is there and the deal is yet to be found."""
    kinds = [option(say.plain(f"activity.{each}"), each.value) for each in ActivityKind]
    return _form(
        "note",
        [
            search("deal", say.plain("form.note.deal"), say.plain("form.search_hint")),
            choice("kind", say.plain("form.note.kind"), kinds),
            text_input("note", say.plain("form.note.text"), value=text, multiline=True, limit=NOTE_LIMIT),
        ],
        private,
        say,
    )


def step_form(deal: Deal, *, private: str, say: Say, step: str = "", due: str = "", has_changed: bool = False) -> Block:
    """Asks what comes next, and by when, and names what it takes the place of; `step` and `due` were typed before."""
    now = deal.next_step
    what = text_input(
        "step", say.plain("field.next_step"), hint=say.plain("form.step.hint"), limit=PHRASE_LIMIT, value=step
    )
    day = text_input(
        "due",
        say.plain("form.step.due"),
        hint=say.plain("form.date_hint"),
        limit=LONGEST_DATE,
        value=due,
        optional=True,
    )
    replaced = say.plain("form.step.replaces", step=now.text) if now else ""
    return _form(
        "step",
        [
            _about(deal, say),
            *([section(say("form.edit.changed"))] if has_changed else []),
            with_hint(what, replaced),
            day,
        ],
        private,
        say,
    )


def snooze_form(deal: Deal, *, private: str, say: Say) -> Block:
    """Asks on which day the deal is to be named again."""
    until = text_input("until", say.plain("form.snooze.until"), hint=say.plain("form.snooze.hint"), limit=LONGEST_DATE)
    return _form("snooze", [_about(deal, say), until], private, say)


def satisfaction_form(deal: Deal, *, private: str, say: Say) -> Block:
    """Asks what the customer answered; the best score stands first."""
    scores = [option(str(score), str(score)) for score in range(HIGHEST, -1, -1)]
    return _form(
        "satisfaction",
        [
            context(say("form.satisfaction.question", name=deal.name)),
            choice("score", say.plain("form.satisfaction.score"), scores),
            text_input(
                "comment",
                say.plain("form.satisfaction.comment"),
                hint=say.plain("form.satisfaction.hint"),
                multiline=True,
                limit=NOTE_LIMIT,
                optional=True,
            ),
        ],
        private,
        say,
    )


def renewal_form(deal: Deal, *, private: str, say: Say) -> Block:
    """Asks when the customer buys again; an empty field is never."""
    day = text_input(
        "on",
        say.plain("form.renewal.day"),
        hint=say.plain("form.date_hint"),
        limit=LONGEST_DATE,
        value=deal.renews_on.isoformat() if deal.renews_on else "",
        optional=True,
    )
    return _form("renewal", [context(say("form.renewal.question", name=deal.name)), day], private, say)


def _form(name: str, blocks: Sequence[Block], private: str, say: Say) -> Block:
    return modal(
        callback_id=f"form.{name}",
        title=say.plain(f"form.{name}.title"),
        submit=say.plain(f"form.{name}.submit"),
        close=say.plain("form.close"),
        private=private,
        blocks=blocks,
    )


def _about(deal: Deal, say: Say) -> Block:
    return context(say("deal.line", name=deal.name, stage=deal.stage.name))


def _line(field: str, limit: int, say: Say, *, value: str = "", hint: str = "", optional: bool = False) -> Block:
    """A field of one line that is called as the deal's field is."""
    shown = say.plain(hint) if hint else ""
    return text_input(field, say.plain(f"field.{field}"), hint=shown, limit=limit, value=value, optional=optional)


def _note(say: Say, text: str = "") -> Block:
    label = say.plain("form.note_label")
    return text_input("note", label, value=text, limit=NOTE_LIMIT, multiline=True, optional=True)


def _company(name: str, say: Say) -> Block:
    first = option(name, name) if name else None
    return search("company", say.plain("field.company"), say.plain("form.search_hint"), first=first, optional=True)


def _owner(member: Member | None, say: Say) -> Block:
    first = option(member.name, str(member.id)) if member else None
    return search("owner", say.plain("field.owner"), say.plain("form.search_hint"), first=first, optional=True)
