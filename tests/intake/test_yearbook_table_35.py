"""Table 35 of the Yearbook, on an invented page: its headings are the publisher's, every figure is made up."""

import datetime

import pytest

from borderstats.intake.read import read_file
from borderstats.package.snapshots import Snapshot
from borderstats.pipeline import trial, vintages_of

YEARS = ("2012", "2013 <sup>[1]</sup>")
SOUTHWEST = (
    "Big Bend, TX", "Del Rio, TX", "El Centro, CA", "El Paso, TX", "Laredo, TX", "Rio Grande Valley, TX",
    "San Diego, CA", "Tucson, AZ", "Yuma, AZ",
)  # fmt: skip
OTHER = (
    "Blaine, WA", "Buffalo, NY", "Detroit, MI", "Grand Forks, ND", "Havre, MT", "Houlton, ME", "Miami, FL",
    "New Orleans, LA", "Ramey, PR", "Spokane, WA", "Swanton, VT",
)  # fmt: skip
PROGRAMS = (
    "CBP U.S. Border Patrol (USBP) Apprehensions",
    "CBP Office of Field Operations (OFO) Encounters",
    "ICE Homeland Security Investigations (HSI) Administrative Arrests",
    "ICE Enforcement and Removal Operations (ERO) Administrative Arrests",
)
JURISDICTIONS, AREAS = ("Atlanta, GA", "San Juan, PR", "Washington, DC"), ("Atlanta", "San Diego", "St. Paul")
ENTRIES = {name: (7 * n + 5, 1_000 + n) for n, name in enumerate((*SOUTHWEST, *OTHER))}
HSI = {name: (n + 1, 20 + n) for n, name in enumerate(JURISDICTIONS)}
ERO = {name: (300 + n, 4_000 + n) for n, name in enumerate(AREAS)}


def total(figures, names=None):
    return tuple(map(sum, zip(*(figures[name] for name in names or figures), strict=True)))


def invented(programs=None):
    """The page: each table below its heading, a note at the end."""
    southwest, other = total(ENTRIES, SOUTHWEST), total(ENTRIES, OTHER)
    parts = (total(ENTRIES), (90, 91), total(HSI), total(ERO))
    programs = programs or dict(zip(PROGRAMS, parts, strict=True))
    tables = (
        ("Program Totals", "Agency", {"Total": total(programs), **programs}),
        (
            "CBP U.S. Border Patrol Apprehensions",
            "Border Patrol Sector",
            {"Total apprehensions": total(ENTRIES), "Southwest sectors": southwest, "Other sectors": other},
        ),
        ("Southwest Sectors", "Border Patrol Sector", {"Total": southwest, **{n: ENTRIES[n] for n in SOUTHWEST}}),
        ("Other Sectors", "Border Patrol Sector", {"Total": other, **{n: ENTRIES[n] for n in OTHER}}),
        (
            "ICE Homeland Security Investigations Administrative Arrests",
            "Special Agent in Charge (SAC) Jurisdiction",
            {"Total": total(HSI), **HSI},
        ),
        (
            "ICE Enforcement and Removal Operations Administrative Arrests",
            "Area of Responsibility",
            {"Total": total(ERO), **ERO},
        ),
    )  # fmt: skip
    lines = ["<html><head><title>Table 35</title></head><body>"]
    for caption, corner, figures in tables:
        rows = [
            (corner, *YEARS),
            *((label, *(f"{one:,}" for one in pair)) for label, pair in figures.items()),
        ]
        cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
        lines += [f"<h3>{caption}</h3><table>", *(f"<tr>{row}</tr>" for row in cells), "</table>"]
    return "\n".join([*lines, "<p>NA Not Available</p></body></html>", ""]).encode()


@pytest.fixture(scope="module")
def reading(standard):
    found = read_file(standard, "invented.html", invented())
    assert found.source.id == "yearbook-apprehensions"
    assert [refusal.text("invented") for refusal in found.refusals] == []
    return found


def figures(reading, dataset):
    observations = reading.datasets[dataset]
    return dict(
        zip(map(observations.space.text, observations.key.tolist()), observations.value.tolist(), strict=True)
    )


def by_year(labels):
    """Each key in words, for both years; a code of a total is not said."""
    return {
        f"{key} {year}".strip(): figure
        for key, pair in labels.items()
        for year, figure in zip(("FY2012", "FY2013"), pair, strict=True)
    }


def test_the_programs_and_their_total(reading):
    codes = dict(
        zip(("USBP", "OFO", "HSI", "ERO"), (total(ENTRIES), (90, 91), total(HSI), total(ERO)), strict=True)
    )
    expected = {f"enforcement_program={code}": pair for code, pair in codes.items()}
    expected[""] = total(codes)
    assert figures(reading, "yearbook-apprehensions") == by_year(expected)


def test_every_sector_lies_in_its_region_and_the_southwest_has_its_total(reading):
    found = figures(reading, "yearbook-apprehensions-sector")
    assert found["component=USBP region=SW office=BBT FY2013"] == ENTRIES["Big Bend, TX"][1]
    assert found["component=USBP region=COASTAL office=RMY FY2012"] == ENTRIES["Ramey, PR"][0]
    assert found["component=USBP region=SW FY2012"] == total(ENTRIES, SOUTHWEST)[0]
    assert found["component=USBP FY2013"] == total(ENTRIES)[1]
    assert len(found) == 2 * (len(ENTRIES) + 2)
    sectors = sum(figure for cell, figure in found.items() if "office=" in cell)
    assert sectors == sum(total(ENTRIES))


def test_jurisdictions_and_areas_of_one_name_are_apart(reading):
    hsi, ero = figures(reading, "yearbook-arrests-hsi"), figures(reading, "yearbook-arrests-ero")
    assert hsi == by_year(
        {
            "hsi_jurisdiction=ATLANTA": HSI["Atlanta, GA"],
            "hsi_jurisdiction=SAN_JUAN": HSI["San Juan, PR"],
            "hsi_jurisdiction=WASHINGTON": HSI["Washington, DC"],
            "": total(HSI),
        }
    )
    assert ero == by_year(
        {
            "aor=ATL": ERO["Atlanta"],
            "aor=SND": ERO["San Diego"],
            "aor=SPM": ERO["St. Paul"],
            "": total(ERO),
        }
    )


SNAPSHOT = Snapshot(
    file="invented.html", sha256="0" * 64, bytes=1, source="yearbook-apprehensions", publisher="nobody", title="invented",
    as_of=datetime.date(2013, 9, 30), as_of_basis="inferred", as_of_note="", known=datetime.date(2014, 9, 30),
    known_basis="not before", known_note="", obtained_from="nowhere", licence="none",
)  # fmt: skip


def failed(standard, folder, data):
    """What the gates find in the invented page alone, by gate."""
    found = read_file(standard, "invented.html", data, SNAPSHOT.as_of)
    _, outcomes = trial(standard, folder, vintages_of(SNAPSHOT, found))
    return {one.id for one in outcomes if not one.passed}


def test_the_tables_are_held_to_one_another(standard, tmp_path):
    assert failed(standard, tmp_path, invented()) == set()
    programs = dict(zip(PROGRAMS, (total(ENTRIES), (90, 91), (6, 63), total(ERO)), strict=True))
    programs[PROGRAMS[0]] = (total(ENTRIES)[0] + 1, total(ENTRIES)[1])
    programs[PROGRAMS[2]] = (total(HSI)[0], total(HSI)[1] + 3)
    assert failed(standard, tmp_path, invented(programs)) == {
        "yearbook-apprehensions/sectors",
        "yearbook-apprehensions/jurisdictions",
    }
