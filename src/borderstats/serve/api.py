"""The plain JSON API, for people who have never heard of SDMX.

A series is named by its dataset and the codes of a key: `cbp-encounters-state:M.SW.TX.SA.MEX.T8`; an observation by its series
and period, `...@2023-10`. The names are those of the standard and stay the same from release to release.
"""

import io
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast, get_args

import msgspec
import pyarrow as pa
from msgspec.structs import replace
from pyarrow import parquet

from borderstats.formats import described
from borderstats.package import addresses
from borderstats.package.datasets import Metadata, Vintage
from borderstats.package.lineage import Days
from borderstats.package.model import TIMES
from borderstats.package.struct import Text
from borderstats.serve import sdmx, times, why
from borderstats.serve.negotiate import Form, choose
from borderstats.serve.problem import bad, missing, one_of
from borderstats.serve.request import Prepared, Request
from borderstats.serve.store import Count, Query, Store, Test

JSON = Form("json", "application/json", ("application/*",))
CSV = Form("csv", "text/csv; charset=utf-8", ("text/csv",))
PARQUET = Form("parquet", "application/vnd.apache.parquet", ("application/x-parquet",))
TABLES = (JSON, CSV, PARQUET)

_OBSERVATIONS = frozenset(
    ("freq", "from", "to", "as_of", "since", "history", "days", "last", "limit", "offset", "format")
)
_ONE_SERIES = frozenset(("from", "to", "as_of", "since", "history", "days", "last", "format"))
PAGE = 10_000
"""Observations of one answer in JSON, if a request gives no limit."""


def written(found: object) -> bytes:
    return msgspec.json.encode(found)


def about(store: Store) -> dict[str, Any]:
    """What every answer carries of the release: its id, date, publisher, licence, and how to cite it."""
    manifest, publisher = store.package.manifest, store.package.standard.publisher
    return {
        "release": manifest.id,
        "date": manifest.date,
        "publisher": publisher.name,
        "licence": {"name": publisher.licence, "url": publisher.licence_address},
    }


def cited(store: Store, meta: Metadata) -> str:
    """How to cite what an answer says of a dataset: with the address where it stays."""
    return described.citation(store.package, meta)


def meta_of(store: Store, dataset: str) -> Metadata:
    """The words of a dataset; Problem if there is none of that id."""
    if dataset not in store.package.datasets:
        raise missing(one_of("dataset", dataset, list(store.package.datasets)) + "; see /api/datasets")
    return store.meta(dataset)


def _summary(meta: Metadata) -> dict[str, Any]:
    return {
        "id": meta.id,
        "title": meta.title,
        "counts": meta.counts,
        "unit": meta.unit.code,
        "measure": meta.measure,
        "dimensions": [one.id for one in meta.dimensions],
        "first_period": meta.first_period,
        "last_period": meta.last_period,
        "observations": meta.observations,
        "provisions": meta.provisions,
        "url": f"datasets/{meta.id}.json",
        "page": f"../{addresses.dataset(meta.id)}",
    }


def datasets(store: Store, request: Request) -> Prepared:
    """Every dataset in short."""
    request.only(frozenset())
    found = [_summary(one.meta) for one in store.package.datasets.values()]
    return Prepared(JSON.media, lambda: written({**about(store), "datasets": found}))


def dataset(store: Store, request: Request) -> Prepared:
    """All that a release says of one dataset in words: dimensions with their codes, sources, breaks, vintages, notes.

    `links` lead to files, `queries` to what only the server answers; both are relative to the address of this answer.
    """
    request.only(frozenset())
    meta = meta_of(store, request.path["dataset"])

    def make() -> bytes:
        # Relative, so that they hold on any host, below any path, and of any release.
        links = {
            "page": f"../../{addresses.dataset(meta.id)}",
            "files": [f"../../{path}" for path in store.package.files if path.startswith(f"data/{meta.id}/")],
        }
        queries = {
            "observations": f"{meta.id}/observations",
            "sdmx": f"../../sdmx/3/data/dataflow/{store.package.standard.publisher.id}/{meta.id}/~/*",
        }
        said = {"citation": cited(store, meta), "links": links, "queries": queries}
        return written({**about(store), **msgspec.to_builtins(meta), **said})

    return Prepared(JSON.media, make)


def observations(store: Store, request: Request) -> Prepared:
    """The observations of a dataset: a parameter for each dimension with codes between commas, and the period.

    `from`, `to`: periods, both included; `as_of`: what was known on that day; `since`: what has replaced since that day what
    was known on it, and which cells have vanished, each with the day (`vanished`); `history=true`: every value that was ever
    known, with `since` what changed day by day; with either, `as_of` is the day until which. `days=edition`: all these days
    are those for which the publisher's files speak, not those on which the files became known. `last`: so many of each series;
    `limit`, `offset`: a page.
    """
    meta = meta_of(store, request.path["dataset"])
    dimensions = [one.id for one in meta.dimensions]
    request.only(_OBSERVATIONS | frozenset(dimensions))
    tests = []
    for name in (*dimensions, "freq"):
        if value := request.one(name):
            codes = tuple(dict.fromkeys(code for code in value.split(",") if code))
            if not codes:
                raise bad(f"{name}: there is no code between the commas; name one or leave it out")
            _know(store, meta, name, codes)
            tests.append(Test(name, "eq", codes))
    return _observations(store, request, meta, tuple(tests))


def _know(store: Store, meta: Metadata, name: str, codes: Sequence[str]) -> None:
    """Refuse codes that the dataset never had: a misspelt one would look like a zero."""
    if len(codes) > store.limits.codes:
        raise bad(f"{name}: more than {store.limits.codes:,} codes; ask for less at once")
    known = why.codes(store, meta.id, name)
    for code in codes:
        if code not in known:
            raise bad(f"{name}: {one_of('code', code, known)}; see /api/datasets/{meta.id}")


def series_id(meta: Metadata, row: Mapping[str, Any]) -> str:
    """The name of a row's series."""
    return f"{meta.id}:{'.'.join((row['freq'], *(row[one.id] for one in meta.dimensions)))}"


def series(store: Store, request: Request) -> Prepared:
    """One series by its name `DATASET:FREQ.CODE.CODE...`, or one observation of it, `...@PERIOD`."""
    request.only(_ONE_SERIES)
    name, colon, rest = request.path["series"].partition(":")
    meta = meta_of(store, name)
    key, at, period = rest.partition("@")
    places = key.split(".")
    columns = ("freq", *(one.id for one in meta.dimensions))
    if not colon or len(places) != len(columns):
        order = ".".join(column.upper() for column in columns)
        raise bad(f"a series of this dataset is called {meta.id}:{order}, each a single code")
    for column, code in zip(columns, places, strict=True):
        _know(store, meta, column, (code,))
    tests = [Test(column, "eq", (code,)) for column, code in zip(columns, places, strict=True)]
    if at:
        tests.append(Test("period", "eq", (period,)))
    return _observations(store, request, meta, tuple(tests))


def _observations(store: Store, request: Request, meta: Metadata, tests: tuple[Test, ...]) -> Prepared:
    form, media = choose(request.accept, request.one("format"), TABLES)
    since, as_of = times.since_until(request, "since", "as_of")
    limit = request.number("limit", store.limits.observations, PAGE if form is JSON else None)
    query = Query(
        meta.id,
        tests,
        sdmx.within(store, meta.id, request.one("from"), request.one("to"), ("from", "to")),
        as_of=as_of,
        history=request.flag("history"),
        since=since,
        days=_days(request),
        last=request.number("last", 1_000_000),
        offset=request.number("offset", 100_000_000, 0, least=0) or 0,
        limit=limit,
    )

    def make() -> bytes:
        if form is CSV:
            return store.csv(query)
        table = store.run(query)
        if form is PARQUET:
            sink = io.BytesIO()
            parquet.write_table(table, sink, compression="zstd")
            return sink.getvalue()
        return _json(store, meta, query, table)

    if form is JSON:
        return Prepared(media, make)
    headers = {"Content-Disposition": f'inline; filename="{meta.id}.{form.id}"'}
    if reason := why.before_all(store, query):
        # There is no place for it in a table.
        headers["X-Reason"] = reason
    return Prepared(media, make, headers)


def _days(request: Request) -> Days:
    given = request.one("days", "known")
    if given not in get_args(Days):
        raise bad(f"days: {one_of('kind of days', given, get_args(Days))}")
    return cast("Days", given)


def _json(store: Store, meta: Metadata, query: Query, table: pa.Table) -> bytes:
    rows = table.to_pylist()
    for row in rows:
        row["id"] = f"{series_id(meta, row)}@{row['period']}"
    there = [row for row in rows if row.get("vanished") is None]
    gone = [row for row in rows if row.get("vanished") is not None]
    whole = query.offset == 0 and (query.limit is None or len(rows) < query.limit)
    series = len({series_id(meta, row) for row in there})
    count = Count(len(there), len(gone), series) if whole else store.count(query)
    following = query.offset + len(rows)
    return written(
        {
            **about(store),
            "dataset": meta.id,
            "title": meta.title,
            "counts": meta.counts,
            "unit": {
                "code": meta.unit.code,
                **msgspec.to_builtins(Text(meta.unit.label_en, meta.unit.label_es)),
            },
            "decimals": meta.decimals,
            "as_of": query.as_of,
            "days": query.days,
            **(_since(store, query) if query.since else {}),
            "citation": cited(store, meta),
            "total": {
                "observations": count.observations,
                "series": count.series,
                **({"deletions": count.deletions} if query.since else {}),
            },
            "vintages": _vintages(meta, {row["snapshot"] for row in there}),
            **_later(meta, query),
            **({"reason": why.nothing(store, query)} if not rows and query.since is None else {}),
            "next_offset": following if following < count.observations + count.deletions else None,
            "observations": [{name: row[name] for name in row if name != "vanished"} for row in there],
            **({"deletions": [_deletion(row) for row in gone]} if query.since else {}),
        }
    )


def _since(store: Store, query: Query) -> dict[str, Any]:
    """Since when an answer tells what changed, and against which release before it also what differs by us."""
    previous = store.package.manifest.previous
    return {"since": query.since, **({"previous": previous.id} if previous else {})}


def _vintages(meta: Metadata, files: Collection[str]) -> list[Vintage]:
    """The editions that gave the figures of an answer, with their days and the basis of each."""
    return [one for one in meta.vintages if one.file in files]


def _later(meta: Metadata, query: Query) -> dict[str, list[Vintage]]:
    """The editions that speak for a day until that of the question, and were not surely known on it: the answer has nothing of them."""
    if query.as_of is None or query.days == "edition":
        return {}
    return {"not_known_yet": [one for one in meta.vintages if one.as_of <= query.as_of < one.known]}


def _deletion(row: Mapping[str, Any]) -> dict[str, Any]:
    """A cell that vanished: its key and the day, for nothing else is known of it any more."""
    left_out = ("value", "status", "price_base", "snapshot", *TIMES)
    return {name: value for name, value in row.items() if name not in left_out}


def revisions(store: Store, request: Request) -> Prepared:
    """What each vintage changed, by dataset: how many cells, their net and gross change. `dataset` and `since` narrow it.

    `account`: which figures differ from the release before, by whom and of which kind; none if it names none. `dataset` narrows it.
    """
    request.only(frozenset(("dataset", "since")))
    wanted, since = request.one("dataset"), request.one("since")
    if wanted:
        meta_of(store, wanted)
    day = times.moment(since, "since") if since else None
    rows = [
        row
        for row in store.package.revisions
        if (not wanted or row.dataset == wanted) and (day is None or row.after >= day)
    ]
    account = store.package.account
    if account and wanted:
        account = replace(account, figures=tuple(one for one in account.figures if one.dataset == wanted))
    return Prepared(JSON.media, lambda: written({**about(store), "revisions": rows, "account": account}))


def provisions(store: Store, request: Request) -> Prepared:
    """The provisions in the words of their document, with their indicators, baselines, milestones and what nobody can know."""
    request.only(frozenset())
    found = store.package.provisions
    return Prepared(JSON.media, lambda: written({**about(store), "provisions": found}))


def example(store: Store) -> str:
    """A word that a search finds: the first of the first dataset's title."""
    first = next(iter(store.package.datasets.values()))
    return first.meta.title.en.split()[0].strip(",;:.")


def search(store: Store, request: Request) -> Prepared:
    """Datasets, codes, provisions and notes that have the words of `q`, in any language of the standard; accents make no difference."""
    request.only(frozenset(("q", "limit")))
    words = request.one("q").strip()
    if not words:
        raise bad(f"q: write what to look for, such as /api/search?q={example(store)}")
    if len(words) > 200:
        raise bad("q: at most 200 characters")
    limit = request.number("limit", 100, 20) or 20
    return Prepared(
        JSON.media, lambda: written({**about(store), "results": store.index.look_up(words, limit)})
    )
