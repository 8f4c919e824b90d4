"""A strict stand-in for Slack: it refuses what Slack refuses and shows what people would see."""

from .double import SlackDouble
from .refusals import ImpossibleGesture, NotAcknowledged
from .state import Channel, Message, Upload, User, View
from .transports import Ack, SignedHttp

__all__ = [
    "Ack",
    "Channel",
    "ImpossibleGesture",
    "Message",
    "NotAcknowledged",
    "SignedHttp",
    "SlackDouble",
    "Upload",
    "User",
    "View",
]
