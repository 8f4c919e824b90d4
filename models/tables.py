"""Names every table once, so that whoever needs them all (migrations, tests) has them all."""

from models.activity import Activity, Revision, Task
from models.aftercare import Satisfaction
from models.alarm import AlarmTold, Taking
from models.commission import CommissionPlan, DealShare
from models.deal import Deal
from models.delivery import Delivery
from models.exchange import ExchangeRate
from models.history import StageChange
from models.kept_forecast import KeptForecast
from models.member import Member
from models.model_version import ModelVersion
from models.nudge import Nudge
from models.pipeline import Pipeline, Stage
from models.receipt import Receipt
from models.schedule import Schedule
from models.score import Score
from models.stage_count import StageCount
from models.target import Target
from models.workspace import Workspace

__all__ = [
    "Activity",
    "AlarmTold",
    "CommissionPlan",
    "Deal",
    "DealShare",
    "Delivery",
    "ExchangeRate",
    "KeptForecast",
    "Member",
    "ModelVersion",
    "Nudge",
    "Pipeline",
    "Receipt",
    "Revision",
    "Satisfaction",
    "Schedule",
    "Score",
    "Stage",
    "StageChange",
    "StageCount",
    "Taking",
    "Target",
    "Task",
    "Workspace",
]
