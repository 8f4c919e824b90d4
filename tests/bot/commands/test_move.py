"""`/deal move`"""

import pytest

from bot.faults import StageMissing
from models.errors import AlreadyThere, LossReasonMissing
from tests.bot.conftest import Desk


@pytest.mark.parametrize("line", ["/deal move Acme Qualified", "/deal move acme to qualified", "/deal mv Acme -> qual"])
def test_a_deal_moves_back_as_well_as_ahead(desk: Desk, line: str) -> None:
    desk.team.adds("Acme", stage="Negotiation")

    reply = desk.types(line)

    assert desk.deal("Acme").stage.name == "Qualified"
    assert reply.text == "*Acme* is in *Qualified* now."


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/deal move Acme", StageMissing),
        ("/deal move Acme to lost", LossReasonMissing),
        ("/deal move Acme to lead", AlreadyThere),
    ],
)
def test_a_move_says_where_to(desk: Desk, line: str, error: type[Exception]) -> None:
    desk.team.adds("Acme")

    with pytest.raises(error):
        desk.types(line)
