"""What people say to the bot, with the command that they mean, and which of it development may look at."""

import csv
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

NOT_UNDERSTOOD = "not understood"


@dataclass(frozen=True)
class Phrase:
    """Something that a person says, and the command that it means."""

    text: str
    command: str

    @property
    def is_held_out(self) -> bool:
        """Three in ten, by a hash of the words, which nobody chooses."""
        return int(sha256(self.text.encode()).hexdigest(), 16) % 10 < 3


def phrases(language: str) -> list[Phrase]:
    with (Path(__file__).parent / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        return [Phrase(row["phrase"], row["command"]) for row in csv.DictReader(file)]
