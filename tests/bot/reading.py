"""What a person reads of an answer."""

from collections.abc import Iterator, Sequence

from bot.reply import Reply
from bot.views.blocks import Block, Element
from tests.slack_double.block_rules import elements_of, texts_in


def words_in(reply: Reply | Sequence[Block]) -> str:
    """All texts of the blocks, line by line."""
    blocks = reply.blocks if isinstance(reply, Reply) else reply
    return "\n".join(texts_in(list(blocks)))


def buttons_in(reply: Reply | Sequence[Block]) -> list[Element]:
    """Everything that can be pressed."""
    blocks = reply.blocks if isinstance(reply, Reply) else reply
    return [element for block in blocks for element in elements_of(block) if "action_id" in element]


def labels_in(reply: Reply | Sequence[Block]) -> list[str]:
    return list(_labels(buttons_in(reply)))


def _labels(elements: Sequence[Element]) -> Iterator[str]:
    for element in elements:
        yield (element.get("text") or element["placeholder"])["text"]
