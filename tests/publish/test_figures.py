"""Aggregation: every sum against plain Python over the same rows, absent rows, provisional months, totals."""

import math

import pyarrow as pa
import pytest
from pyarrow import compute, parquet

from borderstats.errors import ReleaseError
from borderstats.publish import figures, labels, read


@pytest.fixture
def told(small):
    return {name: figures.facts(dataset) for name, dataset in read.package(small).datasets.items()}


@pytest.fixture(scope="module")
def real(release):
    return {name: figures.facts(dataset) for name, dataset in read.package(release).datasets.items()}


def plain(release, dataset, **where):
    """The rows of a latest table that have these codes, as plain Python."""
    rows = parquet.read_table(release / "data" / dataset / "latest.parquet").to_pylist()
    return [row for row in rows if all(row[name] == code for name, code in where.items())]


def test_months_in_order_with_provisional_ones_marked(told):
    found = figures.series(told["monthly"])
    assert [labels.month(int(month)) for month in found.time][::15] == ["October 2022", "January 2024"]
    assert found.lines[0].value.tolist() == [110 + n for n in range(15)] + [115]
    assert found.provisional.tolist() == [False] * 12 + [True] * 4


def test_an_absent_row_is_not_a_zero(told):
    north = next(line for line in figures.series(told["monthly"], "region").lines if line.code == "N")
    assert north.value[14] == 10
    assert math.isnan(north.value[15])
    assert north.last == 14


def test_the_largest_lines_come_first_and_the_rest_is_counted(told):
    found = figures.series(told["annual"], "office", monthly=False, top=2)
    assert [line.code for line in found.lines] == ["S7", "S6"]
    assert found.dropped == 5


def test_published_totals_are_taken_once(told):
    total = figures.series(told["annual"], monthly=False)
    assert [line.value.tolist() for line in total.lines] == [[28, 28, 28]]
    by_region = figures.series(told["annual"], "region", monthly=False)
    assert [(line.code, line.value.tolist()) for line in by_region.lines] == [("SW", [28, 28, 28])]


def test_a_code_that_lies_within_another_dimension_needs_no_total_of_it(told):
    """Sectors stand under their region only: no row has a sector and the region's total."""
    found = figures.series(told["annual"], "office", monthly=False)
    assert sorted(line.value[0] for line in found.lines) == [1, 2, 3, 4, 5, 6, 7]


def test_year_to_date_is_compared_with_the_same_months(told):
    year = figures.latest_year(told["monthly"])
    assert (year.fiscal_year, len(year.months), year.full, year.provisional) == (2024, 4, False, True)
    assert (year.value, year.earlier) == (484, 446)
    assert (year.text, year.earlier_text) == ("October 2023 to January 2024", "October 2022 to January 2023")
    assert [
        (bar.code, bar.value, bar.earlier) for bar in figures.by_code(told["monthly"], "region", year)
    ] == [
        ("SW", 454, 406),
        ("N", 30, 40),
    ]


def test_a_year_of_some_months_is_no_year(told):
    assert figures.series(told["monthly"], monthly=False).time.tolist() == [2023]
    year, bars = figures.full_year(told["monthly"], "region")
    assert year == 2023
    assert [(bar.code, bar.value) for bar in bars] == [("SW", 1266), ("N", 120)]
    assert math.isnan(bars[0].earlier)


def test_without_a_year_before_there_is_no_comparison(small):
    path = small / "data/monthly/latest.parquet"
    table = parquet.read_table(path)
    parquet.write_table(table.filter(compute.equal(table["fiscal_year"], 2024)), path)
    told = figures.facts(read.package(small).datasets["monthly"])
    assert math.isnan(figures.latest_year(told).earlier)


def test_a_missing_column_is_named(small):
    path = small / "data/monthly/latest.parquet"
    parquet.write_table(parquet.read_table(path).drop_columns(["status"]), path)
    with pytest.raises(ReleaseError, match="no column 'status'"):
        figures.facts(read.package(small).datasets["monthly"])


def test_an_annual_dataset_has_no_year_to_date(told):
    with pytest.raises(ReleaseError, match="no months, so no year to date"):
        figures.latest_year(told["annual"])


@pytest.mark.parametrize("dataset", ["cbp-encounters-state", "cbp-encounters-southwest"])
def test_real_sums_are_those_of_plain_python(release, real, dataset):
    year = figures.latest_year(real[dataset])
    rows = plain(release, dataset, fiscal_year=year.fiscal_year)
    assert year.value == sum(row["value"] for row in rows) > 0
    for by in ("demographic", "citizenship"):
        sums = {}
        for row in rows:
            sums[row[by]] = sums.get(row[by], 0) + row["value"]
        found = {
            bar.code: bar.value
            for bar in figures.by_code(real[dataset], by, year)
            if not math.isnan(bar.value)
        }
        assert found == sums
        assert sum(found.values()) == year.value


def test_real_published_totals_and_nested_sectors(release, real):
    dataset = "ohss-usbp-encounters"
    year, bars = figures.full_year(real[dataset], "office")
    rows = plain(release, dataset, period=f"FY{year}", citizenship="_T", demographic="_T")
    wanted = {row["office"]: row["value"] for row in rows if row["office"] != "_T"}
    assert len(wanted) >= 20
    assert {bar.code: bar.value for bar in bars} == wanted
    months = plain(
        release,
        dataset,
        freq="M",
        region="_T",
        office="_T",
        citizenship="_T",
        demographic="_T",
        period="2019-05",
    )
    found = figures.series(real[dataset])
    at = found.time.tolist().index(labels.parse("2019-05"))
    assert [row["value"] for row in months] == [found.lines[0].value[at]]


def test_tables_of_several_chunks_read_as_one(small):
    path = small / "data/monthly/latest.parquet"
    whole = parquet.read_table(path)
    with parquet.ParquetWriter(path, whole.schema) as writer:
        for start in range(0, whole.num_rows, 7):
            writer.write_table(pa.Table.from_batches(whole.slice(start, 7).to_batches()))
    told = figures.facts(read.package(small).datasets["monthly"])
    assert figures.latest_year(told).value == 484
