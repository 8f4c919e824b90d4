"""Cleans what people type before it is kept, and finds what they meant among names that exist."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from models.errors import TextMissing, TextTooLong

NAME_LIMIT = 150
KEY_LIMIT = 2 * NAME_LIMIT
NOTE_LIMIT = 3_000
PHRASE_LIMIT = 300

_JOINERS = "\u200c\u200d"  # they shape Persian words and emoji
_MISSPELT = 80  # rapidfuzz ratio, 0 to 100: one slip in five letters still passes
_SHORTEST_TO_MISSPELL = 4


def clean(text: str, *, field: str, limit: int) -> str:
    """The text in one normal form (NFC), without control and direction marks, white space folded.

    Raises TextMissing when nothing is left and TextTooLong above `limit` characters.
    """
    kept = clean_or_empty(text, field=field, limit=limit)
    if not kept:
        raise TextMissing(field)
    return kept


def clean_or_empty(text: str, *, field: str, limit: int) -> str:
    """Like `clean`, for fields that may be empty."""
    kept = tidy(text)
    if len(kept) > limit:
        raise TextTooLong(field, limit)
    return kept


def tidy(text: str) -> str:
    """The text as `clean` keeps it, of any length; it may be longer than before, and empty."""
    spaced = "".join(_keep(each) for each in unicodedata.normalize("NFC", text))
    kept = " ".join(spaced.split())
    return kept if kept.strip(_JOINERS + " ") else ""


def is_only_punctuation(text: str) -> bool:
    """Whether it has no word, number or sign, as an empty text and what people type to get past a field have none."""
    return all(unicodedata.category(each)[0] in "PZC" for each in text)


_NO_REASONS = frozenset(
    (
        *(
            "none",
            "n/a",
            "n.a",
            "na",
            "nil",
            "null",
            "nothing",
            "no reason",
            "无",
            "没有",
            "无原因",
            "没有原因",
            "不适用",
        ),
        *("unknown", "not known", "don't know", "dont know", "no idea", "idk", "tbd", "tbc", "tba", "x", "xx", "xxx"),
        *("reason", "because", "why", "不知道", "未知", "不清楚", "不详", "待定", "原因"),
    )
)
_AROUND_REASONS = " .!?。！？*_~`\"'“”‘’「」«»＂"


def is_no_reason(text: str) -> bool:
    """Whether it is what people type to get past the question why."""
    return is_only_punctuation(text) or text.strip(_AROUND_REASONS).lower().replace("’", "'") in _NO_REASONS


@lru_cache(maxsize=10_000)
def name_key(name: str) -> str:
    """What two spellings of one name share: width, case, spacing and what `clean` drops do not count.

    A few characters stand for many (one of them for eighteen), so a key is cut at KEY_LIMIT.
    """
    folded = unicodedata.normalize("NFKC", "".join(map(_keep, name))).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())[:KEY_LIMIT].rstrip()


def matching(wanted: str, names: Sequence[str]) -> list[int]:
    """Positions of the names that `wanted` means: those equal to it; else those that begin with it, as a whole or in
    one of their words; else those that are a small misspelling away. Better matches come first."""
    key = name_key(wanted)
    if not key:
        return []
    keys = [name_key(name) for name in names]
    equal = [at for at, each in enumerate(keys) if each == key]
    if equal:
        return equal
    beginning = [at for at, each in enumerate(keys) if each.startswith(key)]
    inside = [at for at, each in enumerate(keys) if f" {key}" in each]
    if beginning or inside:
        return beginning + [at for at in inside if at not in beginning]
    if len(key) < _SHORTEST_TO_MISSPELL:
        return []
    close = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=_MISSPELT, limit=None)
    if close:
        return [at for _, _, at in close]
    words = [(word, at) for at, each in enumerate(keys) for word in each.split()]
    close = process.extract(key, [word for word, _ in words], scorer=fuzz.ratio, score_cutoff=_MISSPELT, limit=None)
    return list(dict.fromkeys(words[place][1] for _, _, place in close))


def like(text: str) -> str:
    """The text as itself in a pattern of SQL, where a backslash escapes."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _keep(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs" or (category == "Cf" and character not in _JOINERS):  # half a surrogate pair is no character
        return ""
    return " " if category in ("Cc", "Zl", "Zp") else character
