"""Starts Sluice: `sluice …` or `python -m bot …`."""

from bot.cli import cli
from bot.memory import collect_seldom


def main() -> None:
    """The console script."""
    collect_seldom()
    cli(prog_name="sluice")


if __name__ == "__main__":
    main()
