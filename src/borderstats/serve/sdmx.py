"""What SDMX 2.1 and 3.0 have in common: forms of answers, keys, parts of a history, messages."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
from pyarrow import compute

from borderstats.sdmx import data_csv, data_json, data_xml, structure_json, structure_xml
from borderstats.sdmx.message import FLAT, Header, Message, Part
from borderstats.sdmx.model import TIME, Artefact, DataStructure
from borderstats.serve import times
from borderstats.serve.negotiate import Form
from borderstats.serve.problem import Problem, bad, missing, one_of
from borderstats.serve.store import Operator, Query, Store, Test

_VENDOR = "application/vnd.sdmx."
GENERIC = Form(
    "generic-2.1", f"{_VENDOR}genericdata+xml;version=2.1", ("generic", "genericdata", "application/xml")
)
SPECIFIC = Form(
    "structurespecific-2.1",
    f"{_VENDOR}structurespecificdata+xml;version=2.1",
    ("structurespecific", "structure"),
)
XML = Form("xml-3.0", f"{_VENDOR}data+xml;version=3.0.0", ("xml", "application/xml"))
JSON = Form(
    "json-2.0", f"{_VENDOR}data+json;version=2.0.0", ("json", "jsondata", "sdmx-json", "application/json")
)
CSV_2 = Form("csv-2.0", f"{_VENDOR}data+csv;version=2.0.0", ("csv2", "text/csv"))
CSV_1 = Form("csv-1.0", f"{_VENDOR}data+csv;version=1.0.0", ("csv1",))
DATA_21 = (GENERIC, SPECIFIC, replace(CSV_1, names=("csv", "csv1", "text/csv")), CSV_2, JSON, XML)
DATA_30 = (JSON, replace(CSV_2, names=("csv", "csv2", "text/csv")), XML, SPECIFIC, GENERIC, CSV_1)

STRUCTURE_XML_21 = Form("xml-2.1", f"{_VENDOR}structure+xml;version=2.1", ("xml", "application/xml"))
STRUCTURE_XML_30 = Form("xml-3.0", f"{_VENDOR}structure+xml;version=3.0.0", ("xml", "application/xml"))
STRUCTURE_JSON = Form(
    "json-2.0", f"{_VENDOR}structure+json;version=2.0.0", ("json", "sdmx-json", "application/json")
)
STRUCTURE_21 = (STRUCTURE_XML_21, STRUCTURE_JSON, replace(STRUCTURE_XML_30, names=()))
STRUCTURE_30 = (STRUCTURE_JSON, STRUCTURE_XML_30, replace(STRUCTURE_XML_21, names=()))

_EXACT: Operator = "eq"


@dataclass(frozen=True)
class Detail:
    """What of the observations a message has, and how they are put together."""

    at: str = TIME
    dataset_attributes: bool = True
    attributes: bool = True
    figures: bool = True


def header(store: Store) -> Header:
    """The header of every message of a release: its id and date, not the time of the answer."""
    manifest = store.package.manifest
    office = store.package.standard.office
    return Header(manifest.id, f"{manifest.date}T00:00:00Z", office.publisher.id, office.languages)


def written_structure(store: Store, artefacts: Iterable[Artefact], form: Form, *, stubs: bool) -> bytes:
    """A structure message in a form."""
    if "json" in form.id:
        return structure_json.structure(header(store), artefacts, stubs)
    return structure_xml.structure(header(store), artefacts, "3.0" if form.id == "xml-3.0" else "2.1", stubs)


def structure_of(store: Store, dataset: str) -> DataStructure:
    """The data structure of a dataflow; Problem if there is none."""
    if dataset not in store.package.datasets:
        raise missing(one_of("dataflow", dataset, list(store.package.datasets)))
    return store.structures.structure(dataset)


def at_observation(structure: DataStructure, wanted: str) -> str:
    """The dimension at the observation that a request names; time if it names none."""
    known = (TIME, FLAT, *(one.id for one in structure.dimensions))
    if wanted and wanted not in known:
        raise bad(f"dimensionAtObservation: {one_of('dimension', wanted, known)}")
    return wanted or TIME


def column(structure: DataStructure, component: str) -> str:
    """The column of a dimension, the measure or an attribute of each observation; Problem if there is none."""
    named = {one.id: one.column for one in structure.components if one.column}
    if component not in named:
        raise bad(one_of("component", component, list(named)))
    return named[component]


def key_tests(store: Store, structure: DataStructure, key: str, separators: str = "+") -> tuple[Test, ...]:
    """The conditions of a key: a place for each dimension between dots, codes between `+`, empty or `*` for all."""
    if key in ("all", "*", ""):
        return ()
    places = key.split(".")
    if len(places) != len(structure.dimensions):
        order = ".".join(one.id for one in structure.dimensions)
        raise bad(f"the key has {len(places)} places, it needs {len(structure.dimensions)}: {order}")
    found = []
    for one, place in zip(structure.dimensions, places, strict=True):
        for separator in separators[1:]:
            place = place.replace(separator, separators[0])  # noqa: PLW2901
        codes = tuple(dict.fromkeys(code for code in place.split(separators[0]) if code and code != "*"))
        if codes and "*" not in place.split(separators[0]):
            if len(codes) > store.limits.codes:
                raise bad(f"{one.id}: more than {store.limits.codes:,} codes; ask for less at once")
            found.append(Test(one.column, _EXACT, codes))
    return tuple(found)


def within(
    store: Store, dataset: str, start: str, end: str, names: tuple[str, str] = ("startPeriod", "endPeriod")
) -> tuple[str, ...] | None:
    """The periods that lie between two, both included; None if neither is given. `names` are those parameters."""
    if not start and not end:
        return None
    first = times.span(store.calendar, start, names[0])[0] if start else datetime.date.min
    last = times.span(store.calendar, end, names[1])[1] if end else datetime.date.max
    return tuple(text for text, begins, ends in store.periods[dataset] if begins >= first and ends <= last)


def parts(store: Store, query: Query) -> tuple[Part, ...]:
    """The data sets of an answer.

    One, for what is known or was known on a day. For a history, one for each vintage with what was new in it, and one with
    what had vanished (`Delete`); after a day, one with what has changed since and one with what has vanished.
    """
    table = store.run(query)
    if not table.num_rows:
        raise missing(
            "no observation is like that; ask for the availability of the dataflow to see what there is"
        )
    if query.history:
        return tuple(_vintages(store, query, table))
    if query.changed_after:
        day = query.changed_after
        known = table.filter(compute.is_null(table["known_to"]))
        fresh = known.filter(compute.greater(known["known_from"], pa.scalar(day)))
        ended = table.filter(
            compute.and_(
                compute.is_valid(table["known_to"]), compute.less_equal(table["known_from"], pa.scalar(day))
            )
        )
        vanished = _without(ended, known, store.columns(query.dataset))
        found = [Part(fresh, "Replace")] if fresh.num_rows else []
        found += [Part(vanished, "Delete")] if vanished.num_rows else []
        if not found:
            raise missing(f"nothing has changed since {day}")
        return tuple(found)
    day_of = str(query.as_of) if query.as_of else ""
    return (Part(table, valid_from=day_of),)


def _vintages(store: Store, query: Query, table: pa.Table) -> Iterable[Part]:
    keys = store.columns(query.dataset)
    days = sorted(
        {*table["known_from"].unique().to_pylist(), *table["known_to"].drop_null().unique().to_pylist()}
    )
    for number, day in enumerate(days):
        fresh = table.filter(compute.equal(table["known_from"], pa.scalar(day)))
        until = str(days[number + 1]) if number + 1 < len(days) else ""
        if fresh.num_rows:
            yield Part(fresh, "Replace", str(day), until)
        ended = _without(table.filter(compute.equal(table["known_to"], pa.scalar(day))), fresh, keys)
        if ended.num_rows:
            yield Part(ended, "Delete", str(day), until)


def _without(table: pa.Table, other: pa.Table, keys: Sequence[str]) -> pa.Table:
    """The rows of a table whose key no row of the other has, in their order."""
    taken = set(zip(*(other[name].to_pylist() for name in keys), strict=True))
    own = list(zip(*(table[name].to_pylist() for name in keys), strict=True))
    return table.filter(pa.array([key not in taken for key in own], pa.bool_()))


def written_data(store: Store, query: Query, detail: Detail, form: Form) -> bytes:
    """A data message in a form."""
    structure = store.structures.structure(query.dataset)
    message = Message(
        header(store),
        structure,
        parts(store, query),
        detail.at,
        detail.dataset_attributes,
        detail.attributes,
        detail.figures,
    )
    if form.id == JSON.id:
        return data_json.data(message, store.structures)
    if form.id in (CSV_1.id, CSV_2.id):
        return data_csv.data(message, "1.0" if form.id == CSV_1.id else "2.0")
    if form.id == GENERIC.id:
        return data_xml.data(message, "2.1", "generic")
    return data_xml.data(message, "2.1" if form.id == SPECIFIC.id else "3.0")


DETAILS: Mapping[str, Detail] = {
    "full": Detail(),
    "dataonly": Detail(dataset_attributes=False, attributes=False),
    "serieskeysonly": Detail(dataset_attributes=False, attributes=False, figures=False),
    "nodata": Detail(attributes=False, figures=False),
}
"""What a message has by the `detail` of a data request of 2.1."""


def too_many(store: Store) -> Problem:
    """Of a request that names several dataflows."""
    return Problem(501, f"one dataflow at a time; they are {', '.join(store.package.datasets)}")
