"""SDMX REST for SDMX 2.1 (version 1.5 of its interface): structures, data, availability."""

from dataclasses import replace

from pyarrow import compute

from borderstats.sdmx.model import TIME, constraint
from borderstats.serve import sdmx, times, why
from borderstats.serve.negotiate import Form, choose
from borderstats.serve.problem import bad, missing, one_of
from borderstats.serve.request import Prepared, Request
from borderstats.serve.sdmx import DATA_21, DETAILS, STRUCTURE_21
from borderstats.serve.select import dataflows, referred, select
from borderstats.serve.store import Query, Store

_STRUCTURE = frozenset(("references", "detail", "format"))
_DATA = frozenset(
    (
        "startPeriod", "endPeriod", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation", "detail",
        "includeHistory", "format", "asOf",
    )
)  # fmt: skip
_AVAILABLE = frozenset(("startPeriod", "endPeriod", "updatedAfter", "mode", "references", "format"))
MOST = 1_000_000
"""The largest number that a request may give for how many observations of a series it wants."""


def structure(store: Store, request: Request) -> Prepared:
    """`/{kind}/{agency}/{id}/{version}/{item}` with `references` and `detail`."""
    request.only(_STRUCTURE)
    path = request.path
    found, stubs = select(
        store.structures,
        path["kind"],
        path.get("agency", "all"),
        path.get("id", "all"),
        path.get("version", "latest"),
        path.get("item", ""),
        request.one("references", "none"),
        request.one("detail", "full"),
    )
    form, media = choose(request.accept, request.one("format"), STRUCTURE_21)
    return Prepared(media, lambda: sdmx.written_structure(store, found, form, stubs=stubs))


def data(store: Store, request: Request) -> Prepared:
    """`/data/{flow}/{key}/{provider}` with all parameters of a data request; `asOf` as in 3.0."""
    request.only(_DATA)
    query = _query(store, request)
    at = sdmx.at_observation(store.structures.structure(query.dataset), request.one("dimensionAtObservation"))
    name = request.one("detail", "full")
    if name not in DETAILS:
        raise bad(f"detail: write one of {', '.join(DETAILS)}")
    form, media = choose(request.accept, request.one("format"), sdmx.forms(DATA_21, query))
    detail = replace(DETAILS[name], at=at)
    return Prepared(media, lambda: sdmx.written_data(store, query, detail, form))


def _flow(store: Store, written: str) -> str:
    """The dataflow of a reference `ID`, `AGENCY,ID` or `AGENCY,ID,VERSION`."""
    parts = written.split(",")
    agency, id_, version = {
        1: ("all", *parts, "latest"),
        2: (*parts, "latest"),
        3: tuple(parts),
    }.get(len(parts), ("", "", ""))
    if not id_:
        raise bad("write the dataflow as ID, AGENCY,ID or AGENCY,ID,VERSION")
    found = dataflows(store.structures, agency, id_, version)
    if len(found) > 1:
        raise sdmx.too_many(store)
    return found[0]


def _query(store: Store, request: Request) -> Query:
    dataset = _flow(store, request.path["flow"])
    shape = store.structures.structure(dataset)
    since, as_of = times.since_until(request, "updatedAfter", "asOf")
    return Query(
        dataset,
        sdmx.key_tests(store, shape, request.path.get("key", "all")),
        sdmx.within(store, dataset, request.one("startPeriod"), request.one("endPeriod")),
        as_of=as_of,
        history=request.flag("includeHistory"),
        since=since,
        first=request.number("firstNObservations", MOST),
        last=request.number("lastNObservations", MOST),
    )


def availability(store: Store, request: Request) -> Prepared:
    """`/availableconstraint/{flow}/{key}/{provider}/{component}`: the codes and periods for which there are figures."""
    request.only(_AVAILABLE)
    query = _query(store, request)
    form, media = choose(request.accept, request.one("format"), STRUCTURE_21)
    component = request.path.get("component", "all")
    references = request.one("references", "none")
    select(store.structures, "dataflow", "all", query.dataset, references=references)
    return Prepared(media, lambda: available(store, query, component, references, form))


def available(store: Store, query: Query, component: str, references: str, form: Form) -> bytes:
    """A constraint with what there is of a query, by every dimension or by one."""
    shape = store.structures.structure(query.dataset)
    names = {one.id: one.column for one in shape.dimensions}
    if component not in ("all", "*", "", TIME) and component not in names:
        raise bad(one_of("dimension", component, [*names, TIME]))
    if unknown := why.unknown(store, query):
        raise missing(f"no observation is like that: {unknown}")
    table = store.run(query)
    if query.since:
        table = table.filter(compute.is_null(table["vanished"]))
    every = component in ("all", "*", "")
    used = {
        name: tuple(sorted(table[column].unique().to_pylist()))
        for name, column in names.items()
        if every or name == component
    }
    count = store.count(query)
    periods = table["period"].unique().to_pylist() if every or component == TIME else []
    found = constraint(
        shape.calendar,
        shape.owner,
        query.dataset,
        shape.name,
        used,
        periods,
        count.series,
        count.observations,
    )
    answer = referred(store.structures, [found], references)
    return sdmx.written_structure(store, answer, form, stubs=False)
