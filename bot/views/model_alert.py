"""What an admin sees on the morning that a model has gone bad: what is wrong, and what to do about it."""

from collections.abc import Sequence

from bot.reply import Reply
from bot.say import Say
from bot.views.blocks import context, header, paragraphs, section
from bot.views.model import group_lines, version_name, watch_line
from models.model_version import ModelVersion


def model_alert(bad: Sequence[ModelVersion], say: Say) -> Reply:
    """Of the models that are bad now."""
    title = say.plain("model_alert.title")
    blocks = [header(title)]
    for version in bad:
        blocks.append(section(say(f"model_alert.which.{version.question}", name=version_name(version, say))))
        if version.watched:
            told = [watch_line(version.watched, say), *group_lines(version.watched, version.question, say)]
            blocks += paragraphs(told)
    return Reply(title, (*blocks, section(say("model_alert.to_do")), context(say("model_alert.once"))))
