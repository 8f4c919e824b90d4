"""Every picture is in one style, legible for the colour-blind, on a phone and in the dark, and told in words."""

import importlib
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import imread

import bot
from bot.aftersales_chart import aftersales_alt_text, aftersales_figure
from bot.breakdown_chart import SideBySide, breakdown_alt_text, breakdown_figure
from bot.charts import funnel_alt_text, funnel_figure
from bot.cohort_chart import cohort_alt_text, cohort_figure
from bot.drawing import (
    BLUE,
    GREEN,
    HEIGHT,
    INK,
    LEAST,
    LEFT,
    MUTED,
    ORANGE,
    PALE,
    PAPER,
    SKY,
    TRACK,
    WIDTH,
    as_png,
    blank,
    write,
)
from bot.forecast_chart import forecast_alt_text, forecast_figure
from bot.hindsight_chart import hindsight_alt_text, hindsight_figure
from bot.leaderboard_chart import leaderboard_alt_text, leaderboard_figure
from bot.leaks_chart import leaks_alt_text, leaks_figure
from bot.reliability_chart import reliability_alt_text, reliability_figure
from bot.say import Say
from bot.snapshot_chart import snapshot_alt_text, snapshot_figure
from bot.stage_chart import out_of_line_alt_text, out_of_line_figure
from bot.target_chart import targets_alt_text, targets_figure
from bot.trend_chart import trend_alt_text, trend_figure
from bot.views.funnel_report import Asked
from models.aftersales_figures import AfterSales
from models.known_deals import Selection
from models.model_card import Watch
from models.model_version import Question
from models.pipeline import Pipeline, StageKind, StagePlan
from scoring.funnel_statistics import ratio
from tests.bot.views.test_limits import NOW, VOICES, World, values
from tests.factories import a_pipeline


class Team(World):
    """A team like most: six open stages, seven people, names of a few words."""

    def text(self, limit: int) -> str:
        return super().text(min(limit, 14))

    @property
    def pipeline(self) -> Pipeline:
        return a_pipeline(*(StagePlan(name) for name in STAGES), StagePlan("Won", StageKind.WON))

    @property
    def asked(self) -> Asked:
        return Asked(self.name, (("Owner", "Northgate Ann"),))


STAGES = ("Lead", "Qualified", "Discovery", "Proposal", "Negotiation", "Commitment")
TEAM = Team("Northgate Ann ", 7)


class ManyStages(Team):
    """The same with far more stages than most have."""

    @property
    def pipeline(self) -> Pipeline:
        names = [f"{number} {STAGES[number % 6]}" for number in range(1, 18)]
        return a_pipeline(*(StagePlan(name) for name in names), StagePlan("Won", StageKind.WON))


MANY_STAGES = ManyStages("Northgate Ann ", 7)


def broken_down(world: World) -> SideBySide:
    parts = [each.now for each in values(world)]
    return SideBySide(world.asked, world.period, world.name, parts, {})


def answered(world: World) -> AfterSales:
    """Answers of every score, as many as there are deals."""
    share = ratio(world.many, 2 * world.many)
    return AfterSales(world.period, tuple(world.many + score for score in range(11)), share, share, 9, 4)


def watched(world: World) -> Watch:
    watch = world.model(Question.WON).watched
    assert watch
    return watch


PICTURES: dict[str, tuple[Callable[[World, Say], Figure], Callable[[World, Say], str]]] = {
    "funnel": (lambda w, say: funnel_figure(w.report, say), lambda w, say: funnel_alt_text(w.report, say)),
    "breakdown": (
        lambda w, say: breakdown_figure(broken_down(w), say),
        lambda w, say: breakdown_alt_text(broken_down(w), say),
    ),
    "cohort": (
        lambda w, say: cohort_figure(w.asked, w.past.cohorts(w.period, Selection(), at=NOW), say),
        lambda w, say: cohort_alt_text(w.asked, w.past.cohorts(w.period, Selection(), at=NOW), say),
    ),
    "snapshot": (
        lambda w, say: snapshot_figure(w.asked, w.past.snapshot(w.period, Selection()), say),
        lambda w, say: snapshot_alt_text(w.asked, w.past.snapshot(w.period, Selection()), say),
    ),
    "aftersales": (
        lambda w, say: aftersales_figure(answered(w), w.text(150), say),
        lambda w, say: aftersales_alt_text(answered(w), w.text(150), say),
    ),
    "forecast": (
        lambda w, say: forecast_figure(w.asked, w.forecast, say),
        lambda w, say: forecast_alt_text(w.asked, w.forecast, say),
    ),
    "hindsight": (
        lambda w, say: hindsight_figure(w.asked, w.hindsight, say),
        lambda w, say: hindsight_alt_text(w.asked, w.hindsight, say),
    ),
    "leaderboard": (
        lambda w, say: leaderboard_figure(w.leaderboard, w.name, say),
        lambda w, say: leaderboard_alt_text(w.leaderboard, w.name, say),
    ),
    "leaks": (
        lambda w, say: leaks_figure(w.asked, w.leaks, say),
        lambda w, say: leaks_alt_text(w.asked, w.leaks, say),
    ),
    "out_of_line": (
        lambda w, say: out_of_line_figure(w.news, say),
        lambda w, say: out_of_line_alt_text(w.news, say),
    ),
    "reliability": (
        lambda w, say: reliability_figure(watched(w), Question.WON, say),
        lambda w, say: reliability_alt_text(watched(w), Question.WON, say),
    ),
    "trend": (
        lambda w, say: trend_figure(w.asked, w.trend, say),
        lambda w, say: trend_alt_text(w.asked, w.trend, say),
    ),
    "targets": (
        lambda w, say: targets_figure(w.progress, "USD", say),
        lambda w, say: targets_alt_text(w.progress, "USD", say),
    ),
}
"""How each picture is drawn, and what it says to whoever cannot see it."""

LOOKS = {
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
    "all colours": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}
"""What remains of red, green and blue to whom: Machado, Oliveira and Fernandes (2009), complete deficiency."""


def drawn(name: str, world: World = TEAM) -> Figure:
    return PICTURES[name][0](world, VOICES["en"])


def test_every_picture_that_there_is_is_looked_at() -> None:
    modules = [importlib.import_module(f"bot.{file.stem}") for file in Path(bot.__file__).parent.glob("*chart*.py")]
    figures = {name.removesuffix("_figure") for module in modules for name in vars(module) if name.endswith("_figure")}

    assert figures == PICTURES.keys()


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_of_one_palette(name: str) -> None:
    palette = {colour.lower() for colour in (PAPER, INK, MUTED, TRACK, BLUE, SKY, GREEN, ORANGE, PALE)}

    assert set(colours_of(drawn(name))) <= palette


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_brings_its_own_light_background(name: str) -> None:
    pixels = imread(BytesIO(as_png(drawn(name))))

    assert pixels.shape[:2] == (HEIGHT, WIDTH)
    assert pixels[..., 3].min() == 1
    assert pixels[0, 0].tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("name", "world"),
    [*((name, TEAM) for name in PICTURES), *((name, MANY_STAGES) for name in ("cohort", "funnel", "snapshot"))],
)
def test_no_type_is_too_small_for_a_phone(name: str, world: World) -> None:
    figure = drawn(name, world)
    tiny = [text.get_text() for text in figure.axes[0].texts if float(text.get_fontsize()) < LEAST - 0.05]

    assert tiny == []


@pytest.mark.parametrize(
    ("text", "bold"), [("Leaderboard: Oct 1, 2026 to Dec 31, 2026, so far ", True), ("售后：至2026年 ", False)]
)
@pytest.mark.parametrize("times", [1, 2, 3, 9])
@pytest.mark.parametrize("room", [0.1, 0.5, 0.91])
def test_no_text_is_wider_than_its_room(text: str, bold: bool, times: int, room: float) -> None:
    _, axes = blank()

    written = write(axes, LEFT, 0.5, text * times, size=32, bold=bold, room=room)

    assert written.get_window_extent().width <= room * WIDTH


@pytest.mark.parametrize("language", VOICES)
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_told_in_words(name: str, language: str) -> None:
    assert len(PICTURES[name][1](TEAM, VOICES[language])) > 20


@pytest.mark.parametrize("matrix", LOOKS.values(), ids=LOOKS)
def test_the_colours_of_bars_look_different_to_everybody(matrix: tuple[tuple[float, ...], ...]) -> None:
    seen = {colour: seen_as(colour, matrix) for colour in (BLUE, SKY, GREEN, ORANGE, PALE, TRACK)}
    distances = {
        (one, other): sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
        for one, other in combinations(seen, 2)
    }

    assert min(distances.values()) > 15, distances


@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        (INK, PAPER, 7),
        (MUTED, PAPER, 4.5),
        (INK, PALE, 4.5),
        *((PAPER, bar, 3) for bar in (BLUE, GREEN, ORANGE)),  # large type
    ],
)
def test_type_stands_out_as_the_web_s_guidelines_ask(ink: str, paper: str, least: float) -> None:
    dark, light = sorted((luminance(ink), luminance(paper)))

    assert (light + 0.05) / (dark + 0.05) >= least


def colours_of(figure: Figure) -> Iterator[str]:
    for axes in figure.axes:
        yield from (to_hex(patch.get_facecolor()) for patch in axes.patches)
        yield from (str(line.get_color()).lower() for line in axes.lines)
        yield from (str(text.get_color()).lower() for text in axes.texts)
        yield from (to_hex(tuple(face)) for dots in axes.collections for face in list(dots.get_facecolor()))  # type: ignore[arg-type]  # four numbers


def linear(colour: str) -> list[float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def seen_as(colour: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """Where the colour lies in CIE Lab, in which distances are about as large as they look."""
    red, green, blue = (
        min(1.0, max(0.0, sum(share * part for share, part in zip(row, linear(colour), strict=True)))) for row in matrix
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    a, b, c = (each ** (1 / 3) if each > 0.008856 else 7.787 * each + 16 / 116 for each in (x, y, z))
    return 116 * b - 16, 500 * (a - b), 200 * (b - c)
