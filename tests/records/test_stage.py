"""Files of each agency layout become staged records: what is known, and why the rest is not."""

import csv
import datetime
import stat

import layouts as made
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pyarrow import parquet

from borderstats.errors import InputError
from borderstats.records import text_files
from borderstats.records.stage import stage

WHEN = datetime.datetime


@pytest.fixture(scope="module")
def declared():
    return made.declared()


@pytest.fixture
def staged(declared, tmp_path):
    def run(content, name="file.csv", **options):
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return stage(declared, path, tmp_path / "out", **options)

    return run


def rows(done, family):
    return parquet.read_table(done.files[family]).to_pylist()


@pytest.mark.parametrize("layout", made.EACH)
@pytest.mark.parametrize("delimiter", [",", "|"])
def test_each_layout_is_recognised_below_its_preamble_and_every_row_accounted_for(
    declared, staged, layout, delimiter
):
    header, cells = made.EACH[layout]
    above = 'Made for a test\n\n"Period: from, to"\n'
    done = staged(made.text(header, cells, delimiter, above=above))
    assert done.layout == layout
    assert done.rows == len(cells)
    assert not done.synthetic
    feeds = [feed.family for feed in declared.layouts[layout].feeds]
    assert set(done.files) == set(feeds)
    for family, path in done.files.items():
        table = parquet.read_table(path)
        assert table.num_rows == done.read[family]
        assert done.read[family] + done.left_out[family] == feeds.count(family) * done.rows
        expected = [n for name in declared.families[family].names for n in (name, f"{name}_missing")]
        assert table.column_names == [*expected, "source_sheet", "source_row"]
        for name in declared.families[family].names:
            pairs = zip(table[name].to_pylist(), table[f"{name}_missing"].to_pylist(), strict=True)
            assert all((value is None) != (why is None) for value, why in pairs)


def test_types_of_the_staged_file_are_those_of_the_contract(staged):
    done = staged(made.text(made.OLDER, made.OLDER_ROWS))
    schema = parquet.read_schema(done.files["encounter"])
    assert schema.field("encounter_time").type == pa.timestamp("us")
    assert schema.field("age").type == pa.int32()
    assert schema.field("distance_miles").type == pa.float64()
    assert schema.field("source_row").type == pa.int64()
    assert schema.field("event_key").type == pa.string()
    assert stat.S_IMODE(done.files["encounter"].stat().st_mode) == 0o600


def test_blank_redacted_not_recorded_and_unreadable_are_kept_apart(staged):
    first, second, third, fourth = rows(staged(made.text(made.OLDER, made.OLDER_ROWS)), "encounter")
    assert first["encounter_time"] == WHEN(2012, 1, 2, 11)
    assert second["encounter_time"] == WHEN(2012, 1, 2, 23)
    assert third["encounter_time"] == WHEN(2012, 12, 31, 0, 5)
    assert first["person_key"] == made.SECRET
    assert [row["person_key_missing"] for row in (second, third)] == ["REDACTED", "REDACTED"]
    assert [row["entry_time_missing"] for row in (second, third)] == ["BLANK", "NOT_RECORDED"]
    assert [row["demographic"] for row in (first, second, third)] == ["SA", "FMUA", "UC"]
    assert [row["age"] for row in (first, second, third)] == [34, 8, 15]
    for name in ("encounter_time", "age", "entry_time"):  # a year of two digits, words, a month that is none
        assert fourth[f"{name}_missing"] == "UNREADABLE"
    assert fourth["citizenship_missing"] == "NOT_RECORDED"
    assert fourth["demographic_missing"] == "BLANK"
    assert first["distance_miles_missing"] == "NOT_RECORDED"
    assert first["component"] == "USBP"


def test_one_file_feeds_several_families_that_link_by_the_row(staged):
    done = staged(made.text(made.NEWER, made.NEWER_ROWS, "|"))
    events = [row["event_key"] for row in rows(done, "encounter")]
    assert len(set(events)) == 3
    (referral,) = rows(done, "prosecution")
    assert (referral["statute"], referral["event_key"]) == ("1325_1326", events[1])
    assert done.read == {"encounter": 3, "custody": 2, "prosecution": 1, "outcome": 4}
    outcomes = [(row["event_outcome"], events.index(row["event_key"])) for row in rows(done, "outcome")]
    assert outcomes == [("NTA", 0), ("Expedited Removal", 1), ("MPP", 0), ("HHS", 2)]
    keys = [row["outcome_key"] for row in rows(done, "outcome")]
    assert len(set(keys)) == 4
    spell = rows(done, "custody")[0]
    assert (spell["book_in"], spell["book_out"]) == (WHEN(2019, 6, 1, 10), WHEN(2019, 6, 3, 9, 30))


def test_labels_of_a_column_are_recoded_and_some_mean_that_nothing_applies(staged):
    done = staged(made.text(made.DETENTIONS, made.DETENTION_ROWS))
    spells = rows(done, "custody")
    assert [row["release_reason"] for row in spells] == [None, "BOND_IJ", None]
    assert spells[0]["release_reason_missing"] == "BLANK"
    assert [row["place"] for row in spells] == ["INVCTR", "OTHCTR", "OTHCTR"]
    assert spells[2]["book_out_missing"] == "BLANK"
    assert spells[2]["person_key_missing"] == "REDACTED"


def test_cases_of_several_columns_give_a_code(staged):
    done = staged(made.text(made.REMOVALS, made.REMOVAL_ROWS))
    found = [(row["event_outcome"], row["repatriation_type"]) for row in rows(done, "outcome")]
    assert found == [
        ("REMOVAL", "EXPEDITED_REMOVAL"),
        ("VOLUNTARY_RETURN", "VOLUNTARY_RETURN"),
        ("ACTIVE", None),
    ]
    assert {row["event_key_missing"] for row in rows(done, "outcome")} == {"NOT_RECORDED"}


def test_rows_are_numbered_as_in_the_file_and_totals_and_blank_rows_are_no_records(staged):
    blank = [""] * len(made.OFO)
    cells = [made.OFO_ROWS[0], blank, made.OFO_ROWS[1], blank]
    done = staged(made.text(made.OFO, cells, above="a\nb\n", below="\nTotal: 2\n,,,\n\n"))
    assert done.rows == 2
    assert [row["source_row"] for row in rows(done, "encounter")] == [4, 6]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_and_line_ends_make_no_difference(staged, end, encoding):
    cells = [[*made.OLDER_ROWS[0]], [*made.OLDER_ROWS[1]]]
    cells[0][3] = "CURAÇAO"
    done = staged(made.text(made.OLDER, cells, above="preamble é\n", end=end).encode(encoding))
    first, second = rows(done, "encounter")
    assert first["citizenship"] == "CURAÇAO"
    assert second["person_key_missing"] == "REDACTED"


def test_a_workbook_has_several_sheets_dates_of_its_own_and_columns_in_any_order(staged, tmp_path):
    cells = [[*row] for row in made.NEWER_ROWS]
    cells[0][0] = WHEN(2019, 6, 1, 10)
    cells[1][0] = 43617.4583333333  # a date that the agency forgot to format: 1 June 2019, 11 o'clock
    cells[2][0] = datetime.date(2019, 6, 2)
    cells[0][5] = 30
    sheets = {
        "Notes": [["What the columns mean"]],
        "FY19 A": [["Preamble"], [], made.NEWER, *cells[:2], [None] * 11, ["Total", 2]],
        "FY19 B": [made.NEWER[::-1], *(row[::-1] for row in cells[2:])],
        "Empty": [],
    }
    path = made.workbook(tmp_path / "book.xlsx", sheets)
    done = staged(path.read_bytes(), "file.xlsx")
    found = rows(done, "encounter")
    assert [row["encounter_time"] for row in found] == [
        WHEN(2019, 6, 1, 10),
        WHEN(2019, 6, 1, 11),
        WHEN(2019, 6, 2),
    ]
    assert [(row["source_sheet"], row["source_row"]) for row in found] == [
        ("FY19 A", 4),
        ("FY19 A", 5),
        ("FY19 B", 2),
    ]
    assert found[0]["age"] == 30
    assert done.rows == 3
    assert len({row["event_key"] for row in found}) == 3


@pytest.mark.parametrize("name", ["cover", "Cover ", "\u00a0COVER"])
def test_blanks_at_the_ends_of_a_sheets_name_make_no_difference(tmp_path, name):
    standard = made.declared()
    for layout in standard.layouts.values():
        standard.layouts[layout.id] = replace(layout, other_sheets={"Cover": "the agency's cover"})
    path = made.workbook(
        tmp_path / "book.xlsx", {name: [["What it is"]], "FY19": [made.NEWER, *made.NEWER_ROWS]}
    )
    assert stage(standard, path, tmp_path / "out").rows == 3


@pytest.mark.slow
def test_the_same_file_gives_the_same_records_in_the_same_order_whatever_the_threads(declared, tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(made.text(made.NEWER, made.NEWER_ROWS * 50_000, "|"))
    one = stage(declared, path, tmp_path / "one", threads=1)
    for run in range(3):
        other = stage(declared, path, tmp_path / f"other-{run}", threads=4)
        for family, file in one.files.items():
            assert parquet.read_table(file).equals(parquet.read_table(other.files[family]))
    assert sorted(p.name for p in (tmp_path / "one").iterdir()) == sorted(p.name for p in one.files.values())


CANONICAL = (
    "screening_key,screening_kind,referred,fear_result,fear_result_missing,synthetic\n"
    "s1,CREDIBLE,2019-01-02T03:04:05,POSITIVE,,true\ns2,CHILD,2019-01-02,,REDACTED,true\n"
)


def test_a_canonical_text_file_needs_no_layout(staged):
    done = staged(CANONICAL)
    assert done.synthetic
    first, second = rows(done, "screening")
    assert first["referred"] == WHEN(2019, 1, 2, 3, 4, 5)
    assert (first["fear_result"], first["fear_result_missing"]) == ("POSITIVE", None)
    assert second["fear_result_missing"] == "REDACTED"
    assert second["synthetic"] is True
    assert second["decided_missing"] == "NOT_RECORDED"


def canonical_table(declared, family="screening", **columns):
    kinds = {"time": pa.timestamp("us"), "whole": pa.int32(), "number": pa.float64()}
    fields = {f.name: pa.nulls(2, kinds.get(f.type, pa.string())) for f in declared.families[family].fields}
    return pa.table({**fields, **columns})


def test_a_canonical_parquet_file_stays_where_it_is(declared, tmp_path):
    path = tmp_path / "file.parquet"
    parquet.write_table(canonical_table(declared, synthetic=pa.array([True, True])), path)
    done = stage(declared, path, tmp_path / "out")
    assert done.files == {"screening": path}
    assert (done.rows, done.read, done.synthetic) == (2, {"screening": 2}, True)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (
            {"referred": pa.array(["a", "b"])},
            "column referred: its type is string, and should be a timestamp",
        ),
        ({"other": pa.array([1, 2])}, "nearest is screening"),
        ({"synthetic": pa.array([True, None])}, "1 synthetic records among 1 others"),
    ],
)
def test_a_parquet_file_of_another_form_is_refused(declared, tmp_path, columns, words):
    path = tmp_path / "file.parquet"
    parquet.write_table(canonical_table(declared, **columns), path)
    with pytest.raises(InputError, match=words):
        stage(declared, path, tmp_path / "out")


CELL = st.text(st.sampled_from('ab1 |,"\n\r\té\u00a0()'), max_size=6)


@pytest.mark.slow
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=12), end=st.sampled_from(["\n", "\r\n"]))
def test_no_row_is_ever_lost_whatever_stands_in_its_cells(staged, cells, end):
    """DuckDB passes over rows in silence where line ends are mixed; the plain csv module says what is there."""
    header = ["screening_key", "screening_kind", "referred", "source_sheet"]
    content = [[f"s{at}", kind, "2020-01-01", where] for at, (kind, where) in enumerate(cells)]
    done = staged(made.text(header, content, above="x\n", end=end, quoting=csv.QUOTE_ALL))
    plain = [" ".join(kind.replace("\u00a0", " ").split()) for kind, _ in cells]
    assert done.rows == len(cells)
    found = rows(done, "screening")
    assert [row["screening_key"] for row in found] == [row[0] for row in content]
    assert [" ".join((row["screening_kind"] or "").split()) for row in found] == plain


def test_a_file_that_can_be_streamed_is_not_copied(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(made.text(made.OFO, made.OFO_ROWS).encode())
    found = text_files.survey(path)
    text_files.make_streamable(path, found, "utf-8", ("Total",), tmp_path / "rows")
    assert (tmp_path / "rows").is_symlink()


def test_brackets_and_quotes_in_a_name_are_no_pattern(staged):
    assert staged(made.text(made.OFO, made.OFO_ROWS), "FY19 [1]'s *.csv").rows == 2


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("1/2/2012 11:00:00 AM", WHEN(2012, 1, 2, 11)),
        ("01/02/2012 12:30:00 am", WHEN(2012, 1, 2, 0, 30)),
        (" 1/2/2012\u00a012:30 PM\n", WHEN(2012, 1, 2, 12, 30)),
        ("1/2/2012 23:00:00", WHEN(2012, 1, 2, 23)),
        ("1/2/2012", WHEN(2012, 1, 2)),
        ("2012-01-02 03:04:05", WHEN(2012, 1, 2, 3, 4, 5)),
        ("1/2/12 11:00:00 AM", None),
        ("1/2/2012 13:00:00 PM", None),
        ("13/2/2012", None),
        ("2/30/2012", None),
        ("40910.5", None),
        ("1/2/2012 11:00:00 AM and more", None),
    ],
)
def test_times_are_read_in_the_forms_of_the_layout_only(staged, cell, moment):
    done = staged(made.text(made.OFO, [[cell, *made.OFO_ROWS[0][1:]]]))
    (found,) = rows(done, "encounter")
    assert found["encounter_time"] == moment
    assert found["encounter_time_missing"] == (None if moment else "UNREADABLE")


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("(b)(6)\n", "REDACTED"),
        ("(B)(6); (b)(7)(c)", "REDACTED"),
        ("b(6), b(7)c", "REDACTED"),
        ("not  recorded", "NOT_RECORDED"),
        ("n/a", "NOT_RECORDED"),
        ("NULL", "BLANK"),
        ("\u00a0", "BLANK"),
        ("12.5", "UNREADABLE"),
        ("nan", "UNREADABLE"),
        ("1e300", "UNREADABLE"),
        ("34 years", "UNREADABLE"),
    ],
)
def test_why_a_value_is_missing(staged, cell, why):
    row = [*made.OFO_ROWS[0]]
    row[3] = cell
    (found,) = rows(staged(made.text(made.OFO, [row])), "encounter")
    assert (found["age"], found["age_missing"]) == (None, why)
