"""Programs that read tables get every row and the right sum, from every address where the tables lie."""

import csv
import json
import shutil
import sqlite3
import subprocess
from pathlib import Path

import httpx
import pandas as pd
import pytest
from csvw import CSVW
from frictionless import Package
from pyarrow import compute
from pyjstat import pyjstat

from borderstats.package import read

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
DUCKDB = ROOT / "build/duckdb-http/bin/python"
TABLES = ("latest", "history")


def figures(at):
    """Rows and sum of values of each dataset's tables, as the release itself has them."""
    return {
        (name, table): (dataset.tables[table].num_rows, compute.sum(dataset.tables[table]["value"]).as_py())
        for name, dataset in at.package.datasets.items()
        for table in TABLES
    }


def hold(at, ending, *command, query=None):
    """Assert that a program says of the tables under every address, rows and sum of each, what the release itself has.

    The program is given the addresses, or on its standard input the query that is made of them.
    """
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed; make test installs it")
    wanted = figures(at)
    addresses = [
        f"{host.url}data/{dataset}/{table}.{ending}"
        for host in at.hosts.values()
        for dataset, table in wanted
    ]
    given, text = ([], query(addresses)) if query else (addresses, "")
    done = subprocess.run(
        [*command, *given], input=text, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    found = [tuple(map(float, json.loads(line))) for line in done.stdout.splitlines()]
    assert found == [*wanted.values()] * len(at.hosts)


def test_there_is_something_to_sum(at):
    assert len(figures(at)) == 6
    assert all(rows > 20 and total > 1_000 for rows, total in figures(at).values())


def test_frictionless_reads_the_rows_of_every_table(at, host):
    package = Package(f"{host.url}datapackage.json")
    read = {}
    for resource in package.resources:
        if resource.type == "table":
            rows = resource.read_rows()
            assert all(not row.errors for row in rows), resource.name
            read[resource.name] = (len(rows), sum(row.get("value") or 0 for row in rows))
    wanted = {f"{dataset}-{table}": figure for (dataset, table), figure in figures(at).items()}
    assert {name: read[name] for name in wanted} == wanted
    revisions = {f"{name}-revisions": one.revisions.num_rows for name, one in at.package.datasets.items()}
    assert {name: read[name][0] for name in revisions} == revisions
    assert len(read) == len(wanted) + len(revisions)


def test_frictionless_reads_a_release_on_the_disk(at):
    package = Package(str(at.release / "datapackage.json"))
    for (dataset, table), wanted in figures(at).items():
        rows = package.get_resource(f"{dataset}-{table}").read_rows()
        assert (len(rows), sum(row["value"] or 0 for row in rows)) == wanted


def test_csvw_reads_the_rows_of_every_table(at, host):
    for (dataset, table), wanted in figures(at).items():
        found = CSVW(f"{host.url}data/{dataset}/{table}.csv-metadata.json", validate=True)
        assert found.is_valid
        rows = found.to_json(minimal=True)
        assert (len(rows), sum(row.get("value", 0) for row in rows)) == wanted


def test_csvw_finds_the_description_beside_a_table(at, host):
    for (dataset, table), wanted in figures(at).items():
        rows = CSVW(f"{host.url}data/{dataset}/{table}.csv").to_json(minimal=True)
        assert (len(rows), sum(row.get("value", 0) for row in rows)) == wanted


def test_sqlite_reads_the_rows_of_every_table(at, host, tmp_path):
    (tmp_path / "database").write_bytes(httpx.get(f"{host.url}borderstats.sqlite").content)
    database = sqlite3.connect(tmp_path / "database")
    for (dataset, table), wanted in figures(at).items():
        name = dataset.replace("-", "_") + ("_history" if table == "history" else "")
        assert database.execute(f"SELECT count(*), sum(value) FROM {name}").fetchall() == [wanted]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pyjstat_reads_the_figures_of_every_dataset(at, host):
    for (dataset, table), (_, total) in figures(at).items():
        if table == "latest":
            # A cube has a place for every combination, and one that is not there has no value.
            cube = pyjstat.Dataset.read(f"{host.url}data/{dataset}/latest.jsonstat.json").write("dataframe")
            there = at.package.datasets[dataset].latest["value"]
            assert (cube["value"].count(), cube["value"].sum()) == (len(there) - there.null_count, total)


def test_pandas_reads_the_rows_of_every_table(at, host):
    for (dataset, table), wanted in figures(at).items():
        address = f"{host.url}data/{dataset}/{table}"
        for one in (pd.read_parquet(f"{address}.parquet"), pd.read_csv(f"{address}.csv")):
            assert (len(one), one["value"].sum()) == wanted


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_duckdb_reads_the_rows_of_every_table_over_http(at, ending):
    if not DUCKDB.exists():
        pytest.skip(f"{DUCKDB} is not there; make test makes it")

    def query(addresses):
        return " UNION ALL ".join(f"SELECT count(*), sum(value) FROM '{address}'" for address in addresses)

    hold(at, ending, str(DUCKDB), str(HERE / "ask_duckdb.py"), query=query)


def test_hyparquet_reads_the_rows_of_every_table_over_http(at):
    if not (ROOT / "node_modules/hyparquet").exists():
        pytest.skip("hyparquet is not installed; make test installs it")
    hold(at, "parquet", "node", str(HERE / "read_hyparquet.mjs"))


@pytest.mark.slow
def test_readr_reads_the_rows_of_every_table_over_http(at):
    hold(at, "csv", "Rscript", str(HERE / "read_readr.R"))


def calc(workbooks, out):
    """The sheets of workbooks as LibreOffice Calc reads them, each with the name of its workbook."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed; make test installs it")
    # Between commas, quoted, UTF-8, as the cells are and not as they are shown, every sheet in a file of its own.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    command = [
        "soffice",
        f"-env:UserInstallation={(out / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        form,
    ]
    subprocess.run([*command, "--outdir", str(out), *map(str, workbooks)], check=True, capture_output=True)
    for path in sorted(out.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            of = max((one.stem for one in workbooks if path.name.startswith(f"{one.stem}-")), key=len)
            yield of, list(csv.reader(file))


def cells(meta, rows):
    """Codes, period, figure and status of each row of a sheet of figures; none of another sheet."""
    start = next((n for n, row in enumerate(rows) if "Period code" in row), len(rows))
    for row in rows[start + 1 :]:
        # A heading may have a note below it.
        heads = [text.split("\n")[0] for text in rows[start]]
        codes = (row[heads.index(f"{one.label.en} code")] for one in meta.dimensions)
        period, figure, _, status = row[heads.index("Period code") :][:4]
        # Calc writes a cell as it holds it: a number, or the sign of why there is none.
        yield *codes, period, None if figure[:1] == "[" else float(figure), status


def hold_the_figures(package, release, out):
    """Assert that every workbook has, in Calc, the cells of its dataset's latest table, figure by figure."""
    workbooks = sorted((release / "data").glob("*/*.xlsx"))
    found = {path.stem: [] for path in workbooks}
    for name, rows in calc(workbooks, out):
        found[name] += cells(package.datasets[name].meta, rows)
    assert found.keys() == package.datasets.keys()
    for name, rows in found.items():
        dataset = package.datasets[name]
        names = (*(one.id for one in dataset.meta.dimensions), "period", "value", "status")
        wanted = zip(*(dataset.latest[column].to_pylist() for column in names), strict=True)
        assert sorted(rows, key=str) == sorted(wanted, key=str), name


def test_calc_reads_the_cells_of_every_workbook(at, tmp_path):
    hold_the_figures(at.package, at.release, tmp_path)


def test_calc_reads_the_cells_of_every_workbook_of_the_real_release(release, tmp_path):
    hold_the_figures(read.package(release), release, tmp_path)
