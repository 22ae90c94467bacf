"""The latest values of a dataset as JSON-stat 2.0 (https://json-stat.org/full/): one cube with its words.

Its dimensions are those of the dataset, then the frequency, the period and the measure; months and fiscal years are
periods of one dimension, each with its own frequency. Every row of the latest table is a cell with a status, and no
other cell has one: a cell with a status and a null is a figure that is missing for the reason that the status
says, a cell with neither is a combination of which the publisher says nothing. Fiscal year, known-from date and file of
each row are in the table only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from borderstats import periods
from borderstats.errors import ReleaseError
from borderstats.formats import described
from borderstats.package.datasets import DimensionCode, Metadata
from borderstats.package.model import Dataset, Package
from borderstats.standard.codelists import Code
from borderstats.words import labels

NAME = "latest.jsonstat.json"
"""The name of the file in the dataset's folder."""

MEASURE = "measure"
"""The dimension with one category, the unit of count."""

_DENSE = 0.5
"""From this share of filled cells on, an array with nulls is shorter than an object of the cells that are there."""


def document(package: Package, name: str) -> bytes:
    """The dataset of that id as a JSON-stat dataset, in UTF-8.

    Raises ReleaseError if there is no such dataset, or a row has a code without a category or a cell of another row.
    """
    dataset = package.dataset(name, "release.json")
    meta, dimensions = dataset.meta, _dimensions(package, dataset)
    size = [len(one["category"]["index"]) for one in dimensions.values()]
    place = _places(dataset, dimensions, size)
    order = np.argsort(place)
    cells = place[order]
    value = described.values(meta, dataset.latest)
    status = described.texts(dataset.latest, "status")
    length = int(np.prod(size, dtype=np.int64))
    return msgspec.json.encode(
        {
            "version": "2.0",
            "class": "dataset",
            "href": described.address(package, f"data/{meta.id}/{NAME}"),
            "label": meta.title.en,
            "source": described.sources(meta),
            "updated": package.manifest.date,
            "note": [meta.counts, *described.notes(meta)],
            "id": list(dimensions),
            "size": size,
            "role": {"time": ["period"], "metric": [MEASURE]},
            "dimension": dimensions,
            "value": _cells(cells, [value[n] for n in order], length),
            "status": _statuses(cells, [status[n] for n in order], length),
            "link": _links(package, meta),
            "extension": _extension(package, dataset),
        }
    )


def _dimensions(package: Package, dataset: Dataset) -> dict[str, Any]:
    meta, table = dataset.meta, dataset.latest
    freq = described.frequencies(package)
    made: dict[str, Any] = {}
    for dimension in meta.dimensions:
        made[dimension.id] = {
            "label": dimension.label.en,
            "note": [dimension.definition],
            "category": _category(dimension.codes),
            "extension": {
                **_spanish(
                    package, dimension.label.es, {code.code: code.es for code in dimension.codes if code.es}
                ),
                "total": dimension.total,
                "source": dimension.source,
            },
        }
    here = [
        freq[code] for code in dict.fromkeys(map(periods.FREQUENCIES.__getitem__, described.kinds(table)))
    ]
    made["freq"] = {
        "label": "Frequency",
        "category": _category(here),
        "extension": _spanish(package, "Frecuencia", {one.code: one.label_es for one in here}),
    }
    written = described.period_order(package.standard.calendar, described.texts(table, "period"))
    made["period"] = {
        "label": "Period",
        "category": {
            "index": written,
            "label": {period: labels.sentence(labels.period(period)) for period in written},
        },
        "extension": _spanish(package, "Periodo"),
    }
    made[MEASURE] = {
        "label": "Measure",
        "category": {
            **_category((meta.unit,)),
            "unit": {meta.unit.code: {"label": meta.unit.label_en, "decimals": meta.decimals}},
        },
        "extension": _spanish(package, "Medida", {meta.unit.code: meta.unit.label_es}),
    }
    return made


def _spanish(package: Package, label: str, categories: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A label and those of categories in Spanish, if the standard has them."""
    if not package.standard.spanish:
        return {}
    return {"label_es": label, **({"category_es": categories} if categories is not None else {})}


def _category(codes: Sequence[Code] | Sequence[DimensionCode]) -> dict[str, Any]:
    category = {
        "index": [one.code for one in codes],
        "label": {one.code: described.labelled(one) for one in codes},
    }
    noted = {one.code: [one.note] for one in codes if one.note}
    return {**category, "note": noted} if noted else category


def _places(dataset: Dataset, dimensions: Mapping[str, Any], size: Sequence[int]) -> npt.NDArray[np.int64]:
    """The place of each row in the cube, its last dimension the fastest."""
    place = np.zeros(dataset.latest.num_rows, np.int64)
    for length, (name, dimension) in zip(size, dimensions.items(), strict=True):
        places = {code: n for n, code in enumerate(dimension["category"]["index"])}
        if name == MEASURE:
            continue
        try:
            place = place * length + [places[code] for code in described.texts(dataset.latest, name)]
        except KeyError as error:
            path = f"data/{dataset.meta.id}/latest.parquet"
            raise ReleaseError(
                f"{path}: column {name}: {error} is in no category of the metadata; build the release again"
            ) from None
    if len(np.unique(place)) < len(place):
        raise ReleaseError(
            f"data/{dataset.meta.id}/latest.parquet: two rows of one cell; build the release again"
        )
    return place


def _cells(cells: npt.NDArray[np.int64], figures: Sequence[Any], length: int) -> list[Any] | dict[str, Any]:
    """An array with one entry for each cell of the cube, or an object with those that are there if most are not."""
    if len(cells) < _DENSE * length:
        return dict(zip(map(str, cells.tolist()), figures, strict=True))
    every: list[Any] = [None] * length
    for cell, one in zip(cells.tolist(), figures, strict=True):
        every[cell] = one
    return every


def _statuses(cells: npt.NDArray[np.int64], codes: Sequence[str], length: int) -> Any:
    """By cell, since an array may have no nulls; one code where every cell of the cube has it."""
    if len(cells) == length and len(set(codes)) == 1:
        return codes[0]
    return dict(zip(map(str, cells.tolist()), codes, strict=True))


def _links(package: Package, meta: Metadata) -> dict[str, Any]:
    publisher = package.standard.publisher

    def link(kind: str, file: str) -> dict[str, str]:
        return {"type": kind, "href": described.address(package, f"data/{meta.id}/{file}")}

    return {
        "describedby": [link("application/json", "metadata.json")],
        "alternate": [
            link("text/csv", "latest.csv"),
            link("application/vnd.apache.parquet", "latest.parquet"),
        ],
        "license": [{"type": "text/html", "href": publisher.licence_address}],
    }


def _extension(package: Package, dataset: Dataset) -> dict[str, Any]:
    meta, publisher = dataset.meta, package.standard.publisher
    known = described.statuses(package, meta, dataset.latest)
    codes = [known[code] for code in sorted(set(described.texts(dataset.latest, "status")))]
    return {
        "id": meta.id,
        **_spanish(package, meta.title.es),
        "citation": described.citation(package, meta),
        **({"citation_es": described.citation_es(package, meta)} if package.standard.spanish else {}),
        "publisher": publisher.name,
        "contact": publisher.email,
        "licence": publisher.licence,
        "measure": meta.measure,
        "rounding": meta.rounding,
        "status": {
            "label": {one.code: one.label_en for one in codes},
            **({"label_es": {one.code: one.label_es for one in codes}} if package.standard.spanish else {}),
        },
    }
