"""SDMX REST for SDMX 3.0 (version 2.1 of its interface): structures, schemas, data, availability.

What 2.1 has not: conditions `c[DIMENSION]=` with operators, and points in time, `asOf` and `includeHistory`.
"""

import datetime
import re
from dataclasses import replace

from borderstats.sdmx.model import TIME, DataStructure
from borderstats.serve import sdmx, sdmx21, times
from borderstats.serve.negotiate import choose
from borderstats.serve.problem import bad, missing
from borderstats.serve.request import Prepared, Request
from borderstats.serve.sdmx import DATA_30, STRUCTURE_30, Detail
from borderstats.serve.select import dataflows, select
from borderstats.serve.store import Operator, Query, Store, Test

_STRUCTURE = frozenset(("references", "detail", "format"))
_DATA = frozenset(
    (
        "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation", "attributes", "measures",
        "includeHistory", "asOf", "format",
    )
)  # fmt: skip
_AVAILABLE = frozenset(("updatedAfter", "mode", "references", "format"))
_CONDITION = re.compile(r"c\[([A-Za-z][A-Za-z0-9_-]*)\]", re.ASCII)
_OPERATORS = frozenset(("eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew"))
_ORDERED = frozenset(("lt", "le", "gt", "ge"))
_DAYS = ("known_from", "edition_from")
_CONTEXTS = frozenset(("dataflow", "datastructure", "*"))


def structure(store: Store, request: Request) -> Prepared:
    """`/structure/{kind}/{agency}/{id}/{version}/{item}` with `references` and `detail`."""
    request.only(_STRUCTURE)
    path = request.path
    kind = "structure" if path.get("kind", "*") == "*" else path["kind"]
    found, stubs = select(
        store.structures,
        kind,
        path.get("agency", "*"),
        path.get("id", "*"),
        path.get("version", "~"),
        path.get("item", ""),
        request.one("references", "none"),
        request.one("detail", "full"),
    )
    form, media = choose(request.accept, request.one("format"), STRUCTURE_30)
    return Prepared(media, lambda: sdmx.written_structure(store, found, form, stubs=stubs))


def schema(store: Store, request: Request) -> Prepared:
    """`/schema/{context}/{agency}/{id}/{version}`: the structure of a dataflow with all that it refers to."""
    request.only(frozenset(("dimensionAtObservation", "explicitMeasure", "format")))
    kind = request.path["context"]
    if kind not in ("dataflow", "datastructure"):
        raise missing("schemas are of a dataflow or a datastructure")
    found, _ = select(
        store.structures,
        kind,
        request.path["agency"],
        request.path["id"],
        request.path.get("version", "~"),
        references="descendants",
    )
    form, media = choose(request.accept, request.one("format"), STRUCTURE_30)
    return Prepared(media, lambda: sdmx.written_structure(store, found, form, stubs=False))


def data(store: Store, request: Request) -> Prepared:
    """`/data/{context}/{agency}/{id}/{version}/{key}` with conditions and all parameters of a data request."""
    _known(request, _DATA)
    query = _query(store, request)
    at = sdmx.at_observation(store.structures.structure(query.dataset), request.one("dimensionAtObservation"))
    form, media = choose(request.accept, request.one("format"), sdmx.forms(DATA_30, query))
    detail = replace(_detail(request), at=at)
    return Prepared(media, lambda: sdmx.written_data(store, query, detail, form))


def availability(store: Store, request: Request) -> Prepared:
    """`/availability/{context}/{agency}/{id}/{version}/{key}/{component}`."""
    _known(request, _AVAILABLE)
    query = _query(store, request)
    if request.one("mode", "exact") not in ("exact", "available"):
        raise bad("mode: write exact or available")
    form, media = choose(request.accept, request.one("format"), STRUCTURE_30)
    component, references = request.path.get("component", "*"), request.one("references", "none")
    select(store.structures, "dataflow", "all", query.dataset, references=references)
    return Prepared(media, lambda: sdmx21.available(store, query, component, references, form))


def _known(request: Request, names: frozenset[str]) -> None:
    Request(request.path, [pair for pair in request.pairs if not _CONDITION.fullmatch(pair[0])]).only(names)


def _detail(request: Request) -> Detail:
    attributes, measures = request.one("attributes", "dsd"), request.one("measures", "all")
    if measures not in ("all", "none"):
        raise bad("measures: write all or none")
    levels = {
        "dsd": (True, True), "all": (True, True), "none": (False, False), "msd": (False, False), "dataset": (True, False),
        "series": (False, False), "obs": (False, True),
    }  # fmt: skip
    if attributes not in levels:
        raise bad(f"attributes: write one of {', '.join(levels)}")
    whole, observed = levels[attributes]
    return Detail(dataset_attributes=whole, attributes=observed, figures=measures == "all")


def _query(store: Store, request: Request) -> Query:
    path = request.path
    if path["context"] not in _CONTEXTS:
        raise missing("figures are asked for by dataflow: /data/dataflow/AGENCY/ID/~/KEY")
    found = dataflows(
        store.structures, path.get("agency", "*"), path.get("id", "*"), path.get("version", "~")
    )
    if len(found) > 1:
        raise sdmx.too_many(store)
    dataset = found[0]
    shape = store.structures.structure(dataset)
    keys = path.get("key", "*").split(",")
    if len(keys) > 1:
        raise bad(
            "one key at a time; write several codes of a dimension with + between them, or c[DIMENSION]=A,B"
        )
    tests = list(sdmx.key_tests(store, shape, keys[0]))
    wanted: set[str] | None = None
    for name, value in request.pairs:
        if condition := _CONDITION.fullmatch(name):
            if condition[1] == TIME:
                fits = _periods(store, dataset, value)
                wanted = fits if wanted is None else wanted & fits
            else:
                tests += _tests(store, shape, condition[1], value)
    since, as_of = times.since_until(request, "updatedAfter", "asOf")
    return Query(
        dataset,
        tuple(tests),
        None if wanted is None else tuple(text for text, _, _ in store.periods(dataset) if text in wanted),
        as_of=as_of,
        history=request.flag("includeHistory"),
        since=since,
        first=request.number("firstNObservations", sdmx21.MOST),
        last=request.number("lastNObservations", sdmx21.MOST),
    )


def _conditions(value: str) -> list[tuple[Operator, list[str]]]:
    """The parts of a condition between `+`, all of which must hold, each an operator and alternatives between commas."""
    found: list[tuple[Operator, list[str]]] = []
    for part in value.split("+"):
        operator: Operator = "eq"
        values = []
        for written in part.split(","):
            before, colon, after = written.partition(":")
            if colon and before in _OPERATORS:
                operator, rest = before, after  # type: ignore[assignment]
            else:
                rest = written
            values.append(rest)
        if not all(values):
            raise bad(
                "a condition is c[DIMENSION]=OPERATOR:VALUE,VALUE with + between several; one has no value"
            )
        found.append((operator, values))
    return found


def _tests(store: Store, shape: DataStructure, component: str, value: str) -> list[Test]:
    name = sdmx.column(shape, component)
    found = []
    for operator, values in _conditions(value):
        if len(values) > store.limits.codes:
            raise bad(f"{component}: more than {store.limits.codes:,} values; ask for less at once")
        if operator in _ORDERED and len(values) > 1:
            raise bad(f"{component}: {operator} compares with one value")
        typed: list[str | float | datetime.date] = [_typed(name, component, one) for one in values]
        if name in ("value", "fiscal_year", *_DAYS) and operator in ("co", "nc", "sw", "ew"):
            raise bad(f"{component}: {operator} is for codes; write eq, ne, lt, le, gt or ge")
        found.append(Test(name, operator, tuple(typed)))
    return found


def _typed(column: str, component: str, written: str) -> str | float | datetime.date:
    if column in _DAYS:
        return times.moment(written, component)
    if column in ("value", "fiscal_year"):
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", written, re.ASCII):
            raise bad(f"{component}: {component} is a number; write digits")
        return float(written)
    return written


def _periods(store: Store, dataset: str, value: str) -> set[str]:
    """The periods for which a condition on time holds."""
    every = store.periods(dataset)
    found = {text for text, _, _ in every}
    for operator, values in _conditions(value):
        spans = [times.span(store.calendar, one, f"c[{TIME}]") for one in values]
        if operator in ("co", "nc", "sw", "ew"):
            raise bad(f"c[{TIME}]: {operator} is for codes; write eq, ne, lt, le, gt or ge")
        found &= {text for text, begins, ends in every if _fits(operator, (begins, ends), spans)}
    return found


def _fits(operator: Operator, period: times.Span, spans: list[times.Span]) -> bool:
    """Whether a period is one of the spans, none of them, or before or after the first."""
    first, last = spans[0]
    match operator:
        case "eq" | "ne":
            return (period in spans) == (operator == "eq")
        case "lt":
            return period[1] < first
        case "le":
            return period[1] <= last
        case "gt":
            return period[0] > last
        case _:
            return period[0] >= first
