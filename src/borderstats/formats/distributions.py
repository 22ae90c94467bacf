"""The files of a dataset as catalogues list them: which file is which table, in which format, after which standard."""

from collections.abc import Mapping
from dataclasses import dataclass

from borderstats.package.manifest import File

_RFC_4180 = "https://www.rfc-editor.org/rfc/rfc4180"
_SDMX = "https://sdmx.org/standards-2/"


@dataclass(frozen=True)
class Kind:
    """A format: its name, its media type, and the address of its standard."""

    name: str
    media: str
    standard: str


@dataclass(frozen=True)
class Distribution:
    """A file of a dataset, and what is in it."""

    file: File
    title: str
    kind: Kind


TABLES: Mapping[str, tuple[str, str]] = {
    "latest": ("Latest figures", "What the newest file of the publisher says of each period."),
    "history": (
        "Every value ever published",
        "Every value that was ever published, with the dates between which it stood.",
    ),
    "revisions": ("Revisions", "Every value that one file gives otherwise than the file before it."),
    "entries": (
        "Entries",
        "Everything that entered the list or left it from one file to the next.",
    ),
}
"""The tables of a dataset by the name of their files: a title, and what they hold."""

ACCOUNT = (
    "What differs from the release before",
    "Every figure that differs from the release before, by whom and why.",
)
"""The table of the account of change: a title, and what it holds."""

CSV = Kind("CSV", "text/csv", _RFC_4180)
PARQUET = Kind("Parquet", "application/vnd.apache.parquet", "https://parquet.apache.org/docs/file-format/")
_FURTHER = {
    "latest.sdmx.csv": Kind("SDMX-CSV 2.0", "application/vnd.sdmx.data+csv", _SDMX),
    "latest.sdmx-3.0.xml": Kind("SDMX-ML 3.0", "application/vnd.sdmx.data+xml", _SDMX),
    "latest.sdmx-2.1.xml": Kind("SDMX-ML 2.1", "application/vnd.sdmx.structurespecificdata+xml", _SDMX),
    "latest.sdmx.json": Kind("SDMX-JSON 2.0", "application/vnd.sdmx.data+json", _SDMX),
    "latest.jsonstat.json": Kind("JSON-stat 2.0", "application/json", "https://json-stat.org/full/"),
}
_WORKBOOK = Kind(
    "Excel workbook",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/",
)


def workbook(dataset: str) -> str:
    """The name of a dataset's workbook: it says what it is wherever a reader keeps it."""
    return f"{dataset}.xlsx"


def of_dataset(files: Mapping[str, File], dataset: str) -> tuple[Distribution, ...]:
    """The files of the dataset of that id that are among `files`, its CSV first."""
    named = [(f"{table}.csv", title, CSV) for table, (title, _) in TABLES.items()]
    named += [(f"{table}.parquet", title, PARQUET) for table, (title, _) in TABLES.items()]
    latest = TABLES["latest"][0]
    named += [(workbook(dataset), latest, _WORKBOOK)]
    named += [(path, latest, kind) for path, kind in _FURTHER.items()]
    return tuple(
        Distribution(files[path], f"{title}, {kind.name}", kind)
        for name, title, kind in named
        if (path := f"data/{dataset}/{name}") in files
    )
