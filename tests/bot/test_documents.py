"""Every command that the README and docs tell is understood as it is written there."""

import re
from pathlib import Path

import pytest

from bot.faults import ChangeMissing, StageMissing, WordsMissing
from models.errors import DomainError, NameMissing, PlanNotFound, TextMissing
from models.moving_errors import LossReasonMissing
from tests.bot.conftest import Desk

ROOT = Path(__file__).parents[2]
UNDERSTOOD = (ChangeMissing, LossReasonMissing, NameMissing, PlanNotFound, StageMissing, TextMissing, WordsMissing)
"""What is raised where words are left out, for which a form opens, and where no plan held yet."""

BEFORE = {
    "/deal reopen Acme": "/deal lost Acme because price",
    "/deal undo Acme": "/deal advance Acme",
    "/deal move Acme to proposal": "/deal move Acme to Qualified",
    "/deal move Acme to pipeline Shop": "/funnel pipeline add Shop from retail",
    "/funnel pipeline rename Shop to Store": "/funnel pipeline add Shop from retail",
}
"""What has to be there, beside what the test begins with."""


@pytest.mark.parametrize("document", ["README.md", "docs/commands.md", "docs/importing.md", "docs/metrics.md"])
def test_each_command_that_is_told_is_understood(desk: Desk, document: str) -> None:
    told = re.findall(r"`(/(?:deal|funnel)\b[^`…]*)`", (ROOT / document).read_text(encoding="utf-8"))
    for name, stage in (("Acme", "Proposal"), ("Globex", "Qualified"), ("Stark", "Won")):
        desk.team.adds(name, stage=stage)
    desk.team.bob.manager = desk.team.ann
    desk.types("/funnel commission plan 5%")

    for line in dict.fromkeys(told):
        with desk.team.session.begin_nested() as step:
            for each in (BEFORE.get(line, "/deal show Acme"), line):
                try:
                    desk.types(each.replace("@bob", "<@UBOB>").replace("@ann", "<@UANN>"))
                except UNDERSTOOD:
                    pass
                except DomainError as fault:
                    pytest.fail(f"{each}: {fault}")
            step.rollback()
