"""Each observation leads back to its cells: the texts that stand there, read by other means, make the figure again."""

import csv
import decimal
import gzip
import io

import pyarrow as pa
import pytest
import python_calamine
import test_combine
import test_grid
import test_pdf
import test_several_tables
from handmade import text
from pyarrow import parquet
from small import book, document
from test_archive_files import content, reading, snapshots, standard

from borderstats.intake.provenance import Origin, provenance
from borderstats.intake.read import read_file

SAMPLE = 50
MOST_ROWS = 40
"""Of an observation that more rows were added up for, the figure is not made again."""

NEWEST = {s.source: name for name, s in sorted(snapshots().items(), key=lambda item: item[1].as_of)}


def cells(name):
    """A function from sheet, row and column to the text that stands there."""
    data, source = content(name), standard().sources[snapshots()[name].source]
    if source.format == "workbook":
        opened = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {
            sheet: opened.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            for sheet in opened.sheet_names
        }
        return lambda sheet, row, column: str(sheets[sheet][row - 1][number(column)])
    if source.format == "parquet":
        table = parquet.read_table(pa.BufferReader(data))
        return lambda _, row, column: str(table.column(column)[row - 2].as_py())
    plain = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    rows = list(
        csv.reader(
            io.StringIO(plain.decode(source.encoding).removeprefix("\ufeff")), delimiter=source.delimiter
        )
    )
    if source.regions:
        return lambda _, row, column: rows[row - 1][number(column)]
    return lambda _, row, column: rows[row - 1][rows[0].index(column)]


def number(letters):
    found = 0
    for letter in letters:
        found = 26 * found + ord(letter) - 64
    return found - 1


@pytest.mark.slow
@pytest.mark.parametrize("source", sorted(n for n in NEWEST if standard().sources[n].format != "pdf"))
def test_the_cells_of_an_observation_make_its_figure(source):
    name = NEWEST[source]
    found = reading(name)
    at = cells(name)
    rounded = any(getattr(column, "rounded", False) for column in found.source.columns)
    for dataset, origins in provenance(found).items():
        observations = found.datasets[dataset]
        space = observations.space
        made = 0
        for place in range(0, len(observations), max(len(observations) // SAMPLE, 1)):
            if int(observations.status[place]) in space.statuses.without_figure:
                continue
            value = int(observations.value[place])
            came = origins.of(int(observations.key[place]))
            assert came, space.text(int(observations.key[place]))
            assert {origin.rule.partition(":")[0] for origin in came} == {f"sources/{source}.toml"}
            if not came[0].column:
                assert len(came) == value
            elif len(came) <= MOST_ROWS and not rounded:
                texts = [
                    at(origin.sheet, origin.row, origin.column).strip().replace(",", "") for origin in came
                ]
                figures = [decimal.Decimal("0" if text in ("-", "") else text) for text in texts]
                added = any(getattr(part.table, "combine", "") for part in found.parts)
                figure = decimal.Decimal(value) / 10**space.dataset.decimals
                assert ({sum(figures)} if added else set(figures)) == {figure}
                made += 1
        assert made or rounded or not came[0].column or len(came) > MOST_ROWS


def rows(dataset, standard, data):
    """The origins of the observations of a small file, and their keys by text."""
    found = read_file(standard, "made", data, source="made")
    observations = found.datasets[dataset]
    wanted = {observations.space.text(int(one)): int(one) for one in observations.key}
    return provenance(found)[dataset], wanted


def test_a_block():
    origins, keys = rows("events", test_grid.YEARS, book(Data=test_grid.SHEET))
    assert origins.of(keys["citizenship=CUB FY2020"]) == [
        Origin("Data", 4, "C", "sources/made.toml: $.tables[0]")
    ]
    assert origins.of(0) == []


def test_a_list_of_which_rows_are_added_up_or_counted():
    added = text("country,year,who,figure", "Mexico,2019,a,1", "Cuba,2019,b,2", "Mexico,2019,c,4")
    origins, keys = rows("events", test_combine.summed(), added)
    assert [(one.row, one.column) for one in origins.of(keys["citizenship=MEX FY2019"])] == [
        (2, "figure"),
        (4, "figure"),
    ]
    origins, keys = rows("events", test_combine.ROWS, test_combine.LIST)
    assert [(one.row, one.column) for one in origins.of(keys["citizenship=MEX FY2019"])] == [
        (2, ""),
        (3, ""),
        (4, ""),
    ]
    origins, keys = rows("events", test_combine.DISTINCT, test_combine.LIST)
    assert [one.row for one in origins.of(keys["citizenship=MEX FY2019"])] == [2, 4]


def test_a_wide_list_that_feeds_two_datasets():
    data = text(test_several_tables.HEADER, "Mexico,2019,x,5,3")
    for dataset, number_, key in (
        ("events", 0, "citizenship=MEX FY2019"),
        ("persons", 1, "citizenship=MEX agency=OFO FY2019"),
    ):
        origins, keys = rows(dataset, test_several_tables.TWO, data)
        assert origins.of(keys[key]) == [Origin("", 2, dataset, f"sources/made.toml: $.tables[{number_}]")]


def test_a_document():
    origins, keys = rows("events", test_pdf.STANDARD, document(test_pdf.PAGE))
    assert origins.of(keys["citizenship=SLV agency=OFO 2020-11-16"]) == [
        Origin("", 4, "C", "sources/made.toml: $.tables[0]")
    ]
