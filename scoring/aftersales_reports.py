"""A report on customers for a period: satisfaction, retention, repurchase and referrals, as deals stand now."""

from sqlalchemy.orm import Session

from models.aftercare import HIGHEST, Aftercare
from models.aftersales_figures import AfterSales
from models.known_deals import Selection
from models.period import Period
from models.workspace import Workspace
from scoring.funnel_statistics import ratio


def aftersales_report(
    session: Session, workspace: Workspace, period: Period, selection: Selection, pipeline_id: int | None
) -> AfterSales:
    """Of the deals selected in one pipeline, or in all of them."""
    care = Aftercare(session, workspace).of(selection, pipeline_id)
    span = {"since": period.start, "until": period.end}
    scores = [answer.score for answer in care.answers(**span)]
    won, lost = care.renewals_closed(**span)
    customers, again = care.buyers(**span)
    referrals, referrals_won = care.referred(**span)
    return AfterSales(
        period=period,
        answers=tuple(scores.count(score) for score in range(HIGHEST + 1)),
        retention=ratio(won, won + lost),
        repurchase=ratio(again, customers),
        referrals=referrals,
        referrals_won=referrals_won,
    )
