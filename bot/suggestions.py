"""What fits while somebody types in a field that searches: deals, companies and owners, spelt well or nearly so."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.views.blocks import Element, option
from models.deal_values import DealValues
from models.deals import Deals
from models.members import Members
from models.open_deals import OpenDeals
from models.texts import matching, name_key, tidy
from models.workspace import Workspace

MOST = 20


def _deals(text: str, session: Session, workspace: Workspace) -> list[Element]:
    if name_key(text):
        found = Deals(session, workspace).find(text, limit=MOST)
    else:
        found = OpenDeals(session, workspace).all(limit=MOST)
    return [option(f"{each.name} · {each.stage.name}", str(each.id)) for each in found]


def _companies(text: str, session: Session, workspace: Workspace) -> list[Element]:
    """First what was typed, as a company may be new."""
    known = DealValues(session, workspace).companies(text, limit=MOST)
    typed = tidy(text)[:75]
    is_new = bool(name_key(typed)) and name_key(typed) not in [name_key(each) for each in known]
    return [option(each, each) for each in ([typed] if is_new else []) + known]


def _owners(text: str, session: Session, workspace: Workspace) -> list[Element]:
    members = Members(session, workspace).all()
    places = matching(text, [each.name for each in members]) if name_key(text) else range(len(members))
    return [option(members[place].name, str(members[place].id)) for place in places[:MOST]]


SUGGESTIONS: dict[str, Callable[[str, Session, Workspace], list[Element]]] = {
    "company": _companies,
    "deal": _deals,
    "owner": _owners,
}
"""What each field that searches offers for what was typed so far."""
