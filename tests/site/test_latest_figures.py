"""Aggregation: every sum against plain Python over the same rows, absent rows, provisional months, totals."""

import math

import msgspec
import pyarrow as pa
import pytest
from pyarrow import compute, parquet

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.package import read
from borderstats.site import comparisons, figures
from borderstats.site.charts import ranking, view
from borderstats.site.pages import dataset as page
from borderstats.standard.model import Chart
from borderstats.words import periods as names
from calendars import APRIL, FEDERAL, NONE
from small_release import PROVISIONAL


@pytest.fixture
def facts(small):
    return {
        name: figures.facts(dataset, FEDERAL, PROVISIONAL)
        for name, dataset in read.package(small).datasets.items()
    }


@pytest.fixture(scope="module")
def real(release):
    return {
        name: figures.facts(dataset, FEDERAL, PROVISIONAL)
        for name, dataset in read.package(release).datasets.items()
    }


def plain(release, dataset, **where):
    """The rows of a latest table that have these codes, as plain Python."""
    rows = parquet.read_table(release / "data" / dataset / "latest.parquet").to_pylist()
    return [row for row in rows if all(row[name] == code for name, code in where.items())]


def test_months_in_order_with_provisional_ones_marked(facts):
    found = figures.series(facts["monthly"])
    assert [names.long(int(month)) for month in found.time][::15] == ["October 2022", "January 2024"]
    assert found.lines[0].value.tolist() == [110 + n for n in range(15)] + [115]
    assert found.provisional.tolist() == [False] * 12 + [True] * 4


def test_an_absent_row_is_not_a_zero(facts):
    north = next(line for line in figures.series(facts["monthly"], "region").lines if line.code == "N")
    assert north.value[14] == 10
    assert math.isnan(north.value[15])
    assert north.last == 14


def test_the_largest_lines_come_first_and_the_rest_is_counted(facts):
    found = figures.series(facts["annual"], "office", kind="fiscal_year", top=2)
    assert [line.code for line in found.lines] == ["S7", "S6"]
    assert found.dropped == 5


def test_published_totals_are_taken_once(facts):
    total = figures.series(facts["annual"], kind="fiscal_year")
    assert [line.value.tolist() for line in total.lines] == [[28, 28, 28]]
    by_region = figures.series(facts["annual"], "region", kind="fiscal_year")
    assert [(line.code, line.value.tolist()) for line in by_region.lines] == [("SW", [28, 28, 28])]


def test_a_code_that_lies_within_another_dimension_needs_no_total_of_it(facts):
    """Sectors stand under their region only: no row has a sector and the region's total."""
    found = figures.series(facts["annual"], "office", kind="fiscal_year")
    assert sorted(line.value[0] for line in found.lines) == [1, 2, 3, 4, 5, 6, 7]


def test_year_to_date_is_compared_with_the_same_months(facts):
    year = comparisons.latest_year(facts["monthly"])
    assert (year.head, len(year.parts), year.full, year.provisional) == ("FY2024 to date", 4, False, True)
    assert (year.value, year.earlier) == (484, 446)
    assert (year.text, year.earlier_text) == ("October 2023 to January 2024", "October 2022 to January 2023")
    assert [
        (bar.code, bar.value, bar.earlier) for bar in comparisons.by_code(facts["monthly"], "region", year)
    ] == [
        ("SW", 454, 406),
        ("N", 30, 40),
    ]


def test_the_last_whole_year_is_the_one_before_a_year_to_date(made):
    names = [f"{2021 + (n + 9) // 12}-{(n + 9) % 12 + 1:02d}" for n in range(26)]
    rows = [
        (region, "M", name, 2022 + n // 12, value + n // 12, "A")
        for n, name in enumerate(names)
        for region, value in (("SW", 10), ("N", 1))
    ]
    two = made([("region", "sum", ("SW", "N"))], rows, measure="flow")
    whole = comparisons.latest_year(two, whole=True)
    assert (whole.head, whole.full, whole.value, whole.earlier) == ("FY2023", True, 156, 132)
    southwest = comparisons.latest_year(two, {"region": "SW"}, whole=True)
    assert (southwest.value, southwest.earlier) == (132, 120)
    assert comparisons.latest_year(two, {"region": "SW"}).value == 24


def test_without_a_whole_year_there_is_none(made):
    rows = [("SW", "M", f"2024-{n:02d}", 2024, 1, "P") for n in range(1, 4)]
    few = made([("region", "sum", ("SW",))], rows, measure="flow")
    assert not comparisons.latest_year(few, whole=True).full


def test_a_year_of_some_months_is_no_year(facts):
    assert figures.series(facts["monthly"], kind="fiscal_year").time.tolist() == [periods.fiscal(2023)]
    found = comparisons.ranked(facts["monthly"], "region")
    assert (found.time, found.before, found.to_date) == (periods.fiscal(2023), None, False)
    assert [(bar.code, bar.value) for bar in found.bars] == [("SW", 1266), ("N", 120)]
    assert math.isnan(found.bars[0].earlier)


@pytest.mark.parametrize("count", [11, 12])
def test_a_fiscal_year_is_whole_with_twelve_months(made, count):
    names = [f"{2022 + (n + 9) // 12}-{(n + 9) % 12 + 1:02d}" for n in range(count)]
    facts = made(
        [("region", "sum", ("SW",))], [("SW", "M", name, 2023, 1, "A") for name in names], measure="flow"
    )
    assert comparisons.latest_year(facts).full == (count == 12)
    if count == 12:
        assert figures.series(facts, kind="fiscal_year").lines[0].value.tolist() == [12]
    else:
        with pytest.raises(ReleaseError, match="no rows for a chart"):
            figures.series(facts, kind="fiscal_year")


def test_without_a_year_before_there_is_no_comparison(small):
    path = small / "data/monthly/latest.parquet"
    table = parquet.read_table(path)
    parquet.write_table(table.filter(compute.equal(table["fiscal_year"], 2024)), path)
    facts = figures.facts(read.package(small).datasets["monthly"], FEDERAL, PROVISIONAL)
    assert math.isnan(comparisons.latest_year(facts).earlier)


def test_a_missing_column_is_named(small):
    path = small / "data/monthly/latest.parquet"
    parquet.write_table(parquet.read_table(path).drop_columns(["status"]), path)
    with pytest.raises(ReleaseError, match="no column 'status'"):
        figures.facts(read.package(small).datasets["monthly"], FEDERAL, PROVISIONAL)


def test_an_annual_dataset_has_no_year_to_date(facts):
    for name in ("annual", "listed"):
        with pytest.raises(ReleaseError, match="no months or quarters that add up, so no year to date"):
            comparisons.latest_year(facts[name])


@pytest.mark.parametrize("dataset", ["cbp-encounters-state", "cbp-encounters-southwest"])
def test_real_sums_are_those_of_plain_python(release, real, dataset):
    year = comparisons.latest_year(real[dataset])
    rows = plain(release, dataset, fiscal_year=periods.ordinal(year.year))
    assert year.value == sum(row["value"] for row in rows) > 0
    for by in ("demographic", "citizenship"):
        sums = {}
        for row in rows:
            sums[row[by]] = sums.get(row[by], 0) + row["value"]
        found = {
            bar.code: bar.value
            for bar in comparisons.by_code(real[dataset], by, year)
            if not math.isnan(bar.value)
        }
        assert found == sums
        assert sum(found.values()) == year.value


def test_real_published_totals_and_nested_sectors(release, real):
    dataset = "ohss-usbp-encounters"
    ranking = comparisons.ranked(real[dataset], "office")
    rows = plain(release, dataset, period=periods.text(ranking.time), citizenship="_T", demographic="_T")
    wanted = {row["office"]: row["value"] for row in rows if row["office"] != "_T"}
    assert len(wanted) >= 20
    assert {bar.code: bar.value for bar in ranking.bars} == wanted
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
    at = found.time.tolist().index(periods.parse("2019-05"))
    assert [row["value"] for row in months] == [found.lines[0].value[at]]


def test_tables_of_several_chunks_read_as_one(small):
    path = small / "data/monthly/latest.parquet"
    whole = parquet.read_table(path)
    with parquet.ParquetWriter(path, whole.schema) as writer:
        for start in range(0, whole.num_rows, 7):
            writer.write_table(pa.Table.from_batches(whole.slice(start, 7).to_batches()))
    facts = figures.facts(read.package(small).datasets["monthly"], FEDERAL, PROVISIONAL)
    assert comparisons.latest_year(facts).value == 484


@pytest.fixture
def listed(facts):
    return facts["listed"]


def test_days_far_apart_are_not_filled_up(listed):
    found = figures.series(listed, "state", kind="day")
    assert len(found.time) == 5
    assert found.sparse
    assert [line.code for line in found.lines] == ["TX", "AZ", "NM"]
    late = found.lines[2]
    assert [math.isnan(value) for value in late.value] == [True, True, True, False, False]


def test_days_one_after_the_other_show_the_day_that_is_missing(made):
    days = [f"2023-01-{day:02d}" for day in (1, 2, 3, 5, 6)]
    facts = made(
        [("state", "sum", ["TX"])], [("TX", "D", day, 2023, 1, "A") for day in days], measure="stock"
    )
    found = figures.series(facts, kind="day")
    assert [math.isnan(value) for value in found.lines[0].value] == [False, False, False, True, False, False]
    assert not found.sparse


def test_bars_of_a_stock_are_those_of_its_latest_day(listed):
    found = comparisons.ranked(listed, "state")
    assert names.long(found.time) == "31 December 2023"
    assert names.long(found.before) == "22 December 2023"
    assert [(bar.code, bar.value, bar.earlier) for bar in found.bars] == [
        ("TX", 10, 9),
        ("AZ", 2, 2),
        ("NM", 1, 1),
    ]


def test_a_stock_is_never_summed_over_months(made):
    rows = [("TX", "M", f"2022-{month:02d}", 2022, 5, "A") for month in range(1, 13)]
    facts = made([("state", "sum", ["TX"])], rows, measure="stock")
    with pytest.raises(ReleaseError, match="no rows for a chart by time"):
        figures.series(facts, kind="fiscal_year")
    assert periods.kind(comparisons.ranked(facts, "state").time) == "month"


def test_a_sum_of_which_a_part_has_no_figure_has_none(facts):
    found = figures.series(facts["money"])
    assert [math.isnan(value) for value in found.lines[0].value] == [False, False, True, False, False, False]
    assert found.lines[0].value[0] == 1_500_100.25
    assert found.low == -2_249_900.5


@pytest.mark.parametrize(
    ("measure", "drawn"), [("flow", [2021, 2022, 2023]), ("average", [2021, 2022, 2023, 2024])]
)
def test_a_flows_year_that_is_not_over_is_left_out_and_reported(made, measure, drawn):
    """The newest file is as of 31 December 2023, in fiscal year 2024."""
    rows = [("TX", "A", f"FY{year}", year, year, "P" if year == 2024 else "A") for year in range(2021, 2025)]
    found = figures.series(made([("state", "sum", ["TX"])], rows, measure=measure), kind="fiscal_year")
    assert list(map(periods.ordinal, found.time.tolist())) == drawn
    assert found.partial == (periods.fiscal(2024) if measure == "flow" else 0)


@pytest.mark.parametrize("measure", ["flow", "average"])
def test_bars_are_of_the_last_year_that_is_over(made, measure):
    rows = [("TX", "A", f"FY{year}", year, year, "A") for year in range(2021, 2025)]
    found = comparisons.ranked(made([("state", "sum", ["TX"])], rows, measure=measure), "state")
    assert (found.time, found.before, found.to_date) == (periods.fiscal(2023), periods.fiscal(2022), False)


def test_bars_of_a_year_to_date_are_compared_with_nothing(made):
    rows = [("TX", "A", f"FY{year}", year, year, "A") for year in (2024,)]
    found = comparisons.ranked(made([("state", "sum", ["TX"])], rows), "state")
    assert (found.time, found.before, found.to_date) == (periods.fiscal(2024), None, True)


def test_a_year_is_not_compared_with_a_year_of_some_months(made):
    months = [(2021, 9), *((2021 + (n + 9) // 12, (n + 9) % 12 + 1) for n in range(12))]
    rows = [("TX", "M", f"{year}-{month:02d}", year, 1, "A") for year, month in months]
    found = comparisons.ranked(made([("state", "sum", ["TX"])], rows), "state")
    assert (found.time, found.before, found.bars[0].value) == (periods.fiscal(2022), None, 12)


def test_what_overlaps_is_never_added_up(made):
    rows = [(stage, "A", "FY2020", 2020, 1, "A") for stage in ("OBLIGATED", "DISBURSED")]
    facts = made([("stage", "published", ["OBLIGATED", "DISBURSED"])], rows)
    with pytest.raises(ReleaseError, match="no total of 'stage' for a chart by time; name one of its codes"):
        figures.series(facts, kind="fiscal_year")
    assert figures.series(facts, "", {"stage": "OBLIGATED"}, kind="fiscal_year").lines[0].value.tolist() == [
        1
    ]
    assert len(figures.series(facts, "stage", kind="fiscal_year").lines) == 2


def test_rows_without_any_figure_make_no_chart(made):
    facts = made([("state", "sum", ["TX"])], [("TX", "A", "FY2020", 2020, None, "O")])
    with pytest.raises(ReleaseError, match="no figures for a chart by time"):
        figures.series(facts, kind="fiscal_year")


def test_a_period_that_nobody_knows_is_named(small):
    path = small / "data/monthly/latest.parquet"
    table = parquet.read_table(path)
    wrong = pa.array(["soon"] * table.num_rows)
    parquet.write_table(table.set_column(table.schema.get_field_index("period"), "period", wrong), path)
    with pytest.raises(ReleaseError, match=r"latest\.parquet: column period: 'soon' is neither a month"):
        figures.facts(read.package(small).datasets["monthly"], FEDERAL, PROVISIONAL)


def test_the_main_kind_is_that_of_most_periods_and_a_transition_quarter_is_none(made):
    rows = [("TX", "A", f"FY{year}", year, 1, "A") for year in range(1970, 1980)]
    facts = made([("state", "sum", ["TX"])], [*rows, ("TX", "Q", "1976-Q3", 1976, 1, "A")])
    assert facts.kinds == ("fiscal_year",)
    facts = made([("state", "sum", ["TX"])], [*rows, ("TX", "Q", "1976-Q2", 1976, 1, "A")])
    assert facts.kinds == ("fiscal_year", "quarter")


@pytest.mark.parametrize(
    ("dataset", "day"), [("ice-287g-agreements", "2026-05-11"), ("ice-detained-day", "2026-03-10")]
)
def test_real_days_are_those_of_plain_python(release, real, dataset, day):
    facts = real[dataset]
    where = {"detained_group": "MIDNIGHT"} if dataset == "ice-detained-day" else {}
    line = figures.series(facts, "", where, kind="day").lines[0]
    assert (
        line.value[line.last] == sum(row["value"] for row in plain(release, dataset, period=day, **where)) > 0
    )


def test_real_money_is_that_of_plain_python(release, real):
    found = figures.series(real["contract-obligations"], "", {"wall_text": "WALL"})
    place = found.time.tolist().index(periods.parse("2025-09"))
    rows = plain(release, "contract-obligations", period="2025-09", wall_text="WALL")
    assert found.lines[0].value[place] == pytest.approx(sum(row["value"] for row in rows))


def test_a_last_year_that_is_not_over_is_to_date(made):
    rows = [("TX", "A", f"FY{year}", year, year, "A") for year in range(2021, 2025)]
    facts = made([("state", "sum", ["TX"])], rows)
    assert page.span(facts) == "fiscal years 2021 to 2024 to date"
    assert page.span(made([("state", "sum", ["TX"])], rows[:3])) == "fiscal years 2021 to 2023"


# quarters, calendar years and weeks


STATE = [("state", "sum", ["TX"])]
QUARTERS = [(2022, 4), *((2023, n) for n in (1, 2, 3, 4))]


def quarterly(made, calendar, **words):
    """Five quarters, 10, 20 ... 50, the last of which ends on the day of the newest file."""
    rows = [("TX", "Q", f"{year}-Q{n}", 2023, 10 * k, "A") for k, (year, n) in enumerate(QUARTERS, 1)]
    return made(STATE, rows, calendar, **words)


@pytest.mark.parametrize(
    ("calendar", "year", "value", "head", "when"),
    [
        (FEDERAL, "FY2023", 100, "FY2024 to date", "October to December 2023: fiscal year 2024 to date, 1 quarter."),
        (APRIL, None, 0, "FY2024 to date", "April 2023 to December 2023: fiscal year 2024 to date, 3 quarters."),
        (NONE, "2023", 140, "2023", "January 2023 to December 2023: 2023, all four quarters."),
    ],
)  # fmt: skip
def test_quarters_make_the_years_of_the_office(made, calendar, year, value, head, when):
    facts = quarterly(made, calendar)
    assert facts.kinds == ("quarter",)
    if year:
        found = figures.series(facts, kind=facts.years)
        assert [periods.text(period) for period in found.time.tolist()] == [year]
        assert found.lines[0].value.tolist() == [value]
        assert periods.text(comparisons.ranked(facts, "state").time) == year
    else:
        with pytest.raises(ReleaseError, match="no rows for a chart"):
            figures.series(facts, kind=facts.years)
    to_date = comparisons.latest_year(facts)
    assert (to_date.head, to_date.when) == (head, when)


def test_a_year_of_quarters_is_compared_with_the_same_quarters(made):
    year = comparisons.latest_year(quarterly(made, FEDERAL))
    assert (year.value, year.earlier, year.full) == (50, 10, False)
    assert (year.text, year.earlier_text) == ("October to December 2023", "October to December 2022")
    (bar,) = comparisons.by_code(quarterly(made, FEDERAL), "state", year)
    assert (bar.value, bar.earlier) == (50, 10)
    assert math.isnan(comparisons.latest_year(quarterly(made, NONE)).earlier)


def test_a_stock_of_quarters_is_not_added_up(made):
    facts = quarterly(made, NONE, measure="stock")
    with pytest.raises(ReleaseError, match="no rows for a chart"):
        figures.series(facts, kind="year")
    found = comparisons.ranked(facts, "state")
    assert (periods.text(found.time), periods.text(found.before)) == ("2023-Q4", "2023-Q3")


@pytest.mark.parametrize("calendar", [FEDERAL, NONE])
def test_a_calendar_year_is_no_fiscal_year(made, calendar):
    rows = [("TX", "A", str(year), year, year, "A") for year in range(2020, 2024)]
    facts = made(STATE, rows, calendar)
    assert (facts.main, facts.years) == ("year", "year")
    assert page.span(facts) == "2020 to 2023"
    with pytest.raises(ReleaseError, match="no rows for a chart"):
        figures.series(facts, kind="fiscal_year")
    assert figures.series(facts, kind="year").lines[0].value.tolist() == [2020, 2021, 2022, 2023]


@pytest.mark.parametrize(
    ("kind", "freq", "written", "head", "first", "unit"),
    [
        (
            "quarters",
            "Q",
            [f"2023-Q{n}" for n in (1, 2, 3)],
            "Quarter",
            "January to March 2023",
            "per quarter",
        ),
        ("calendar years", "A", ["2020", "2021", "2022"], "Calendar year", "2020", "per calendar year"),
        ("years", "A", ["2020", "2021", "2022"], "Calendar year", "2020", "per calendar year"),
        ("years", "A", ["FY2020", "FY2021", "FY2022"], "Fiscal year", "2020", "per fiscal year"),
        ("weeks", "W", ["2020-W52", "2020-W53", "2021-W01"], "Week", "week of 21 December 2020", "per week"),
    ],
)
def test_a_chart_of_each_kind(made, kind, freq, written, head, first, unit):
    rows = [("TX", freq, period, 2023, n, "A") for n, period in enumerate(written, 1)]
    chart = msgspec.convert({"title": "A chart", "kind": kind}, Chart)
    facts = made(STATE, rows, charts=[{"title": "A chart", "kind": kind}])
    found = view.drawn(facts, chart)
    assert [periods.text(period) for period in found.time.tolist()] == written
    shown = view.lines(facts, chart, "key", found)
    assert (shown.head, shown.rows[-1].head) == (head, first)
    assert unit in shown.unit
    (other,) = ranking.views(facts)
    assert other.drawing.count("<svg") == 2


def test_months_make_calendar_years_where_a_chart_asks_for_them(made):
    rows = [("TX", "M", f"2022-{month:02d}", 2022, 1, "A") for month in range(1, 13)]
    facts = made(STATE, [*rows, ("TX", "M", "2023-01", 2023, 1, "A")])
    found = view.drawn(facts, msgspec.convert({"title": "t", "kind": "calendar years"}, Chart))
    assert [periods.text(period) for period in found.time.tolist()] == ["2022"]
    assert found.partial == periods.year(2023)
    assert view.remarks(found)[0] == "2023, of which only a part is published, is not drawn."
