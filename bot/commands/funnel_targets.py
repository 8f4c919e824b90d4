"""`/funnel targets` tells where each target stands, whether it is on pace, and how the periods before went."""

import re
from datetime import datetime

from bot.commands import funnel_target
from bot.faults import TargetsTakeNoWords
from bot.reply import Labour, Place, Reply, picture_of
from bot.say import Say
from bot.services import Turn
from bot.target_chart import targets_alt_text, targets_picture
from bot.target_words import unit_in
from bot.views.headlines import headed, targets_headline
from bot.views.targets import targets_view
from models.attainment import PERIODS, lot_of, progress
from models.database import Database
from models.members import Members
from models.target import Targets
from models.workspace import Workspace, day_in


def run(words: str, turn: Turn) -> Reply:
    """In the channel, as Slack shares pictures with all or nobody, and after a while: periods before are read, too.
    `won 500k a quarter` behind it sets a target, as `target` does. Raises TargetsTakeNoWords."""
    if re.search(r"\d", words) and unit_in(words):
        return funnel_target.run(words, turn)
    if words:
        raise TargetsTakeNoWords(words)
    if not turn.targets.on(day_in(turn.workspace.time_zone, turn.now)):
        return Reply(turn.say("targets.none"))
    team_id, at, say = turn.workspace.id, turn.now, turn.say
    labour = Labour(do=lambda database: _now(database, team_id, at=at, say=say), sorry=say("targets.failed"))
    return Reply(say("targets.begun"), labour=labour)


def _now(database: Database, team_id: str, *, at: datetime, say: Say) -> Reply:
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        members = Members(session, workspace).all()
        found = progress(session, workspace, members, at=at, looking_back=PERIODS)
        today = day_in(workspace.time_zone, at)
        shown = {each.target.id for each in found}
        hidden = [each for each in Targets(session, workspace).on(today) if each.id not in shown]
    unpriced = [lot for each in hidden if (lot := lot_of(each, today))]
    blocks = targets_view(found, currency=workspace.currency, unpriced=unpriced, say=say)
    if not found:
        return Reply(say("targets.title"), blocks)
    picture = picture_of(
        draw=lambda: targets_picture(found, workspace.currency, say),
        title=say.plain("targets.short"),
        alt=targets_alt_text(found, workspace.currency, say),
        say=say,
        filename="targets.png",
    )
    told = headed(say.plain("targets.short"), targets_headline(found, say), say)
    return Reply(told, blocks, Place.CHANNEL, picture=picture)
