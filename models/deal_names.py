"""Which deals of a workspace a text means: by a whole name, its beginning, words in it, or a small misspelling."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.deal import Deal
from models.errors import DealNotFound, NameMissing
from models.pipeline import Stage, StageKind
from models.texts import NAME_LIMIT, like, matching, name_key
from models.workspace import Workspace

_LONGEST_RUN = 30
_LONGEST_MISSPELT = 6


class NamedDeal(NamedTuple):
    id: int
    name: str
    is_open: bool


class DealNames:
    """The names of one workspace's deals; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def every(self) -> list[NamedDeal]:
        """Newest first."""
        return self._where(Deal.id == Deal.id)

    def exactly(self, text: str) -> list[NamedDeal]:
        """Width, case and spacing aside."""
        return self._where(Deal.name_key == name_key(text))

    def fitting(self, text: str) -> list[NamedDeal]:
        """Those that the text means, best first."""
        rows = self.exactly(text) or self._in_part(text) or self.every()
        return [rows[place] for place in matching(text, [row.name for row in rows])]

    def at_start(self, words: str) -> tuple[str, list[NamedDeal], str]:
        """The run of leading words that may be a name, those that it fits, and the words after it; "#" and a number is
        taken as it stands, and fits none.

        The longest run counts that is a whole name, else that begins a name or words in it, else that is a small
        misspelling away. Raises NameMissing, DealNotFound.
        """
        runs = _leading_runs(words)
        if not runs:
            raise NameMissing
        first = runs[-1]
        if first.startswith("#"):
            return first, [], _after(first, words)
        rows = self._in_part(first)
        keys = [name_key(row.name) for row in rows]
        whole = [run for run in runs if name_key(run) in keys]
        begun = [run for run in runs if _begins_a_word(name_key(run), keys)]
        if not begun:
            rows, begun = self.every(), runs[-_LONGEST_MISSPELT:]
        for run in whole or begun:
            if places := matching(run, [row.name for row in rows]):
                return run, [rows[place] for place in places], _after(run, words)
        raise DealNotFound(runs[-_LONGEST_MISSPELT:][0])

    def perhaps(self, text: str) -> str:
        """`Acme` for `Acme 15k`; empty where no deal is called as the text begins."""
        return next((named[0].name for run in _leading_runs(text)[1:] if (named := self.exactly(run))), "")

    def _in_part(self, text: str) -> list[NamedDeal]:
        start = like(name_key(text))
        begins = Deal.name_key.like(f"{start}%", escape="\\")
        return self._where(or_(begins, Deal.name_key.like(f"% {start}%", escape="\\")))

    def _where(self, condition: ColumnElement[bool]) -> list[NamedDeal]:
        query = (
            select(Deal.id, Deal.name, Stage.kind)
            .join(Stage, Deal.stage_id == Stage.id)
            .where(Deal.workspace_id == self._workspace.id, condition)
            .order_by(Deal.created_at.desc(), Deal.id.desc())
        )
        return [NamedDeal(number, name, kind is StageKind.OPEN) for number, name, kind in self._session.execute(query)]


def _leading_runs(words: str) -> list[str]:
    """The runs of words that the text begins with and that may be a name, longest first, as they were typed."""
    ends = [match.end() for match in re.finditer(r"\S+", words)]
    runs = [words[:end].strip().rstrip(",;:，；：") for end in ends[:_LONGEST_RUN]]
    return [run for run in reversed(runs) if name_key(run) and len(run) <= NAME_LIMIT]


def _begins_a_word(start: str, keys: Sequence[str]) -> bool:
    return any(f" {start}" in f" {key}" for key in keys)


def _after(run: str, words: str) -> str:
    return re.sub(r"^(?:[\s,;:，；：–—]|-\s)+", "", words.strip()[len(run) :])
