"""What is added to messages that other views have made: several in one, and that one comes late."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.reply import Reply
from bot.say import Say
from bot.views.blocks import MESSAGE_BLOCKS, Block, context, fit


def in_one(told: Sequence[Reply], say: Say) -> Reply:
    """One below the other. Each was made to fit below those before it; what a message does not hold all the same is
    cut, and that is said."""
    blocks = _told_apart([block for reply in told for block in reply.blocks])
    if (shown := fit([[block] for block in blocks], reserve=2, spare=500)) < len(blocks):
        blocks = [*blocks[:shown], context(say("unasked.cut"))]
    return replace(told[-1], text="\n\n".join(reply.text for reply in told if reply.text), blocks=tuple(blocks))


def marked_late(reply: Reply, due: datetime, say: Say) -> Reply:
    """With the moment when it should have come, in the message itself where there is room."""
    late = say("schedules.late", due=say.full_moment(due))
    blocks = reply.blocks if len(reply.blocks) >= MESSAGE_BLOCKS else (*reply.blocks, context(late))
    return replace(reply, text=f"{reply.text}\n{late}", blocks=blocks)


def _told_apart(blocks: Sequence[Block]) -> list[Block]:
    """Slack takes no two blocks of the same id, and several of the messages may speak of the same deal."""
    seen = Counter[str]()
    apart = []
    for block in blocks:
        block_id = block.get("block_id", "")
        seen[block_id] += 1
        is_repeated = block_id and seen[block_id] > 1
        apart.append(block | {"block_id": f"{block_id}-{seen[block_id]}"} if is_repeated else block)
    return apart
