"""Web pages: tables found by the heading before them, raised notes, spans, and what is no table."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from small import figures, refusals, standard_of

from borderstats.errors import InputError
from borderstats.intake import webpage
from borderstats.intake.read import read_file

SOURCE = """
dataset = "events"
constants = { agency = "USBP" }

[[columns]]
name = "Country"
role = "dimension"
concept = "citizenship"
footnotes = true

[[columns]]
name = "year"
role = "fiscal_year"

[[columns]]
name = "events"
role = "figure"

[[tables]]
kind = "block"
title = "Events by country"
columns = ["Country"]
across = ["year"]
figures = "events"
"""
TABLE = """<h3>Events by country</h3><table><thead><tr><th>Country</th><th>2023</th><th>2024</th></tr></thead>
<tr><td>Mexico<sup>1</sup></td><td>1</td><td><strong>2</strong></td></tr>
<tr><td>&nbsp;Cuba&nbsp;</td><td>3</td><td>&nbsp;4</td></tr></table>"""


def page(*parts):
    return f"<!DOCTYPE html>\n<html><head><title>Page</title></head><body>{''.join(parts)}</body></html>".encode()


def rows(*parts):
    return [list(row) for row in webpage.cells("made", page(*parts)).rows]


def test_a_table_below_its_heading():
    other = "<h3>Other</h3><table><tr><td>Country</td><td>year</td></tr></table>"
    found = figures(standard_of(SOURCE, "html"), page("<p>Text of 2023.</p>", other, TABLE, "<p>1 Some.</p>"))
    assert found == {
        "citizenship=MEX agency=USBP FY2023": (1, "A"),
        "citizenship=MEX agency=USBP FY2024": (2, "A"),
        "citizenship=CUB agency=USBP FY2023": (3, "A"),
        "citizenship=CUB agency=USBP FY2024": (4, "A"),
    }


def test_notes_are_raised_and_told_from_digits():
    assert rows(
        "<table><tr><td>(ERCF)<sup><a href='#n'>1,2</a></sup></td><td>34<sup>1</sup></td></tr></table>"
    ) == [["(ERCF)\u00b9,\u00b2", "34\u00b9"]]
    standard = standard_of(SOURCE, "html")
    (told,) = refusals(standard, page(TABLE.replace("<td>3</td>", "<td>3<sup>2</sup></td>")))
    assert "the count '3\u00b2' has a note in superscript, and is no figure with it" in told


def test_a_figure_in_no_described_table_stops_the_page():
    with pytest.raises(InputError) as caught:
        figures(
            standard_of(SOURCE, "html"),
            page(TABLE, "<h3>More</h3><table><tr><td>x</td><td>7</td></tr></table>"),
        )
    assert "row 6, column B: '7' and 0 more figures lie in no table that the standard describes" in str(
        caught.value
    )


def test_texts_stand_in_rows_of_their_own():
    text = "<h2>A <em>title</em></h2><div>One<br>two<p>three</p>four</div><script>var x = 1;</script><ul><li>five</li></ul>"
    table = "<table><caption>Said</caption><tr><td>a<p>b</p>c</td><td> 1\n000 </td></tr></table>"
    assert rows(text, table) == [
        ["A title", ""], ["One", ""], ["two", ""], ["three", ""], ["four", ""], ["five", ""], ["Said", ""], ["a b c", "1 000"],
    ]  # fmt: skip


def test_spans_are_merged_cells():
    found = webpage.cells(
        "made",
        page(
            "<table><tr><th rowspan=2>Country</th><th colspan=2>2023</th></tr><tr><td>a</td><td>b</td></tr>"
            "<tr><td rowspan=0>c</td><td>1</td><td>2</td></tr><tr><td>3</td><td colspan='x'>4</td></tr></table>"
        ),
    )
    assert [list(row) for row in found.rows] == [
        ["Country", "2023", ""],
        ["", "a", "b"],
        ["c", "1", "2"],
        ["", "3", "4"],
    ]
    assert found.merged == [((0, 0), (1, 0)), ((0, 1), (0, 2)), ((2, 0), (3, 0))]


def test_a_table_of_tables_is_the_layout_of_the_page():
    inner = "<table><tr><td>a</td><td>1</td></tr></table>"
    assert rows(f"<table><tr><td>left</td><td>{inner}</td></tr></table>") == [["left", ""], ["a", "1"]]


def test_another_encoding_is_the_one_that_the_page_states():
    text = '<html><head><meta charset="iso-8859-1"></head><body><table><tr><td>Ca\u00f1\u00f3n</td></tr></table></body></html>'
    assert [*webpage.cells("made", text.encode("latin-1")).rows] == [["Ca\u00f1\u00f3n"]]
    assert rows("<table><tr><td>Ca\u00f1\u00f3n</td></tr></table>") == [["Ca\u00f1\u00f3n"]]


@pytest.mark.parametrize("start", ["<!-- saved -->", "\ufeff", "\n ", "<?xml version='1.0'?>\n"])
def test_what_a_page_can_begin_with(start):
    data = start.encode() + page(TABLE)
    standard = standard_of(SOURCE, "html")
    assert len(figures(standard, data)) == 4
    assert len(figures(standard, gzip.compress(data))) == 4


@pytest.mark.parametrize(
    "parts", ["", "<p>404 Not found</p>", "<title>x</title>", "<div>Figures: 1,234</div>", "\x00", "<svg>"]
)
def test_a_page_without_a_table(parts):
    with pytest.raises(InputError) as caught:
        read_file(standard_of(SOURCE, "html"), "made", page(parts))
    assert str(caught.value).startswith(
        "made: this is a web page, not a table; the publisher's server probably answered with an error page. Fetch the file again"
    )


def test_a_page_of_no_source():
    with pytest.raises(InputError) as caught:
        read_file(
            standard_of(SOURCE, "html"), "made", page("<h1>News</h1><table><tr><td>1</td></tr></table>")
        )
    assert str(caught.value) == (
        "made: no source in the standard reads this file: it is a web page whose first line is 'News'. "
        "Known sources: made. See docs/add-a-source.md"
    )


def test_a_page_given_as_a_file_of_another_form():
    with pytest.raises(InputError) as caught:
        read_file(standard_of(SOURCE, "html"), "made", b"Country,2023\nMexico,1\n", source="made")
    assert "it is a text file, and a file of made is a web page" in str(caught.value)


@pytest.mark.parametrize(
    "table",
    [
        "<tr>" + "<td colspan=1000 rowspan=65534>1</td>" * 3 + "</tr>" + "<tr></tr>" * 1000,
        "<tr><td colspan=999999999>1</td></tr>" * 3000,
        "<tr><td>1</td></tr>" * 3000 + "<tr><td colspan=1000>1</td></tr>",
    ],
)
def test_a_page_that_would_fill_the_memory(table):
    with pytest.raises(InputError) as caught:
        webpage.cells("made", page("<table>", table, "</table>"))
    assert str(caught.value).startswith(
        "made: the page has more than 500,000 cells, which no published page has"
    )


@pytest.mark.parametrize("rest", ["<div>" * 300, "<p>" + "x" * 11_000_000])
def test_what_is_behind_a_limit_of_the_library_is_not_left_out_in_silence(rest):
    with pytest.raises(InputError) as caught:
        webpage.cells("made", page(TABLE, rest, TABLE))
    assert str(caught.value) == (
        "made: the page is nested too deep, or has too long a text, to be read whole. Fetch the publisher's own page"
    )


@pytest.mark.parametrize("cut", [1, len("</body></html>"), 40, 150])
def test_a_page_that_is_cut_off(cut):
    whole = page(TABLE)
    with pytest.raises(InputError) as caught:
        webpage.cells("made", whole[: -len(b"</html>") - cut])
    assert str(caught.value) == (
        "made: the page has no end (</html>), so it was probably cut off; fetch it again"
    )


def test_cells_that_lie_over_one_another():
    with pytest.raises(InputError) as caught:
        webpage.cells(
            "made",
            page(
                "<p>x</p><table><tr><td>1</td><td rowspan=2>2</td></tr><tr><td colspan=2>3</td></tr></table>"
            ),
        )
    assert str(caught.value) == (
        "made: row 3, column B: cells lie over one another, which no program writes; fetch the page again"
    )


LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8)


@given(st.lists(st.lists(LABELS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_is_written_is_read(table):
    """Against a page written by the library: what stands in the cells is what is read, white space made even."""
    width = max(map(len, table))
    made = html.Element("table")
    for row in table:
        line = html.Element("tr")
        for label in row:
            cell = html.Element("td")
            cell.text = label
            line.append(cell)
        made.append(line)
    data = page(html.tostring(made, encoding="unicode"))
    assert [list(row) for row in webpage.cells("made", data).rows] == [
        [*(" ".join(label.split()) for label in row), *[""] * (width - len(row))] for row in table
    ]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    try:
        found = webpage.cells("made", b"<!DOCTYPE html><table><tr><td>1</td></tr></table>" + data)
    except InputError:
        return
    assert len({len(row) for row in found.rows}) == 1
