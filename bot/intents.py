"""What people may mean when they speak freely, and what is likely where no word tells."""

from functools import cache

from bot.deal_intents import DEAL_INTENTS
from bot.funnel_intents import FUNNEL_INTENTS
from bot.intent import Intent

INTENTS = (*DEAL_INTENTS, *FUNNEL_INTENTS)
"""In the order in which the first of two equals is meant."""


def _of(command: str) -> Intent:
    return next(intent for intent in INTENTS if intent.command == command)


OF_ONE_DEAL, OF_CHANCE, OF_WINNING, OF_LOSING, OF_AMOUNT, OF_CLOSE_DATE = map(
    _of,
    (
        "/deal show {deal}",
        "/deal why {deal}",
        "/deal won {deal}",
        "/deal lost {deal}[ because {text}]",
        "/deal set {deal} amount {amount}",
        "/deal set {deal} close date {date}",
    ),
)

BY_SLOTS = tuple(
    map(
        _of,
        (
            "/deal move {deal} to {stage}",
            "/deal assign {deal} to {person}",
            "/deal set {deal} amount {amount}",
            "/deal set {deal} close date {date}",
        ),
    )
)
"""What is likely where nothing but what is spoken of tells, the likeliest first."""


@cache
def vocabulary() -> frozenset[str]:
    """Every word of the cues: none of them is a misspelt name."""
    cues = [cue for intent in INTENTS for cue in intent.cue_list]
    return frozenset([*cues, *(word for cue in cues for word in cue.split())])
