"""Reads which digest is wanted: `weekdays 8:30 pipeline Retail team @ann quiet`, in any order."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bot.grammar import QUOTATION, at_quotes
from bot.pipeline_words import with_names_quoted
from bot.say import Say
from bot.services import Turn
from bot.time_words import Times, times
from models.errors import DomainError
from models.rhythm import DAILY, MONTHLY, QUARTERLY, WORKDAYS
from models.schedule import EVERYTHING, Schedule, Topic

T = TypeVar("T")

_QUIET = re.compile(
    r"(?<!\S)(?:(?P<not>not )?quiet(?:ly)?|skip(?:ping)? (?:empty|quiet) days)(?!\S)"
    r"|(?P<not_han>不(?:再)?)?(?:安静|静默)|无变化不发|跳过空日",
    re.IGNORECASE,
)
_PIPELINE, _TEAM, _OWNER = "pipeline", "team", "owner"
_KEYS = {
    **dict.fromkeys(("in pipeline", "pipeline", "销售管道", "管道"), _PIPELINE),
    **dict.fromkeys(("for the team of", "for team", "team of", "team", "团队"), _TEAM),
    **dict.fromkeys(("for", "owner", "负责人"), _OWNER),
}
_KEY = re.compile(
    rf"(?<!\S)(?P<key>{'|'.join(sorted((key for key in _KEYS if key.isascii()), key=len, reverse=True))})"
    rf"(?:\s*[:：]\s*|\s+(?=\S)|$)"
    rf"|(?P<han>{'|'.join(sorted((key for key in _KEYS if not key.isascii()), key=len, reverse=True))})\s*[:：]?",
    re.IGNORECASE,
)
_DAYS = {
    DAILY: "typed.daily",
    WORKDAYS: "typed.weekdays",
    MONTHLY: "typed.monthly",
    QUARTERLY: "typed.quarterly",
}
_EVERYBODY = frozenset({"all", "everyone", "everybody", "所有人", "全部"})


@dataclass(frozen=True)
class DigestWanted:
    """As it was typed; None where nothing was said of it."""

    times: Times | None
    topic: Topic | None
    is_quiet: bool | None

    @property
    def about(self) -> Topic:
        return self.topic or EVERYTHING


def digest_wanted(words: str, turn: Turn) -> DigestWanted:
    """Raises TimesNotUnderstood, PipelineNotFound, MemberNotFound."""
    topic, rest = topic_and_rest(_QUIET.sub(" ", words), turn)
    quiet = _QUIET.search(words)
    return DigestWanted(times(rest) if rest else None, topic, not (quiet["not"] or quiet["not_han"]) if quiet else None)


def times_in_words(schedule: Schedule, say: Say) -> str:
    """When it comes, as it would be typed."""
    rhythm, _, number = schedule.weekdays.partition(" ")
    if number:
        return f"{say.plain(f'typed.{rhythm}_on', day=int(number))} {schedule.local_time}"
    days = say.plain(_DAYS[schedule.weekdays]) if schedule.weekdays in _DAYS else schedule.weekdays
    return f"{days} {schedule.local_time}"


def topic_and_rest(words: str, turn: Turn) -> tuple[Topic | None, str]:
    """`pipeline Retail for @bob` out of the words, and what else they say. Raises PipelineNotFound, MemberNotFound."""
    before, keyed = _keyed(with_names_quoted(words, [each.name for each in turn.pipelines.all()]))
    rest, pipeline_id, owner_id, with_team = [before], None, None, False
    for key, value in keyed:
        if key == _PIPELINE:
            pipeline, behind = _named(value, turn.pipelines.named)
            pipeline_id = None if pipeline.is_default else pipeline.id
        else:
            member, behind = _named(value, lambda name: None if name.lower() in _EVERYBODY else turn.person(name))
            owner_id, with_team = (member.id, key == _TEAM) if member else (None, False)
        rest.append(behind)
    topic = Topic(pipeline_id, owner_id, with_team) if keyed else None
    return topic, " ".join(filter(None, rest)).strip()


def _keyed(words: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first word such as `for`, and each such word with what follows it."""
    quotations = [match.span() for match in QUOTATION.finditer(words)]
    keys = [
        match for match in _KEY.finditer(words) if not any(start < match.start() < end for start, end in quotations)
    ]
    if not keys:
        return words.strip(), []
    ends = [*(match.start() for match in keys[1:]), len(words)]
    return words[: keys[0].start()].strip(), list(_pairs(words, keys, ends))


def _pairs(words: str, keys: list[re.Match[str]], ends: list[int]) -> Iterator[tuple[str, str]]:
    for match, end in zip(keys, ends, strict=True):
        yield _KEYS[(match["key"] or match["han"]).lower()], words[match.end() : end].strip()


def _named(value: str, find: Callable[[str], T]) -> tuple[T, str]:
    """What the longest beginning of the words names, or what is quoted, and what stands behind it."""
    quoted = at_quotes(value)
    if quoted.name is not None:
        return find(quoted.name), quoted.rest
    parts = value.replace(">", "> ").split()
    for end in range(len(parts), 1, -1):
        try:
            return find(" ".join(parts[:end])), " ".join(parts[end:])
        except DomainError:
            continue
    return find(parts[0] if parts else ""), " ".join(parts[1:])
