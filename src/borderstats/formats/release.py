"""Every further format of a release, written into its folder before it is sealed.

A release's own tables are Parquet and CSV. The others are made of them and of nothing else, so they hold the same figures.
"""

import hashlib
import multiprocessing
import os
import threading
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from borderstats.formats import (
    calendar,
    citation,
    csvw,
    database,
    datapackage,
    datasette,
    dcat,
    distributions,
    feed,
    jsonstat,
    workbook,
)
from borderstats.package import read
from borderstats.package.contents import File
from borderstats.package.read import MANIFEST, Package
from borderstats.sdmx import data_csv, data_json, data_xml, structure_json, structure_xml
from borderstats.sdmx.message import Header, Message, Part
from borderstats.sdmx.model import Structures, structures


def write(folder: Path, unsealed: bytes) -> None:
    """Write the formats of a release into its folder. `unsealed` is its manifest, which has no id yet: no format may need it.

    Raises ReleaseError if the folder is no release.
    """
    manifest = folder / MANIFEST
    manifest.write_bytes(unsealed)
    try:
        package = read.package(folder)
        # The largest first, so that no process waits long for another. Each makes its own files, whichever it is.
        names = sorted(package.datasets, key=lambda name: -package.datasets[name].latest.num_rows)
        # Not forked: the libraries that read tables have threads.
        spawned = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(
            min(len(names), os.cpu_count() or 1) or 1, spawned, _end_with_parent
        ) as pool:
            made = pool.map(_of_dataset, [folder] * len(names), names)
            whole = _put(folder, _of_release(package))
            files = {file.path: file for some in (package.files.values(), whole, *made) for file in some}
        _put(folder, _catalogues(package, files))
    finally:
        manifest.unlink()


def _of_release(package: Package) -> dict[str, bytes]:
    known, header = structures(package), _header(package)
    return {
        "sdmx/structure-2.1.xml": structure_xml.structure(header, known.every, "2.1"),
        "sdmx/structure-3.0.xml": structure_xml.structure(header, known.every, "3.0"),
        "sdmx/structure-2.0.json": structure_json.structure(header, known.every),
        database.NAME: database.document(package),
        datasette.NAME: datasette.document(package),
        citation.NAME: citation.document(package),
        feed.NAME: feed.document(package, [package.manifest]),
        calendar.NAME: calendar.document(package),
    }


def _of_dataset(folder: Path, name: str) -> list[File]:
    package, known = _opened(folder)
    message = Message(_header(package), known.structure(name), (Part(package.datasets[name].latest),))
    made = {
        "latest.sdmx.csv": data_csv.data(message),
        "latest.sdmx-2.1.xml": data_xml.data(message, "2.1"),
        "latest.sdmx-3.0.xml": data_xml.data(message, "3.0"),
        "latest.sdmx.json": data_json.data(message, known),
        jsonstat.NAME: jsonstat.document(package, name),
        distributions.workbook(name): workbook.document(package, name),
    }
    for path, schema in _schemas(package, name).items():
        table = Path(path).stem
        made[csvw.name(table)] = csvw.document(package, name, table, schema)
    return _put(folder, {f"data/{name}/{path}": data for path, data in made.items()})


def _catalogues(package: Package, files: Mapping[str, File]) -> dict[str, bytes]:
    """What lists the files of the release, those of the other formats among them."""
    schemas = {path: one for name in package.datasets for path, one in _schemas(package, name).items()}
    return {
        datapackage.NAME: datapackage.document(package, files, schemas),
        dcat.NAME_1: dcat.version_1(package, files),
        dcat.NAME_3: dcat.version_3(package, files),
    }


def _schemas(package: Package, dataset: str) -> dict[str, pa.Schema]:
    """The columns of each table of a dataset, by the path of its CSV file."""
    found = {table: package.path / "data" / dataset / f"{table}.parquet" for table in distributions.TABLES}
    return {
        f"data/{dataset}/{table}.csv": parquet.read_schema(path)
        for table, path in found.items()
        if path.exists()
    }


def _end_with_parent() -> None:
    """In a process of the pool: stop when the process that made it is no more, even if it was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@cache
def _opened(folder: Path) -> tuple[Package, Structures]:
    """The release, read once by each process."""
    package = read.package(folder)
    return package, structures(package)


def _header(package: Package) -> Header:
    date = package.manifest.date
    return Header(f"R{date}", f"{date}T00:00:00Z", package.standard.publisher.id)


def _put(folder: Path, made: Mapping[str, bytes]) -> list[File]:
    """Write files into the folder; their hashes and sizes."""
    for name, data in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return [File(name, hashlib.sha256(data).hexdigest(), len(data)) for name, data in made.items()]
