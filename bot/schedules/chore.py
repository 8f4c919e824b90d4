"""Work of the night, in three steps: read, think, write. No transaction waits for the thinking, which may be long."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from models.workspace import Workspace
from scoring.scorer import Scorers

Write = Callable[[Session, Workspace], None]
Think = Callable[[], Write]
Chore = Callable[[Session, Workspace, Scorers, datetime], Think]
"""Reads in a transaction that only reads. What it returns thinks without one, and returns what is left to be written in
a short transaction of its own."""
