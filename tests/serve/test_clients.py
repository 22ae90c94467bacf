"""Clients that exist work unchanged on the real release: sdmx1, pysdmx, pandas, DuckDB over HTTP ranges.

That they read every row of every table from every address is tested on a smaller one (tests/clients).
"""

import io
import json
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from pyarrow import parquet
from pysdmx.api.fmr import RegistryClient

import sdmx

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

FLOW = "cbp-encounters-state"
ROOT = Path(__file__).parents[2]
DUCKDB = ROOT / "build/duckdb-http/bin/python"


@pytest.fixture(scope="module")
def latest(release):
    return parquet.read_table(release / f"data/{FLOW}/latest.parquet").to_pandas()


@pytest.fixture
def client(served):
    source = {"id": "BORDERSTATS", "name": "borderstats", "url": f"{served.url}/sdmx/2.1"}
    sdmx.add_source(source, override=True)
    return sdmx.Client("BORDERSTATS")


def test_sdmx1_lists_dataflows_and_reads_a_structure(client, standard, release):
    listed = client.dataflow().dataflow
    archived = {one["source"] for one in json.loads((release / "manifest.json").read_text())["inputs"]}
    filled = {name for id_ in archived - {""} for name in standard.sources[id_].feeds}
    assert set(listed) == filled
    structure = client.dataflow(FLOW).structure[FLOW]
    assert [one.id for one in structure.dimensions] == [
        "FREQ", "REGION", "STATE", "DEMOGRAPHIC", "CITIZENSHIP", "TITLE", "TIME_PERIOD",
    ]  # fmt: skip
    codes = client.codelist("CL_CITIZENSHIP").codelist["CL_CITIZENSHIP"]
    assert str(codes["MEX"].name) == "Mexico"
    assert codes["MEX"].name.localizations["es"] == "México"


def test_sdmx1_reads_data_by_key_with_and_without_the_structure(client, latest):
    wanted = latest.query("state == 'TX' and citizenship in ['MEX', 'GTM'] and period >= '2024-01'")
    structure = client.dataflow(FLOW).structure[FLOW]
    key = {"STATE": "TX", "CITIZENSHIP": ["MEX", "GTM"]}
    found = sdmx.to_pandas(client.data(FLOW, key=key, params={"startPeriod": "2024-01"}, dsd=structure))
    assert (len(found), found.sum()) == (len(wanted), wanted["value"].sum())
    specific = {"Accept": "application/vnd.sdmx.structurespecificdata+xml;version=2.1"}
    again = client.get(
        "data",
        FLOW,
        key="M..TX..MEX+GTM.",
        params={"startPeriod": "2024-01"},
        headers=specific,
        dsd=structure,
    )
    assert sdmx.to_pandas(again).sum() == wanted["value"].sum()
    assert sdmx.to_pandas(client.get("data", FLOW, key="M.SW.TX.SA.MEX.T8")).size == len(
        latest.query(
            "region == 'SW' and state == 'TX' and citizenship == 'MEX' and demographic == 'SA' and title == 'T8'"
        )
    )


def test_sdmx1_reads_what_vanished_as_no_figure(client, served):
    structure = client.dataflow(FLOW).structure[FLOW]
    message = client.get(
        "data",
        FLOW,
        key="M....GTM.",
        params={"includeHistory": True, "startPeriod": "2023-10"},
        dsd=structure,
    )
    found = [{one.value is None for one in each.obs} for each in message.data]
    path = f"/sdmx/2.1/data/{FLOW}/M....GTM.?includeHistory=true&startPeriod=2023-10&format=csv"
    table = pd.read_csv(io.BytesIO(served.get(path).content))
    sets = table[["VALID_FROM", "ACTION"]].drop_duplicates()["ACTION"]
    assert {"R", "D"} == set(sets)
    assert found == [{action == "D"} for action in sets]


@pytest.mark.parametrize(
    "kind",
    ["codelist", "conceptscheme", "datastructure", "categoryscheme", "categorisation", "contentconstraint", "agencyscheme"],
)  # fmt: skip
def test_sdmx1_reads_every_kind_of_structure(client, kind):
    assert client.get(kind) is not None


def test_pysdmx_reads_the_registry(served, standard):
    registry = RegistryClient(f"{served.url}/sdmx/3")
    assert [one.id for one in registry.get_agencies("SDMX")] == ["BORDERSTATS"]
    assert {code.id: code.name for code in registry.get_codes("BORDERSTATS", "CL_REGION")}["SW"] == (
        "Southwest land border"
    )
    assert len(registry.get_categories("BORDERSTATS", "PROVISIONS")) == 17
    assert FLOW in {one.id for one in registry.get_dataflows("BORDERSTATS")}
    schema = registry.get_schema("dataflow", "BORDERSTATS", FLOW, standard.office.version)
    assert [one.id for one in schema.components][:3] == ["FREQ", "REGION", "STATE"]
    assert "MEX" in {code.id for code in schema.components["CITIZENSHIP"].enumeration}


@pytest.mark.parametrize(
    "path",
    [
        f"/sdmx/2.1/data/{FLOW}/M..TX..MEX.?format=csv",
        f"/sdmx/3/data/dataflow/BORDERSTATS/{FLOW}/~/*?c[STATE]=TX&c[CITIZENSHIP]=MEX&format=csv",
        f"/api/datasets/{FLOW}/observations?state=TX&citizenship=MEX&format=csv",
    ],
)
def test_pandas_reads_csv(served, latest, path):
    wanted = latest.query("state == 'TX' and citizenship == 'MEX'")
    found = pd.read_csv(io.BytesIO(served.get(path).content))
    assert (
        found[next(name for name in ("OBS_VALUE", "value") if name in found)].tolist()
        == wanted["value"].tolist()
    )


def test_pandas_reads_parquet(served, latest):
    url = f"{served.url}/api/datasets/{FLOW}/observations?state=TX&format=parquet"
    assert pd.read_parquet(url)["value"].sum() == latest.query("state == 'TX'")["value"].sum()
    pd.testing.assert_frame_equal(pd.read_parquet(f"{served.url}/data/{FLOW}/latest.parquet"), latest)


def test_duckdb_asks_for_parts_of_a_file_only(served, release):
    if not DUCKDB.exists():
        pytest.skip(f"{DUCKDB} is not there; make test makes it")
    path = "data/foreign-assistance/history.parquet"
    before = len(served.log.read_text().splitlines())
    query = f"SELECT count(*) FROM '{served.url}/releases/{served.release}/{path}' WHERE recipient = 'MEX'"
    command = [str(DUCKDB), str(ROOT / "tests/clients/ask_duckdb.py")]
    done = subprocess.run(command, input=query, capture_output=True, text=True, check=True)
    table = parquet.read_table(release / path, columns=["recipient"]).to_pandas()
    assert json.loads(done.stdout) == [(table["recipient"] == "MEX").sum()] != [0]
    answers = [json.loads(line) for line in served.log.read_text().splitlines()[before:]]
    parts = [one for one in answers if one["status"] == 206]
    assert parts
    assert sum(one["bytes"] for one in parts) < (release / path).stat().st_size / 2
