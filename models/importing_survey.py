"""The first look over a file of deals: how long it is, how it writes dates, and whether it knows our stages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.csv_files import CsvFile
from models.errors import StagesUnknown
from models.importing_columns import Columns, DealColumn, plain_words
from models.importing_stages import known_stage
from models.pipeline import Pipeline
from models.reading_cells import guess_date_order
from models.reading_dates import DateOrder
from models.texts import NAME_LIMIT, name_key

_DATES = (
    DealColumn.AMOUNT_SINCE,
    DealColumn.CREATED,
    DealColumn.ENGAGED,
    DealColumn.STAGE_CHANGED,
    DealColumn.EXPECTED_CLOSE,
    DealColumn.CLOSE,
    DealColumn.CLOSED,
    DealColumn.NEXT_STEP_DUE,
    DealColumn.RENEWS_ON,
)
_SAMPLES = 1_000
_STAGES_TOLD = 12
_ODD_ROWS, _ODD_SHARE = 2, 0.05
"""So many rows, and such a share of them, may name stages that are not known: slips, to be mended one by one."""


@dataclass(frozen=True)
class Survey:
    """What a first look over a file shows: how long it is, which unnamed columns are in use, how it writes dates."""

    rows: int
    filled: Sequence[int]
    samples: Mapping[str, Sequence[str]]
    stages: Mapping[tuple[str, str], int]
    """In how many rows it names each stage, by the pipeline and the stage as they are written."""

    def date_orders(self, *, otherwise: DateOrder) -> dict[str, DateOrder]:
        return {column: guess_date_order(cells, otherwise=otherwise) for column, cells in self.samples.items()}


def survey_of(file: CsvFile, columns: Columns) -> Survey:
    samples: dict[str, list[str]] = {column: [] for column in _DATES}
    filled: set[int] = set()
    stages: Counter[tuple[str, str]] = Counter()
    of_stages = DealColumn.STAGE if DealColumn.STAGE in columns else DealColumn.STATUS
    rows = 0
    for row in file.rows():
        rows += 1
        filled |= {place for place in columns.others if place < len(row.cells) and row.cells[place].strip()}
        for column, cells in samples.items():
            if len(cells) < _SAMPLES and (text := columns.cell(row.cells, column)):
                cells.append(text)
        stage = columns.cell(row.cells, of_stages)
        if stage and (of_stages is DealColumn.STAGE or plain_words(stage) != "open"):
            stages[columns.cell(row.cells, DealColumn.PIPELINE), stage] += 1
    return Survey(rows, sorted(filled), samples, stages)


def expect_known(
    stages: Mapping[tuple[str, str], int], named: Mapping[str, Pipeline], target: Pipeline, every: Sequence[Pipeline]
) -> None:
    """Refuse a file that was made for other stages. Once a part of its deals is in, they would stay in two pipelines;
    and without its open deals, whose stages are those that differ, a past looks better than it was.

    Rows go to a pipeline by what it is `named`, the others to the `target`. Raises StagesUnknown.
    """
    unknown = [each for each in stages if not known_stage(named.get(name_key(each[0]), target), each[1])]
    rows = sum(stages[each] for each in unknown)
    if rows > max(_ODD_ROWS, _ODD_SHARE * sum(stages.values())):
        texts = list(dict.fromkeys(text for _, text in unknown))
        asked = named.get(name_key(unknown[0][0]), target)
        others = (each for each in every if each is not asked)
        elsewhere = (each.name for each in others if all(known_stage(each, text) for _, text in stages))
        told = tuple(text[:NAME_LIMIT] for text in texts[:_STAGES_TOLD])
        raise StagesUnknown(asked.name, told, rows, next(elsewhere, ""))
