"""Every further format of a release, written into its folder before it is sealed.

A release's own tables are Parquet and CSV. The others are made of them and of nothing else, so they hold the same figures.
"""

from pathlib import Path

from borderstats.publish import read
from borderstats.publish.formats import database, datasette, jsonstat, workbook
from borderstats.publish.read import MANIFEST, Dataset, Package
from borderstats.publish.sdmx import data_csv, data_json, data_xml, structure_json, structure_xml
from borderstats.publish.sdmx.message import Header, Message, Part
from borderstats.publish.sdmx.model import Structures, structures


def write(folder: Path, unsealed: bytes) -> None:
    """Write the formats of a release into its folder. `unsealed` is its manifest, which has no id yet: no format may need it.

    Raises ReleaseError if the folder is no release.
    """
    manifest = folder / MANIFEST
    manifest.write_bytes(unsealed)
    try:
        package = read.package(folder)
    finally:
        manifest.unlink()
    known = structures(package)
    date = package.manifest.date
    header = Header(f"R{date}", f"{date}T00:00:00Z", package.standard.publisher.id)
    made = {
        "sdmx/structure-2.1.xml": structure_xml.structure(header, known.every, "2.1"),
        "sdmx/structure-3.0.xml": structure_xml.structure(header, known.every, "3.0"),
        "sdmx/structure-2.0.json": structure_json.structure(header, known.every),
        database.NAME: database.document(package),
        datasette.NAME: datasette.document(package),
    }
    for path, data in made.items():
        _put(folder / path, data)
    for name, dataset in package.datasets.items():
        for path, data in _of_dataset(package, known, header, name, dataset).items():
            _put(folder / "data" / name / path, data)


def _of_dataset(
    package: Package, known: Structures, header: Header, name: str, dataset: Dataset
) -> dict[str, bytes]:
    message = Message(header, known.structure(name), (Part(dataset.latest),))
    return {
        "latest.sdmx.csv": data_csv.data(message),
        "latest.sdmx-2.1.xml": data_xml.data(message, "2.1"),
        "latest.sdmx-3.0.xml": data_xml.data(message, "3.0"),
        "latest.sdmx.json": data_json.data(message, known),
        jsonstat.NAME: jsonstat.document(package, name),
        workbook.name(name): workbook.document(package, name),
    }


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
