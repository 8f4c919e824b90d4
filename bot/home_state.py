"""What a person chose to see on their Home tab, kept with the member: drawn anew, it stays as they left it."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from models.bands import Band
from models.member import Member

LONGEST_SEARCH = 60


class Tab(StrEnum):
    MINE = "mine"
    TEAM = "team"
    SETTINGS = "settings"


class HomeState(BaseModel):
    """Which of the open deals are listed, and which page of them; 0 and empty where nothing was chosen."""

    model_config = ConfigDict(frozen=True)

    tab: Tab = Tab.MINE
    page: int = 0
    stage: int = 0
    pipeline: int = 0
    band: Band | None = None
    search: str = ""
    introduced: bool = False
    """Whether they have said that they are who the bot takes them for."""

    @classmethod
    def of(cls, member: Member) -> "HomeState":
        return cls.model_validate_json(member.home or "{}")

    def but(self, **changes: object) -> "HomeState":
        """The same with some things changed, from the first page on unless another one is."""
        return self.model_copy(update={"page": 0} | changes)

    def keep(self, member: Member) -> None:
        member.home = self.model_dump_json(exclude_defaults=True)
