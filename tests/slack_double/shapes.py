"""Small words to write down what Slack accepts: a check looks at a value and names every fault in it.

A fault ends with the JSON pointer of the place it was found at, as Slack's own messages do.
"""

from collections.abc import Callable, Iterator, Mapping

Check = Callable[[object, str], Iterator[str]]


def fault(what: str, at: str) -> str:
    return f"{what} [json-pointer:{at}]"


def anything(_value: object, _at: str) -> Iterator[str]:
    return iter(())


def string(most: int, *, least: int = 1) -> Check:
    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must be a valid string", at)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", at)
        elif len(value) > most:
            yield fault(f"must be less than {most + 1} characters", at)

    return check


def choice(*allowed: str) -> Check:
    def check(value: object, at: str) -> Iterator[str]:
        if value not in allowed:
            yield fault("must be a valid enum value", at)

    return check


def flag(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield fault("must be a boolean", at)


def integer(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield fault("must be an integer", at)


def number(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield fault("must be a number", at)


def many(check_each: Check, most: int, *, least: int = 1) -> Check:
    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must provide an array", at)
            return
        if len(value) < least:
            yield fault(f"no fewer than {least} items allowed", at)
        if len(value) > most:
            yield fault(f"no more than {most} items allowed", at)
        for index, item in enumerate(value):
            yield from check_each(item, f"{at}/{index}")

    return check


def shape(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *,
    either: tuple[str, ...] = (),
) -> Check:
    """An object of these fields and no others; at least one of `either` is there."""
    must, may = dict(required or {}), dict(optional or {})
    known = must | may

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must provide an object", at)
            return
        for name in must.keys() - value.keys():
            yield fault(f"missing required field: {name}", at)
        if either and not any(value.get(name) for name in either):
            yield fault(f"must define either `{'` or `'.join(either)}`", at)
        for name, field in value.items():
            if name == "type":
                continue
            if name not in known:
                yield fault(f"invalid additional property: {name}", at)
            else:
                yield from known[name](field, f"{at}/{name}")

    return check


def one_of(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which of the checks it must pass."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must provide an object", at)
        elif value.get("type") not in kinds:
            yield fault(f"unsupported type: {value.get('type')}", f"{at}/type")
        else:
            yield from kinds[value["type"]](value, at)

    return check


def text(most: int, *, plain: bool = False, least: int = 1) -> Check:
    words = string(most, least=least)
    kinds = {"plain_text": shape({"text": words}, {"emoji": flag})}
    if not plain:
        kinds["mrkdwn"] = shape({"text": words}, {"verbatim": flag})
    return one_of(kinds)


def plain(most: int, *, least: int = 1) -> Check:
    return text(most, plain=True, least=least)
