"""Who holds the latest figures of a release and asks the next one what has changed is told what differs by us, too."""

import csv
import datetime
import io
import json

import pytest

from borderstats.package import account
from borderstats.serve import api, sdmx30
from borderstats.serve.limits import Limits
from borderstats.serve.problem import Problem
from borderstats.serve.request import Request
from borderstats.serve.store import Store
from small_office import DATE, NEWER, OLDER, change, put_aside

LATER = DATE + datetime.timedelta(7)
NAME = "ship-calls"


def exchanged(folder):
    change(
        folder / "standard/codelists/port.csv", ("Sunhaven", "?"), ("Westmole", "Sunhaven"), ("?", "Westmole")
    )


def renamed(folder):
    change(folder / "standard/codelists/port.csv", ("OLD,", "OQY,"))


def withdrawn(folder):
    put_aside(folder, NEWER)


def both(folder):
    exchanged(folder)
    withdrawn(folder)


def nothing(_):
    pass


@pytest.fixture
def follow(office):
    """A function that builds a release, has something happen, and builds the next one."""
    folder, build = office
    for name in (OLDER, NEWER):
        # Whatever the date of the release: known on the day for which it speaks.
        change(folder / f"archive/{name}.toml", ('known_basis = "not before"', 'known_basis = "published"'))

    def make(happens, late=None, date=LATER):
        back = put_aside(folder, late) if late else lambda: None
        first = build()
        back()
        happens(folder)
        return first, build(first, "A reason.", date)

    return make


def plain(release, **asked):
    pairs = tuple((name.rstrip("_"), str(value)) for name, value in asked.items())
    return api.observations(Store(release, Limits()), Request({"dataset": NAME}, pairs)).make()


def sdmx(release, form, since):
    path = {"context": "dataflow", "id": NAME, "key": "*"}
    pairs = (("updatedAfter", str(since)), ("format", form))
    try:
        return sdmx30.data(Store(release, Limits()), Request(path, pairs)).make()
    except Problem:
        # Nothing has changed.
        return None


def latest(release):
    rows = json.loads(plain(release))["observations"]
    return {(row["port"], row["period"]): (row["value"], row["status"]) for row in rows}


def in_json(release, since):
    answer = json.loads(plain(release, since=since))
    for row in answer["observations"]:
        yield (row["port"], row["period"]), (row["value"], row["status"])
    for row in answer["deletions"]:
        yield (row["port"], row["period"]), None


def in_csv(release, since):
    for row in csv.DictReader(io.StringIO(plain(release, since=since, format="csv").decode())):
        figure = (int(row["value"]) if row["value"] else None, row["status"])
        yield (row["port"], row["period"]), None if row["vanished"] else figure


def in_sdmx_csv(release, since):
    for row in csv.DictReader(io.StringIO((sdmx(release, "csv", since) or b"").decode())):
        figure = (int(row["OBS_VALUE"]) if row["OBS_VALUE"] else None, row["OBS_STATUS"])
        yield (row["PORT"], row["TIME_PERIOD"]), None if row["ACTION"] == "D" else figure


def in_sdmx_json(release, since):
    body = sdmx(release, "json", since)
    if body is None:
        return
    data = json.loads(body)["data"]
    (structure,) = data["structures"]
    along = {one["id"]: one for one in structure["dimensions"]["series"]}
    (time,) = structure["dimensions"]["observation"]
    places = [one["id"] for one in structure["attributes"]["observation"]]
    status = next(one for one in structure["attributes"]["observation"] if one["id"] == "OBS_STATUS")
    for part in data["dataSets"]:
        for key, series in part["series"].items():
            port = along["PORT"]["values"][int(key.split(":")[list(along).index("PORT")])]["id"]
            for place, (value, *rest) in series["observations"].items():
                period = time["values"][int(place)]["value"]
                if part["action"] == "Delete":
                    assert not rest
                    yield (port, period), None
                else:
                    yield (port, period), (value, status["values"][rest[places.index("OBS_STATUS")]]["id"])


FORMS = {"json": in_json, "csv": in_csv, "sdmx-csv": in_sdmx_csv, "sdmx-json": in_sdmx_json}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("happens", "late", "kinds", "moved"),
    [
        (exchanged, None, {"standard"}, 60),
        (renamed, None, {"standard"}, 60),
        (withdrawn, None, {"withdrawn"}, 10),
        (both, None, {"standard", "withdrawn"}, 63),
        # Known before the day that is asked, but added later; the older one is of periods that the newer one speaks of, too.
        (nothing, NEWER, {"added"}, 10),
        (nothing, OLDER, set(), 0),
        (exchanged, NEWER, {"standard", "added"}, 63),
    ],
)
def test_what_is_held_of_the_release_before_is_brought_up_to_date(follow, happens, late, kinds, moved):
    first, second = follow(happens, late)
    old, new = latest(first), latest(second)
    differing = {cell for cell in {*old, *new} if old.get(cell) != new.get(cell)}
    assert len(differing) == moved
    for since in (DATE, DATE + datetime.timedelta(3)):
        for read in FORMS.values():
            held = dict(old)
            told = list(read(second, since))
            assert {cell for cell, _ in told} == differing
            for cell, figure in told:
                if figure:
                    held[cell] = figure
                else:
                    del held[cell]
            assert held == new
        answer = json.loads(plain(second, since=since))
        rows = [*answer["observations"], *answer["deletions"]]
        assert {row["kind"] for row in rows} == kinds
        assert {row["vanished"] for row in answer["deletions"]} <= {str(LATER)}
        assert (answer["previous"], answer["total"]["observations"]) == (
            first.name,
            len(answer["observations"]),
        )
    # Who asks since the day of this release holds it.
    assert all(not list(read(second, LATER)) for read in FORMS.values())


def test_a_release_of_the_same_day_is_told_to_who_asks_since_that_day(follow):
    first, second = follow(exchanged, date=DATE)
    assert {**latest(first), **dict(in_json(second, DATE))} == latest(second) != latest(first)
    assert not list(in_json(second, LATER))


def test_what_was_known_on_a_day_before_the_release_is_not_corrected(follow):
    _, second = follow(exchanged)
    day = LATER - datetime.timedelta(1)
    assert json.loads(plain(second, since=DATE, as_of=day))["observations"] == []
    assert len(json.loads(plain(second, since=DATE, as_of=LATER))["observations"]) == 60
    assert json.loads(plain(second, since=DATE, days="edition"))["observations"] == []


def test_history_since_tells_it_on_the_day_of_the_release(follow):
    _, second = follow(both)
    body = sdmx(second, "csv", DATE)
    path = {"context": "dataflow", "id": NAME, "key": "*"}
    pairs = (("updatedAfter", str(DATE)), ("includeHistory", "true"), ("format", "csv"))
    steps = sdmx30.data(Store(second, Limits()), Request(path, pairs)).make()
    rows = list(csv.DictReader(io.StringIO(steps.decode())))
    assert {row["VALID_FROM"] for row in rows} == {str(LATER)}
    assert len(rows) == len(list(csv.DictReader(io.StringIO(body.decode())))) == 63
    # Who holds nothing is told what this release has, and nothing of the release before.
    whole = sdmx30.data(Store(second, Limits()), Request(path, pairs[1:])).make()
    assert {row["ACTION"] for row in csv.DictReader(io.StringIO(whole.decode()))} == {"R"}


def test_conditions_hold_for_what_differs_by_us(follow):
    _, second = follow(both)
    every = dict(in_json(second, DATE))
    asked = json.loads(plain(second, since=DATE, port="SUN", from_="2025-01"))
    found = {(row["port"], row["period"]) for row in (*asked["observations"], *asked["deletions"])}
    assert found == {cell for cell in every if cell[0] == "SUN" and cell[1] >= "2025-01"}
    assert any(figure is None for cell, figure in every.items() if cell in found)


def test_pages_of_an_answer_have_each_row_once(follow):
    _, second = follow(both)
    every = [row["id"] for row in json.loads(plain(second, since=DATE))["observations"]]
    found = []
    offset = 0
    while offset is not None:
        page = json.loads(plain(second, since=DATE, limit=20, offset=offset))
        found += [row["id"] for row in page["observations"]]
        offset = page["next_offset"]
    assert found == every
    assert page["total"] == {"observations": 54, "series": 2, "deletions": 9}


def test_an_account_that_is_broken_is_said_to_be(follow):
    _, second = follow(exchanged)
    path = second / account.CELLS
    path.chmod(0o644)
    path.write_text("dataset\n")
    with pytest.raises(Exception, match=r"account\.csv: altered or broken: .*; build the release again"):
        plain(second, since=DATE)


def test_the_revisions_tell_the_kinds_of_what_differs_by_us(follow):
    first, second = follow(both)

    def asked(release, *pairs):
        return json.loads(api.revisions(Store(release, Limits()), Request({}, pairs)).make())["account"]

    assert asked(first) is None
    told = asked(second)
    assert (told["previous"], told["reason"]) == (first.name, "A reason.")
    assert [(one["dataset"], one["by"], one["kind"]) for one in told["figures"]] == [
        (NAME, "us", "withdrawn"), (NAME, "us", "standard"), ("staff", "us", "standard"),
    ]  # fmt: skip
    assert asked(second, ("dataset", "staff")) == {**told, "figures": told["figures"][2:]}
