"""The release as one SQLite file: the same rows and sums as its Parquet files, explained, searchable, served."""

import datetime
import json
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import parquet

from borderstats.errors import ReleaseError
from borderstats.formats import database, datasette
from borderstats.formats.database_words import table as named
from borderstats.package import read
from borderstats.package.model import TIMES


@pytest.fixture
def package(small):
    return read.package(small)


@pytest.fixture(scope="module")
def published(release):
    return read.package(release)


@pytest.fixture(scope="module")
def file(published, tmp_path_factory):
    path = tmp_path_factory.mktemp("database") / database.NAME
    path.write_bytes(database.document(published))
    return path


@pytest.fixture
def connection(file):
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
    yield connection
    connection.close()


@pytest.fixture
def opened(package, tmp_path):
    (tmp_path / "small.sqlite").write_bytes(database.document(package))
    connection = sqlite3.connect(tmp_path / "small.sqlite")
    yield connection
    connection.close()


def test_each_table_has_the_rows_and_sums_of_its_file(connection, published, release):
    for name, dataset in published.datasets.items():
        for table, file in ((named(name), "latest"), (named(name) + "_history", "history")):
            expected = parquet.read_table(release / f"data/{name}/{file}.parquet")
            if file == "history":
                # What another edition of its own day replaced is in no table of the database.
                lasting = [
                    a != b
                    for a, b in zip(
                        *(expected[one].to_pylist() for one in ("edition_from", "edition_to")), strict=True
                    )
                ]
                expected = expected.filter(pa.array(lasting))
            found = connection.execute(
                f"SELECT count(*), count(value), total(value), sum(value) FROM {table}"
            ).fetchone()
            total = pc.sum(expected["value"]).as_py()
            assert found[:2] == (expected.num_rows, expected.num_rows - expected["value"].null_count), table
            assert found[2 if dataset.meta.decimals else 3] == pytest.approx(total, rel=1e-12), table


@pytest.mark.parametrize(
    "name", ["uscis-fear-decisions", "contract-obligations", "ohss-cbp-one", "usbp-barrier-miles"]
)
def test_each_row_is_that_of_the_file(connection, published, release, name):
    for table, file, last in (
        (named(name), "latest", ("known_from", "known_basis", "edition_from")),
        (named(name) + "_history", "history", TIMES),
    ):
        rows = parquet.read_table(release / f"data/{name}/{file}.parquet").drop_columns(
            ["snapshot", "origin"]
        )
        written = [
            tuple(str(one) if isinstance(one, datetime.date) else one for one in row.values())
            for row in rows.to_pylist()
        ]
        found = connection.execute(f"SELECT {', '.join(rows.column_names)} FROM {table}").fetchall()
        assert rows.column_names[-len(last) :] == list(last)
        assert sorted(found, key=repr) == sorted(written, key=repr)


def test_a_missing_figure_is_null_with_its_status(connection, published, release):
    for name in published.datasets:
        missing = connection.execute(f"SELECT DISTINCT status FROM {named(name)} WHERE value IS NULL")
        assert {status for (status,) in missing} <= set("MLQO")
        kinds = connection.execute(f"SELECT DISTINCT typeof(value) FROM {named(name)} WHERE value NOT NULL")
        assert kinds.fetchall() == [("real" if published.datasets[name].meta.decimals else "integer",)]


def test_the_file_is_sound_and_every_code_explained(connection):
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    labels = connection.execute("SELECT label_en FROM dimension_citizenship WHERE code = 'MEX'").fetchall()
    assert labels == [("Mexico",)]
    (unexplained,) = connection.execute(
        "SELECT count(*) FROM codes WHERE label_en = '' OR label_es = ''"
    ).fetchone()
    assert unexplained == 0


def test_a_filter_uses_an_index(connection):
    for where in ("citizenship = 'MEX'", "state = 'TX'", "period = '2023-10'", "region = 'SW'"):
        (*_, plan) = connection.execute(
            f"EXPLAIN QUERY PLAN SELECT sum(value) FROM cbp_encounters_state WHERE {where}"
        ).fetchone()
        assert plan.startswith("SEARCH cbp_encounters_state USING INDEX"), plan


@pytest.mark.parametrize(
    ("words", "kind", "found"),
    [
        ("encuentros pais", "dataset", "CBP encounters nationwide, by state"),
        ("país", "dataset", "CBP encounters nationwide, by state"),
        ("mexico", "code", "Mexico"),
        ("MÉXICO", "code", "Mexico"),
        ("ciudadania", "dimension", "Citizenship"),
        ("provisional", "dataset", "CBP encounters nationwide, by state"),
    ],
)
def test_words_are_found_with_and_without_accents(connection, words, kind, found):
    titles = connection.execute(
        "SELECT en FROM texts WHERE kind = ? AND id IN (SELECT rowid FROM texts_fts WHERE texts_fts MATCH ?)",
        (kind, words),
    )
    assert (found,) in titles.fetchall()


def test_words_of_a_small_release(opened, package):
    datasets = opened.execute(
        "SELECT id, table_name, unit_en, decimals, citation FROM datasets WHERE id = 'money'"
    )
    citation = "Obligations. borderstats, release of 1 February 2024. https://borderstats.example/releases/2024-02-01-abcdef012345/datasets/money.html"
    assert datasets.fetchall() == [("money", "money", "U.S. dollars", 2, citation)]
    labels = opened.execute(
        "SELECT dataset, label_en FROM codes WHERE dimension = 'region' AND code = 'SW' ORDER BY 1"
    )
    assert labels.fetchall() == [("annual", "Southwest"), ("monthly", "Southwest land border")]
    assert opened.execute("SELECT count(*) FROM provisions").fetchone() == (len(package.provisions),)
    quoted = opened.execute("SELECT text, document FROM provisions WHERE number = 2").fetchone()
    assert quoted == (
        "A wall will be & more.",
        "An Office, Fact Sheet: More & Better, 2017-02-21, Doc. No. 1",
    )
    assert opened.execute("SELECT id, publisher FROM sources").fetchall() == [("source", "An agency")]
    assert opened.execute("SELECT count(*) FROM snapshots WHERE dataset = 'monthly'").fetchone() == (2,)
    money = opened.execute("SELECT value, status FROM money WHERE wall = 'WALL' ORDER BY period LIMIT 3")
    assert money.fetchall() == [(1_500_000.25, "A"), (-2_250_000.5, "A"), (None, "O")]
    everything = "\n".join(opened.iterdump())
    assert f"releases/{package.manifest.id}/" in everything


def test_same_release_same_bytes(package, small):
    assert database.document(package) == database.document(read.package(small))


def test_a_row_of_another_or_a_code_that_nothing_explains_is_refused(small):
    path = small / "data/listed/history.parquet"
    table = parquet.read_table(path)
    parquet.write_table(pa.concat_tables([table, table]), path)
    with pytest.raises(ReleaseError, match=r"data/listed: UNIQUE constraint failed: listed_history\.state"):
        database.document(read.package(small))
    place = table.column_names.index("state")
    names = pa.array([f"S{n}" for n in range(table.num_rows)])
    parquet.write_table(table.set_column(place, "state", names), path)
    with pytest.raises(ReleaseError, match="table listed_history has a code that is not in dimension_state"):
        database.document(read.package(small))
    path.write_bytes(b"no table")
    with pytest.raises(ReleaseError, match=r"history\.parquet: altered or broken"):
        database.document(read.package(small))
    path.unlink()
    with pytest.raises(ReleaseError, match=r"history\.parquet: missing"):
        database.document(read.package(small))


@pytest.fixture(scope="module")
def served(file, published):
    """The address of a Datasette that serves the file, which nothing may change."""
    metadata = file.with_name(datasette.NAME)
    metadata.write_bytes(datasette.document(published))
    command = [sys.executable, "-W", "ignore", "-u", "-m", "datasette", "serve", "--immutable", str(file)]
    options = ["--metadata", str(metadata), "--host", "127.0.0.1", "--port", "0"]
    log = file.with_suffix(".log")
    with (
        log.open("w") as output,
        subprocess.Popen([*command, *options], stdout=output, stderr=output) as process,
    ):
        try:
            yield _address(process, log)
        finally:
            process.kill()


def _address(process, log):
    import re
    import time

    for _ in range(600):
        found = re.search(r"running on (http://127\.0\.0\.1:\d+)", log.read_text())
        if found:
            return found[1]
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def fetched(address, path, **query):
    with urllib.request.urlopen(f"{address}/{path}?{urllib.parse.urlencode(query)}", timeout=60) as response:
        return response.read().decode()


def test_datasette_answers_a_filtered_query(served, published):
    where = {"citizenship": "MEX", "state": "TX", "period": "2023-10"}
    rows = published.datasets["cbp-encounters-state"].latest
    for column, code in where.items():
        rows = rows.filter(pc.equal(rows[column].cast(pa.string()), code))
    served_rows = json.loads(
        fetched(served, "borderstats/cbp_encounters_state.json", _shape="array", _size="max", **where)
    )
    assert len(served_rows) == rows.num_rows > 0
    assert sum(row["value"] for row in served_rows) == pc.sum(rows["value"]).as_py()
    written = fetched(served, "borderstats/cbp_encounters_state.csv", _size="max", **where).splitlines()
    assert written[0] == ",".join([c for c in rows.column_names if c not in ("snapshot", "origin")])
    assert len(written) == rows.num_rows + 1
    sql = "SELECT sum(value) AS total FROM usbp_apprehensions_nation WHERE period = :period"
    total = json.loads(fetched(served, "borderstats.json", sql=sql, period="FY2000", _shape="array"))
    assert total == [{"total": 1676438}]


def test_datasette_shows_labels_descriptions_and_finds_words(served, published):
    row = json.loads(
        fetched(
            served,
            "borderstats/cbp_encounters_state.json",
            _labels="on",
            _shape="objects",
            _size=1,
            citizenship="MEX",
        )
    )["rows"][0]
    assert row["citizenship"] == {"value": "MEX", "label": "Mexico"}
    page = fetched(served, "borderstats/cbp_encounters_state")
    assert published.datasets["cbp-encounters-state"].meta.dimensions[0].definition[:40] in page
    found = json.loads(fetched(served, "borderstats/texts.json", _search="encuentros pais", _shape="array"))
    assert found
    front = fetched(served, "")
    assert published.standard.publisher.licence_address in front


def test_nothing_can_be_changed(served):
    with pytest.raises(urllib.error.HTTPError):
        fetched(served, "borderstats.json", sql="DELETE FROM datasets")


def test_the_metadata_for_datasette_names_only_what_is_there(file, published, connection):
    tables = json.loads(datasette.document(published))["databases"]["borderstats"]["tables"]
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert {name for name in there if not name.startswith(("texts_fts", "sqlite_"))} == tables.keys()
    for name, metadata in tables.items():
        columns = {column[1] for column in connection.execute(f"PRAGMA table_info({name})")}
        named_columns = {
            *metadata.get("columns", ()),
            *metadata.get("sortable_columns", ()),
            *metadata.get("facets", ()),
        }
        assert named_columns <= columns, name
    assert published.manifest.id not in datasette.document(published).decode()
