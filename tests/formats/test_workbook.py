"""A dataset as a workbook: what readers of spreadsheets find in it, and that nothing in it is merged, empty or a formula."""

import io
import json
import re
import zipfile

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from borderstats.errors import ReleaseError
from borderstats.formats import workbook
from borderstats.package import read

SHEETS = {"M": "Months", "Q": "Quarters", "A": "Fiscal_years", "SM": "Half_months", "D": "Days"}


@pytest.fixture
def package(small):
    return read.package(small)


@pytest.fixture(scope="module")
def published(release):
    return read.package(release)


def opened(package, name, **options):
    return openpyxl.load_workbook(io.BytesIO(workbook.document(package, name, **options)))


def head(sheet):
    """The row of the headings."""
    (table,) = sheet.tables.values()
    return int(re.search(r"\d+", table.ref)[0])


def frame(data, book, label, engine="openpyxl"):
    """A worksheet as pandas reads it, the numbers of notes taken from its headings."""
    sheet = pd.read_excel(
        io.BytesIO(data), sheet_name=label, header=head(book[label]) - 1, keep_default_na=False, engine=engine
    )
    return sheet.rename(columns=lambda heading: heading.split("\n")[0])


def texts(sheet):
    return [cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str)]


@pytest.mark.parametrize(
    "name",
    [
        "ohss-cbp-one", "uscis-fear-decisions", "usbp-barrier-miles", "ice-statistics-adp", "contract-obligations",
        "usbp-agents-sector", "yearbook-removals-citizenship", "ohss-encounters-type",
    ],
)  # fmt: skip
def test_every_row_is_there_with_its_figure_or_the_reason_why_there_is_none(published, name):
    dataset = published.datasets[name]
    data = workbook.document(published, name)
    book = openpyxl.load_workbook(io.BytesIO(data))
    freqs = [freq for freq in SHEETS if freq in dataset.latest["freq"].to_pylist()]
    assert book.sheetnames == ["Cover", "Contents", "Notes", *(SHEETS[freq] for freq in freqs), "Codes"]
    dimensions = dataset.meta.dimensions
    for freq in freqs:
        rows = dataset.latest.filter(pc.equal(dataset.latest["freq"].cast(pa.string()), freq))
        sheet = frame(data, book, SHEETS[freq])
        assert len(sheet) == rows.num_rows
        for dimension in dimensions:
            label = {code.code: code.en for code in dimension.codes}
            codes = rows[dimension.id].to_pylist()
            assert sheet[f"{dimension.label.en} code"].tolist() == codes
            assert sheet[dimension.label.en].tolist() == [label[code] for code in codes]
        assert sheet["Period code"].tolist() == rows["period"].to_pylist()
        assert sheet["Status code"].tolist() == rows["status"].to_pylist()
        for heading, column in (
            ("Known from", "known_from"),
            ("Edition", "edition_from"),
            ("Basis", "known_basis"),
        ):
            assert sheet[heading].tolist() == [str(day) for day in rows[column].to_pylist()]
        figures = sheet[dataset.meta.unit.label_en].tolist()
        signs = {"Q": "[c]", "L": "[x]", "O": "[x]", "M": "[z]"}
        expected = [
            signs[status] if value is None else value
            for value, status in zip(rows["value"].to_pylist(), rows["status"].to_pylist(), strict=True)
        ]
        assert figures == expected
        if not dataset.meta.decimals:
            assert {type(value) for value in figures} <= {int, str}
        legend = texts(book[SHEETS[freq]])[: 3 + 4]
        for sign in set(signs.values()):
            assert (sign in expected) == any(text.startswith(f"{sign} means") for text in legend)
        assert ("P" in rows["status"].to_pylist()) == any("may still be revised" in text for text in legend)


def test_another_reader_reads_the_same(published):
    data = workbook.document(published, "usbp-agents-sector")
    book = openpyxl.load_workbook(io.BytesIO(data))
    one, other = (frame(data, book, "Fiscal_years", engine) for engine in ("openpyxl", "calamine"))
    pd.testing.assert_frame_equal(one, other)


def test_a_large_dataset(published, release):
    (path,) = (release / "data/cbp-encounters-state").glob("*.xlsx")
    book = openpyxl.load_workbook(path, read_only=True)
    rows = published.datasets["cbp-encounters-state"].latest
    column = [row[12] for row in book["Months"].iter_rows(values_only=True)]
    figures = column[column.index("Events") + 1 :]
    assert len(figures) == rows.num_rows
    assert sum(figures) == pc.sum(rows["value"]).as_py()


def test_nothing_is_merged_empty_hidden_or_a_formula(package, published):
    for of_release, name in (
        *((package, name) for name in package.datasets),
        (published, "ice-statistics-detained"),
    ):
        for sheet in opened(of_release, name):
            assert not sheet.merged_cells.ranges
            assert sheet.sheet_state == "visible"
            assert not [row for row, size in sheet.row_dimensions.items() if size.hidden]
            assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
            for table in sheet.tables.values():
                for row in sheet[table.ref]:
                    assert None not in [cell.value for cell in row], (name, sheet.title)


def test_tables_cover_all_their_rows_and_have_their_headings(package):
    book = opened(package, "monthly")
    (table,) = book["Months"].tables.values()
    start = head(book["Months"])
    assert table.ref == f"A{start}:L{start + 31}"
    assert [column.name for column in table.tableColumns] == [
        "Border region\n[note 9]", "Border region code", "Component\n[note 10]", "Component code", "Period", "Period code",
        "Events", "Status", "Status code", "Known from\n[note 11]", "Basis\n[note 12]", "Edition\n[note 13]",
    ]  # fmt: skip
    assert not table.autoFilter


def test_notes_are_numbered_in_order_and_each_is_referred_to(published, package):
    for of_release, name in (
        (package, "monthly"),
        (package, "annual"),
        (published, "cbp-encounters-southwest"),
    ):
        book = opened(of_release, name)
        rows = list(book["Notes"].iter_rows(min_row=4, values_only=True))
        assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
        meta = of_release.datasets[name].meta
        assert rows[0][1] == meta.counts
        assert set(meta.notes) <= {text for _, text in rows}
        referred = set()
        for sheet in book:
            referred |= {int(n) for text in texts(sheet) for n in re.findall(r"\[note (\d+)\]", text)}
        assert referred == set(range(1, len(rows) + 1))
    assert "_T are the publisher's totals" in json.dumps(texts(opened(package, "annual")["Notes"]))
    assert "the codes do not overlap" in json.dumps(texts(opened(package, "monthly")["Notes"]))


def test_cover_and_contents(package):
    book = opened(package, "monthly")
    cover = [row[0] for row in book["Cover"].iter_rows(values_only=True)]
    assert cover[0] == "Encounters & more, by <region>"
    assert "Unit: events, not people. Whole numbers." in cover
    assert "Released on 1 February 2024 by borderstats." in cover
    assert "Source: An agency, A table." in cover
    assert "statistics@borderstats.example" in cover
    links = {cell.value: cell.hyperlink.target for (cell,) in book["Cover"].iter_rows() if cell.hyperlink}
    assert (
        links["This table as comma-separated values"] == "https://borderstats.example/data/monthly/latest.csv"
    )
    assert links["statistics@borderstats.example"] == "mailto:statistics@borderstats.example"
    contents = list(book["Contents"].iter_rows(values_only=True, min_row=4))
    assert [label for label, _ in contents] == book.sheetnames[3:]
    assert book["Contents"]["A4"].hyperlink.location == "'Months'!A1"
    codes = list(book["Codes"].iter_rows(values_only=True))
    assert ("Border region", "region", "N", "Northern <border>", "[x]", "[z]") in codes


def test_codes_have_their_spanish_labels(published):
    rows = list(opened(published, "ohss-cbp-one")["Codes"].iter_rows(values_only=True))
    assert ("Citizenship", "citizenship", "MEX", "Mexico", "México", "[z]") in rows


def test_a_table_too_long_for_a_spreadsheet_is_left_out_and_said_to_be(package):
    book = opened(package, "monthly", most_rows=30)
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Codes"]
    remark = (
        "The table by month has 31 rows, too many for a spreadsheet: "
        "it is in https://borderstats.example/data/monthly/latest.csv"
    )
    assert remark in texts(book["Contents"])
    assert remark in texts(book["Cover"])
    assert len(list(book["Notes"].iter_rows(min_row=4))) == 13


HOSTILE = "=1+1](http://x.example) $$a$$ [b](c)"


def test_texts_are_no_formulas_links_or_references(small):
    path = small / "data/monthly/metadata.json"
    meta = json.loads(path.read_text())
    meta["title"]["en"] = meta["counts"] = meta["trap"] = HOSTILE
    meta["notes"] = [HOSTILE + ".", "{=1+1}", "http://x.example", "@x"]
    for dimension in meta["dimensions"]:
        dimension["label"]["en"] = dimension["definition"] = HOSTILE
        for code in dimension["codes"]:
            code["en"] = code["es"] = code["note"] = HOSTILE
    path.write_text(json.dumps(meta))
    book = opened(read.package(small), "monthly")
    for sheet in book:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
        assert not [cell for cell in cells if cell.hyperlink and "x.example" in str(cell.hyperlink.target)]
    assert HOSTILE in texts(book["Months"])
    assert {HOSTILE, "{=1+1}", "http://x.example", "@x"} <= set(texts(book["Notes"]))
    assert (HOSTILE, HOSTILE, HOSTILE) in [row[3:] for row in book["Codes"].iter_rows(values_only=True)]


def test_figures_are_shown_as_precise_as_they_are(package):
    money = opened(package, "money")["Months"]
    (figures,) = [cell.column for cell in money[head(money)] if cell.value == "U.S. dollars"]
    cells = [money.cell(row, figures) for row in range(head(money) + 1, money.max_row + 1)]
    assert {cell.number_format for cell in cells} == {"#,##0.00"}
    assert [cell.value for cell in cells[:5:2]] == [1_500_000.25, -2_250_000.5, "[x]"]
    months = opened(package, "monthly")["Months"]
    assert months.cell(head(months) + 1, 7).number_format == "#,##0"


@pytest.mark.slow
def test_same_release_same_bytes_and_no_day_but_its_own(package, small):
    for name in package.datasets:
        data = workbook.document(package, name)
        assert data == workbook.document(read.package(small), name)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
            core = archive.read("docProps/core.xml").decode()
            everything = b"".join(archive.read(entry) for entry in archive.infolist()).decode()
        assert set(re.findall(r"\d{4}-\d{2}-\d{2}T[\d:]+Z", core)) == {"2024-02-01T00:00:00Z"}
        assert f"/releases/{package.manifest.id}/datasets/{name}.html" in everything


def test_what_is_no_dataset_is_refused(package):
    with pytest.raises(ReleaseError, match="no dataset 'nothing'"):
        workbook.document(package, "nothing")
