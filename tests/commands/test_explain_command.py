"""`borderstats standard explain SOURCE FILE`: in the terminal and as a page of HTML."""

import html.parser
import re

import pytest
import python_calamine
from click.testing import CliRunner

from borderstats.commands.standards import standard as command
from borderstats.errors import BorderstatsError

HEADER = "sector,fiscal_year,number_of_agents\n"
ROWS = "yuma,2019,871\nlivermore,2019,NA\nsouthwest border,2019,16731\natlantis,2019,5\n"


@pytest.fixture
def ask(standard_folder, monkeypatch):
    """A function from arguments to what the command prints and its error text."""
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments, color=False):
        result = CliRunner().invoke(
            command, ["explain", *map(str, arguments)], obj={"standard": standard_folder}, color=color
        )
        if isinstance(result.exception, SystemExit):
            return "", result.output
        if result.exception and not isinstance(result.exception, BorderstatsError):
            raise result.exception
        return result.output, str(result.exception or "")

    return call


@pytest.fixture
def made(tmp_path):
    def write(text, name="made.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_a_list(ask, made):
    output, error = ask("usbp-staffing", made(HEADER + ROWS))
    assert error == ""
    assert output.splitlines() == [
        "made.csv as a file of usbp-staffing: Border Patrol Agent Nationwide Staffing by Fiscal Year, 1992 to 2019",
        "= accepted   - left out   ! refused   # headings   ? not looked at",
        "",
        "file: 5 rows, 3 columns",
        "cells: 15 = 9 accepted + 0 left out + 3 refused + 3 headings + 0 not looked at + 0 blank",
        "  sources/usbp-staffing.toml: $.columns: a list that feeds usbp-agents-sector",
        "   A                                              B              C",
        " 1 sector                                         fiscal_year    number_of_agents",
        "   # dimension office                             # fiscal_year  # figure",
        " 2 yuma                                           2019           871",
        "   = YUM SW                                       = FY2019       = USBP SW YUM FY2019",
        " 3 livermore                                      2019           NA",
        "   = LVM COASTAL                                  = FY2019       = USBP COASTAL LVM FY2019: no figure, status…",
        " 4 southwest border                               2019           16731",
        "   = _T SW                                        = FY2019       = USBP SW FY2019",
        " 5 atlantis                                       2019           5",
        "   ! unknown office 'atlantis'; if it is right,…  !              !",
        "columns:",
        "  A   sector: dimension office; 4 labels: 'yuma' is office=YUM region=SW, 'livermore' is office=LVM region=COASTAL,",
        "      'southwest border' is office=_T region=SW and 1 more; 1 cell refused",
        "  B   fiscal_year: fiscal_year; 1 label: '2019' is FY2019; 1 cell refused",
        "  C   number_of_agents: figure; 3 figures; 1 cell refused",
        "refused:",
        (
            "  row 5, column 'sector' 'atlantis': unknown office 'atlantis'; if it is right, add it to "
            "codelists/office.csv (never to"
        ),
        "      an other)",
    ]


def test_what_a_change_of_the_source_does(ask, made, standard_folder, tmp_path):
    """The statistician's question: a label that was refused is left out once the source says so."""
    path = made(HEADER + ROWS)
    described = (standard_folder / "sources/usbp-staffing.toml").read_text()
    changed = described.replace(
        'parent_to = "region"', 'parent_to = "region"\nleft_out = { atlantis = "there is no such sector" }'
    )
    assert changed != described
    folder = tmp_path / "standard"
    folder.mkdir()
    for one in standard_folder.iterdir():
        if one.name != "sources":
            (folder / one.name).symlink_to(one)
    (folder / "sources").mkdir()
    for one in (standard_folder / "sources").iterdir():
        (folder / "sources" / one.name).write_text(
            changed if one.name == "usbp-staffing.toml" else one.read_text()
        )
    result = CliRunner().invoke(command, ["explain", "usbp-staffing", str(path)], obj={"standard": folder})
    assert "cells: 15 = 9 accepted + 3 left out + 0 refused + 3 headings" in result.output
    assert "  row 5 'atlantis' and 2 cells more: there is no such sector" in result.output


def test_of_many_rows_some_are_drawn_and_all_are_counted(ask, made):
    path = made(HEADER + "".join(f"yuma,{1950 + n % 70},{n}\n" for n in range(5000)))
    output, _ = ask("usbp-staffing", path)
    lines = output.splitlines()
    assert len(lines) < 80
    assert "file: 5,001 rows, 3 columns" in lines
    assert "  12 of 5,001 rows are drawn; --sheet and --rows FROM:TO draw others" in lines
    output, _ = ask("usbp-staffing", path, "--rows", "4000:4001")
    rows = [line.split()[0] for line in output.splitlines() if re.match(r" *\d+ ", line)]
    assert rows[:3] == ["1", "4000", "4001"]


@pytest.mark.parametrize("width", [10, 70, 100, 160])
def test_no_line_is_wider_than_the_terminal(ask, made, archive_folder, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    long = "x" * 500
    path = made(HEADER + ROWS + f"{long},2019,5\n")
    for arguments in (
        ("usbp-staffing", path),
        ("usbp-annual-deaths", path),
        ("yearbook-convictions-1998", archive_folder / "yearbook-convictions-1998/Table73_2.xls"),
    ):
        output, error = ask(*arguments)
        assert error == ""
        assert max(map(len, output.splitlines())) <= max(width, 70)


def test_colors_are_for_terminals_and_nothing_in_a_file_commands_one(ask, made):
    path = made(HEADER + "yuma,2019,5\n\x1b[31mred\x1b[0m,2019,6\n")
    plain, _ = ask("usbp-staffing", path)
    assert "\x1b" not in plain
    colored, _ = ask("usbp-staffing", path, color=True)
    assert "\x1b[32m= " in colored
    assert "\x1b[31mred" not in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_a_sheet_by_its_name(ask, archive_folder):
    path = archive_folder / "ice-detention-statistics/FY21-detentionstats.xlsx"
    output, _ = ask("ice-detention-statistics", path)
    assert output.count("\ncells: ") == 5
    assert "\n 6 " not in output
    output, _ = ask("ice-detention-statistics", path, "--sheet", "atd FY21  YTD ", "--rows", "6:8")
    assert output.count("\ncells: ") == 1
    assert "\n 6 " in output
    _, error = ask("ice-detention-statistics", path, "--sheet", "None")
    assert error.startswith(
        "FY21-detentionstats.xlsx: there is no sheet 'None'; there are 'Detention FY21 YTD', "
    )


def test_a_file_of_another_source(ask, made):
    output, error = ask("usbp-annual-deaths", made(HEADER + ROWS))
    assert error == ""
    assert output.splitlines()[2:5] == [
        "differs from what the source describes:",
        "  row 1: column 'deaths' is missing; usbp-annual-deaths cannot be read without it",
        (
            "  row 1: column 3: 'number_of_agents' is not known to usbp-annual-deaths; "
            "describe it in sources/usbp-annual-deaths.toml"
        ),
    ]
    assert (
        "cells: 15 = 0 accepted + 0 left out + 0 refused + 2 headings + 13 not looked at + 0 blank" in output
    )


@pytest.mark.parametrize("rows", ["x", "5", "1:", ":9", "-1:4", "1:2:3"])
def test_rows_that_are_none(ask, made, rows):
    assert "is not like 1:50" in ask("usbp-staffing", made(HEADER + ROWS), f"--rows={rows}")[1]


def test_no_such_source_or_file_or_day(ask, made, tmp_path):
    path = made(HEADER + ROWS)
    assert ask("usbp-stafing", path)[1] == (
        "made.csv: no source of the standard is called 'usbp-stafing'; 'usbp-staffing' may be meant"
    )
    assert "does not exist" in ask("usbp-staffing", tmp_path / "nowhere.csv")[1]
    output, _ = ask("usbp-staffing", path, "--as-of", "2018-01-01")
    assert "FY2019 begins after 2018-01-01, the day for which the file is stated" in output
    assert "cells: 15 = 0 accepted + 0 left out + 12 refused" in output


class Page(html.parser.HTMLParser):
    """A page's elements, its cells with their classes, and what it refers to."""

    VOID = ("meta", "link", "br")

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.cells, self.references = [], set(), [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.add(tag)
        self.references += [attributes[name] for name in ("src", "href") if name in attributes]
        if tag == "td" and "class" in attributes:
            self.cells.append(attributes["class"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_page_of_html(ask, made, tmp_path):
    target = tmp_path / "page.html"
    path = made(HEADER + ROWS + '"<script>alert(1)</script>",2019,6\n')
    assert ask("usbp-staffing", path, "--html", target) == (f"{target}: written\n", "")
    text = target.read_text("utf-8")
    page = Page(text)
    assert "script" not in page.tags
    assert "&lt;script&gt;" in text
    assert [reference for reference in page.references if not reference.startswith("data:")] == []
    kinds = {kind: page.cells.count(f"k-{kind}") for kind in ("accepted", "refused", "headings")}
    assert kinds == {"accepted": 9, "refused": 6, "headings": 3}
    assert '<html lang="en">' in text
    assert ask("usbp-staffing", path, "--html", target)[1] == ""
    assert target.read_text("utf-8") == text


def test_a_page_of_a_workbook(ask, tmp_path, archive_folder):
    target = tmp_path / "page.html"
    path = archive_folder / "ice-detention-statistics/FY21-detentionstats.xlsx"
    ask("ice-detention-statistics", path, "--html", target)
    text = target.read_text("utf-8")
    opened = python_calamine.CalamineWorkbook.from_path(path)
    sheets = {
        name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names
    }
    assert all(f"<h2>sheet &#39;{name}&#39;" in text for name in sheets)
    assert len(Page(text).cells) == sum(len(rows) * len(rows[0]) for rows in sheets.values())
