"""An office of another kind, with a standard and an archive of its own in this folder, all of it invented.

The fewest files, one language, months, quarters and calendar years, no program, nothing waived, cited or reconciled. It is
built, verified, published and served like any other, and nothing of the project's own subject is in what it publishes.
"""

import csv
import datetime
import io
import json
import re
import shutil
import sqlite3
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from lxml import etree

from borderstats import pipeline
from borderstats.errors import BorderstatsError
from borderstats.package.verify import alterations
from borderstats.serve import exact
from borderstats.site import publish
from borderstats.standard.load import load
from serving import serving

HERE = Path(__file__).parent
DATE = datetime.date(2025, 8, 1)
OURS = re.compile(
    r"\bborder\b|encounter|apprehen|immigra|\bCBP\b|\bDHS\b|fact.sheet|united states|federal", re.IGNORECASE
)
"""Words of the project's own standard, none of which belongs to a port."""

SPANISH = re.compile(
    r"spanish|español|[_\"']es[\"'\s:]|lang=.es|frecuencia|conceptos|unidad|período|cifra", re.IGNORECASE
)
NOT_THERE = re.compile(
    r"\bprovisions?\b|reconcil|fiscal|waiver\b.*%|cited figures|break in series", re.IGNORECASE
)
"""What this standard has not, which no page may speak of."""

DATASETS = ("cargo", "ship-calls", "staff")


def archived(name):
    with (HERE / "archive" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return pipeline.build(HERE / "standard", HERE / "archive", DATE, tmp_path_factory.mktemp("releases")).path


@pytest.fixture(scope="module")
def public(release, tmp_path_factory):
    target = tmp_path_factory.mktemp("public") / "public"
    return publish.write(release, target, exact.documents(release)).path


@pytest.fixture(scope="module")
def served(public, tmp_path_factory):
    with serving(public, tmp_path_factory.mktemp("log") / "log.jsonl") as running:
        yield running


@pytest.fixture(scope="module")
def pages(public):
    """The text of each page by its path."""
    aside = {"pages", "latest"}
    found = (p for p in sorted(public.rglob("*.html")) if aside.isdisjoint(p.relative_to(public).parts))
    return {path.relative_to(public).as_posix(): path.read_text() for path in found}


def texts(folder):
    """All that a person or a program can read in files of a release, by their paths: text, cells, rows."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            yield name, "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)
        elif path.suffix == ".sqlite":
            with sqlite3.connect(path) as connection:
                yield name, "\n".join(connection.iterdump())
            connection.close()
        # The schema describes what any release can hold.
        elif path.is_file() and path.suffix != ".parquet" and name != "schema.json":
            yield name, path.read_text()


def test_the_standard_is_as_small_as_one_can_be(tmp_path):
    files = sorted(path.relative_to(HERE / "standard") for path in (HERE / "standard").rglob("*.*"))
    assert len(files) == 14
    for file in files:
        copy = shutil.copytree(HERE / "standard", tmp_path / file.stem / file.suffix[1:] / file.parent.name)
        (copy / file).unlink()
        if file.name == "home.toml":
            assert load(copy).headlines == ()
        else:
            with pytest.raises(BorderstatsError):
                pipeline.build(copy, HERE / "archive", DATE, tmp_path / "out")


def test_it_is_built_whole_and_again_the_same(release, tmp_path):
    assert list(alterations(release)) == []
    assert pipeline.build(HERE / "standard", HERE / "archive", DATE, tmp_path).path.name == release.name


def test_there_is_a_page_for_what_there_is_and_for_nothing_else(pages, release):
    of_datasets = {f"{folder}/{name}.html" for folder in ("datasets", "sources") for name in DATASETS}
    whole = {"index.html", "method.html", "quality.html", "reporting.html", "revisions.html"}
    stays = {f"releases/{release.name}/{page}" for page in whole | of_datasets}
    about = {"releases.html", f"notices/{release.name}.html"}
    assert set(pages) == whole | of_datasets | stays | about


def test_every_link_of_every_page_leads_somewhere(pages, public):
    for name, page in pages.items():
        for address in re.findall(r'(?:href|src)="([^"]+)"', page):
            target = urlsplit(address)
            if not target.scheme and target.path:
                assert ((public / name).parent / target.path).exists(), (name, address)


def test_pages_are_titled_by_the_office_and_speak_of_nothing_that_it_has_not(pages):
    assert "<h1>Ports of Tavland: ships, cargo, crews</h1>" in pages["index.html"]
    for name, page in pages.items():
        assert "| Harbour Board of Tavland</title>" in page, name
        shown = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
        for words in (OURS, SPANISH, NOT_THERE):
            assert not words.search(shown), (name, words.search(shown))


def test_no_file_speaks_of_another_subject_or_language(release):
    for name, text in texts(release):
        assert not OURS.search(text), (name, OURS.search(text))
        if name != "standard.json":
            assert not SPANISH.search(text), (name, SPANISH.search(text))


def test_figures_are_those_of_the_archive(release):
    latest = {
        name: list(csv.DictReader((release / f"data/{name}/latest.csv").read_text().splitlines()))
        for name in DATASETS
    }
    calls = {
        (row["Month"], row["Port"]): "" if row["Calls"] == "closed" else row["Calls"]
        for row in archived("ship-calls-2025-06.csv")
    }
    ports = {"SUN": "Sunhaven", "WES": "Westmole", "OLD": "Old Quay"}
    assert {(row["period"], ports[row["port"]]): row["value"] for row in latest["ship-calls"]} == calls
    kinds = {"CON": "Containers", "BUL": "Dry bulk", "LIQ": "Liquid bulk", "_T": "All cargo"}
    tonnes = {(row["Quarter"], row["Cargo"]): row["Tonnes"] for row in archived("cargo-2025-q2.csv")}
    assert {(row["period"], kinds[row["cargo"]]): row["value"] for row in latest["cargo"]} == tonnes
    staff = {(row["Year"], row["Port"]): row["Staff on 31 December"] for row in archived("staff-2024.csv")}
    assert {(row["period"], ports[row["port"]]): row["value"] for row in latest["staff"]} == staff
    assert {row["status"] for row in latest["ship-calls"] if not row["value"]} == {"L"}
    (revision,) = csv.DictReader((release / "data/ship-calls/revisions.csv").read_text().splitlines())
    assert (revision["port"], revision["period"], revision["delta"]) == ("WES", "2025-02", "4")


def test_the_home_page_says_the_year_so_far_beside_the_same_months_and_quarters(pages):
    calls = Counter()
    for row in archived("ship-calls-2025-06.csv"):
        year, month = row["Month"].split("-")
        if year in {"2024", "2025"} and int(month) <= 6:
            calls[year] += int(row["Calls"])
    home = pages["index.html"]
    assert f"<strong>{calls['2025']:,}</strong>" in home
    assert f"the {calls['2024']:,} in the same months a year earlier, January 2024 to June 2024." in home
    tonnes = Counter()
    for row in archived("cargo-2025-q2.csv"):
        if row["Cargo"] == "All cargo" and row["Quarter"][5:] in {"Q1", "Q2"}:
            tonnes[row["Quarter"][:4]] += int(row["Tonnes"])
    assert f"<strong>{tonnes['2025']:,}</strong>" in home
    assert f"the {tonnes['2024']:,} in the same quarters a year earlier" in home


@pytest.mark.parametrize(
    ("name", "path", "parameters"),
    [
        ("cargo", "/api/datasets/cargo/observations", {"cargo": "_T", "from": "2024", "format": "csv"}),
        (
            "cargo",
            "/sdmx/3/data/dataflow/HBT/cargo/~/Q._T",
            {"c[TIME_PERIOD]": "ge:2024-Q1", "format": "csv"},
        ),
        ("staff", "/api/datasets/staff/observations", {"port": "OLD", "format": "csv"}),
        ("staff", "/sdmx/3/data/dataflow/HBT/staff/~/A.OLD", {"format": "csv"}),
        ("staff", "/sdmx/2.1/data/staff/A.OLD", {"startPeriod": "2010", "format": "csv"}),
    ],
)
def test_the_interface_answers_with_the_same_figures(served, name, path, parameters):
    query = "&".join(f"{key}={value}" for key, value in parameters.items())
    response = served.get(f"{path}?{query}")
    assert response.status_code == 200, response.text
    rows = list(csv.DictReader(io.StringIO(response.text)))
    served_figures = [row.get("value") or row["OBS_VALUE"] for row in rows]
    if name == "cargo":
        wanted = [
            row["Tonnes"]
            for row in archived("cargo-2025-q2.csv")
            if row["Cargo"] == "All cargo" and row["Quarter"] >= "2024"
        ]
    else:
        wanted = [
            row["Staff on 31 December"] for row in archived("staff-2024.csv") if row["Port"] == "Old Quay"
        ]
    assert served_figures == wanted


def test_the_interface_speaks_one_language_and_of_no_provisions(served):
    for path in (
        "/api/datasets",
        "/api/datasets/cargo",
        "/api/openapi.json",
        "/api/search?q=cargo",
        "/sdmx/3/structure/*",
    ):
        response = served.get(path)
        assert response.status_code == 200, path
        assert not OURS.search(response.text), (path, OURS.search(response.text))
    listed = json.loads(served.get("/api/datasets").content)["datasets"]
    assert [one["title"] for one in listed] == [
        {"en": "Cargo across the quays, by kind"},
        {"en": "Calls of ships, by port"},
        {"en": "Staff of the ports"},
    ]
    (found, *_) = json.loads(served.get("/api/search?q=ships").content)["results"]
    assert found["title_en"] == "Calls of ships, by port"
    assert "title_es" not in found
    assert "/api/provisions" not in json.loads(served.get("/api/openapi.json").content)["paths"]
    assert json.loads(served.get("/api/provisions").content)["provisions"] == []
    assert served.get("/provisions.html").status_code == 404


def test_structures_have_no_categories_and_one_language(release):
    structure = etree.parse(release / "sdmx/structure-3.0.xml")
    languages = structure.xpath("//@xml:lang")
    assert set(languages) == {"en"}
    assert not structure.xpath("//*[local-name() = 'CategoryScheme' or local-name() = 'Categorisation']")
    assert set(structure.xpath("//*[local-name() = 'Dataflow']/@id")) == set(DATASETS)
    document = json.loads((release / "sdmx/structure-2.0.json").read_text())
    assert document["meta"]["contentLanguages"] == ["en"]


def test_the_database_has_no_column_of_another_language_and_no_empty_table(release):
    with sqlite3.connect(release / "borderstats.sqlite") as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        columns = {
            name: [c for _, c, *_ in connection.execute(f"PRAGMA table_info({name})")] for name in tables
        }
        found = connection.execute(
            "SELECT en FROM texts WHERE id IN (SELECT rowid FROM texts_fts('quays'))"
        ).fetchall()
    connection.close()
    assert ("Cargo across the quays, by kind",) in found
    assert "provisions" not in tables
    assert not [
        (name, c) for name, listed in columns.items() for c in listed if c == "es" or c.endswith("_es")
    ]
    assert "label_en" in columns["codes"]
