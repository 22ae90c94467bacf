"""What SDMX 2.1 and 3.0 have in common: forms of answers, keys, parts of a history, messages."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
from pyarrow import compute

from borderstats.sdmx import data_csv, data_json, data_xml, structure_json, structure_xml
from borderstats.sdmx.message import FLAT, Header, Message, Part
from borderstats.sdmx.model import TIME, Artefact, DataStructure
from borderstats.serve import times, why
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


def forms(known: Sequence[Form], query: Query) -> tuple[Form, ...]:
    """The forms in which a query can be answered: what vanished needs an action, which SDMX-CSV 1.0 has not."""
    if not query.history and query.since is None:
        return tuple(known)
    return tuple(
        replace(one, names=("csv", "csv2", "text/csv")) if one.id == CSV_2.id else one
        for one in known
        if one.id != CSV_1.id
    )


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
    if first > last:
        raise bad(f"{names[0]}: it begins after {names[1]} ends; give an earlier period")
    return tuple(text for text, begins, ends in store.periods(dataset) if begins >= first and ends <= last)


def parts(store: Store, query: Query) -> tuple[Part, ...]:
    """The data sets of an answer, to be applied in their order.

    One, for what is known or was known on a day. After a day, one with what replaces what was known then, and one with what has
    vanished (`Delete`) for each day on which something did. For a history, both of these for each day, one after the other.
    """
    if query.history:
        query = replace(query, since=query.since or datetime.date.min)
    table = store.run(query)
    if not table.num_rows:
        nothing = f"nothing has changed since {query.since}, or " if query.since else ""
        raise missing(
            f"{nothing}no observation is like that: {why.nothing(store, query)} (the availability of the dataflow says what "
            "there is)"
        )
    if query.since is None:
        return (Part(table, valid_from=str(query.as_of or "")),)
    if query.history:
        return tuple(_daily(table, store.package.manifest.date))
    fresh = table.filter(compute.is_null(table["vanished"]))
    gone = table.filter(compute.is_valid(table["vanished"]))
    return (*([Part(fresh, "Replace")] if fresh.num_rows else ()), *_daily(gone, store.package.manifest.date))


def _daily(table: pa.Table, date: datetime.date) -> Iterable[Part]:
    """Replacements and deletions of each day, valid from it until the next. What a release corrects is of its `date`."""
    known = compute.if_else(compute.is_null(table["kind"]), table["known_from"], pa.scalar(date))
    day_of = compute.coalesce(table["vanished"], known)
    days = sorted(day_of.unique().to_pylist())
    for day, following in zip(days, [*days, None][1:], strict=True):
        there = table.filter(compute.equal(day_of, pa.scalar(day)))
        until = str(following or "")
        both = (
            Part(there.filter(compute.is_null(there["vanished"])), "Replace", str(day), until),
            Part(there.filter(compute.is_valid(there["vanished"])), "Delete", str(day), until),
        )
        yield from (one for one in both if one.table.num_rows)


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
