"""Tells what is said for certain from what is hedged, denied, asked or merely polite."""

import re

from bot.intent import Intent
from bot.intents import OF_LOSING, OF_ONE_DEAL, OF_WINNING

_POLITE = re.compile(
    r"^(?:(?:(?:hey|hi|hello)(?: there| all| everyone| everybody)?|dear|good (?:morning|afternoon|evening)"
    r"|@?sluice|bot|ok|okay|please|pls|can you|could you|would you|will you|i want to|i'd like to|let's"
    r"|just|sadly|unfortunately|good news|bad news|so|well|guys|team|i think|i guess|we should|i need you to"
    r"|would you mind"
    r"|[你您大]家?好|嗨|[早晚]上好|[上下中]午好"
    r"|请你?|麻烦你?|帮我|能不能|可以|很遗憾|可惜|恭喜|太好了|那个|劳驾|辛苦|我觉得|我想|终于|刚刚)(?![a-z])[\s,，!！.。:：]*)+|"
    r"[\s,，]*(?:please|pls|thanks|thank you|right now|asap|for me|if possible"
    r"|吧|谢谢|哦|啊|呀|啦|哈|辛苦了)[\s.!！。?？]*$",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"[?？]|\b(?:not|never|\w+n't|cannot|fail(?:s|ed)? to|if|should i|should we|maybe|perhaps|might|would|almost"
    r"|nearly|about to|going to|close to|soon|could|when|unless|until|wants?|hopes?|(?:came|comes|is) back)\b"
    r"|(?<![很赶尽])快(?![速点捷把])|即将|就要|有望|吗|呢|不要|别|没|如果|也许|可能|想|打算|准备|要是|是否|还没|差点|不",
    re.IGNORECASE,
)
_NO = re.compile(r"\b(?:not|never|\w+n't|cannot|fail(?:s|ed)? to)\b|没|未|不", re.IGNORECASE)
_MERELY_NOT = re.compile(r"\w+n't \w+|(?:did )?not \w+|没[赢签买]|没签约|没中标", re.IGNORECASE)
"""A loss that may as well be a win that is to come."""
_NOT_YET = re.compile(r"\b(?:yet|so far|still|until now|ha(?:ve|s) not|ha(?:ve|s)n't)\b|还|尚|暂", re.IGNORECASE)
_OF_THE_FUTURE = re.compile(
    r"^(?!(?:did|have|has|was|were)\b).*\b(?:is it|are we|will|can|could|do)\b.*[?？]|能不能|会不会|.*[能会].*吗",
    re.IGNORECASE,
)


def without_politeness(said: str) -> str:
    return _POLITE.sub("", said).strip(" .!。！")


def is_hedged(said: str) -> bool:
    return _HEDGED.search(said) is not None


def is_of_the_future(said: str) -> bool:
    return _OF_THE_FUTURE.search(said) is not None


def is_mere_denial(intent: Intent, cue: str) -> bool:
    return intent is OF_LOSING and _MERELY_NOT.fullmatch(cue) is not None


def meant_by_denial(intent: Intent, said: str, start: int, end: int) -> Intent | None:
    """What `said` means, whose cue for `intent` stands from `start` to `end`, where that is denied: `we did not win
    Acme` is a loss perhaps; `not yet`, or `we did not lose it`, asks for nothing but a look."""
    if intent not in (OF_WINNING, OF_LOSING) or "?" in said or "？" in said:
        return None
    before = re.split(r"[,;，；]|\bbut\b|但", said[:start])[-1]
    denies = _NO.search(before) is not None
    if _NOT_YET.search(said) and (denies or _NO.search(said[start:end])):
        return OF_ONE_DEAL
    if not denies:
        return None
    return OF_LOSING if intent is OF_WINNING else OF_ONE_DEAL
