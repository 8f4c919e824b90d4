"""Starts Sluice: `sluice …` or `python -m bot …`."""

from bot.cli import cli


def main() -> None:
    """The console script."""
    cli(prog_name="sluice")


if __name__ == "__main__":
    main()
