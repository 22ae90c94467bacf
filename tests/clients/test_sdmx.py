"""SDMX clients read every figure, with its labels, from structure and data, in every form that they know."""

import io
import shutil
import subprocess
from pathlib import Path

import httpx
import pandas as pd
import pytest
from pyarrow import compute
from pysdmx.io import get_datasets
from pysdmx.model.dataset import ActionType
from sdmx.reader.csv import Reader as CsvReader
from sdmx.reader.xml import v30  # noqa: F401 - sdmx1 cannot load its reader of 3.0 once it has read 2.1

import sdmx

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

STRUCTURES = {
    "2.1": "sdmx/2.1/dataflow/all/{}/latest?references=all",
    "3.0": "sdmx/3/structure/dataflow/*/{}/~?references=all&format=xml",
    "json": "sdmx/3/structure/dataflow/*/{}/~?references=descendants&format=json",
}
DATA = {
    "generic": "sdmx/2.1/data/{}/all",
    "specific": "sdmx/2.1/data/{}/all?format=structurespecific",
    "csv-1.0": "sdmx/2.1/data/{}/all?format=csv",
    "3.0": "sdmx/3/data/dataflow/*/{}/~/*?format=xml",
    "csv-2.0": "sdmx/3/data/dataflow/*/{}/~/*?format=csv",
}


def get(address):
    response = httpx.get(address, timeout=60)
    assert response.status_code == 200, response.text
    return response


def figures(at):
    """Rows and sum of values of each dataset, as the release itself has them."""
    return {
        name: (one.latest.num_rows, compute.sum(one.latest["value"]).as_py())
        for name, one in at.package.datasets.items()
    }


def of_pysdmx(datasets):
    (found,) = datasets
    return len(found.data), found.data["OBS_VALUE"].astype(float).sum()


def sdmx1(agency, url):
    """A client of a service, which asks for what is the agency's."""
    sdmx.add_source({"id": agency, "name": agency, "url": url}, override=True)
    return sdmx.Client(agency)


def of_sdmx1(message):
    observations = [one for data in message.data for one in data.obs]
    return len(observations), sum(float(one.value) for one in observations if one.value not in (None, ""))


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("data", DATA)
def test_pysdmx_reads_structure_and_data(at, structure, data):
    url = at.hosts["server"].url
    read = {
        name: of_pysdmx(
            get_datasets(
                get(url + DATA[data].format(name)).text, get(url + STRUCTURES[structure].format(name)).text
            )
        )
        for name in at.package.datasets
    }
    assert read == figures(at)


@pytest.mark.parametrize("name", ["release", "server"])
@pytest.mark.parametrize(
    ("structure", "file"),
    [
        ("structure-2.1.xml", "latest.sdmx-2.1.xml"),
        ("structure-3.0.xml", "latest.sdmx-3.0.xml"),
        ("structure-2.0.json", "latest.sdmx.csv"),
    ],
)
def test_pysdmx_reads_the_files(at, name, structure, file):
    url = at.hosts[name].url
    described = get(f"{url}sdmx/{structure}").text
    read = {
        dataset: of_pysdmx(get_datasets(get(f"{url}data/{dataset}/{file}").text, described))
        for dataset in at.package.datasets
    }
    assert read == figures(at)


def test_sdmx1_reads_structure_and_data(at):
    url = at.hosts["server"].url
    client = sdmx1(at.package.standard.publisher.id, f"{url}sdmx/2.1")
    specific = {"Accept": "application/vnd.sdmx.structurespecificdata+xml;version=2.1"}
    for name, wanted in figures(at).items():
        structure = client.dataflow(name).structure[name]
        assert of_sdmx1(client.data(name)) == wanted
        assert of_sdmx1(client.data(name, dsd=structure)) == wanted
        assert of_sdmx1(client.get("data", name, headers=specific, dsd=structure)) == wanted
        table = io.BytesIO(get(url + DATA["csv-2.0"].format(name)).content)
        assert of_sdmx1(CsvReader().convert(table, structure=structure)) == wanted
        # Of 3.0 it reads data alone: with their structure it knows no attributes of a data set.
        assert of_sdmx1(sdmx.read_sdmx(io.BytesIO(get(url + DATA["3.0"].format(name)).content))) == wanted


def test_sdmx1_reads_the_files(host, at):
    described = sdmx.read_sdmx(io.BytesIO(get(f"{host.url}sdmx/structure-2.1.xml").content)).structure
    for name, wanted in figures(at).items():
        table = io.BytesIO(get(f"{host.url}data/{name}/latest.sdmx-2.1.xml").content)
        assert of_sdmx1(sdmx.read_sdmx(table, structure=described[name])) == wanted


@pytest.mark.slow
def test_rsdmx_reads_rows_with_labels(at):
    """Every row, and for each code the label that the release has for it."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed; make test installs it")
    service, names = f"{at.hosts['server'].url}sdmx/2.1", list(at.package.datasets)
    standard, script = at.package.standard, Path(__file__).with_name("read_rsdmx.R")
    command = ["Rscript", str(script), service, standard.publisher.id, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line.split(" ", 2) for line in done.stdout.splitlines() if line.split(" ")[0] in names]
    read = {name: (int(rest[0]), float(rest[1])) for name, *rest in lines if rest[0].isdigit()}
    assert read == figures(at)
    wanted = set()
    for name, dataset in at.package.datasets.items():
        labels = {
            one.id.upper(): {code.code: code.en for code in one.codes} for one in dataset.meta.dimensions
        }
        labels["FREQ"] = {one.code: one.label_en for one in standard.lists["freq"]}
        labels["OBS_STATUS"] = {code: one.label_en for code, one in standard.status.items()}
        for heading, label in labels.items():
            column = "status" if heading == "OBS_STATUS" else heading.lower()
            codes = dataset.latest[column].unique().to_pylist()
            wanted |= {(name, heading, f"{code}={label[code]}") for code in codes}
    assert {tuple(line) for line in lines if not line[1].isdigit()} == wanted


FLOW = "cbp-encounters-state"
"""Cells of it vanish again."""


def known(history):
    """The sum of what was known from each day on which something became known or vanished, by the release's own table."""
    days = sorted({*history["known_from"], *history["known_to"].dropna()})
    within = [(history["known_from"] <= day) & ~(history["known_to"] <= day) for day in days]
    return {str(day): history["value"][one].sum() for day, one in zip(days, within, strict=True)}


@pytest.fixture(scope="module")
def wanted(release):
    """The sums of what was known of Guatemalans since October 2023, day by day."""
    history = pd.read_parquet(release / f"data/{FLOW}/history.parquet")
    found = known(history[(history["citizenship"] == "GTM") & (history["period"] >= "2023-10")])
    assert len(found) > 5
    return found


@pytest.mark.parametrize(
    "path",
    [
        "sdmx/2.1/data/{}/M....GTM.?startPeriod=2023-10&format=structurespecific",
        "sdmx/3/data/dataflow/*/{}/~/M....GTM.?c[TIME_PERIOD]=ge:2023-10&format=xml",
    ],
)
def test_pysdmx_reads_the_history(served, wanted, path):
    message = get(f"{served.url}/{path.format(FLOW)}&includeHistory=true").text
    structure = get(f"{served.url}/{STRUCTURES['3.0'].format(FLOW)}").text
    held, sums, actions = {}, {}, set()
    for one in get_datasets(message, structure):
        names = [each.id for each in one.structure.components.dimensions]
        for row in one.data.to_dict("records"):
            key = tuple(row[name] for name in names)
            if one.action == ActionType.Delete:
                del held[key]
            else:
                held[key] = float(row["OBS_VALUE"])
        actions.add(one.action)
        sums[one.attributes["validFromDate"][:10]] = sum(held.values())
    assert actions == {ActionType.Replace, ActionType.Delete}
    assert sums == wanted


def test_sdmx1_reads_the_history(served, wanted):
    """It reads no action and no day of a data set: they stand in the order of the days, and what vanishes has no value."""
    client = sdmx1("BORDERSTATS", f"{served.url}/sdmx/2.1")
    structure = client.dataflow(FLOW).structure[FLOW]
    asked = {"includeHistory": True, "startPeriod": "2023-10"}
    message = client.get("data", FLOW, key="M....GTM.", params=asked, dsd=structure)
    held, sums = {}, []
    for data in message.data:
        for one in data.obs:
            if one.value is None and not one.attached_attribute:
                del held[str(one.key)]
            else:
                held[str(one.key)] = float(one.value)
        sums.append(sum(held.values()))
    # A day has one data set or two, the second with what vanishes.
    assert sums[-1] == [*wanted.values()][-1]
    rest = iter(sums)
    assert all(total in rest for total in wanted.values())


def test_a_deletion_says_on_which_day_its_cell_vanished(served, release):
    history = pd.read_parquet(release / f"data/{FLOW}/history.parquet")
    gone = history[(history["ended"] == "vanished") & (history["period"] == "2023-11")]
    path = f"sdmx/3/data/dataflow/*/{FLOW}/~/*?c[TIME_PERIOD]=2023-11&includeHistory=true&format=csv"
    table = pd.read_csv(io.StringIO(get(f"{served.url}/{path}").text))
    deleted = table[table["ACTION"] == "D"]
    assert len(gone) > 5
    columns = ["region", "state", "demographic", "citizenship", "title"]
    keys = gone[columns].astype(str).assign(day=gone["known_to"].astype(str))
    found = deleted[[name.upper() for name in columns]].assign(day=deleted["VALID_FROM"])
    assert sorted(found.itertuples(index=False, name=None)) == sorted(keys.itertuples(index=False, name=None))
    # A value or an attribute would say that these are deleted, and not the observation.
    assert deleted[["OBS_VALUE", "OBS_STATUS", "KNOWN_FROM"]].isna().all(axis=None)
