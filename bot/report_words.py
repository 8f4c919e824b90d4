"""Reads what a funnel report is wanted of: `last quarter for @bob pipeline Retail source fair Industry=Health cohort`.

Time, people and fields come in any order; what has such words in it stands in quotes. A field of the team's own that is
called like one of these words, such as `team`, is meant before `=` and in quotes; others need neither.
"""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.faults import OnePipelineAtATime, SettingNotUnderstood
from bot.grammar import QUOTATION, mention_of, unquoted
from bot.pipeline_words import with_names_quoted
from bot.services import Turn
from bot.views.blocks import cut
from bot.views.funnel_report import NAME, Asked
from models.deal import DealField
from models.deal_values import DealValues
from models.errors import PipelineNotFound, ValueUnknown
from models.funnel_figures import Dimension
from models.known_deals import Selection
from models.member import Member
from models.period import Period, Unit, as_far_as, whole_unit
from models.pipeline import Pipeline
from models.reading_periods import find_period
from models.texts import matching, name_key

EXAMPLE = "/funnel report last quarter for @ann source fair"

_COHORT = re.compile(r"(?<!\S)(?:by\s+|as\s+)?cohorts?(?!\S)|同期群|队列", re.IGNORECASE)
_BY = re.compile(r"(?<!\S)(?<!owned )by\s+(?P<by>[^\s,;，；]+)|按\s*(?P<by_han>[^\s,;，；]+)", re.IGNORECASE)
_PAIR = re.compile(r"(?P<field>[^\s=＝]+)\s*[=＝]\s*(?P<value>[^\s,，;；]+)")
_KEYS = {
    **dict.fromkeys(("for", "owner", "owned by", "负责人"), "owner"),
    **dict.fromkeys(("team", "team of", "团队"), "team"),
    **dict.fromkeys(("pipeline", "in pipeline", "销售管道", "管道"), "pipeline"),
    **dict.fromkeys(("source", "来源"), "source"),
    **dict.fromkeys(("company", "公司"), "company"),
    **dict.fromkeys(("product", "产品"), "product"),
}
_KEY = re.compile(
    r"(?<!\S)(?P<key>for|owner|owned by|team of|team|in pipeline|pipeline|source|company|product)(?!\S)\s*[:：]?"
    r"|(?<!\S)(?P<key_colon>owner|team|pipeline|source|company|product)[:：]"
    r"|(?P<key_han>负责人|团队|销售管道|管道|来源|公司|产品)\s*[:：]?",
    re.IGNORECASE,
)
_DIMENSIONS = {
    **dict.fromkeys(("owner", "rep", "负责人"), Dimension.OWNER),
    **dict.fromkeys(("team", "团队"), Dimension.TEAM),
    **dict.fromkeys(("source", "来源"), Dimension.SOURCE),
    **dict.fromkeys(("company", "公司"), Dimension.COMPANY),
    **dict.fromkeys(("pipeline", "pipelines", "销售管道", "管道"), Dimension.PIPELINE),
}
_PRODUCT = ("product", "产品")
"""What is sold is a field of the team's own, as files bring it; either word means it, whatever language it is in."""
_EVERYTHING = ("", "all", "everyone", "everything", "全部", "所有")
_OFFERED = 6
"""So many known values of a field are told."""
_LAST = 10_000
"""Among so many deals a value is looked for at first, before all of a million are read."""
_MANY = 200
"""With so many values a field is no list to choose from."""
_HELD = 0xE000
"""The first of the letters that stand for what was quoted while the rest is read; no text has them."""


@dataclass(frozen=True)
class ReportWanted:
    """Which report; `asked` tells it in the person's words."""

    pipeline_id: int
    asked: Asked
    period: Period
    selection: Selection
    by_cohort: bool
    by: Dimension | str | None = None
    """What it is broken down by."""
    names_pipeline: bool = False
    """Whether the pipeline was named; otherwise it is the default one, or all of them by pipeline."""


def report_wanted(words: str, turn: Turn, *, usual: Period | None = None, example: str = EXAMPLE) -> ReportWanted:
    """Without a time it is the `usual` one, else the running month, of cohorts the running year, by the workspace's
    clock. `example` shows how to say it otherwise.

    Raises PeriodNotUnderstood, MemberNotFound, PipelineNotFound, FieldUnknown, and SettingNotUnderstood for the rest.
    """
    rest, held = _with_quotes_held(with_names_quoted(words, [each.name for each in turn.pipelines.all()]))
    by_cohort = _COHORT.search(rest) is not None
    rest = _COHORT.sub(" ", rest)
    by = _BY.search(rest)
    rest = _BY.sub(" ", rest, count=1)
    pairs = [(match["field"], match["value"]) for match in _PAIR.finditer(rest)]
    rest = _PAIR.sub(" ", rest)
    zone = turn.workspace.time_zone
    found = find_period(rest, now=turn.now, zone=zone, locale=turn.say.locale)
    if found is None:
        today = turn.now.astimezone(ZoneInfo(zone)).date()
        running = whole_unit(Unit.YEAR if by_cohort else Unit.MONTH, today, zone)
        found = usual or as_far_as(running, turn.now), rest
    period, rest = found
    before, keyed = _keyed(rest, turn.workspace.custom_fields)
    wishes = _Wishes(turn, example)
    for key, value in keyed:
        wishes.take(_freed(key, held), _freed(value, held))
    for key, value in pairs:
        wishes.take_pair(_freed(key, held), _freed(value, held))
    wishes.take_alone(_freed(before, held))
    selection = Selection(wishes.owner_ids, wishes.source, wishes.company, tuple(wishes.custom.items()))
    pipeline = wishes.pipeline or turn.pipeline
    dimension = _dimension(by["by"] or by["by_han"], held, turn) if by else None
    are_all = dimension is Dimension.PIPELINE and wishes.pipeline is None
    name = turn.say.plain("funnel.report.pipelines") if are_all else pipeline.name
    asked = Asked(name, wishes.only, turn.workspace.currency)
    return ReportWanted(pipeline.id, asked, period, selection, by_cohort, dimension, wishes.pipeline is not None)


def deals_wanted(words: str, turn: Turn, *, example: str, usual: Period | None = None) -> ReportWanted:
    """The same for what has neither cohorts nor parts side by side. Raises SettingNotUnderstood for these, and
    OnePipelineAtATime."""
    rest, held = _with_quotes_held(words)
    if view := _COHORT.search(rest) or _BY.search(rest):
        _expect_within_a_pipeline(view, turn, example)
        raise SettingNotUnderstood(_freed(view[0], held), example)
    return report_wanted(words, turn, usual=usual, example=example)


def _expect_within_a_pipeline(view: re.Match[str], turn: Turn, example: str) -> None:
    """Raises OnePipelineAtATime."""
    by = view.groupdict()
    if _DIMENSIONS.get((by.get("by") or by.get("by_han") or "").lower()) is Dimension.PIPELINE:
        names = tuple(pipeline.name for pipeline in turn.pipelines.all())
        command = " ".join(example.split()[:2])
        raise OnePipelineAtATime(names, f"{command} pipeline {names[-1]}")


def is_shadowed(field: str) -> bool:
    """Whether reports know another meaning of the name of a field of the team's own."""
    name = field.lower()
    return name in _DIMENSIONS or _KEYS.get(name, "product") != "product"


def _dimension(name: str, held: list[str], turn: Turn) -> Dimension | str:
    """Raises FieldUnknown."""
    freed = _freed(name, held)
    is_quoted = freed != _freed(name, [])
    own = _named_like_own(freed, turn) if is_quoted else None
    return own or _DIMENSIONS.get(freed.lower()) or _own_field(freed, turn)


def _named_like_own(name: str, turn: Turn) -> str | None:
    return next((each for each in turn.workspace.custom_fields if name_key(each) == name_key(name)), None)


def _own_field(name: str, turn: Turn) -> str:
    """Raises FieldUnknown."""
    if name.lower() in _PRODUCT:
        for word in _PRODUCT:
            if len(matching(word, turn.workspace.custom_fields)) == 1:
                return turn.workspace.field_named(word)
    return turn.workspace.field_named(name)


class _Wishes:
    """What was asked for so far."""

    def __init__(self, turn: Turn, example: str) -> None:
        self._turn = turn
        self._example = example
        self.owner_ids: frozenset[int] | None = None
        self.pipeline: Pipeline | None = None
        self.source = self.company = ""
        self.custom: dict[str, str] = {}
        self.only: tuple[tuple[DealField | str, str], ...] = ()

    def take(self, key: str, value: str) -> None:
        """A field and its value, as they were typed."""
        match _KEYS.get(key.lower(), key):
            case "owner" if value.lower() not in _EVERYTHING:
                self._take_people([self._turn.person(value)])
            case "team" if value:
                head = self._turn.person(value)
                reports = [each for each in self._turn.members.all() if each.manager is head]
                self._take_people([head, *reports])
            case "pipeline" if value:
                self.pipeline = self._turn.pipelines.named(value)
            case "source" if value:
                _expect_known(DealField.SOURCE, value, self._turn)
                self.source = value
                self._add(DealField.SOURCE, value)
            case "company" if value:
                self.company = value
                self._add(DealField.COMPANY, value)
            case field if (field == "product" or field not in _KEYS.values()) and value:
                self._take_own(_own_field(field, self._turn), value)

    def take_pair(self, field: str, value: str) -> None:
        """`field=value`: of a field of the team's own, if one is called so."""
        own = _named_like_own(field, self._turn)
        if own and value:
            self._take_own(own, value)
        else:
            self.take(field, value)

    def take_alone(self, text: str) -> None:
        """What stood before all else: a person, a pipeline, or nothing."""
        if text.lower() in _EVERYTHING:
            return
        if mention_of(text) or text.startswith("@") or text.lower() in ("me", "mine", "my", "我", "我的"):
            self._take_people([self._turn.person("me" if text.lower() in ("mine", "my", "我的") else text)])
            return
        try:
            self.pipeline = self._turn.pipelines.named(text)
        except PipelineNotFound:
            raise SettingNotUnderstood(text, self._example_for(text)) from None

    def _example_for(self, text: str) -> str:
        """How a field is given, where the first word seems to be one."""
        first, _, value = text.partition(" ")
        fields = self._turn.workspace.custom_fields
        found = matching(first, fields)
        if len(found) != 1:
            return self._example
        command = " ".join(self._example.split()[:2])
        return f'{command} {fields[found[0]]}="{value or "…"}"'

    def _take_own(self, field: str, value: str) -> None:
        _expect_known(field, value, self._turn)
        self.custom[field] = value
        self._add(field, value)

    def _take_people(self, people: list[Member]) -> None:
        self.owner_ids = frozenset(each.id for each in people)
        self._add(DealField.OWNER, self._turn.say.value([each.name for each in people]))

    def _add(self, field: DealField | str, value: str) -> None:
        self.only = (*self.only, (field, value))


def _expect_known(field: DealField | str, value: str, turn: Turn) -> None:
    """That some deal has it, had it, or there are too many others to tell. Raises ValueUnknown."""
    values = DealValues(turn.session, turn.workspace)
    if values.has_lately(field, value, limit=_LAST):
        return
    known = values.most_used(field, limit=_MANY)
    is_known = name_key(value) in map(name_key, known) or not 0 < len(known) < _MANY
    if not is_known and not values.had(field, value):
        alike = matching(value, known)
        offered = tuple(cut(each, NAME) for each in known[:_OFFERED])
        raise ValueUnknown(field, value, known[alike[0]] if alike else "", offered)


def _with_quotes_held(words: str) -> tuple[str, list[str]]:
    """The words with one letter for each quotation, and what was quoted."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(unquoted(match[0]))
        return chr(_HELD + len(held) - 1)

    return QUOTATION.sub(hold, words), held


def _freed(text: str, held: list[str]) -> str:
    for number, quoted in enumerate(held):
        text = text.replace(chr(_HELD + number), quoted)
    return text.strip(" \t\n,;，；、")


def _keyed(text: str, fields: list[str]) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first word such as `for`, and each such word with what follows it. A field of the team's
    own is such a word, too, if something follows it."""
    own = sorted((re.escape(each) for each in fields if not is_shadowed(each)), key=len, reverse=True)
    key = rf"(?<!\S)(?P<own>{'|'.join(own)})(?=[\s:：])\s*[:：]?|{_KEY.pattern}" if own else _KEY.pattern
    keys = list(re.finditer(key, text, re.IGNORECASE))
    keys = [each for each, value in _with_values(keys, text) if each.lastgroup != "own" or value]
    found = [(each[each.lastgroup or 0], value) for each, value in _with_values(keys, text)]
    return text[: keys[0].start()] if keys else text, found


def _with_values(keys: list[re.Match[str]], text: str) -> list[tuple[re.Match[str], str]]:
    ends = [*(match.start() for match in keys[1:]), len(text)]
    return [(match, text[match.end() : end].strip()) for match, end in zip(keys, ends[: len(keys)], strict=True)]
