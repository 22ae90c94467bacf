"""Several editions of one source on one day: in order, with the basis of the order, through all that a release holds."""

import csv
import datetime
import io
import itertools
import json
import sqlite3

import feedparser
import pytest
from click.testing import CliRunner
from small import written

from borderstats import pipeline
from borderstats.commands.diff import diff
from borderstats.commands.intake import intake
from borderstats.errors import ArchiveError, BorderstatsError, InputError
from borderstats.formats import feed
from borderstats.intake import adding, archive, editions
from borderstats.intake.read import read_file
from borderstats.package import read
from borderstats.package.verify import alterations
from borderstats.release.vintages import Vintage
from borderstats.serve import exact
from borderstats.site import publish
from borderstats.site.pages import revisions
from borderstats.standard.load import load
from made_archive import snapshot
from serving import serving

SOURCE = """
dataset = "arrests"
editions = ["am", "pm"]

[[columns]]
name = "month"
role = "calendar_month"

[[columns]]
name = "country"
role = "dimension"
concept = "citizenship"

[[columns]]
name = "agency"
role = "dimension"
concept = "agency"
labels = { All = "_T" }

[[columns]]
name = "arrests"
role = "figure"
"""
DAY = datetime.date(2023, 4, 30)
EARLIER = datetime.date(2023, 3, 31)


def content(*figures):
    """Arrests of Mexicans in the months from January 2023 on; those of one month only if a figure is None."""
    rows = [f"2023-{n:02},MEX,All,{figure}" for n, figure in enumerate(figures, 1) if figure is not None]
    return "\n".join(["month,country,agency,arrests", *rows, ""]).encode()


@pytest.fixture(scope="module")
def standard_folder(tmp_path_factory):
    return written(tmp_path_factory.mktemp("editions") / "standard", SOURCE, "csv")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "archive"
    made.mkdir()
    return made


@pytest.fixture
def add(standard_folder, folder, tmp_path):
    """A function that adds a file to the archive as a person does; it gives what is printed and the error."""

    def call(name, data, *options, as_of=DAY):
        (tmp_path / name).write_bytes(data)
        stated = ["--as-of", str(as_of)] if as_of else []
        result = CliRunner().invoke(
            intake,
            [str(tmp_path / name), "--add", "--obtained-from", "a test", *stated, *options],
            obj={"standard": standard_folder, "archive": folder},
        )
        if result.exception and not isinstance(result.exception, BorderstatsError):
            raise result.exception
        return result.stdout.splitlines(), str(result.exception or "")

    return call


def orders(folder):
    return [(one.file.split("/")[1], one.order, one.order_basis) for one in archive.snapshots(folder)]


def test_the_name_tells_the_order_whichever_was_added_first(add, folder):
    said, error = add("list-pm.csv", content(3))
    assert error == ""
    assert said[-1] == "archive: known not before 2023-04-30; edition 2 of the day, by its name"
    said, error = add("list-AM.csv", content(2))
    assert error == ""
    assert said[-1] == "archive: known not before 2023-04-30; edition 1 of the day, by its name"
    assert orders(folder) == [("list-AM.csv", "1", "name"), ("list-pm.csv", "2", "name")]


def test_an_edition_is_compared_with_the_one_before_it(add):
    add("list-pm.csv", content(3))
    said, _ = add("list-am.csv", content(2))
    assert "compared: the archive has no file of made as of 2023-04-30 or earlier" in said
    add("b.csv", content(1), as_of=EARLIER)
    said, _ = add("list-pm2.csv", content(5), "--replaces", "made/list-pm.csv", "--reason", "a slip")
    assert said[-5] == "compared with made/list-am.csv, made/list-pm.csv, as of 2023-04-30:"
    assert said[-4] == "  arrests: 1 cells changed, 0 new, 0 vanished, net +2, gross 2"


def test_a_late_file_whose_day_is_inferred_is_compared_with_the_edition_before_it(add):
    add("march.csv", content(1, 2, 3), as_of=EARLIER)
    add("june.csv", content(1, 2, 9, 4, 5, 6), as_of=datetime.date(2023, 6, 30))
    said, error = add("late.csv", content(1, 2, 4, 4), as_of=None)
    assert error == ""
    first = said.index("compared with made/march.csv, as of 2023-03-31:")
    assert said[first + 1 : first + 3] == [
        "  arrests: 1 cells changed, 0 new, 0 vanished, net +1, gross 1",
        "  arrests: 1 cells of 2023-04 that it did not have",
    ]
    assert "archive: added as made/late.csv, as of 2023-04-30 (inferred)" in said


def test_an_older_file_with_the_same_figures_shows_how_the_archived_one_may_stand(
    add, folder, standard_folder
):
    add("may.csv", content(1, 2, 3), as_of=datetime.date(2023, 5, 31))
    late = ("april.csv", content(1, 2, 3).replace(b"MEX,All", b"MEX,ALL"))
    _, error = add(*late)
    *_, told, line, _ = error.splitlines()
    assert "as of 2023-05-31 in made/may.csv: no figure of the file is new, though its date is" in error
    assert told.startswith(
        "made/may.csv: is out of the ordinary beside made/april.csv, and is archived already; "
    )
    assert line == (
        "arrests-newness-may-2023-01,arrests/newness,citizenship=MEX,2023-01,2023-01,made/may.csv,WHY,HOW"
    )
    # A reason for the older file is none for the newer.
    assert add(*late, "--reason", "found late")[1].startswith("arrests/newness: 1 of 1 cells fail")
    assert orders(folder) == [("may.csv", "1", "")]
    waivers = standard_folder / "waivers.csv"
    waivers.write_text(f"id,gate,key,start,end,files,reason,evidence\n{line}\n")
    try:
        assert add(*late)[1] == ""
    finally:
        waivers.unlink()
    assert orders(folder) == [("april.csv", "1", ""), ("may.csv", "1", "")]


def test_the_same_figures_captured_again_are_no_stale_edition(add, folder):
    add("a.csv", content(1, 2), "--captured", "2023-05-02T12:00:00Z", as_of=None)
    again = content(1, 2).replace(b"\n", b"\r\n")
    # Captured before the archived one, and after it: neither says that it is of a newer day.
    for name, time in (("b.csv", "2023-05-01T12:00:00Z"), ("c.csv", "2023-05-03T12:00:00Z")):
        data = again if name == "b.csv" else again.replace(b"MEX", b"Mexico")
        _, error = add(name, data, "--captured", time, as_of=None)
        assert error == ""
    assert [name for name, *_ in orders(folder)] == ["b.csv", "a.csv", "c.csv"]


def test_a_cut_file_that_seems_older_than_all_is_held_to_the_next(add, folder):
    add("june.csv", content(1, 20, 30, 4, 5, 6), as_of=datetime.date(2023, 6, 30))
    said, error = add("cut.csv", content(1, 9), as_of=None)
    assert (
        "compared: the archive has no file of made as of 2023-02-28 or earlier; the next is made/june.csv, as of 2023-06-30"
        in said
    )
    assert "add up to 10, where those of the file of 2023-06-30 add up to 21" in error
    assert orders(folder) == [("june.csv", "1", "")]
    _, error = add("cut.csv", content(1, 19), as_of=None)
    assert error == ""


def test_the_time_of_capture_tells_the_order(add, folder):
    add("b.csv", content(2), "--captured", "2023-05-01T12:00:00Z")
    said, error = add("a.csv", content(3), "--captured", "2023-05-01T18:30:00Z")
    assert error == ""
    assert said[-1] == (
        "archive: known since its capture on 2023-05-01; among the editions of the day by the time of its capture, "
        "2023-05-01 18:30:00+00:00"
    )
    assert orders(folder) == [("b.csv", "1", ""), ("a.csv", "1", "captured")]


def test_a_re_issue_follows_what_it_replaces(add, folder):
    """The list of the morning is re-issued twice, after that of the evening is there: it still comes before it."""
    add("x-am.csv", content(2))
    add("x-pm.csv", content(9))
    said, error = add("a.csv", content(3), "--replaces", "made/x-am.csv", "--reason", "a slip of the pen")
    assert error == ""
    assert said[-1] == "archive: known not before 2023-04-30; replaces made/x-am.csv: a slip of the pen"
    _, error = add("c.csv", content(4), "--replaces", "made/x-am.csv", "--reason", "another")
    assert error == (
        "made/c.csv: made/x-am.csv is replaced already by made/a.csv; if this file is newer still, "
        "say --replaces made/a.csv"
    )
    assert add("c.csv", content(4), "--replaces", "made/a.csv", "--reason", "another")[1] == ""
    assert orders(folder) == [
        ("x-am.csv", "1", "name"),
        ("a.csv", "1.1", "replaces"),
        ("c.csv", "1.2", "replaces"),
        ("x-pm.csv", "2", "name"),
    ]


def test_what_a_re_issue_replaces_is_of_its_source_and_day(add):
    add("x.csv", content(2), as_of=EARLIER)
    _, error = add("y.csv", content(3), "--replaces", "made/x.csv", "--reason", "a slip")
    assert error == (
        "made/y.csv: --replaces made/x.csv is a file of made as of 2023-03-31; a re-issue replaces a file of made as of "
        "2023-04-30, and there is none; leave --replaces out"
    )
    add("z.csv", content(3))
    _, error = add("y.csv", content(4), "--replaces", "x.csv", "--reason", "a slip")
    assert error == (
        "made/y.csv: --replaces x.csv is no archived file; a re-issue replaces a file of made as of 2023-04-30: made/z.csv"
    )
    _, error = add("y.csv", content(4), "--replaces", "made/z.csv")
    assert error == "y.csv: say with --reason why it replaces made/z.csv"


def test_what_nothing_orders_is_refused_with_the_ways_out(add, folder):
    add("x.csv", content(2))
    _, error = add("y.csv", content(3), "--captured", "2023-05-01T12:00:00Z")
    assert error == (
        "made/x.csv and made/y.csv have the same as-of date 2023-04-30: which is newer cannot be told; if one is a "
        "corrected re-issue of the other, add it with --replaces made/x.csv (or made/y.csv) --reason TEXT; if the time of "
        "capture of both is known, give it (--captured, or `captured` in the metadata); if their names say it, put the marks "
        'into the source (editions = ["am", "pm"])'
    )
    assert len(archive.snapshots(folder)) == 1
    assert add("y.csv", content(None, 3))[1] == "", (
        "files of one day that speak of other months need no order"
    )
    _, error = add("z.csv", content(4))
    assert error.startswith("made/x.csv and made/z.csv have the same as-of date"), "nor does one between"


def test_what_was_known_of_a_day_is_what_its_last_edition_says(add, folder, standard_folder):
    add("march.csv", content(1, 5), as_of=EARLIER)
    add("x-pm.csv", content(3))
    add("x-am.csv", content(2, 7))
    result = CliRunner().invoke(
        diff,
        [str(EARLIER), str(DAY), "--source", "made"],
        obj={"standard": standard_folder, "archive": folder},
    )
    assert result.exception is None
    assert result.stdout.splitlines()[0] == (
        "arrests: made/march.csv (as of 2023-03-31) to made/x-pm.csv (as of 2023-04-30)"
    )
    assert "  citizenship=MEX 2023-01: 1 to 3 (+2, changed)" in result.stdout.splitlines()
    assert "  citizenship=MEX 2023-02: 5 to 7 (+2, changed)" in result.stdout.splitlines()


def test_no_file_is_known_before_its_day(add):
    _, error = add("x.csv", content(2), "--published", "2023-04-01")
    assert error == (
        "x.csv: published on 2023-04-01, before 2023-04-30, the day for which it speaks (stated); correct one of the two days"
    )


def test_two_re_issues_at_once_do_not_both_replace(folder):
    first = snapshot("made/a.csv", b"1")
    adding.add(folder, first, b"1")
    second = snapshot("made/b.csv", b"2", replaces="made/a.csv", reason="a slip", order="1.1")
    adding.add(folder, second, b"2")
    third = snapshot("made/c.csv", b"3", replaces="made/a.csv", reason="a slip", order="1.1")
    with pytest.raises(InputError, match=r"is replaced already by made/b\.csv"):
        adding.add(folder, third, b"3")


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ((1, 0), (1, 0), False),
        ((1, 0), (2, 0), True),
        ((1, 0), (1, 1), True),
        ((1, 0), (1, 0, 5), False),
        ((1, 0, 6), (1, 0, 5), True),
        ((1, 0, 5), (1, 0, 5), False),
        ((), (), False),
    ],
)
def test_when_the_order_is_told(one, other, told):
    assert editions.told(one, other) is editions.told(other, one) is told


# A release of editions of a day


@pytest.fixture(scope="module")
def release(standard_folder, tmp_path_factory):
    """January is 1 in March; in April 2 in the morning, 3 in the evening, 4 re-issued. February is in the morning's only at 7."""
    folder = tmp_path_factory.mktemp("released")
    (folder / "archive").mkdir()
    for name, figures, said in (
        ("march.csv", (1, 5), {"as_of": EARLIER}),
        ("b-am.csv", (2, 7), {"as_of": DAY, "order": "1", "order_basis": "name"}),
        ("a-pm.csv", (3, 5), {"as_of": DAY, "order": "2", "order_basis": "name"}),
        (
            "0.csv",
            (4, 5),
            {
                "as_of": DAY,
                "order": "2.1",
                "order_basis": "replaces",
                "replaces": "a-pm.csv",
                "reason": "a slip",
            },
        ),
    ):
        data = content(*figures)
        adding.add(
            folder / "archive", snapshot(name, data, source="made", known_basis="published", **said), data
        )
    return pipeline.build(standard_folder, folder / "archive", datetime.date(2023, 5, 1), folder / "out").path


def rows(path, *names):
    return [tuple(row[name] for name in names) for row in csv.DictReader(io.StringIO(path.read_text()))]


def test_latest_is_what_the_last_edition_says(release):
    found = rows(release / "data/arrests/latest.csv", "period", "value", "snapshot")
    assert found == [("2023-01", "4", "0.csv"), ("2023-02", "5", "a-pm.csv")]


def test_history_has_every_edition(release):
    found = rows(
        release / "data/arrests/history.csv", "period", "value", "known_from", "known_to", "snapshot"
    )
    assert found == [
        ("2023-01", "1", "2023-03-31", "2023-04-30", "march.csv"),
        ("2023-01", "2", "2023-04-30", "2023-04-30", "b-am.csv"),
        ("2023-01", "3", "2023-04-30", "2023-04-30", "a-pm.csv"),
        ("2023-01", "4", "2023-04-30", "", "0.csv"),
        ("2023-02", "5", "2023-03-31", "2023-04-30", "march.csv"),
        ("2023-02", "7", "2023-04-30", "2023-04-30", "b-am.csv"),
        ("2023-02", "5", "2023-04-30", "", "a-pm.csv"),
    ]


def test_the_revision_log_tells_the_editions_apart(release):
    found = rows(
        release / "data/arrests/revisions.csv", "period", "old", "new", "before", "after", "snapshot"
    )
    assert sorted(found) == [
        ("2023-01", "1", "2", "2023-03-31", "2023-04-30", "b-am.csv"),
        ("2023-01", "2", "3", "2023-04-30", "2023-04-30", "a-pm.csv"),
        ("2023-01", "3", "4", "2023-04-30", "2023-04-30", "0.csv"),
        ("2023-02", "5", "7", "2023-03-31", "2023-04-30", "b-am.csv"),
        ("2023-02", "7", "5", "2023-04-30", "2023-04-30", "a-pm.csv"),
    ]
    assert list(alterations(release)) == []


STEPS = [
    ("2023-03-31", "2023-04-30", "2", "3", "3", "b-am.csv"),
    ("2023-04-30", "2023-04-30", "2", "-1", "3", "a-pm.csv"),
    ("2023-04-30", "2023-04-30", "1", "1", "1", "0.csv"),
]
"""What each edition changed: days, cells, net, gross, file."""


def test_each_edition_of_a_day_is_a_step_of_its_own(release, tmp_path):
    names = ("kind", "before", "after", "cells", "net", "gross", "snapshot")
    found = [row[1:] for row in rows(release / "revisions.csv", *names) if row[0] == "changed"]
    assert found == STEPS
    answer = json.loads(exact.documents(release)["api/revisions.json"])["revisions"]
    said = [tuple(str(row[name]) for name in names[1:]) for row in answer if row["kind"] == "changed"]
    assert said == STEPS
    package = read.package(release)
    (log,) = revisions.context(package)["logs"]
    shown = [
        (step.before, step.after, kind.cells, kind.net, step.file)
        for step in log.steps
        for kind in step.kinds
    ]
    assert shown == [
        ("2023-03-31", "2023-04-30", 2, "+3", "b-am.csv"),
        ("2023-04-30", "2023-04-30", 2, "\u22121", "a-pm.csv"),
        ("2023-04-30", "2023-04-30", 1, "+1", "0.csv"),
    ]
    assert {change.file for change in log.largest} == {"b-am.csv", "a-pm.csv", "0.csv"}
    page = (
        publish.write(release, tmp_path / "public", exact.documents(release)).path / "revisions.html"
    ).read_text()
    for file in ("b-am.csv", "a-pm.csv", "0.csv"):
        assert page.count(f" <code>{file}</code></td>") >= 2
    entries = feedparser.parse(feed.document(package, [package.manifest])).entries
    assert [one.title.partition(": the file of ")[2] for one in entries[1:]] == [
        "30 April 2023, 0.csv",
        "30 April 2023, a-pm.csv",
        "30 April 2023",
    ]
    assert len({one.id for one in entries}) == 4


def test_the_order_and_its_basis_are_published(release):
    found = rows(
        release / "snapshots.csv", "file", "order", "order_basis", "replaces", "reason", "known_basis"
    )
    assert found == [
        ("march.csv", "1", "", "", "", "published"),
        ("b-am.csv", "1", "name", "", "", "published"),
        ("a-pm.csv", "2", "name", "", "", "published"),
        ("0.csv", "2.1", "replaces", "a-pm.csv", "a slip", "published"),
    ]


def test_the_database_has_what_was_known_at_the_end_of_a_day(release):
    with sqlite3.connect(release / "borderstats.sqlite") as connection:
        found = connection.execute(
            "SELECT period, value, known_from, known_to FROM arrests_history ORDER BY 1, 3"
        ).fetchall()
    assert found == [
        ("2023-01", 1, "2023-03-31", "2023-04-30"),
        ("2023-01", 4, "2023-04-30", None),
        ("2023-02", 5, "2023-03-31", "2023-04-30"),
        ("2023-02", 5, "2023-04-30", None),
    ]


def test_the_interface_answers_by_days(release, tmp_path):
    public = publish.write(release, tmp_path / "public", exact.documents(release)).path
    with serving(public, tmp_path / "log") as served:

        def values(query):
            found = served.get(f"/api/datasets/arrests/observations?{query}").json()["observations"]
            return [(one["period"], one["value"]) for one in found]

        assert values("as_of=2023-04-29") == [("2023-01", 1), ("2023-02", 5)]
        assert values("as_of=2023-04-30") == [("2023-01", 4), ("2023-02", 5)]
        assert values("history=true") == [("2023-01", 1), ("2023-01", 4), ("2023-02", 5), ("2023-02", 5)]
        answer = served.get(
            "/sdmx/3/data/dataflow/*/arrests/~/*?includeHistory=true",
            Accept="application/vnd.sdmx.data+csv;version=2.0.0",
        )
        told = [
            (row["ACTION"], row["TIME_PERIOD"], row["OBS_VALUE"])
            for row in csv.DictReader(io.StringIO(answer.text))
        ]
        assert told == [
            ("R", "2023-01", "1"),
            ("R", "2023-02", "5"),
            ("R", "2023-01", "4"),
            ("R", "2023-02", "5"),
        ]


def vintages(standard_folder, *described):
    """Vintages of one day, each by its source, the place of its edition and the day of April on which it became known."""
    standard = load(standard_folder)
    said = read_file(standard, "x.csv", content(2, 3), DAY).observations
    return standard, [
        Vintage(DAY, f"{source}/{n}", said, source=source, order=(edition, 0), known=DAY.replace(day=known))
        for n, (source, edition, known) in enumerate(described)
    ]


@pytest.mark.parametrize("shuffled", list(itertools.permutations(range(4))))
def test_of_two_sources_that_is_newer_which_became_known_later(standard_folder, shuffled):
    """The first edition of a source stays before its second, also if it became known later."""
    standard, made = vintages(standard_folder, ("a", 1, 9), ("b", 1, 12), ("a", 2, 8), ("b", 2, 15))
    (history,) = pipeline.weigh(standard, [made[n] for n in shuffled]).histories.values()
    assert [one.file for one in history.vintages] == ["a/0", "a/2", "b/1", "b/3"]


def test_two_sources_that_became_known_on_one_day_cannot_be_told_apart(standard_folder):
    standard, made = vintages(standard_folder, ("a", 1, 9), ("b", 1, 9))
    with pytest.raises(ArchiveError) as error:
        pipeline.weigh(standard, made)
    assert str(error.value) == (
        "a/0 and b/1 have the same as-of date 2023-04-30: which is newer cannot be told; they are of two sources; say of one "
        "on which other day it became known (--published, --captured or --not-after, or `known` in the metadata)"
    )
