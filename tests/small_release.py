"""A small hand-made release: months with provisional ones, years with published totals, days far apart, and money.

It is written by what writes every release; only its manifest is made up, so that no hash moves with a library.
"""

import csv as texts
import datetime
import hashlib
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

import accounts
from borderstats.package import folder as folders
from borderstats.package import manifest as manifests
from borderstats.package import write
from borderstats.package.account import COLUMNS, Account
from borderstats.package.datasets import Metadata
from borderstats.package.model import Dataset, Package
from borderstats.package.provisions import Provision
from borderstats.package.reports import (
    Cited,
    Gate,
    Joined,
    JoinedFigure,
    Overview,
    Reconciliation,
    Reported,
    Revision,
)
from borderstats.package.standard import Standard
from borderstats.site import figures
from calendars import FEDERAL

CODELIST = Path(__file__).parents[1] / "standard/codelists/obs_status.csv"
STATUSES = [
    {name: status[name] for name in ("code", "label_en", "label_es", "figure", "role", "note")}
    for status in texts.DictReader(CODELIST.read_text("utf-8").splitlines())
]
PROVISIONAL = next(status["code"] for status in STATUSES if status["role"] == "provisional")
EVENTS = {
    "code": "EVENTS",
    "label_en": "Events",
    "label_es": "",
    "counts": "events",
    "note": "One person can be counted more than once.",
}
AS_OF = (datetime.date(2023, 12, 31), datetime.date(2024, 1, 31))
FILE = "encounters/1.csv"


def code(name, label, note=""):
    return {"code": name, "en": label, "note": note}


def dimension(name, label, total, *codes):
    return {
        "id": name,
        "label": {"en": label},
        "definition": f"What {name} means.",
        "source": "A dictionary",
        "total": total,
        "codes": list(codes),
    }


def chart(title, kind, by="", top=8):
    return {"title": title, "kind": kind, "by": by, "where": {}, "top": top, "start": ""}


def snapshot(as_of, n):
    return {
        "file": f"encounters/{n}.csv",
        "sha256": f"{n:<064}",
        "bytes": 1000 + n,
        "source": "source",
        "licence": "Public domain",
        "title": f"File {n}",
        "publisher": "An agency",
        "as_of": str(as_of),
        "as_of_basis": "inferred",
        "as_of_note": "the end of the last month in the file.",
        "known": str(as_of),
        "known_basis": "not before",
        "known_note": "the day for which it speaks.",
        "obtained_from": "a page",
    }


MONTHLY = {
    "id": "monthly",
    "title": {"en": "Encounters & more, by <region>"},
    "counts": "Encounters: each time a person was met. Events, not people.",
    "unit": EVENTS,
    "measure": "flow",
    "rounding": 1,
    "decimals": 0,
    "provisions": [1],
    "trap": "Events are not <people>.",
    "first_period": "2022-10",
    "last_period": "2024-01",
    "observations": 32,
    "values_in_history": 33,
    "dimensions": [
        dimension("region", "Border region", "sum", code("SW", "Southwest land border"), code("N", "Northern <border>")),
        dimension("component", "Component", "sum", code("USBP", "U.S. Border Patrol")),
    ],
    "sources": [
        {
            "id": "source",
            "title": "A table",
            "publisher": "An agency",
            "page": "agency.example/table",
            "licence": "Public domain",
            "caveat": "Subject to change.",
            "absent_rows": "unknown",
            "known_errors": [{"what": "It prints `X`.", "reason": "It means Y.", "evidence": "the file"}],
        }
    ],
    "snapshots": [snapshot(as_of, n) for n, as_of in enumerate(AS_OF)],
    "breaks": [
        {
            "id": "before", "kind": "definition", "date": "2020-03-21", "datasets": ["monthly"], "title": "Too early",
            "explanation": "Not on the chart.", "source": "a law",
        },
        {
            "id": "break", "kind": "event", "date": "2023-05-11", "datasets": ["monthly"], "title": "A law ends",
            "explanation": "From then on otherwise.", "source": "a law",
        },
        {
            "id": "regions", "kind": "definition", "date": "2023-03-01", "datasets": ["monthly"], "title": "A region drawn anew",
            "explanation": "Concerns regions.", "source": "a map", "concepts": ["region"],
        },
    ],
    "vintages": [],
    "changes": {},
    "finality": {
        "basis": "declared", "declared": None, "reason": "", "editions": 1, "share": 0.0, "oldest_revised": None,
        "ages": [],
    },
    "added_up": {"component": "total"},
    "entries": [],
    "notes": ["A note with <b>markup</b>."],
    "charts": [
        chart("By month", "months"), chart("By region, by month", "months", "region"),
        chart("By region, latest fiscal year", "bars", "region", top=1),
    ],
}  # fmt: skip

ANNUAL = {
    **MONTHLY,
    "id": "annual",
    "title": {"en": "Deaths by sector"},
    "counts": "Deaths of persons in a fiscal year.",
    "unit": {"code": "DEATHS", "label_en": "Deaths", "label_es": "", "note": "Counts deceased persons."},
    "trap": "",
    "provisions": [],
    "first_period": "FY2001",
    "last_period": "FY2003",
    "dimensions": [
        dimension("region", "Border region", "published", code("SW", "Southwest"), code("_T", "Total")),
        dimension(
            "office", "Sector", "published",
            *(code(f"S{n}", f"Place{n} Sector") for n in range(1, 8)), code("_T", "Total"),
        ),
    ],
    "snapshots": [snapshot(AS_OF[0], 9)],
    "breaks": [],
    "notes": [],
    "charts": [chart("By year", "years"), chart("By sector, by year", "years", "office")],
}  # fmt: skip

LIST_DAYS = ("2023-01-10", "2023-01-31", "2023-12-20", "2023-12-22", "2023-12-31")
LISTED = {
    **MONTHLY,
    "id": "listed",
    "title": {"en": "Agreements in force"},
    "counts": "Agreements in the list of a day.",
    "unit": {"code": "AGREEMENTS", "label_en": "Agreements", "label_es": "", "note": "Counts agreements."},
    "measure": "stock",
    "trap": "Agreements are not agencies.",
    "provisions": [3, 1],
    "first_period": LIST_DAYS[0],
    "last_period": LIST_DAYS[-1],
    "dimensions": [
        dimension("state", "State", "sum", code("TX", "Texas"), code("AZ", "Arizona"), code("NM", "New Mexico")),
    ],
    "snapshots": [snapshot(AS_OF[0], 7)],
    "entries": [
        {"before": LIST_DAYS[0], "after": LIST_DAYS[1], "entries": 12, "added": 3, "removed": 1},
        {"before": LIST_DAYS[1], "after": LIST_DAYS[2], "entries": 15, "added": 4, "removed": 1},
    ],
    "breaks": [],
    "notes": [],
    "charts": [chart("By state", "days", "state"), chart("By state, latest list", "bars", "state")],
}  # fmt: skip

MONEY = {
    **MONTHLY,
    "id": "money",
    "title": {"en": "Obligations"},
    "counts": "Federal obligations by month.",
    "unit": {"code": "USD", "label_en": "U.S. dollars", "label_es": "", "note": "Current dollars.", "currency": "$"},
    "decimals": 2,
    "trap": "A lower bound.",
    "provisions": [2],
    "first_period": "2022-10",
    "last_period": "2023-03",
    "dimensions": [dimension("wall", "Wall", "sum", code("WALL", "Names the wall"), code("NONE", "Does not"))],
    "snapshots": [snapshot(AS_OF[0], 8)],
    "breaks": [],
    "notes": [],
    "charts": [
        {**chart("Names the wall", "months"), "where": {"wall": "WALL"}},
        chart("By wall, by month", "months", "wall"),
    ],
}  # fmt: skip


def listed_rows():
    """Texas grows, Arizona stays, New Mexico comes late."""
    counts = {"TX": (5, 6, 7, 9, 10), "AZ": (2, 2, 2, 2, 2), "NM": (None, None, None, 1, 1)}
    for n, day in enumerate(LIST_DAYS):
        for state, values in counts.items():
            if values[n] is not None:
                yield (state, "D", day, 2023, values[n], "A")


def money_rows():
    """A month below zero, and one without a figure on one side."""
    wall = (1_500_000.25, -2_250_000.5, None, 4_412_173_694.22, 12.5, 0.0)
    for n, value in enumerate(wall):
        period = f"{2022 + (n + 9) // 12}-{(n + 9) % 12 + 1:02d}"
        yield ("WALL", "M", period, 2023, value, "A" if value is not None else "O")
        yield ("NONE", "M", period, 2023, 100.0, "A")


def months():
    return [f"{2022 + (n + 9) // 12}-{(n + 9) % 12 + 1:02d}" for n in range(16)]


def monthly_rows():
    """16 months: 100 a month in the southwest, 10 in the north but none in the last month, which is provisional."""
    for n, period in enumerate(months()):
        year = 2023 if n < 12 else 2024
        status = "P" if n >= 12 else "A"
        yield ("SW", "USBP", "M", period, year, 100 + n, status)
        if n < 15:
            yield ("N", "USBP", "M", period, year, 10, status)


def annual_rows():
    for year in (2001, 2002, 2003):
        for n in range(1, 8):
            yield ("SW", f"S{n}", "A", f"FY{year}", year, n, "A")
        yield ("SW", "_T", "A", f"FY{year}", year, 28, "A")
        yield ("_T", "_T", "A", f"FY{year}", year, 28, "A")


def table(names, rows):
    columns = dict(
        zip(
            (*names, "freq", "period", "fiscal_year", "value", "status"), zip(*rows, strict=True), strict=True
        )
    )
    coded = {
        name: pa.array(values) if name in {"fiscal_year", "value"} else pa.array(values).dictionary_encode()
        for name, values in columns.items()
    }
    day = pa.array([AS_OF[-1]] * len(rows), pa.date32())
    basis = pa.array(["published"] * len(rows)).dictionary_encode()
    return pa.table({**coded, "known_from": day, "known_basis": basis, "edition_from": day})


def changes(names, rows):
    told = ("kind", "old", "new", "delta", "before", "after", "snapshot")
    columns = (*names, "freq", "period", "fiscal_year", *told)
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    types = {
        "old": pa.int64(),
        "new": pa.int64(),
        "delta": pa.int64(),
        "before": pa.date32(),
        "after": pa.date32(),
    }
    return pa.table(
        {
            name: pa.array(list(v), types.get(name, pa.string()))
            for name, v in zip(columns, values, strict=True)
        }
    )


STANDARD = {
    "hash": "0123456789abcdef",
    "calendar": msgspec.to_builtins(FEDERAL),
    "datasets": [
        {"id": "monthly", "title": "Encounters", "title_es": "", "dimensions": [], "counts": "Encounters.", "unit": "EVENTS", "provisions": [1]},
        {
            "id": "custody", "title": "Hours & more", "title_es": "", "counts": "Hours in custody.", "unit": "EVENTS", "provisions": [4],
            "dimensions": [{"concept": "region", "total": "published"}], "notes": ["A <note>."],
            "trap": "A median leaves out.", "empty": "Nobody publishes them.",
        },
    ],
    "concepts": {
        "region": {"label": "Border region", "label_es": "", "definition": "Where.", "codelist": "region", "source": "A dictionary"},
        "component": {"label": "Component", "label_es": "", "definition": "Who.", "codelist": "component", "source": ""},
        "citizenship": {"label": "Citizenship", "label_es": "", "definition": "Of whom.", "codelist": "citizenship", "source": ""},
    },
    "codelists": {
        "region": [{"code": "SW", "label_en": "Southwest land border", "label_es": "", "scope": "", "note": "With Mexico."}],
    },
    "statuses": STATUSES,
    "units": [EVENTS],
    "sources": [
        {
            "id": "source", "title": "A table", "publisher": "An agency", "page": "agency.example/table", "format": "csv",
            "licence": "Public domain", "caveat": "Subject to change.", "columns": [],
            "known_errors": MONTHLY["sources"][0]["known_errors"],
        }
    ],
    "breaks": MONTHLY["breaks"],
    "checks": [
        {"id": "CV1", "dataset": "monthly", "key": {"region": "SW"}, "period": "FY2023", "value": 1266, "source": "a page", "unit": "events", "grade": "A"},
        {"id": "CV2", "dataset": "monthly", "key": {}, "period": "2023-10", "value": 121, "source": "a page", "unit": "events", "grade": "A"},
        {"id": "CV3", "dataset": "", "key": {}, "period": "FY2023", "value": 1, "source": "a page", "unit": "events", "grade": "A"},
    ],
    "waivers": [{"id": "a-digit", "gate": "monthly/check-values", "reason": "A digit is wrong.", "evidence": "the page"}],
    "home": [{"dataset": "monthly", "title": "Nationwide", "where": ["region"], "who": []}],
    "topics": [
        {
            "concept": "region", "address": "place", "title": "Borders & more", "lede": "Where <they> were met.",
            "headlines": [{"dataset": "monthly", "title": "Met", "where": ["component"], "who": []}],
            "asked": [["component"], ["component", "citizenship"]],
        }
    ],
    "cited": [],
    "measures": [],
    "announcements": [],
    "office": accounts.OFFICE,
}  # fmt: skip

GATES = [
    {
        "id": "monthly/check-values", "dataset": "monthly", "rule": "check_values", "sentence": "Figures come out.",
        "compared": 2, "failed": [],
        "waived": [
            {"cell": "2023-10", "expected": 121, "found": 122, "text": "CV2: 121 published, 122 here; a page",
             "as_of": "2023-12-31", "files": ["encounters/1.csv"], "waiver": "a-digit"}
        ],
        "revised": [],
    },
    {
        "id": "annual/additive", "dataset": "annual", "rule": "additive", "sentence": "Sectors add up.",
        "compared": 3, "failed": [], "waived": [], "revised": [],
    },
]  # fmt: skip


ACCOUNT = {
    "previous": "2024-01-01-0123456789ab",
    "reason": "Two labels had been exchanged & <mended>.",
    "snapshots": [
        *({"change": "added", "file": f"encounters/{n}.csv", "sha256": f"{n:<064}", "source": "source", "as_of": "2024-01-31"} for n in range(7)),
        {"change": "removed", "file": "encounters/old.csv", "sha256": f"{9:<064}", "source": "source", "as_of": "2023-01-31"},
    ],
    "standard": [{"change": "changed", "path": "codelists/region.csv"}],
    "software": {"before": "0.0.9", "after": "0.1.0"},
    "figures": [
        {"dataset": "gone", "by": "us", "kind": "withdrawn", "of": ["encounters/old.csv"], "cells": 2, "statuses": 0, "counted": 0, "net": 0, "gross": 0, "versions": 3},
        {"dataset": "monthly", "by": "us", "kind": "standard", "of": ["standard/codelists/region.csv"], "cells": 32, "statuses": 0, "counted": 32, "net": 0, "gross": 2800, "versions": 33},
        {"dataset": "money", "by": "publisher", "kind": "added", "of": ["encounters/8.csv"], "cells": 2, "statuses": 1, "counted": 2, "net": -112.5, "gross": 112.5, "versions": 2},
    ],
}  # fmt: skip


@pytest.fixture
def made():
    """A function from dimensions, rows (code by dimension, frequency, period, fiscal year, value, status) and words to facts."""

    def make(dimensions, rows, calendar=FEDERAL, **words):
        described = [
            dimension(name, name.title(), total, *map(code, codes, codes))
            for name, total, codes in dimensions
        ]
        meta = msgspec.convert({**ANNUAL, **words, "dimensions": described}, Metadata)
        latest = table([name for name, _, _ in dimensions], rows)
        return figures.facts(
            Dataset(meta, {"latest": latest, "revisions": changes((), [])}), calendar, PROVISIONAL
        )

    return make


def release():
    """The small release as a package. Its history holds what its latest tables hold; of a list the entries are left out."""
    revised = [
        ("SW", "USBP", "M", "2023-12", "2024", "changed", 120, 114, -6, *AS_OF, FILE),
        ("N", "USBP", "M", "2023-11", "2024", "new", None, 3, 3, *AS_OF, FILE),
    ]
    datasets = {}
    for meta, names, rows, log in (
        (MONTHLY, ("region", "component"), list(monthly_rows()), revised),
        (ANNUAL, ("region", "office"), list(annual_rows()), []),
        (LISTED, ("state",), list(listed_rows()), []),
        (MONEY, ("wall",), list(money_rows()), []),
    ):
        figures = table(names, rows)
        ended = pa.array([None] * figures.num_rows, pa.date32())
        history = figures.append_column("known_to", ended).append_column("edition_to", ended)
        history = history.append_column(
            "ended", pa.array([None] * figures.num_rows, pa.string()).dictionary_encode()
        )
        tables = {"latest": figures, "history": history, "revisions": changes(names, log)}
        if meta["entries"]:
            tables["entries"] = pa.table({"change": pa.array([], pa.string())})
        datasets[meta["id"]] = Dataset(msgspec.convert(meta, Metadata, strict=False), tables)
    date = datetime.date(2024, 2, 1)
    inputs = {file.file: file for dataset in datasets.values() for file in dataset.meta.snapshots}
    kinds = (("changed", 1, -6, 6), ("new", 1, 3, 3), ("zero", 0, 0, 0))
    manifest = manifests.unsealed(date, "0.1.0", "0" * 64, STANDARD["hash"], {}, tuple(inputs.values()))
    return Package(
        manifest=msgspec.structs.replace(
            manifest, previous=manifests.Previous(ACCOUNT["previous"], "0" * 64)
        ),
        overview=Overview(
            date, tuple(datasets), {"snapshots": 3, "gates": 2, "cells_compared": 5, "cells_waived": 1}
        ),
        gates=msgspec.convert(GATES, tuple[Gate, ...]),
        standard=msgspec.convert(STANDARD, Standard),
        revisions=tuple(Revision("monthly", *AS_OF, *kind, FILE) for kind in kinds),
        provisions=msgspec.convert(accounts.PROVISIONS, tuple[Provision, ...]),
        reconciliations=msgspec.convert(accounts.RECONCILIATIONS, tuple[Reconciliation, ...]),
        reporting=msgspec.convert(accounts.REPORTING, tuple[Reported, ...]),
        cited=msgspec.convert(accounts.CITED, tuple[Cited, ...]),
        datasets=datasets,
        joined=msgspec.convert(accounts.JOINED, tuple[Joined, ...]),
        joined_figures=msgspec.convert(accounts.JOINED_FIGURES, tuple[JoinedFigure, ...]),
        account=msgspec.convert(ACCOUNT, Account),
        cells=COLUMNS.empty_table(),
    )


@pytest.fixture
def small(tmp_path):
    """The folder of the small release."""
    return put(tmp_path / "release")


def put(folder):
    """The small release as a new folder."""
    package = release()
    folder.mkdir()
    folders.put(folder, write.documents(package))
    for dataset in package.datasets.values():
        folders.put(folder, write.dataset(dataset))
    manifest(folder, package.manifest)
    return folder


def manifest(folder, unsealed):
    """Write the manifest of the files that are there."""
    files = tuple(
        # The hash of a Parquet file would change with the library that writes it.
        manifests.File(p.relative_to(folder).as_posix(), hashlib.sha256(p.name.encode()).hexdigest(), 1234)
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "manifest.json"
    )
    made = msgspec.structs.replace(unsealed, id="2024-02-01-abcdef012345", files=files)
    (folder / "manifest.json").write_bytes(manifests.encode(made))
