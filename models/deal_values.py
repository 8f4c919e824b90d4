"""What the deals of one workspace have in their fields, for who picks among it or reports by it."""

from collections.abc import Sequence

from sqlalchemy import Select, Text, cast, func, select, true
from sqlalchemy.orm import Session

from models.activity import Revision
from models.deal import Deal, DealField
from models.texts import matching, name_key
from models.workspace import Workspace


class DealValues:
    """Companies, sources and the fields of the team's own; no query here can see another workspace's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def companies(self, text: str, *, limit: int) -> list[str]:
        """Those that a text means or is part of; all of them without a text. By name."""
        names = select(Deal.company).where(Deal.workspace_id == self._workspace.id, Deal.company != "").distinct()
        every = sorted(self._session.scalars(names), key=name_key)
        key = name_key(text)
        found = [each for each in every if key in name_key(each)]
        return (found or [every[place] for place in matching(text, every)])[:limit]

    def most_used(self, field: DealField | str, *, limit: int) -> Sequence[str]:
        """What stands there now, most used first."""
        written = self._written(field).subquery().c.value
        counted = select(written).where(written != "").group_by(written)
        return self._session.scalars(counted.order_by(func.count().desc(), written).limit(limit)).all()

    def has_lately(self, field: DealField | str, value: str, *, limit: int) -> bool:
        """Whether one of the deals that were added last has it there."""
        last = select(Deal.id).where(Deal.workspace_id == self._workspace.id).order_by(Deal.id.desc()).limit(limit)
        written = self._written(field).where(Deal.id.in_(last)).subquery().c.value
        found = select(written).where(func.lower(written) == value.lower())
        return self._session.scalars(found.limit(1)).first() is not None

    def had(self, field: DealField | str, value: str) -> bool:
        """Whether any deal had it there before."""
        name = field if isinstance(field, DealField) else f"custom:{field}"
        before = select(Revision.id).where(
            *(Revision.workspace_id == self._workspace.id, Revision.field == name),
            func.lower(Revision.old) == value.lower(),
        )
        return self._session.scalars(before.limit(1)).first() is not None

    def _written(self, field: DealField | str) -> Select[str]:
        """The `value` that each deal has there. A path would miss names that SQLite keeps in escapes."""
        mine = Deal.workspace_id == self._workspace.id
        if field is DealField.SOURCE:
            return select(Deal.source.label("value")).where(mine)
        pairs = func.json_each if self._session.get_bind().dialect.name == "sqlite" else func.json_each_text
        pair = pairs(Deal.custom).table_valued("key", "value")
        written = cast(pair.c.value, Text).label("value")
        return select(written).select_from(Deal).join(pair, true()).where(mine, pair.c.key == field)
