"""What a request asks for is what it gets: the server against plain pandas on the release's own files."""

import csv
import datetime
import io
import json
from collections import Counter

import httpx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

FLOW = "cbp-encounters-state"
KEY = ["region", "state", "demographic", "citizenship", "title", "freq"]
DAYS = [
    datetime.date(2023, 9, 29),
    datetime.date(2023, 10, 31),
    datetime.date(2024, 2, 15),
    datetime.date(2025, 1, 1),
]


@pytest.fixture(scope="module")
def tables(release):
    return {
        name: parquet.read_table(release / f"data/{FLOW}/{name}.parquet").to_pandas(date_as_object=True)
        for name in ("latest", "history")
    }


@pytest.fixture(scope="module")
def client(served):
    with httpx.Client(base_url=served.url, timeout=30) as opened:
        yield opened


def rows(response):
    return list(csv.DictReader(io.StringIO(response.text)))


def expected(tables, codes, start, end, as_of, last):
    if as_of:
        table = tables["history"]
        ends = table["known_to"].map(lambda day: day is None or pd.isna(day) or day > as_of)
        table = table[(table["known_from"] <= as_of) & ends]
    else:
        table = tables["latest"]
    for name, wanted in codes.items():
        table = table[table[name].isin(wanted)]
    if start:
        table = table[table["period"] >= start]
    if end:
        table = table[table["period"] <= end]
    if last is not None:
        table = table.groupby(KEY, sort=False, group_keys=False).tail(last) if last else table[:0]
    return table


CODES = st.fixed_dictionaries(
    {},
    optional={
        "state": st.lists(st.sampled_from(["TX", "AZ", "NY", "GU"]), min_size=1, max_size=3, unique=True),
        "citizenship": st.lists(st.sampled_from(["MEX", "GTM", "ROU"]), min_size=1, max_size=2, unique=True),
        "title": st.lists(st.sampled_from(["T8", "T42"]), min_size=1, unique=True),
        "demographic": st.lists(st.sampled_from(["SA", "UC"]), min_size=1, unique=True),
    },
)
MONTHS = st.sampled_from(["", "2020-03", "2023-11", "2024-09"])
LAST = st.one_of(st.none(), st.integers(1, 3))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CODES, MONTHS, MONTHS, st.sampled_from([None, *DAYS]), LAST)
def test_every_interface_gives_what_pandas_finds(client, tables, codes, start, end, as_of, last):
    wanted = expected(tables, codes, start, end, as_of, last)
    common = {"as_of": as_of, "last": last, "from": start, "to": end, "format": "csv"}
    query = {key: value for key, value in common.items() if value not in (None, "")}
    response = client.get(
        f"/api/datasets/{FLOW}/observations", params={**query, **{k: ",".join(v) for k, v in codes.items()}}
    )
    if start and end and start > end:
        assert response.status_code == 400
        assert "from: it begins after to ends" in response.json()["detail"]
        return
    assert response.status_code == 200, response.text
    found = rows(response)
    assert [int(row["value"]) for row in found] == wanted["value"].tolist()
    assert [tuple(row[name] for name in (*KEY, "period")) for row in found] == list(
        wanted[[*KEY, "period"]].itertuples(index=False, name=None)
    )
    order = ["freq", "region", "state", "demographic", "citizenship", "title"]
    key = ".".join("+".join(codes.get(name, ())) for name in order)
    names = {
        "from": "startPeriod",
        "to": "endPeriod",
        "as_of": "asOf",
        "last": "lastNObservations",
        "format": "format",
    }
    response = client.get(f"/sdmx/2.1/data/{FLOW}/{key}", params={names[k]: v for k, v in query.items()})
    assert response.status_code == (200 if len(wanted) else 404), response.text
    if len(wanted):
        assert [int(row["OBS_VALUE"]) for row in rows(response)] == wanted["value"].tolist()
    conditions = [f"c[{name.upper()}]={','.join(wanted)}" for name, wanted in codes.items()]
    times = [f"{way}:{month}" for way, month in (("ge", start), ("le", end)) if month]
    conditions += [f"c[TIME_PERIOD]={'+'.join(times)}"] if times else []
    conditions += [f"{names[k]}={v}" for k, v in query.items() if k not in ("from", "to")]
    response = client.get(f"/sdmx/3/data/dataflow/BORDERSTATS/{FLOW}/~/*?{'&'.join(conditions)}")
    assert response.status_code == (200 if len(wanted) else 404), response.text
    if len(wanted):
        assert [int(row["OBS_VALUE"]) for row in rows(response)] == wanted["value"].tolist()


@pytest.mark.parametrize(
    ("condition", "check"),
    [
        ("c[STATE]=sw:N", lambda t: t["state"].str.startswith("N")),
        ("c[STATE]=ew:X,Z", lambda t: t["state"].str.endswith(("X", "Z"))),
        ("c[STATE]=co:A", lambda t: t["state"].str.contains("A")),
        ("c[STATE]=nc:A", lambda t: ~t["state"].str.contains("A")),
        ("c[STATE]=ne:TX,AZ", lambda t: ~t["state"].isin(["TX", "AZ"])),
        ("c[OBS_VALUE]=ge:1000+lt:2000", lambda t: (t["value"] >= 1000) & (t["value"] < 2000)),
        ("c[TIME_PERIOD]=gt:2024-06", lambda t: t["period"] > "2024-06"),
        ("c[TIME_PERIOD]=lt:FY2021", lambda t: t["period"] < "2020-10"),
        ("c[TIME_PERIOD]=2024-01,2024-03", lambda t: t["period"].isin(["2024-01", "2024-03"])),
        ("c[TIME_PERIOD]=ne:2024-01", lambda t: t["period"] != "2024-01"),
        ("c[STATE]=TX&c[STATE]=ne:TX", lambda t: t["state"] == "nowhere"),
        ("c[KNOWN_FROM]=gt:2024-02-29", lambda t: t["known_from"] > datetime.date(2024, 2, 29)),
        ("c[FISCAL_YEAR]=eq:2024", lambda t: t["fiscal_year"] == 2024),
    ],
)
def test_conditions(client, tables, condition, check):
    wanted = tables["latest"][check(tables["latest"])]
    response = client.get(f"/sdmx/3/data/dataflow/*/{FLOW}/~/*?{condition}&format=csv")
    if not len(wanted):
        assert response.status_code == 404
        return
    assert [int(row["OBS_VALUE"]) for row in rows(response)] == wanted["value"].tolist()


def counted(response):
    """How many rows an answer in SDMX-CSV 2.0 has by their action, and the deletions by their day."""
    found = rows(response)
    days = Counter(row["VALID_FROM"] for row in found if row["ACTION"] == "D")
    return Counter(row["ACTION"] for row in found), days


def test_what_was_published_later_was_not_known(client):
    """It once gave all of February 2024 as known on its last day; CBP published it on 22 March."""
    path = f"/api/datasets/{FLOW}/observations?from=2024-02&to=2024-02&limit=10000"
    before = client.get(f"{path}&as_of=2024-02-29").json()
    assert before["observations"] == before["vintages"] == []
    (later,) = before["not_known_yet"]
    assert (later["as_of"], later["known"], later["known_basis"]) == ("2024-02-29", "2024-03-22", "published")
    after = client.get(f"{path}&as_of=2024-03-22").json()
    assert sum(one["value"] for one in after["observations"]) == 256_094
    assert (after["vintages"], after["not_known_yet"]) == ([later], [])
    of_edition = client.get(f"{path}&as_of=2024-02-29&days=edition").json()
    assert of_edition["observations"] == after["observations"]
    assert "not_known_yet" not in of_edition
    known = {(one["known_from"], one["known_basis"], one["edition_from"]) for one in after["observations"]}
    assert known == {("2024-03-22", "published", "2024-02-29")}
    for form in ("/sdmx/2.1/data/{}/all?startPeriod=2024-02&endPeriod=2024-02&asOf={}",
                 "/sdmx/3/data/dataflow/*/{}/~/*?c[TIME_PERIOD]=2024-02&asOf={}"):  # fmt: skip
        assert client.get(form.format(FLOW, "2024-03-21")).status_code == 404
        found = rows(client.get(form.format(FLOW, "2024-03-22") + "&format=csv"))
        assert sum(int(row["OBS_VALUE"]) for row in found) == 256_094
        assert {(row["KNOWN_FROM"], row["KNOWN_BASIS"], row["EDITION_FROM"]) for row in found} == known


def test_editions_whose_day_nobody_knows_are_asked_for_by_their_own(client):
    path = "/api/datasets/uscis-fear-receipts/observations?as_of=2021-06-30"
    unknown = client.get(path).json()
    assert unknown["total"]["observations"] == 0
    assert {one["known_basis"] for one in unknown["not_known_yet"]} == {"not after"}
    assert len(unknown["not_known_yet"]) == 5
    found = client.get(f"{path}&days=edition").json()
    assert found["total"]["observations"] > 0
    assert max(one["as_of"] for one in found["vintages"]) == "2021-06-15"
    refused = client.get(f"{path}&days=published")
    assert refused.status_code == 400
    assert "known" in refused.json()["detail"]
    assert "edition" in refused.json()["detail"]


def test_a_history_until_a_day_has_what_was_known_until_then_and_what_had_vanished(client):
    # It once reported 4,078 deletions: every version that was known on that day and ended later.
    for path in (f"/sdmx/2.1/data/{FLOW}/all", f"/sdmx/3/data/dataflow/*/{FLOW}/~/*"):
        found, days = counted(client.get(f"{path}?includeHistory=true&asOf=2024-02-29&format=csv2"))
        assert found == {"R": 46_932, "D": 22}
        assert days == {"2023-12-31": 2, "2024-01-31": 9, "2024-02-29": 11}
    since = client.get(
        f"/sdmx/2.1/data/{FLOW}/all?includeHistory=true&updatedAfter=2023-12-31&asOf=2024-02-29&format=csv2"
    )
    assert counted(since) == ({"R": 2_270, "D": 20}, {"2024-01-31": 9, "2024-02-29": 11})


def test_what_changed_between_two_days(client, tables):
    # It once reported 1,916 deletions and no replacement.
    for path in (f"/sdmx/2.1/data/{FLOW}/all", f"/sdmx/3/data/dataflow/*/{FLOW}/~/*"):
        response = client.get(f"{path}?updatedAfter=2023-12-31&asOf=2024-02-29&format=csv2")
        assert counted(response) == ({"R": 2_165, "D": 13}, {"2024-01-31": 9, "2024-02-29": 4})
    found = client.get(
        f"/api/datasets/{FLOW}/observations?since=2023-12-31&as_of=2024-02-29&limit=10000"
    ).json()
    assert found["total"]["observations"] == len(found["observations"]) == 2_165
    assert found["total"]["deletions"] == len(found["deletions"]) == 13
    assert {one["vanished"] for one in found["deletions"]} == {"2024-01-31", "2024-02-29"}
    for day, until, deleted in (
        ("2023-11-30", "2023-12-31", 2),
        ("2023-11-30", "2024-10-31", 3),
        ("2024-03-22", "2024-10-31", 19),
    ):
        wanted = f"since={day}&as_of={until}&format=csv"
        got = rows(client.get(f"/api/datasets/{FLOW}/observations?{wanted}"))
        assert sum(bool(row["vanished"]) for row in got) == deleted
    pages, offset = [], 0
    while offset is not None:
        path = (
            f"/api/datasets/{FLOW}/observations?since=2023-12-31&as_of=2024-02-29&limit=1000&offset={offset}"
        )
        page = client.get(path).json()
        pages.append(page)
        offset = page["next_offset"]
    assert [len(page["observations"]) + len(page["deletions"]) for page in pages] == [1_000, 1_000, 178]
    for kind in ("observations", "deletions"):
        assert [one for page in pages for one in page[kind]] == found[kind]
    available = client.get(f"/sdmx/3/availability/dataflow/*/{FLOW}/~/*?updatedAfter=2024-03-22").json()
    (constraint,) = available["data"]["dataConstraints"]
    counts = {one["id"]: one["title"] for one in constraint["annotations"]}
    assert counts["obs_count"] == str((tables["latest"]["known_from"] > datetime.date(2024, 3, 22)).sum())
    late = client.get(f"/sdmx/3/data/dataflow/*/{FLOW}/~/*?updatedAfter=2024-03-01&asOf=2024-02-29")
    assert late.status_code == 400
    assert "updatedAfter: it is after asOf" in late.json()["detail"]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("c[OBS_VALUE]=ge:100", lambda t: t["value"] >= 100),
        ("c[OBS_STATUS]=A", lambda t: t["status"] == "A"),
        ("c[KNOWN_FROM]=le:2023-12-31", lambda t: t["known_from"] <= datetime.date(2023, 12, 31)),
        ("c[KNOWN_FROM]=gt:2023-11-30", lambda t: t["known_from"] > datetime.date(2023, 11, 30)),
        ("c[STATE]=TX", lambda t: t["state"] == "TX"),
    ],
)
@pytest.mark.parametrize(
    "question", ["updatedAfter=2023-11-30", "includeHistory=1", "updatedAfter=2023-12-31&includeHistory=True"]
)
def test_what_leaves_a_condition_has_not_vanished(client, tables, condition, kept, question):
    """The condition is put to what has changed: no deletion is reported of a cell that is there."""
    path = f"/sdmx/3/data/dataflow/*/{FLOW}/~/*"
    until = "asOf=2024-02-29&format=csv"
    found = rows(client.get(f"{path}?{question}&{condition}&{until}"))
    every = rows(client.get(f"{path}?{question}&{until}"))
    cell = [*(name.upper() for name in KEY), "TIME_PERIOD", "VALID_FROM"]
    deleted = {tuple(row[name] for name in cell) for row in every if row["ACTION"] == "D"}
    reported = [tuple(row[name] for name in cell) for row in found if row["ACTION"] == "D"]
    assert set(reported) <= deleted
    history, until = tables["history"], datetime.date(2024, 2, 29)
    since = datetime.date.fromisoformat(question[13:23] if "updatedAfter" in question else "0001-01-01")
    fresh = history[(history["known_from"] > since) & (history["known_from"] <= until) & kept(history)]
    if "includeHistory" not in question:
        fresh = fresh[fresh["known_to"].map(lambda day: pd.isna(day) or day > until)]
    assert sum(row["ACTION"] == "R" for row in found) == len(fresh)


def test_a_history_has_a_data_set_for_each_day_and_what_vanished(client, tables):
    history = tables["history"]
    vanished = history.merge(
        tables["latest"][[*KEY, "period"]], on=[*KEY, "period"], how="left", indicator=True
    ).query("_merge == 'left_only'")
    assert len(vanished)
    one = vanished.iloc[0]
    key = ".".join(one[name] for name in ("freq", "region", "state", "demographic", "citizenship", "title"))
    response = client.get(f"/sdmx/3/data/dataflow/*/{FLOW}/~/{key}?includeHistory=true&format=csv")
    of_series = history
    for name in KEY:
        of_series = of_series[of_series[name] == one[name]]
    found = rows(response)
    assert {row["ACTION"] for row in found} == {"R", "D"}
    assert sum(row["ACTION"] == "R" for row in found) == len(of_series)
    sets = client.get(f"/sdmx/3/data/dataflow/*/{FLOW}/~/{key}?includeHistory=true").json()["data"][
        "dataSets"
    ]
    days = [(one["validFrom"], one["action"]) for one in sets]
    assert days == sorted(days, key=lambda pair: (pair[0], pair[1] == "Delete"))
    assert {day[:10] for day, action in days if action == "Replace"} == {
        str(d) for d in of_series["known_from"]
    }


def test_what_has_changed_since_a_day(client, tables):
    day = datetime.date(2024, 3, 22)
    response = client.get(f"/sdmx/2.1/data/{FLOW}/all?updatedAfter={day}T12:00:00Z&format=csv2")
    latest, history = tables["latest"], tables["history"]
    fresh = latest[latest["known_from"] > day]
    before = history[
        (history["known_from"] <= day) & history["known_to"].map(lambda d: d is None or pd.isna(d) or d > day)
    ]
    gone = before.merge(latest[[*KEY, "period"]], on=[*KEY, "period"], how="left", indicator=True)
    found, _ = counted(response)
    assert found == {"R": len(fresh), "D": (gone["_merge"] == "left_only").sum()}


def test_what_vanished_is_in_no_form_that_cannot_say_so(client):
    path = f"/sdmx/2.1/data/{FLOW}/all?updatedAfter=2024-03-22&format="
    assert client.get(f"{path}csv1").status_code == 406
    assert client.get(f"{path}csv").headers["content-type"].endswith("csv;version=2.0.0")


def test_a_figure_that_is_not_there_is_empty_null_or_left_out_with_its_status(client, release):
    name = "ohss-repatriations"
    table = parquet.read_table(release / f"data/{name}/latest.parquet").to_pandas()
    missing = table[table["value"].isna()].iloc[0]
    series = ".".join(
        [missing["freq"], *(missing[c] for c in table.columns[: table.columns.get_loc("freq")])]
    )
    response = client.get(f"/api/series/{name}:{series}@{missing['period']}").json()["observations"]
    assert [(one["value"], one["status"]) for one in response] == [(None, missing["status"])]
    flat = client.get(f"/sdmx/3/data/dataflow/*/{name}/~/{series}?format=json").json()
    (one,) = flat["data"]["dataSets"][0]["series"].values()
    assert [values[0] for values in one["observations"].values()].count(None) == (
        table.set_index(list(table.columns[: table.columns.get_loc("period")])).loc[
            tuple(missing[c] for c in table.columns[: table.columns.get_loc("period")]), "value"
        ].isna().sum()
    )  # fmt: skip
    text = client.get(f"/sdmx/2.1/data/{name}/{series}?format=csv").text
    assert "nan" not in text.lower()
    assert np.isnan(pd.read_csv(io.StringIO(text))["OBS_VALUE"]).any()
    generic = client.get(f"/sdmx/2.1/data/{name}/{series}").text
    assert 'value=""' not in generic


def test_fiscal_years_are_ranges_from_their_first_day(client):
    response = client.get("/sdmx/3/data/dataflow/*/usbp-apprehensions-nation/~/*?format=csv")
    found = rows(response)
    years = {row["FISCAL_YEAR"]: row["TIME_PERIOD"] for row in found}
    assert years["1976"] == "1975-07-01/P1Y"
    assert years["1977"] == "1976-10-01/P1Y"
    within = client.get(
        "/sdmx/2.1/data/usbp-apprehensions-nation/all?startPeriod=FY1977&endPeriod=1979-09&format=csv"
    )
    assert {row["FISCAL_YEAR"] for row in rows(within)} == {"1977", "1978", "1979"}


def test_availability_is_what_there_is(client, tables):
    wanted = tables["latest"].query("state == 'GU'")
    found = client.get(f"/sdmx/3/availability/dataflow/*/{FLOW}/~/*?c[STATE]=GU").json()["data"][
        "dataConstraints"
    ][0]
    values = {
        one["id"]: [v["value"] for v in one.get("values", ())] for one in found["cubeRegions"][0]["keyValues"]
    }
    assert values["CITIZENSHIP"] == sorted(wanted["citizenship"].unique())
    counts = {one["id"]: one["title"] for one in found["annotations"]}
    assert counts == {
        "obs_count": str(len(wanted)),
        "series_count": str(len(wanted.groupby(KEY))),
    }
    one = client.get(f"/sdmx/3/availability/dataflow/*/{FLOW}/~/*/STATE").json()["data"]["dataConstraints"][0]
    assert [key["id"] for key in one["cubeRegions"][0]["keyValues"]] == ["STATE"]


def test_pages_of_observations(client, tables):
    path = f"/api/datasets/{FLOW}/observations?citizenship=MEX&state=TX"
    whole = client.get(f"{path}&limit=1000").json()
    assert whole["total"]["observations"] == len(whole["observations"])
    assert whole["next_offset"] is None
    first = client.get(f"{path}&limit=100").json()
    assert first["next_offset"] == 100
    second = client.get(f"{path}&limit=100&offset=100").json()
    assert [*first["observations"], *second["observations"]] == whole["observations"][:200]
    assert {"unit", "counts", "citation", "licence", "release"} <= whole.keys()
    one = whole["observations"][0]
    again = client.get(f"/api/series/{one['id']}").json()["observations"]
    assert again == [one]


def test_search_in_two_languages_without_accents(client):
    english = client.get("/api/search", params={"q": "unaccompanied chil"}).json()["results"]
    spanish = client.get("/api/search", params={"q": "ninos no acompanados"}).json()["results"]
    for found in (english, spanish):
        assert any(one["id"] == "demographic=UC" for one in found)
    for hostile in ('" OR 1=1 --', "* NEAR(", "title:", "a" * 200):
        assert client.get("/api/search", params={"q": hostile}).status_code == 200


def test_revisions_and_provisions(client, release):
    listed = client.get(f"/api/revisions?dataset={FLOW}&since=2024-01-01").json()["revisions"]
    assert listed
    assert {one["dataset"] for one in listed} == {FLOW}
    assert min(one["after"] for one in listed) >= "2024-01-01"
    provisions = client.get("/api/provisions").json()["provisions"]
    assert provisions == json.loads((release / "provisions.json").read_text())
