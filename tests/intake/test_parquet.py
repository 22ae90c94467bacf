"""Parquet files: columns of any plain type become labels, and a broken file is an error, never a figure."""

import datetime
import decimal
import gzip
import io

import pyarrow as pa
import pytest
from handmade import error
from pyarrow import parquet
from small import figures, reading, refusals, standard_of

STANDARD = standard_of(
    """
dataset = "events"
constants = { agency = "_T" }

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "day"
role = "day"

[[columns]]
name = "held"
role = "figure"
""",
    "parquet",
)
DAYS = [datetime.date(2025, 7, 3), datetime.date(2025, 7, 4)]
FIGURES = {"citizenship=MEX 2025-07-03": (12, "A"), "citizenship=CUB 2025-07-04": (0, "A")}


def file(**columns):
    """A Parquet file of two rows: Mexico and Cuba, 3 and 4 July 2025, 12 and 0, unless given otherwise."""
    buffer = io.BytesIO()
    parquet.write_table(
        pa.table({"country": ["Mexico", "Cuba"], "day": DAYS, "held": [12, 0], **columns}), buffer
    )
    return buffer.getvalue()


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"held": ["12", "0"]},
        {"held": [12.0, 0.0]},
        {"held": pa.array([12, 0], pa.int8())},
        {"held": pa.array([12, 0], pa.uint64())},
        {"held": [decimal.Decimal(12), decimal.Decimal(0)]},
        {"day": ["2025-07-03", "2025-07-04"]},
        {"country": pa.array(["Mexico", "Cuba"]).dictionary_encode()},
        {"country": pa.array(["MEXICO", " cuba"], pa.large_string())},
        {"country": pa.chunked_array([["Mexico"], ["Cuba"]])},
    ],
    ids=[
        "as made",
        "figures as text",
        "figures as floats",
        "small figures",
        "large figures",
        "decimal figures",
        "days as text",
        "labels in a dictionary",
        "long labels",
        "labels in chunks",
    ],
)
def test_columns_of_any_plain_type(columns):
    assert figures(STANDARD, file(**columns)) == FIGURES


def test_columns_in_another_order_and_a_packed_file():
    table = pa.table({"held": [12, 0], "day": DAYS, "country": ["Mexico", "Cuba"]})
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression="zstd", row_group_size=1)
    assert figures(STANDARD, buffer.getvalue()) == FIGURES
    assert figures(STANDARD, gzip.compress(file(), mtime=0)) == FIGURES


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"held": [12, None]}, "column 'held': the count is blank; a blank is neither zero nor a figure"),
        ({"held": [12, 1.5]}, "column 'held': the count 1.5 is a fraction; events come whole"),
        ({"held": [12, float("nan")]}, "column 'held': the count 'nan' is not a number"),
        ({"held": [12, -1]}, "column 'held': the count -1 is negative; events cannot be fewer than none"),
        ({"held": ["12", "true"]}, "column 'held': the count 'true' is not a number"),
        ({"day": [DAYS[0], None]}, "column 'day': '' is not a day like 2025-07-03"),
        ({"day": ["2025-07-03", "2025-07"]}, "column 'day': '2025-07' is not a day like 2025-07-03"),
        (
            {"country": ["Mexico", None]},
            "column 'country': citizenship is blank; a blank is not _U, ask the publisher",
        ),
        (
            {"country": ["Mexico", "Ruritania"]},
            (
                "column 'country': unknown citizenship 'Ruritania'; if it is right, add it to codelists/citizenship.csv "
                "(never to an other)"
            ),
        ),
    ],
)  # fmt: skip
def test_a_row_that_is_no_figure(columns, reason):
    assert refusals(STANDARD, file(**columns)) == [f"made: row 3, {reason}"]
    assert len(reading(STANDARD, file(**columns)).observations) == 1


def test_rows_are_numbered_as_in_a_list_with_a_header():
    found = reading(STANDARD, file(held=["x", "0"]))
    assert (found.rows, found.accepted) == (2, 1)
    assert found.refusals[0].row == 2


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        (
            {"place": ["x", "y"]},
            "row 1: column 4: 'place' is not known to made; describe it in sources/made.toml",
        ),
        (
            {"days": DAYS, "day": None},
            (
                "row 1: column 3: 'days' is probably 'day' renamed; if it means the same, "
                "rename it in sources/made.toml"
            ),
        ),
        ({"held": None}, "row 1: column 'held' is missing; made cannot be read without it"),
    ],
)
def test_a_column_that_differs(columns, text):
    table = pa.table(
        {
            name: column
            for name, column in {"country": ["Mexico", "Cuba"], "day": DAYS, "held": [12, 0], **columns}.items()
            if column is not None
        }
    )  # fmt: skip
    buffer = io.BytesIO()
    parquet.write_table(table, buffer)
    assert error(STANDARD, buffer.getvalue()) == f"made.csv: {text}"


def test_a_table_that_nobody_knows():
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"name": ["Anna"], "age": [7]}), buffer)
    assert error(STANDARD, buffer.getvalue(), "made.parquet", "") == (
        "made.parquet: no source in the standard reads this file: its columns are name, age. Known sources: made. "
        "See docs/add-a-source.md"
    )


def test_no_parquet_file_is_read_as_text():
    text_only = standard_of(
        'dataset = "events"\nconstants = { agency = "_T" }\n'
        '[[columns]]\nname = "country"\nrole = "dimension"\nconcept = "citizenship"\n'
        '[[columns]]\nname = "day"\nrole = "day"\n[[columns]]\nname = "held"\nrole = "figure"\n',
        "csv",
    )
    assert error(text_only, file(), "made.csv", "") == (
        "made.csv: no source in the standard reads this file: its columns are country, day, held. Known sources: made. "
        "See docs/add-a-source.md"
    )


@pytest.mark.parametrize("columns", [{"country": [], "day": [], "held": []}, {}])
def test_columns_without_a_row(columns):
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns), buffer)
    assert error(STANDARD, buffer.getvalue()) == (
        "made.csv: there are columns and not one row in them; fetch it again"
    )


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_file_that_is_cut_off(share):
    data = file()
    message = error(STANDARD, data[: int(len(data) * share)], "made.parquet")
    assert message.startswith("made.parquet: the Parquet file is cut off or broken (")
    assert message.endswith("); fetch it again")


def test_the_first_bytes_alone():
    assert error(STANDARD, b"PAR1", "made.parquet") == (
        "made.parquet: the Parquet file is cut off or broken (Could not open Parquet input source '<Buffer>': "
        "Parquet file size is 4 bytes, smaller than the minimum file footer (8 bytes)); fetch it again"
    )


def test_a_column_of_bytes_that_are_no_text():
    assert error(STANDARD, file(country=pa.array([b"\xff", b"x"])), "made.parquet") == (
        "made.parquet: the Parquet file is cut off or broken (Invalid UTF8 payload); fetch it again"
    )


def test_a_column_of_lists():
    message = error(STANDARD, file(country=pa.array([["a"], ["b"]])), "made.parquet")
    assert message == (
        "made.parquet: column 'country' holds list<element: string>, not one value in each row; no table here does"
    )
