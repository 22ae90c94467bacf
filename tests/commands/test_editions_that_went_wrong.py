"""Editions of real files that are wrong in a way that the newest figures alone would not show, made of archived ones."""

import re

import pytest
from click.testing import CliRunner

from borderstats.commands.intake import intake
from borderstats.errors import BorderstatsError, GateError
from made_archive import copied

FAMILIES = "usbp-family-child-monthly/family_child_total_monthly_2000_2019.csv"
STATES = "encounters/nationwide-encounters-fy21-fy24"
SOUTHWEST = "encounters/sbo-encounters-fy22-fy25-nov.csv"
NATION = "encounters/nationwide_total_apprehensions_1925_2019.csv"


@pytest.fixture
def add(standard_folder, archive_folder, tmp_path):
    """A function that adds a changed file to an archive of a few files; what it prints, and the error."""

    def call(names, data, *options):
        folder = copied(archive_folder, tmp_path / "archive", begin=tuple(names))
        path = tmp_path / "made.csv"
        path.write_bytes(data)
        result = CliRunner().invoke(
            intake,
            [str(path), "--add", "--obtained-from", "a test", *options],
            obj={"standard": standard_folder, "archive": folder},
        )
        if result.exception and not isinstance(result.exception, BorderstatsError):
            raise result.exception
        return result.stdout, result.exception

    return call


def blocked(error):
    """The gates that block, and the lines of their cells."""
    assert isinstance(error, GateError)
    lines = str(error).splitlines()
    return {line.split(":")[0] for line in lines if re.match(r"[a-z0-9-]+/[a-z-]+: ", line)}, lines


def test_an_older_edition_that_comes_late_is_held_to_its_own_day(add, archive_folder):
    """Its June 2000 holds the whole year; what the edition of 2019 says is right, and so no figure of today is wrong."""
    data = (archive_folder / FAMILIES).read_text()
    rows = [row for row in data.splitlines() if row.split(",")[1] != "2019"]
    june = next(n for n, row in enumerate(rows) if row.startswith("nationwide total,2000,june,"))
    rows[june] = "nationwide total,2000,june,1676438,NA,NA"
    _, error = add([FAMILIES], "\n".join([*rows, ""]).encode(), "--as-of", "2018-10-30")
    gates, lines = blocked(error)
    assert "usbp-apprehensions-family-child/months-make-year" in gates
    assert any("FY2000, as of 2018-10-30 in " in line for line in lines)


def test_the_newest_month_without_a_border_is_a_failure(add, archive_folder):
    """The southwest table of November has October 2024, which the edition of the states lacks there."""
    header, *rows = (archive_folder / f"{STATES}-state.csv").read_text().splitlines()
    rows = [row for row in rows if not row.startswith("2021,")]
    # The figures of October 2023 as those of October 2024, without the southwest border.
    october = [
        row.replace("2024,", "2025 (FYTD),", 1) for row in rows if row.startswith("2024,") and ",OCT," in row
    ]
    kept = [row for row in october if "Southwest" not in row]
    assert 0 < len(kept) < len(october)
    _, error = add([STATES, SOUTHWEST], "\n".join([header, *rows, *kept, ""]).encode())
    gates, lines = blocked(error)
    assert {"cbp-encounters-state/southwest-total", "cbp-encounters-state/southwest-citizenship"} <= gates
    assert any("2024-10, as of 2024-11-30 in " in line and ": 0 here, 62,890 in" in line for line in lines)


def test_a_year_that_is_missing_inside_the_file_needs_a_reason(add, archive_folder):
    data = (archive_folder / NATION).read_bytes().replace(b"2019,859501", b"2020,405036\n2019,859501")
    data = re.sub(rb"(?m)^1931,.*\n", b"", data)
    _, error = add([NATION], data, "--as-of", "2020-10-15")
    gates, lines = blocked(error)
    assert gates == {"usbp-apprehensions-nation/newness"}
    assert any("it lacks FY1931 inside its own span" in line for line in lines)
    said, error = add([NATION], data, "--as-of", "2020-10-15", "--reason", "the year was withdrawn")
    assert error is None
    assert "archive: added as encounters/made.csv" in said


def test_two_labels_exchanged_are_found_by_the_closed_years(add, archive_folder):
    data = (archive_folder / f"{STATES}-mar-state.csv").read_text()
    data = (
        data.replace(",HONDURAS,", ",?,").replace(",GUATEMALA,", ",HONDURAS,").replace(",?,", ",GUATEMALA,")
    )
    _, error = add([f"{STATES}-jan", f"{STATES}-feb"], data.encode())
    gates, _ = blocked(error)
    assert "cbp-encounters-state/closed-years" in gates
