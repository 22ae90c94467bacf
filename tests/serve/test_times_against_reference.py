"""Questions of time: the server says what the plain-Python reference says, and its answers can be replayed in every form."""

import csv
import datetime
import io
import json
from dataclasses import replace
from itertools import chain

import msgspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pyarrow import parquet

import lineage_reference as reference
import small_release
from borderstats.package import folder as folders
from borderstats.package import model, write
from borderstats.package.reports import Overview
from borderstats.package.standard import Standard
from borderstats.serve import api, sdmx21, sdmx30
from borderstats.serve import store as stores
from borderstats.serve.limits import Limits
from borderstats.serve.problem import Problem
from borderstats.serve.request import Request
from borderstats.serve.store import Query, Store
from lineage_reference import Deletion, Version

START = datetime.date(2024, 1, 1)
CELLS = [
    (region, "USBP", "M", period) for region in ("N", "SW") for period in ("2023-10", "2023-11", "2023-12")
]
NAMES = ("region", "component", "freq", "period")
DAYS = st.integers(0, 9).map(lambda n: START + datetime.timedelta(days=n))
VALUES = st.tuples(st.sampled_from([None, 0, 1, 2]), st.sampled_from(["A", "P"]))


@st.composite
def versions(draw, cell):
    """What one cell went through: values, the same again, gaps in which it is not known, and what was never known."""
    days = sorted(draw(st.lists(DAYS, max_size=6, unique=True)))
    found = []
    for day, following in zip(days, [*days, None][1:], strict=True):
        # A last value may end, too.
        known_to = following or draw(st.one_of(st.none(), st.just(day + datetime.timedelta(days=3))))
        if draw(st.booleans()) or draw(st.booleans()):
            found.append(Version(cell, *draw(VALUES), day, known_to))
    for known_from in draw(st.lists(DAYS, max_size=1)):
        never = draw(st.sampled_from([0, 2]))
        found.append(Version(cell, *draw(VALUES), known_from, known_from - datetime.timedelta(days=never)))
    return sorted(found, key=lambda one: one.known_from)


HISTORIES = st.tuples(*(versions(cell) for cell in CELLS)).map(lambda found: [*chain(*found)]).filter(len)
PAIRS = st.tuples(DAYS, DAYS).map(sorted)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A release of one dataset, whose history each example writes anew."""
    package = small_release.release()
    concepts = small_release.STANDARD["concepts"]
    standard = {
        **small_release.STANDARD,
        "concepts": {**concepts, "component": {**concepts["region"], "codelist": "component"}},
        "codelists": {
            "region": [{"code": "N", "label_en": "North"}, {"code": "SW", "label_en": "Southwest"}],
            "component": [{"code": "USBP", "label_en": "Border Patrol"}],
        },
    }
    package = replace(
        package,
        overview=Overview(package.overview.date, ("monthly",), package.overview.counts),
        standard=msgspec.convert(standard, Standard),
        datasets={"monthly": package.datasets["monthly"]},
    )
    made = tmp_path_factory.mktemp("lineage") / "release"
    made.mkdir()
    folders.put(made, write.documents(package))
    folders.put(made, write.dataset(package.datasets["monthly"]))
    small_release.manifest(made, package.manifest)
    return made


def opened(folder, history, days="known"):
    """The store over the release with that history on the days of one kind; those of the other kind are a week later."""
    week = datetime.timedelta(days=7)
    begins, ends = [one.known_from for one in history], [one.known_to for one in history]
    later = [day + week for day in begins], [day and day + week for day in ends]
    known, edition = ((begins, ends), later) if days == "known" else (later, (begins, ends))
    rows = {
        **{name: [one.cell[n] for one in history] for n, name in enumerate(NAMES)},
        "fiscal_year": [2024] * len(history),
        "value": [one.value for one in history],
        "status": [one.status for one in history],
        "known_from": known[0],
        "known_basis": ["published"] * len(history),
        "known_to": known[1],
        "edition_from": edition[0],
        "edition_to": edition[1],
        "ended": [day and "changed" for day in ends],
        "snapshot": ["file.csv"] * len(history),
        "origin": [f"row {n}" for n in range(len(history))],
    }
    types = {
        "fiscal_year": pa.int16(),
        "value": pa.int64(),
        **dict.fromkeys(("known_from", "known_to", "edition_from", "edition_to"), pa.date32()),
    }
    table = pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in rows.items()})
    parquet.write_table(table, folder / "data/monthly/history.parquet")
    parquet.write_table(model.latest(table), folder / "data/monthly/latest.parquet")
    return Store(folder, Limits())


def as_row(one):
    """A version or deletion as a row of an answer: of a deletion nothing but its cell and its day."""
    if isinstance(one, Deletion):
        return (*one.version.cell, None, None, None, None, one.day)
    return (*one.cell, one.value, one.status, one.known_from, one.known_to, None)


def asked(history, since, until, whole):
    """What the reference says."""
    if since is None:
        return reference.history_until(history, until) if whole else reference.as_of(history, until)
    return (reference.steps if whole else reference.changes)(history, since, until)


BEFORE = st.fixed_dictionaries(
    {},
    optional={
        "region": st.sampled_from([("N",), ("SW",), ("N", "SW")]),
        "period": st.lists(st.sampled_from(["2023-10", "2023-11", "2023-12"]), min_size=1, unique=True).map(
            tuple
        ),
    },
)
AFTER = st.one_of(
    st.none(),
    st.tuples(st.just("value"), st.sampled_from(["eq", "ge", "lt"]), st.sampled_from([0, 1, 2])),
    st.tuples(st.just("status"), st.sampled_from(["eq", "ne"]), st.sampled_from(["A", "P"])),
    st.tuples(st.just("known_from"), st.sampled_from(["ge", "le"]), DAYS),
)
COMPARED = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "ge": lambda a, b: a >= b, "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}  # fmt: skip
SOME = st.one_of(st.none(), st.integers(0, 2))


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    HISTORIES, PAIRS, st.booleans(), st.booleans(), st.booleans(), BEFORE, AFTER, SOME, SOME,
    st.tuples(st.integers(0, 3), st.integers(0, 8)), st.sampled_from(["known", "edition"]),
)  # fmt: skip
def test_the_server_says_what_the_reference_says(
    folder, history, pair, from_first, open_end, whole, before, after, first, last, page, days
):
    since, until = pair if from_first else (None, pair[1])
    found = asked(history, since, until if not open_end else END, whole)
    found = [
        one for one in found if fits(before, one.version.cell if isinstance(one, Deletion) else one.cell)
    ]
    if after:
        name, operator, value = after
        found = reference.only(
            found,
            lambda one: getattr(one, name) is not None and COMPARED[operator](getattr(one, name), value),
        )
    wanted = [as_row(one) for one in reference.ends(found, first, last)]
    tests = tuple(stores.Test(name, "eq", codes) for name, codes in before.items() if name == "region")
    column = after and after[0].replace("known", days)
    tests += (stores.Test(column, after[1], (after[2],)),) if after else ()
    query = Query(
        "monthly", tests, before.get("period"), None if open_end else until, whole, since, days, first, last
    )
    # Without a question of time the days of both kinds are those of the newest editions.
    store = opened(folder, history, days)
    rows = rows_of(store.run(query), days)
    assert sorted(rows, key=str) == sorted(wanted, key=str)
    assert [row[:4] for row in rows] == sorted(row[:4] for row in rows)
    there = [row for row in wanted if row[-1] is None]
    series = {row[:3] for row in there}
    assert store.count(query) == (len(there), len(wanted) - len(there), len(series))
    limit, offset = page
    page = rows_of(store.run(replace(query, limit=limit, offset=offset)), days)
    assert page == rows[offset : offset + limit]


def test_a_cell_that_came_back_and_vanished_again_vanished_on_the_last_day(folder):
    day = [START + datetime.timedelta(days=n) for n in range(10)]
    cell, other = CELLS[:2]
    history = [
        Version(cell, 1, "A", day[0], day[2]),
        Version(cell, 1, "A", day[4], day[6]),
        # Never known: what vanished on that day did vanish.
        Version(cell, 2, "A", day[6], day[6]),
        Version(other, 1, "A", day[0], day[2]),
        Version(other, 1, "A", day[4]),
    ]
    store = opened(folder, history)
    assert rows_of(store.run(Query("monthly", since=day[1], as_of=day[8]))) == [
        (*cell, None, None, None, None, day[6]),
        (*other, 1, "A", day[4], None, None),
    ]
    assert [row[-1] for row in rows_of(store.run(Query("monthly", since=day[1], history=True)))] == [
        day[2], None, day[6], day[2], None,
    ]  # fmt: skip


END = START + datetime.timedelta(days=40)
"""A day after all others: what is known now."""


def fits(before, cell):
    row = dict(zip(NAMES, cell, strict=True))
    return all(row[name] in codes for name, codes in before.items())


def rows_of(table, days="known"):
    """The rows of an answer with every column, whatever was asked, and its days of that kind."""
    columns = ("value", "status", f"{days}_from", f"{days}_to", "vanished")
    nothing = [None] * table.num_rows
    values = [
        table[name].to_pylist() if name in table.column_names else nothing for name in (*NAMES, *columns)
    ]
    return list(zip(*values, strict=True))


# Replaying: what a client held on the first day and what the server tells it make what it would get on the last day.


def plain(form):
    def ask(store, pairs):
        request = Request({"dataset": "monthly"}, (*pairs, ("format", form)))
        return api.observations(store, request).make()

    return ask


def sdmx(form, version):
    def ask(store, pairs):
        names = {"as_of": "asOf", "since": "updatedAfter", "history": "includeHistory"}
        query = [(names[name], value) for name, value in pairs if name in names]
        regions = [value.replace(",", "+") for name, value in pairs if name == "region"]
        key = f"M.{regions[0] if regions else ''}."
        try:
            if version == "3.0":
                path = {"context": "dataflow", "id": "monthly", "key": key.replace("..", ".*.") + "*"}
                return sdmx30.data(store, Request(path, (*query, ("format", form)))).make()
            return sdmx21.data(
                store, Request({"flow": "monthly", "key": key}, (*query, ("format", form)))
            ).make()
        except Problem as problem:
            if problem.status != 404:
                raise
            return None

    return ask


def of_api_json(body):
    document = json.loads(body)
    for one in document["observations"]:
        yield (one["region"], one["period"]), one["known_from"], (one["value"], one["status"])
    for one in document.get("deletions", ()):
        yield (one["region"], one["period"]), one["vanished"], None


def of_rows(rows):
    for one in rows:
        found = None if one.get("vanished") else (number(one["value"]), one["status"])
        yield (one["region"], one["period"]), str(one.get("vanished") or one["known_from"]), found


def of_api_csv(body):
    return of_rows(csv.DictReader(io.StringIO(body.decode())))


def of_api_parquet(body):
    return of_rows(parquet.read_table(io.BytesIO(body)).to_pylist())


def of_csv(body):
    for one in csv.DictReader(io.StringIO(body.decode())):
        cell = (one["REGION"], one["TIME_PERIOD"])
        # What was known on a day is SDMX-CSV 1.0 where that is the default, which has no actions.
        if one.get("ACTION") == "D":
            assert not any(one[name] for name in ("OBS_VALUE", "OBS_STATUS", "KNOWN_FROM", "UNIT_MEASURE"))
            yield cell, one["VALID_FROM"], None
        else:
            yield cell, one["KNOWN_FROM"], (number(one["OBS_VALUE"]), one["OBS_STATUS"])


def of_json(body):
    data = json.loads(body)["data"]
    (structure,) = data["structures"]
    along, (time,) = structure["dimensions"]["series"], structure["dimensions"]["observation"]
    attributes = structure["attributes"]["observation"]

    def word(component, place):
        value = component["values"][place]
        return value.get("id", value.get("value"))

    for part in data["dataSets"]:
        for key, series in part["series"].items():
            named = {d["id"]: word(d, int(place)) for d, place in zip(along, key.split(":"), strict=True)}
            for place, (value, *rest) in series["observations"].items():
                cell = (named["REGION"], word(time, int(place)))
                if part["action"] == "Delete":
                    assert (value, rest) == (None, [])
                    yield cell, part["validFrom"][:10], None
                else:
                    said = {a["id"]: word(a, n) for a, n in zip(attributes, rest, strict=True)}
                    yield cell, said["KNOWN_FROM"], (value, said["OBS_STATUS"])


def of_specific(body):
    for part in (one for one in etree.fromstring(body) if etree.QName(one).localname == "DataSet"):
        said = {etree.QName(name).localname: value for name, value in part.attrib.items()}
        for series in part:
            for one in series:
                cell = (series.get("REGION"), one.get("TIME_PERIOD"))
                if said["action"] == "Delete":
                    assert set(one.attrib) == {"TIME_PERIOD"}
                    yield cell, said["validFromDate"][:10], None
                else:
                    yield cell, one.get("KNOWN_FROM"), (number(one.get("OBS_VALUE")), one.get("OBS_STATUS"))


def of_generic(body):
    root = etree.fromstring(body)
    space = {"mes": root.nsmap["mes"], "gen": root.nsmap["gen"]}
    for part in root.findall("mes:DataSet", space):
        for series in part.findall("gen:Series", space):
            key = {one.get("id"): one.get("value") for one in series.find("gen:SeriesKey", space)}
            for one in series.findall("gen:Obs", space):
                cell = (key["REGION"], one.find("gen:ObsDimension", space).get("value"))
                if part.get("action") == "Delete":
                    assert len(one) == 1
                    yield cell, part.get("validFromDate")[:10], None
                    continue
                said = {a.get("id"): a.get("value") for a in one.find("gen:Attributes", space)}
                value = one.find("gen:ObsValue", space)
                value = None if value is None else number(value.get("value"))
                yield cell, said["KNOWN_FROM"], (value, said["OBS_STATUS"])


def number(written):
    return None if written in (None, "") else int(written)


FORMS = {
    "api-json": (plain("json"), of_api_json),
    "api-csv": (plain("csv"), of_api_csv),
    "api-parquet": (plain("parquet"), of_api_parquet),
    "csv-2.1": (sdmx("csv", "2.1"), of_csv),
    "csv-3.0": (sdmx("csv", "3.0"), of_csv),
    "json": (sdmx("json", "3.0"), of_json),
    "generic": (sdmx("generic", "2.1"), of_generic),
    "specific": (sdmx("structurespecific", "2.1"), of_specific),
    "xml-3.0": (sdmx("xml", "3.0"), of_specific),
}
"""How each form is asked for, and read: of each row the cell, the day on which it became so, and what is known, if anything."""


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    HISTORIES,
    st.lists(DAYS, min_size=3, max_size=3).map(sorted),
    st.sampled_from(["", "N", "N,SW"]),
    st.sampled_from([*FORMS]),
)
def test_answers_can_be_replayed_in_every_form(folder, history, days, region, name):
    store = opened(folder, history)
    first, between, last = map(str, days)
    ask, read = FORMS[name]

    def rows(**parameters):
        pairs = [(key, value) for key, value in {"region": region, **parameters}.items() if value]
        body = ask(store, pairs)
        return [] if body is None else list(read(body))

    def state(day):
        return {cell: found for cell, _, found in rows(as_of=day)}

    changed = rows(since=first, as_of=last)
    assert len({cell for cell, _, _ in changed}) == len(changed)
    assert all(first < day <= last for _, day, _ in changed)
    assert replayed(state(first), changed, last) == state(last)
    steps = rows(since=first, as_of=last, history="1")
    for day in (between, last):
        assert replayed(state(first), steps, day) == state(day)
    # The plain API says in `known_to` when a version ended.
    if not name.startswith("api"):
        whole = rows(as_of=last, history="True")
        for day in (first, between, last):
            assert replayed({}, whole, day) == state(day)


def replayed(state, rows, until):
    """What a client holds that applies the rows until a day, in their order by day."""
    held = dict(state)
    for cell, day, found in sorted(rows, key=lambda row: row[1]):
        if day > until:
            continue
        if found is None:
            del held[cell]
        else:
            held[cell] = found
    return held
