"""Runs a migration on the connection that `models.migrations` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum

from models import tables
from models.base import Amount, Base, UTCDateTime

assert tables  # noqa: S101 - importing them is what fills the metadata


def _plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A revision names the database's own types, so that it still means the same when ours have changed."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Amount):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=_plain,
)
with context.begin_transaction():
    context.run_migrations()
