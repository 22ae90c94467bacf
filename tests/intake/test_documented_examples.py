"""The examples in docs/add-a-source.md say what the program does."""

import datetime
import io
import re
from pathlib import Path

import click
import pyarrow as pa
import pytest
from pyarrow import parquet
from small import book, cells, document, figures, reading, standard_of

from borderstats.commands import drawing
from borderstats.intake.explain import explain

PAGE = (Path(__file__).parents[2] / "docs/add-a-source.md").read_text("utf-8")


def example(heading, kind):
    """The fenced example of a kind below a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    (found,) = re.findall(rf"```{kind}\n(.*?)```", section, re.DOTALL)
    return found


def printed(heading):
    """The rows of the table below a heading, numbers as numbers."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [
        [int(cell) if cell.strip().isdigit() else cell.strip() for cell in row]
        for row in rows
        if not row[0].startswith("---")
    ]


def test_how_figures_and_dates_are_written():
    heading = "How figures and dates are written"
    standard = standard_of(example(heading, "toml"), "csv")
    assert figures(standard, example(heading, "csv").encode()) == {
        "citizenship=MEX 2023-01": (52546, "A"),
        "citizenship=MEX 2023-02": (7, "A"),
    }


def test_a_block_of_figures():
    standard = standard_of(example("A block of figures", "toml"))
    assert figures(standard, book(**{"Table 1": printed("A block of figures")})) == {
        "citizenship=MEX agency=USBP FY2019": (1, "A"),
        "citizenship=MEX agency=USBP FY2020": (2, "A"),
        "citizenship=MEX agency=OFO FY2019": (3, "A"),
        "citizenship=CUB agency=USBP FY2019": (4, "A"),
        "citizenship=CUB agency=USBP FY2020": (0, "Q"),
        "citizenship=CUB agency=OFO FY2019": (0, "A"),
    }


def test_a_block_of_figures_as_it_is_drawn():
    standard = standard_of(example("A block of figures", "toml"))
    data = book(**{"Table 1": printed("A block of figures")})
    (sheet,) = explain(standard, "made", "made", data).sheets
    lines = [click.unstyle(line) for line in drawing.lines(sheet, range(len(sheet.rows)), 120)]
    assert lines == example("A block of figures", "drawn").splitlines()


def test_a_web_page():
    standard = standard_of(example("A web page", "toml"), "html")
    page = "<!DOCTYPE html>\n" + example("A web page", "html")
    found = reading(standard, page.encode())
    assert (found.accepted, found.left_out, found.refused) == (2, 2, 0)
    assert cells(found.observations) == {
        "citizenship=MEX agency=USBP FY2023": (1, "A"),
        "citizenship=CUB agency=USBP FY2023": (2, "A"),
    }


@pytest.mark.parametrize("as_of", [None, datetime.date(2025, 3, 5), datetime.date(2025, 3, 31)])
def test_a_list_that_is_counted(as_of):
    standard = standard_of(_of_countries(example("A list that is counted", "toml"), "agreements", "agencies"))
    rows = [
        ["Mexico" if cell == "Texas" else cell for cell in row] for row in printed("A list that is counted")
    ]
    found = reading(standard, book(rows), as_of)
    day = as_of or datetime.date(2025, 3, 5)
    assert found.refusals == ()
    assert [cells(observations) for observations in found.datasets.values()] == [
        {f"citizenship=MEX {day}": (2, "A")},
        {f"citizenship=MEX {day}": (1, "A")},
    ]


def test_a_parquet_file():
    source = _of_countries(example("A Parquet file", "toml"), "held")
    standard = standard_of(source.replace("group", "agency").replace("MIDNIGHT", "OFO"), "parquet")
    buffer = io.BytesIO()
    table = {
        "facility": ["A", "B"],
        "date": [datetime.date(2025, 7, 3)] * 2,
        "n_detained": [10, 5],
        "n_at_midnight": [8, 4],
    }
    parquet.write_table(pa.table(table), buffer)
    assert figures(standard, buffer.getvalue()) == {
        "2025-07-03": (15, "A"),
        "agency=OFO 2025-07-03": (12, "A"),
    }


def test_a_pdf():
    source = _of_countries(example("A PDF", "toml").replace('"kind"', '"agency"'), "miles")
    page = example("A PDF", "text")
    # the small standard has no states and no barriers: countries and agencies of the same length stand for them
    for label, other in (("Arizona", "Mexico "), ("Texas", "Cuba ")):
        page = page.replace(label, other)
    source = source.replace(
        'concept = "agency"\n',
        'concept = "agency"\nlabels = { "Pedestrian Barrier" = "USBP", "Vehicle Barrier" = "OFO" }\n',
    )
    assert figures(standard_of(source, "pdf"), document(page.splitlines())) == {
        "citizenship=MEX agency=USBP 2020-11-16": (1250, "A"),
        "citizenship=MEX agency=OFO 2020-11-16": (700, "A"),
        "citizenship=CUB agency=USBP 2020-11-16": (300, "A"),
        "citizenship=CUB agency=OFO 2020-11-16": (0, "A"),
    }


def _of_countries(source, *datasets):
    """An example with the datasets and dimensions of the small standard in the place of its own."""
    replaced = {"agreements": "events", "agencies": "persons", "held": "events", "miles": "money"}
    for name in datasets:
        source = source.replace(f'dataset = "{name}"', f'dataset = "{replaced[name]}"')
    source = source.replace('concept = "place"', 'concept = "citizenship"')
    given = [name for name in ("citizenship", "agency") if f'concept = "{name}"' not in source]
    constants = ", ".join(f'{name} = "_T"' for name in given)
    return f"constants = {{ {constants} }}\n{source}"
