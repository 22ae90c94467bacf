"""Every further format of a release: pure functions from its package to bytes.

A release's own tables are Parquet and CSV. The others are made of the same values and of nothing else.
"""

from collections.abc import Mapping

from borderstats.formats import (
    calendar,
    citation,
    csvw,
    database,
    datapackage,
    datasette,
    dcat,
    distributions,
    jsonstat,
    workbook,
)
from borderstats.package.manifest import File
from borderstats.package.model import Package
from borderstats.sdmx import data_csv, data_json, data_xml, structure_json, structure_xml
from borderstats.sdmx.message import Header, Message, Part
from borderstats.sdmx.model import Structures


def of_release(package: Package, known: Structures) -> dict[str, bytes]:
    """The files of the release as a whole, by their paths; `known` are its structures."""
    header = _header(package)
    return {
        "sdmx/structure-2.1.xml": structure_xml.structure(header, known.every, "2.1"),
        "sdmx/structure-3.0.xml": structure_xml.structure(header, known.every, "3.0"),
        "sdmx/structure-2.0.json": structure_json.structure(header, known.every),
        database.NAME: database.document(package),
        datasette.NAME: datasette.document(package),
        citation.NAME: citation.document(package),
        calendar.NAME: calendar.document(package),
        **({csvw.name("account"): csvw.account(package)} if package.account else {}),
    }


def of_dataset(package: Package, known: Structures, name: str) -> dict[str, bytes]:
    """The files of one dataset, by their paths."""
    message = Message(_header(package), known.structure(name), (Part(package.datasets[name].latest),))
    made = {
        "latest.sdmx.csv": data_csv.data(message),
        "latest.sdmx-2.1.xml": data_xml.data(message, "2.1"),
        "latest.sdmx-3.0.xml": data_xml.data(message, "3.0"),
        "latest.sdmx.json": data_json.data(message, known),
        jsonstat.NAME: jsonstat.document(package, name),
        distributions.workbook(name): workbook.document(package, name),
        **{
            csvw.name(table): csvw.document(package, name, table, content.schema)
            for table, content in package.datasets[name].tables.items()
        },
    }
    return {f"data/{name}/{path}": data for path, data in made.items()}


def catalogues(package: Package, files: Mapping[str, File]) -> dict[str, bytes]:
    """What lists the files of the release, those of the other formats among them."""
    schemas = {
        f"data/{name}/{table}.csv": content.schema
        for name, dataset in package.datasets.items()
        for table, content in dataset.tables.items()
    }
    return {
        datapackage.NAME: datapackage.document(package, files, schemas),
        dcat.NAME_1: dcat.version_1(package, files),
        dcat.NAME_3: dcat.version_3(package, files),
    }


def _header(package: Package) -> Header:
    date = package.manifest.date
    office = package.standard.office
    return Header(f"R{date}", f"{date}T00:00:00Z", office.publisher.id, office.languages)
