"""What somebody else has changed while a person filled in a form."""

from collections.abc import Collection, Sequence
from zlib import crc32

from bot.actions.origin import Origin
from bot.services import Turn
from models.activity import Revision
from models.deal import Deal


def as_of_now(origin: Origin, deal: Deal, turn: Turn) -> str:
    """What travels in the private metadata of a form that shows the deal's fields as they are."""
    return origin.model_copy(update={"revision": turn.deals.last_revision_id(deal.id)}).model_dump_json()


def mark_of(name: str, text: str) -> str:
    """Short for what stands in a field; all that does would be too long for a form's private metadata."""
    return f"{crc32(f'{name}:{text}'.encode()):x}"


def remarks(news: Sequence[Revision], fields: Collection[str], turn: Turn) -> dict[str, str]:
    """By field, who changed it last, from what to what."""
    first = {each.field: each for each in reversed(news)}
    latest = {each.field: each for each in news}
    return {
        field: turn.say.plain(
            "form.edit.news",
            by=_name(each.by_id, turn),
            old=_shown(first[field], first[field].old, turn),
            new=_shown(each, each.new, turn),
        )
        for field, each in latest.items()
        if field in fields
    }


def _shown(revision: Revision, value: str, turn: Turn) -> str:
    """A value of a revision in words."""
    if not value:
        return "–"
    match revision.field:
        case "owner":
            return turn.members.get(int(value)).name
        case "forecast":
            return turn.say.plain(f"forecast.category.{value}")
    return value


def _name(member_id: int | None, turn: Turn) -> str:
    return turn.members.get(member_id).name if member_id else "–"
