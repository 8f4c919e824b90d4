"""Every CRM names its columns differently; here they are recognised by the words they use: English, German or Chinese.

A column that no word names is not lost: its cells become a custom field. A name counts whatever its case and
punctuation, with one slip of the pen, and with or without `Deal` before it; the first column of a meaning has it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain, count

from rapidfuzz.distance import DamerauLevenshtein

from models.errors import FieldUnknown
from models.importing_errors import ColumnsMissing, ColumnUnknown
from models.texts import name_key, tidy

CUSTOM_PREFIX = "custom: "
"""Before the name of a custom field in our own exports, so that none is taken for another column."""

FIELD_LIMIT = 50

_SHORTEST_TO_MISSPELL = 7
_OTHER_WORDS = frozenset({"contract", "contract name", "contract person"})  # one letter away, and not the contact


class DealColumn(StrEnum):
    """What a column of deals may mean; `--map "Deal Name=name"` uses these words."""

    ID = "id"
    NAME = "name"
    COMPANY = "company"
    CONTACT = "contact"
    PRODUCT = "product"
    AMOUNT = "amount"
    AMOUNT_SINCE = "amount_since"
    CLOSE_VALUE = "close_value"
    CURRENCY = "currency"
    OWNER = "owner"
    SOURCE = "source"
    PIPELINE = "pipeline"
    STAGE = "stage"
    STATUS = "status"
    CREATED = "created"
    ENGAGED = "engaged"
    STAGE_CHANGED = "stage_changed"
    EXPECTED_CLOSE = "expected_close"
    CLOSE = "close"
    """A day that is expected while the deal is open, and the day it was closed on afterwards."""
    CLOSED = "closed"
    LOSS_REASON = "loss_reason"
    NEXT_STEP = "next_step"
    NEXT_STEP_DUE = "next_step_due"
    FORECAST = "forecast"
    RENEWS_ON = "renews_on"
    RENEWS = "renews"
    REFERRED_BY = "referred_by"
    """The ids of the deal that it renews, and of that of the customer who sent it."""


class HistoryColumn(StrEnum):
    ID = "id"
    DEAL = "deal"
    PIPELINE = "pipeline"
    STAGE = "stage"
    AT = "at"
    BY = "by"
    CHANGE = "change"
    REASON = "reason"
    NOTE = "note"


class ActivityColumn(StrEnum):
    ID = "id"
    DEAL = "deal"
    KIND = "kind"
    AT = "at"
    BY = "by"
    TEXT = "text"
    SCORE = "score"
    STAGE = "stage"
    DUE = "due"
    DONE_AT = "done_at"
    """The stage whose playbook made a task, when it is due and when it was done."""


IGNORED = "ignore"
CUSTOM = "custom"
FAULT = "fault"
"""What a rejects file says of each row: no news of the deal when the mended file is imported."""

_IDS = "id|record id|external id|crm id|uuid|number|编号|商机编号|商机ID"
_NAMES = "name|title|deal|opportunity|lead|subject|dealname|名称|商机|商机名称|交易名称|项目名称|线索名称|标题"
_TIMES = "at|time|date|when|timestamp|datetime|created at|时间|日期"
_PEOPLE = "by|by whom|who|user|member|owner|author|created by|changed by|rep|sales rep|人员|操作人|负责人"

_DEAL_WORDS: dict[str, str] = {
    DealColumn.ID: _IDS,
    DealColumn.NAME: _NAMES,
    DealColumn.COMPANY: "company|company name|account|account name|organization|organisation|organization name"
    "|customer|customer name|client|associated company|associated companies|firma|unternehmen|kunde"
    "|公司|公司名称|客户|客户名称|企业",
    DealColumn.CONTACT: "contact|contact name|contact person|primary contact|associated contact|associated contacts"
    "|person|ansprechpartner|联系人|主要联系人",
    DealColumn.PRODUCT: "product|product name|products|产品|产品名称",
    DealColumn.AMOUNT: "amount|value|size|price|total|estimated value|est revenue|betrag|wert"
    "|金额|商机金额|预计金额|销售金额",
    DealColumn.AMOUNT_SINCE: "amount since|amount known since",
    DealColumn.CLOSE_VALUE: "close value|closed value|won value|won amount|closed amount|closed won amount"
    "|final amount|actual revenue|成交金额|赢单金额",
    DealColumn.CURRENCY: "currency|currency code|currency iso code|amount currency|value currency|currency of value"
    "|währung|币种|货币",
    DealColumn.OWNER: "owner|owner name|sales agent|sales rep|sales representative|rep|salesperson|assigned to"
    "|assignee|verantwortlich|besitzer|负责人|所有人|所有者|销售|销售代表|业务员",
    DealColumn.SOURCE: "source|lead source|source channel|channel|original source|original traffic source"
    "|quelle|来源|线索来源|渠道",
    DealColumn.PIPELINE: "pipeline|pipeline name|sales process|管道|销售管道|销售流程",
    DealColumn.STAGE: "stage|stage name|sales stage|pipeline stage|phase|阶段|销售阶段|商机阶段",
    DealColumn.STATUS: "status|状态|商机状态",
    DealColumn.CREATED: "created|created at|created on|created date|created time|create date|creation date"
    "|date created|added|added on|erstellt am|erstelldatum|创建时间|创建日期",
    DealColumn.ENGAGED: "engaged|engaged at|engage date|engagement date|first contact date|first contacted"
    "|首次接触时间",
    DealColumn.STAGE_CHANGED: "stage changed|stage changed at|stage change date|last stage change"
    "|last stage change date|entered stage|entered stage at|stage entered|stage entered at|date entered stage"
    "|date entered current stage|阶段变更时间|进入阶段时间",
    DealColumn.EXPECTED_CLOSE: "expected close|expected close date|expected closing date|estimated close date"
    "|est close date|forecast close date|voraussichtliches abschlussdatum"
    "|预计成交日期|预计成交时间|预计签单日期|预计结单日期",
    DealColumn.CLOSE: "close|close date|closing date|abschlussdatum|结单日期",
    DealColumn.CLOSED: "closed|closed at|closed on|closed date|date closed|actual close date|won time|won date|won at"
    "|lost time|lost date|lost at|关闭时间|关闭日期|成交日期|成交时间|赢单日期|实际成交日期",
    DealColumn.LOSS_REASON: "loss reason|lost reason|closed lost reason|reason lost|reason for loss|reason"
    "|verlustgrund|输单原因|丢单原因|失败原因",
    DealColumn.NEXT_STEP: "next step|next steps|next action|nächster schritt|下一步|下一步计划",
    DealColumn.FORECAST: "forecast category",
    DealColumn.RENEWS_ON: "renews on",
    DealColumn.RENEWS: "renews deal",
    DealColumn.REFERRED_BY: "referred by deal",
    DealColumn.NEXT_STEP_DUE: "next step due|next step date|next action date|next activity date"
    "|下一步日期|下次跟进时间",
}
_HISTORY_WORDS: dict[str, str] = {
    HistoryColumn.ID: _IDS,
    HistoryColumn.DEAL: _NAMES,
    HistoryColumn.PIPELINE: "pipeline|pipeline name|管道|销售管道",
    HistoryColumn.STAGE: "stage|stage name|to stage|new stage|to|阶段|新阶段",
    HistoryColumn.AT: f"{_TIMES}|entered|entered at|entered on|changed at|time entered|进入时间|变更时间",
    HistoryColumn.BY: _PEOPLE,
    HistoryColumn.CHANGE: "change",
    HistoryColumn.REASON: "reason|loss reason|lost reason|原因|输单原因",
    HistoryColumn.NOTE: "note|notes|comment|备注",
}
_ACTIVITY_WORDS: dict[str, str] = {
    ActivityColumn.ID: _IDS,
    ActivityColumn.DEAL: _NAMES.replace("|subject", ""),
    ActivityColumn.KIND: "kind|type|activity|activity type|类型|活动类型",
    ActivityColumn.AT: _TIMES,
    ActivityColumn.BY: _PEOPLE,
    ActivityColumn.TEXT: "text|note|notes|subject|body|comment|description|内容|备注",
    ActivityColumn.SCORE: "score",
    ActivityColumn.STAGE: "stage",
    ActivityColumn.DUE: "due",
    ActivityColumn.DONE_AT: "done at",
}


@dataclass(frozen=True)
class Columns:
    """Where in a row stands what. Several columns may say when a deal was closed: the first that is filled counts."""

    places: Mapping[str, tuple[int, ...]]
    others: Mapping[int, str]
    """The columns that no word names, by place."""

    def __contains__(self, column: str) -> bool:
        return column in self.places

    def cell(self, cells: Sequence[str], column: str) -> str:
        """The first filled cell of that meaning; empty where there is none."""
        for place in self.places.get(column, ()):
            if place < len(cells) and (text := cells[place].strip()):
                return text
        return ""

    def filled(self, cells: Sequence[str]) -> dict[str, str]:
        """All cells that a meaning was recognised for, by it."""
        return {column: text for column in self.places if (text := self.cell(cells, column))}


def deal_columns(header: Sequence[str], mapped: Mapping[str, str]) -> Columns:
    """Raises ColumnsMissing where nothing can name a deal; ColumnUnknown, FieldUnknown for a wrong mapping."""
    columns = _recognised(header, _DEAL_WORDS, mapped, several={DealColumn.CLOSED})
    if not {DealColumn.NAME, DealColumn.COMPANY, DealColumn.PRODUCT} & set(columns.places):
        raise ColumnsMissing((DealColumn.NAME,), tuple(header))
    return columns


def history_columns(header: Sequence[str]) -> Columns:
    """Raises ColumnsMissing."""
    columns = _recognised(header, _HISTORY_WORDS, {})
    return _with(columns, (HistoryColumn.STAGE, HistoryColumn.AT), header)


def activity_columns(header: Sequence[str]) -> Columns:
    """Raises ColumnsMissing."""
    columns = _recognised(header, _ACTIVITY_WORDS, {})
    return _with(columns, (ActivityColumn.KIND, ActivityColumn.AT), header)


@lru_cache(maxsize=4_096)
def plain_words(text: str) -> str:
    """The words of a name alone, without case, width and punctuation: `Closed-Won`, `closed won` and `ClosedWon`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", text))
    return " ".join(re.sub(r"[\W_]+", " ", apart).casefold().split())


def _with(columns: Columns, needed: Sequence[str], header: Sequence[str]) -> Columns:
    missing = [column for column in needed if column not in columns]
    if "id" not in columns and "deal" not in columns:
        missing.insert(0, "deal")
    if missing:
        raise ColumnsMissing(tuple(missing), tuple(header))
    return columns


def _recognised(
    header: Sequence[str], words: Mapping[str, str], mapped: Mapping[str, str], several: Iterable[str] = ()
) -> Columns:
    meanings = {plain_words(word): column for column, known in words.items() for word in known.split("|")}
    told = _told(header, list(words), mapped)
    places: dict[str, list[int]] = {}
    for place, column in told.items():
        if column not in (IGNORED, CUSTOM):
            places.setdefault(column, []).append(place)
    for meaning_of in (_exactly, _misspelt):
        for place, name in enumerate(header):
            meaning = meaning_of(name, meanings)
            taken = place in told or any(place in found for found in places.values())
            if meaning and not taken and (meaning not in places or meaning in several):
                places.setdefault(meaning, []).append(place)
    recognised = {place for found in places.values() for place in found}
    recognised -= set(places.get(DealColumn.PRODUCT, ()))  # it helps to name a deal, and is a custom field besides
    ignored = {place for place, column in told.items() if column == IGNORED}
    ignored |= {place for place, name in enumerate(header) if plain_words(name) == FAULT}
    others = [place for place in range(len(header)) if place not in recognised | ignored]
    return Columns(
        places={column: tuple(found) for column, found in places.items()},
        others=dict(zip(others, _apart([header[place] for place in others]), strict=True)),
    )


def _apart(names: Sequence[str]) -> list[str]:
    """Names for custom fields, no two of them alike."""
    kept: list[str] = []
    for name in names:
        fresh = tidy(name.removeprefix(CUSTOM_PREFIX))[:FIELD_LIMIT].strip() or "Column"
        taken = {name_key(each) for each in kept}
        numbered = (f"{fresh[: FIELD_LIMIT - 5]} {number}" for number in count(2))
        kept.append(next(each for each in chain([fresh], numbered) if name_key(each) not in taken))
    return kept


def _told(header: Sequence[str], known: Sequence[str], mapped: Mapping[str, str]) -> dict[int, str]:
    told = {}
    for name, column in mapped.items():
        places = [place for place, each in enumerate(header) if plain_words(each) == plain_words(name)]
        if not places:
            raise ColumnUnknown(name, tuple(header))
        if column not in (*known, IGNORED, CUSTOM):
            raise FieldUnknown(column, (*known, IGNORED, CUSTOM))
        told[places[0]] = str(column)
    return told


def _exactly(name: str, meanings: Mapping[str, str]) -> str | None:
    return next((meanings[spelling] for spelling in _spellings(name) if spelling in meanings), None)


def _misspelt(name: str, meanings: Mapping[str, str]) -> str | None:
    """One letter is wrong, missing, too many, or swapped with its neighbour."""
    for spelling in _spellings(name):
        if len(spelling) < _SHORTEST_TO_MISSPELL or spelling in _OTHER_WORDS:
            continue
        for word, column in meanings.items():
            if len(word) >= _SHORTEST_TO_MISSPELL and DamerauLevenshtein.distance(spelling, word, score_cutoff=1) <= 1:
                return column
    return None


def _spellings(name: str) -> Iterator[str]:
    """The words of a column's name, then the same without `Deal` before them; none for our own custom fields."""
    if name.startswith(CUSTOM_PREFIX):
        return
    plain = plain_words(name)
    yield plain
    if bare := re.sub(r"^(?:(?:deal|opportunity|opp)(?: |$))+", "", plain):
        yield bare
