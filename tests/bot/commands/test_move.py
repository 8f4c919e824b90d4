"""`/deal move`"""

import pytest

from bot.faults import StageMissing
from models.errors import PipelineNotFound
from models.moving_errors import AlreadyThere, LossReasonMissing
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


@pytest.mark.parametrize(
    ("line", "stage"),
    [
        ("/deal move Acme to pipeline Shop", "Basket"),
        ("/deal move acme pipeline shop", "Basket"),
        ("/deal move Acme to checkout in Shop", "Checkout"),
        ("/deal 移动 Acme 到管道 Shop", "Basket"),
    ],
)
def test_a_deal_goes_into_another_pipeline(desk: Desk, line: str, stage: str) -> None:
    desk.types("/funnel pipeline add Shop stages Basket, Checkout, Paid:won, Gone:lost")
    desk.team.adds("Acme", stage="Negotiation")

    reply = desk.types(line)

    assert (desk.deal("Acme").pipeline.name, desk.deal("Acme").stage.name) == ("Shop", stage)
    assert reply.text == f"*Acme* is now in the pipeline *Shop*, in *{stage}*."


def test_a_pipeline_that_is_not_there_or_its_own_moves_nothing_elsewhere(desk: Desk) -> None:
    desk.team.adds("Acme in Sales")
    desk.team.adds("Globex")

    with pytest.raises(PipelineNotFound):
        desk.types("/deal move Globex to pipeline Nowhere")
    desk.types(f"/deal move Globex to Qualified in {desk.team.pipeline.name}")

    assert desk.deal("Globex").stage.name == "Qualified"
