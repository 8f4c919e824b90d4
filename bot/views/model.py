"""The models of a team: which one answers each question, how good it is, and what the last 90 days say of it."""

from dataclasses import dataclass

from bot.say import Percent, Say, known
from bot.views.blocks import Block, context, divider, paragraphs, section
from models.model_card import Card, Group, Quality, Watch
from models.model_version import ModelVersion, Question

_SHOWN_OF_HASH = 8
_CAUSES = {
    "schedule": "schedule",
    "new outcomes": "new_outcomes",
    "new horizon": "new_horizon",
    "command line": "command_line",
}
"""What trains by itself, as it stands in the registry; else it is a person's name."""


@dataclass(frozen=True)
class Standing:
    """How it stands with one question. `closed` counts the team's closed deals; `horizon_days` is the team's."""

    question: Question
    champion: ModelVersion | None
    challenger: ModelVersion | None
    closed: int
    horizon_days: int
    is_refused: bool = False
    """Whether the champion's file is not what was kept, so that the stages' rates answer in its place."""
    taken_back: ModelVersion | None = None
    """The version that a person went back from, as long as that holds."""

    @property
    def is_for_another_horizon(self) -> bool:
        learnt = self.champion.told.horizon_days if self.champion else self.horizon_days
        return self.question is Question.FORWARD and learnt != self.horizon_days


def model_view(standings: list[Standing], say: Say) -> tuple[Block, ...]:
    """Of each question a few lines, and what one can do."""
    blocks: list[Block] = []
    for standing in standings:
        blocks += [divider()] if blocks else []
        blocks += [section(asked(standing, say)), *paragraphs(_lines(standing, say))]
    return (*blocks, context(say("model.tip")))


def asked(standing: Standing, say: Say) -> str:
    """The question in words."""
    return say(f"model.question.{standing.question}", days=standing.horizon_days)


def watch_line(watch: Watch, say: Say) -> str:
    """What the last 90 days say, with numbers."""
    if watch.model is None or watch.base_rate is None:
        return say("model.watch.too_few", count=watch.deals)
    return say(
        f"model.watch.{watch.verdict}",
        deals=watch.deals,
        log_loss=watch.model.log_loss,
        base_rate=watch.base_rate.log_loss,
        off=Percent(watch.model.calibration_error),
    )


def group_lines(watch: Watch, question: Question, say: Say) -> list[str]:
    """Of deals called 30 %, how many came true: the least, a middle and the most likely ones."""
    groups = watch.groups
    shown: list[Group] = list(dict.fromkeys((groups[0], groups[len(groups) // 2], groups[-1]))) if groups else []
    return [
        say(f"model.group.{question}", said=Percent(each.said), happened=say.value(round(100 * each.happened)))
        for each in shown
    ]


def version_name(version: ModelVersion, say: Say) -> str:
    return say.plain("model.name", number=str(version.number))


def trained_line(question: Question, verdict: str, number: int | None, say: Say, *, lacking: int = 0) -> str:
    """What came of a training; `verdict` and `lacking` as the training has them, `number` None where no model was
    kept."""
    name = say.plain("model.name", number=str(number)) if number else ""
    told = say(f"model.trained.{verdict}", **_needed(verdict, lacking))
    title = say.plain(f"model.short.{question}")
    return (
        say("model.trained.line_named", title=title, name=name, told=told)
        if name
        else say("model.trained.line", title=title, told=told)
    )


def _lines(standing: Standing, say: Say) -> list[str]:
    champion, challenger = standing.champion, standing.challenger
    if champion is None:
        lines = [say("model.rates", count=standing.closed)]
    elif standing.is_refused:
        lines = [say("model.refused", name=version_name(champion, say))]
    elif standing.is_for_another_horizon:
        learnt, now = champion.told.horizon_days, standing.horizon_days
        lines = [say("model.other_horizon", name=version_name(champion, say), learnt=learnt, now=now)]
    else:
        lines = [
            _serving(champion, say),
            *_learnt(champion.told, say),
            *_looks_at(champion.told, say),
            *_tried(champion.told, say),
        ]
        watch = champion.watched
        if watch is None:
            lines.append(say("model.watch.not_yet"))
        else:
            lines += [
                watch_line(watch, say),
                *_beside(champion.told, watch, say),
                *group_lines(watch, standing.question, say),
            ]
    taken_back = standing.taken_back
    if taken_back is not None and taken_back.withdrawn_at is not None:
        lines.append(say("model.held", name=version_name(taken_back, say), day=taken_back.withdrawn_at.date()))
    if challenger is not None and (champion is None or challenger.number > champion.number):
        lines.append(_not_taken(challenger, say))
    return lines


def _serving(version: ModelVersion, say: Say) -> str:
    cause = _CAUSES.get(version.trained_by)
    by = say.plain(f"model.by.{cause}") if cause else say.plain("model.by.person", name=version.trained_by)
    return say(
        "model.serves",
        name=version_name(version, say),
        since=say.value((version.served_from or version.trained_at).date()),
        trained=say.value(version.trained_at.date()),
        by=by,
    )


def _learnt(card: Card, say: Say) -> list[str]:
    if card.window is None:
        return []
    first, last = card.window.first.date(), card.window.last.date()
    return [say("model.learnt", count=card.outcomes, first=first, last=last, chosen=card.chosen or "–")]


def _looks_at(card: Card, say: Say) -> list[str]:
    """How many things, which of them weigh most, and by which mark one tells the data that was learnt from."""
    if not card.weightiest:
        return []
    named = [_thing(each, say) for each in card.weightiest]
    return [
        say("model.looks_at", count=len(card.features), weightiest=named, data=card.data_hash[:_SHOWN_OF_HASH] or "–")
    ]


def _thing(subject: str, say: Say) -> str:
    """What a reason may be about, in words; a field of the team's own by its name."""
    key = f"model.thing.{subject}"
    return say.plain(key) if known(key) else subject.partition(":")[2]


def _tried(card: Card, say: Say) -> list[str]:
    if card.model is None or card.base_rate is None:
        return []
    less = 1 - card.model.log_loss / card.base_rate.log_loss
    return [say("model.tried", less=Percent(less), **_figures(card.model, card.base_rate))]


def _beside(card: Card, watch: Watch, say: Say) -> list[str]:
    """Every figure of the last 90 days beside that of the card."""
    if card.model is None or watch.model is None:
        return []
    now, then = watch.model, card.model
    return [
        say(
            "model.watch.beside",
            log_loss=now.log_loss,
            then_log_loss=then.log_loss,
            brier=now.brier,
            then_brier=then.brier,
            error=now.calibration_error,
            then_error=then.calibration_error,
        )
    ]


def _figures(model: Quality, base_rate: Quality) -> dict[str, float]:
    return {
        "log_loss": model.log_loss,
        "base_log_loss": base_rate.log_loss,
        "brier": model.brier,
        "base_brier": base_rate.brier,
        "error": model.calibration_error,
        "base_error": base_rate.calibration_error,
    }


def _not_taken(challenger: ModelVersion, say: Say) -> str:
    verdict = challenger.told.verdict
    return say(
        f"model.not_taken.{verdict}",
        name=version_name(challenger, say),
        trained=challenger.trained_at.date(),
        **_needed(verdict, challenger.told.lacking),
    )


def _needed(verdict: str, lacking: int) -> dict[str, int]:
    """How many deals more a training needs, where it came to nothing for that."""
    return {"count": max(lacking, 1)} if verdict in ("not_tried", "too_little") else {}
