"""Descriptions of a release that catalogues and tools read: validated by those tools, and true of the files beside them."""

import datetime
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import feedparser
import icalendar
import jsonschema
import msgspec
import pytest
import rdflib
import yaml
from csvw import CSVW
from frictionless import Package as DataPackage
from rdflib.namespace import DCAT, DCTERMS, RDF

from borderstats.formats import calendar, citation, csvw, datapackage, dcat, feed, jsonld
from borderstats.package import read
from borderstats.standard.office import Announcement
from small_release import STATUSES

# rdflib's reader of JSON-LD uses what rdflib itself no longer wants used.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SCHEMAS = Path(__file__).parent / "schemas"
SMALL = [
    "contract-obligations",
    "ice-287g-agreements",
    "ice-statistics-stay",
    "ohss-cbp-one",
    "ohss-repatriations",
]


@pytest.fixture(scope="module")
def package(release):
    return read.package(release)


def schema(name):
    return jsonschema.Draft4Validator(json.loads((SCHEMAS / name).read_text()))


def test_dcat_us_1_is_valid_for_an_office_that_is_not_federal(release):
    catalogue = json.loads((release / dcat.NAME_1).read_text())
    for dataset in catalogue["dataset"]:
        schema("dcat-us-1.1-dataset-non-federal.json").validate(dataset)
    schema_of_all = json.loads((SCHEMAS / "dcat-us-1.1-catalog.json").read_text())
    schema_of_all["properties"]["dataset"] = {"type": "array", "minItems": 1, "uniqueItems": True}
    jsonschema.Draft4Validator(schema_of_all).validate(catalogue)


def test_dcat_us_1_is_valid_for_a_federal_office_that_gives_its_codes(package):
    publisher = msgspec.structs.replace(
        package.standard.publisher, bureau_codes=("024:58",), program_codes=("024:000",)
    )
    office = msgspec.structs.replace(package.standard.office, publisher=publisher)
    federal = replace(package, standard=msgspec.structs.replace(package.standard, office=office))
    for dataset in json.loads(dcat.version_1(federal, package.files))["dataset"]:
        schema("dcat-us-1.1-dataset-federal.json").validate(dataset)
    lacking = json.loads(dcat.version_1(package, package.files))["dataset"][0]
    with pytest.raises(jsonschema.ValidationError, match="Code"):
        schema("dcat-us-1.1-dataset-federal.json").validate(lacking)


def test_dcat_us_3_is_a_graph_with_all_that_is_mandatory(release, package):
    graph = rdflib.Graph().parse(release / dcat.NAME_3, format="json-ld")
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    catalogue = graph.value(predicate=RDF.type, object=DCAT.Catalog)
    assert set(graph.objects(catalogue, DCAT.dataset)) == datasets
    assert len(datasets) == len(package.datasets)
    for dataset in datasets:
        for mandatory in (
            DCTERMS.title, DCTERMS.description, DCTERMS.identifier, DCTERMS.publisher, DCAT.contactPoint,
        ):  # fmt: skip
            assert graph.value(dataset, mandatory, any=True) is not None, (dataset, mandatory)
        assert len(list(graph.objects(dataset, DCAT.distribution))) >= 9
    vcard = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
    assert {str(one) for one in graph.objects(predicate=vcard.hasEmail)} == {
        "mailto:statistics@borderstats.example"
    }


def test_the_hashes_and_sizes_of_dcat_us_3_are_those_of_the_files(release, package):
    catalogue = json.loads((release / dcat.NAME_3).read_text())
    # Where the files of this release stay.
    address = f"{package.standard.publisher.address}releases/{package.manifest.id}/"
    distributions = [one for dataset in catalogue["dataset"] for one in dataset["distribution"]]
    assert len(distributions) > 400
    for one in distributions:
        assert one["downloadURL"].startswith(address)
        path = one["downloadURL"].removeprefix(address)
        assert one["checksum"]["checksumValue"] == package.files[path].sha256
        assert int(one["byteSize"]) == package.files[path].bytes


def test_the_data_package_is_valid_and_names_every_table(release, package):
    found = DataPackage(str(release / datapackage.NAME))
    descriptor = json.loads((release / datapackage.NAME).read_text())
    assert descriptor["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    paths = {resource.path for resource in found.resources}
    assert paths == {path for path in package.files if path.startswith("data/") and path.endswith(
        ("/latest.csv", "/history.csv", "/revisions.csv", "/entries.csv")
    )} | {"borderstats.sqlite"}  # fmt: skip
    for resource in descriptor["resources"]:
        data = (release / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["bytes"] == len(data)


@pytest.mark.parametrize("dataset", SMALL)
def test_the_tables_are_what_the_data_package_says(release, dataset):
    found = DataPackage(str(release / datapackage.NAME))
    for resource in found.resources:
        if resource.name.rpartition("-")[0] == dataset:
            report = resource.validate()
            assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]


def test_a_table_that_is_not_what_the_data_package_says_is_found(release, tmp_path):
    descriptor = json.loads((release / datapackage.NAME).read_text())
    resource = next(one for one in descriptor["resources"] if one["name"] == "ohss-cbp-one-latest")
    broken = (release / resource["path"]).read_text().replace("2024-01", "January", 1)
    (tmp_path / "latest.csv").write_text(broken)
    descriptor["resources"] = [{**resource, "path": "latest.csv"}]
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    report = DataPackage(str(tmp_path / "datapackage.json")).validate()
    assert "constraint-error" in {kind for (kind,) in report.flatten(["type"])}


@pytest.mark.parametrize("dataset", SMALL)
def test_the_tables_are_what_csvw_says(release, dataset):
    for path in sorted((release / "data" / dataset).glob("*.csv-metadata.json")):
        found = CSVW(str(path), validate=True)
        assert found.is_valid, [str(one.message) for one in found.warnings]
        assert (path.parent / path.name.removesuffix("-metadata.json")).is_file()


def test_csvw_gives_a_missing_figure_no_value_and_counts_as_numbers(release):
    path = release / "data/ohss-cbp-one" / csvw.name("latest")
    rows = CSVW(str(path)).to_json(minimal=True)
    without = {status["code"] for status in STATUSES if status["figure"] == "no"}
    missing = [row for row in rows if row["status"] in without]
    assert missing
    assert all("value" not in row for row in missing)
    assert all(isinstance(row["value"], int) for row in rows if "value" in row)


def test_every_csv_of_a_dataset_has_its_metadata(release):
    for path in (release / "data").rglob("*.csv"):
        if not path.name.endswith(".sdmx.csv"):
            assert path.with_name(f"{path.name}-metadata.json").is_file()


def test_the_citation_is_valid(release):
    cited = yaml.safe_load((release / citation.NAME).read_text())
    schema = json.loads((SCHEMAS / "cff-1.2.0.json").read_text())
    jsonschema.Draft7Validator(schema).validate(cited)
    assert cited["date-released"] == "2026-11-28"


def test_the_feed_has_the_release_and_the_revisions(package):
    found = feedparser.parse(feed.document(package))
    assert not found.bozo
    assert len({entry.id for entry in found.entries}) == len(found.entries) > 5
    assert found.entries[0].title == "Release of 28 November 2026"
    assert found.entries[0].link == package.standard.publisher.address
    revised = {row.dataset for row in package.revisions if row.cells}
    # The newest steps only: the others are in revisions.csv.
    assert len(found.entries) == 1 + 200
    assert revised > {entry.link.split("/")[-1].removesuffix(".html") for entry in found.entries[1:]}


def test_the_feed_of_a_public_folder_has_each_release(package):
    other = msgspec.structs.replace(
        package.manifest, id="2025-01-01-abcdef012345", date=datetime.date(2025, 1, 1)
    )
    found = feedparser.parse(feed.document(package, [other, package.manifest]))
    first, second = found.entries[:2]
    assert first.link.endswith(f"/releases/{package.manifest.id}/index.html")
    assert second.link.endswith("/releases/2025-01-01-abcdef012345/index.html")
    assert first.updated > second.updated


def test_the_calendar_has_the_release_and_what_is_announced(package):
    announced = (
        Announcement(datetime.date(2026, 3, 2), "Figures of the first quarter; revised, all", ""),
        Announcement(datetime.date(2026, 3, 2), "A second one on that day", ""),
    )
    announcing = replace(package, standard=msgspec.structs.replace(package.standard, announcements=announced))
    events = icalendar.Calendar.from_ical(calendar.document(announcing)).walk("VEVENT")
    assert [(event["DTSTART"].dt.isoformat(), str(event["SUMMARY"])) for event in events] == [
        ("2026-03-02", "A second one on that day"),
        ("2026-03-02", "Figures of the first quarter; revised, all"),
        ("2026-11-28", "borderstats: release"),
    ]
    assert len({str(event["UID"]) for event in events}) == 3
    assert calendar.document(announcing) == calendar.document(announcing)


def test_a_page_can_hold_whatever_a_title_says(package):
    meta = next(iter(package.datasets.values())).meta
    title = "</script><script>alert('&')</script>"
    document = jsonld.dataset(package, msgspec.structs.replace(meta, counts=title))
    assert "<" not in document
    assert "&" not in document
    assert title in json.loads(document)["description"]


def test_a_page_says_what_a_search_engine_reads(package):
    document = json.loads(jsonld.dataset(package, package.datasets["cbp-encounters-southwest"].meta))
    graph = rdflib.Graph().parse(
        data=json.dumps(document | {"@context": {"@vocab": "https://schema.org/"}}), format="json-ld"
    )
    schema_org = rdflib.Namespace("https://schema.org/")
    dataset = graph.value(predicate=RDF.type, object=schema_org.Dataset)
    for wanted in ("name", "description", "license", "creator", "temporalCoverage", "distribution"):
        assert graph.value(dataset, schema_org[wanted], any=True) is not None, wanted
    address = f"{package.standard.publisher.address}releases/{package.manifest.id}/"
    for one in document["distribution"]:
        assert one["contentUrl"].startswith(address)
        path = one["contentUrl"].removeprefix(address)
        assert one["sha256"] == package.files[path].sha256
