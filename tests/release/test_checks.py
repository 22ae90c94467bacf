"""Published figures against the editions of datasets: reproduced, contradicted, cited or left over, and in which words."""

import datetime
import re
from dataclasses import replace

import msgspec
import pytest

from borderstats.errors import InputError
from borderstats.package.model import Dataset, held
from borderstats.package.snapshots import Snapshot
from borderstats.release import describe
from borderstats.release.changes import changes
from borderstats.release.checks import Published
from borderstats.release.knowledge import surely
from borderstats.release.tables import history_table
from borderstats.release.vintages import history_of
from borderstats.standard.model import Check, Measure

HEADER = "id,measure,component,geography,dimension,period,value\n"
STATE, SECTOR, ROUNDED = "cbp-encounters-state", "usbp-encounters-sector", "ohss-usbp-encounters"
AVERAGE, LIST = "ice-detention-adp-year", "ice-287g-agreements"
WORDS = ("arrests", "Border Patrol", "nation", "total")
CODES = {"region": "SW", "state": "TX", "demographic": "SA", "citizenship": "MEX", "title": "T8"}
NATION = {"component": "USBP"}


def state(value, period="2020-10", **codes):
    return {**CODES, **codes}, period, value


def year(first, *others):
    """The twelve months of FY2020, the last eleven of which have 10 each unless said otherwise."""
    values = (first, *(others or (10,) * 11))
    return [
        (NATION, f"{2019 if n < 3 else 2020}-{(n + 9) % 12 + 1:02d}", value) for n, value in enumerate(values)
    ]


@pytest.fixture
def published(standard, observe, vintages):
    """A function from editions (lists of rows) by dataset, check values and measures to what answers for figures."""

    def make(editions, *checks, measures=()):
        return Published(
            describe.method(msgspec.structs.replace(standard, checks=checks, measures=measures), ()),
            {
                name: dataset(standard, vintages(*(observe(name, *e) for e in own)))
                for name, own in editions.items()
            },
        )

    return make


def dataset(standard, vintages):
    space = vintages[0].observations.space
    source = next(one for one in standard.sources.values() if space.dataset.id in one.feeds)
    files = [
        Snapshot(v.file, "0" * 64, 1, source.id, "A publisher", "A file", v.as_of, "stated", "", v.as_of,
                 "published", "", "hand-made", "free")
        for v in vintages
    ]  # fmt: skip
    history = history_of(space, vintages)
    known = surely(files, max(v.as_of for v in vintages))
    found = changes(history)
    meta = describe.dataset(standard, history, found, files, known, ())
    return Dataset(meta, {"history": held(history_table(history, found, known))})


def check(value, dataset=SECTOR, period="2020-10", **more):
    return Check("CV1", period, value, "events", "A", "a page", dataset, **more)


def cited(value, period="2020-10", **more):
    measure, component, geography, dimension = WORDS
    return check(
        value,
        "",
        period,
        measure=measure,
        component=component,
        geography=geography,
        dimension=dimension,
        **more,
    )


def means(*datasets, tolerance=0):
    return tuple(Measure(*WORDS, name, tolerance=tolerance) for name in datasets)


def told(published):
    (found,) = published.outcomes()
    return found.state, found.words


def listed(published, *lines):
    data = (HEADER + "".join(line + "\n" for line in lines)).encode()
    return [(o.figure.id, o.state, o.words) for o in published.further("values.csv", data)]


def test_a_figure_is_reproduced_by_the_newest_edition_that_gives_it(published):
    one, two = [(NATION, "2020-10", 100)], [(NATION, "2020-10", 98)]
    assert told(published({SECTOR: [one, two]}, check(98))) == ("reproduced", f"by {SECTOR}")
    assert told(published({SECTOR: [one, two]}, check(100))) == (
        "reproduced",
        f"by {SECTOR} as of 2024-01-28 (file-0.csv); {SECTOR} has 98 as of 2024-02-28 (file-1.csv)",
    )


def test_a_figure_that_no_edition_gives_is_contradicted_by_the_newest_that_says_otherwise(published):
    # The third edition does not speak of the month: what is said of it is what the second said.
    editions = [[(NATION, "2020-10", 100)], [(NATION, "2020-10", 98)], [(NATION, "2020-11", 7)]]
    against = f"printed in a page; {SECTOR} has 98 as of 2024-02-28 (file-1.csv)"
    assert told(published({SECTOR: editions}, check(99))) == (
        "contradicted",
        f"{against}; no reason stands in checks.csv",
    )
    explained = published({SECTOR: editions}, cited(99, reason="A digit is wrong."), measures=means(SECTOR))
    assert told(explained) == ("contradicted", f"{against}; A digit is wrong.")
    assert [outcome.unexplained for outcome in explained.outcomes()] == [False]


def test_a_measure_that_a_dataset_holds_is_compared_also_where_no_dataset_is_named(published):
    rows = [[(NATION, "2020-10", 100)]]
    assert told(published({SECTOR: rows}, cited(100), measures=means(SECTOR)))[0] == "reproduced"
    assert told(published({SECTOR: rows}, cited(101), measures=means(SECTOR)))[0] == "contradicted"
    of_another_month = published({SECTOR: rows}, cited(101, "2020-11"), measures=means(SECTOR))
    words = "arrests, Border Patrol, nation; a page"
    assert told(of_another_month) == ("cited", words)
    assert told(published({SECTOR: rows}, cited(101, "in all"), measures=means(SECTOR))) == ("cited", words)
    assert told(published({}, cited(101), measures=means(SECTOR))) == ("cited", words)


def test_a_dataset_that_must_reproduce_a_figure_and_has_none_leaves_it_over(published):
    rows = [[(NATION, "2020-10", 100)]]
    assert told(published({SECTOR: rows}, check(1, period="2020-12"))) == (
        "left over",
        f"{SECTOR} has no such figure",
    )


@pytest.mark.parametrize("value", [95, 104, 105])
def test_a_rounded_dataset_gives_a_figure_within_its_rounding(published, value):
    rows = {ROUNDED: [[(NATION, "2020-10", 100)]]}
    assert told(published(rows, check(value, ROUNDED))) == ("reproduced", f"within the rounding of {ROUNDED}")
    beyond = told(published(rows, check(106, ROUNDED)))
    said = f"{ROUNDED} has 100, rounded to 10, as of 2024-01-28 (file-0.csv)"
    assert beyond == ("contradicted", f"printed in a page; {said}; no reason stands in checks.csv")


def test_a_figure_that_an_exact_dataset_gives_otherwise_is_not_credited_to_a_rounded_one(published):
    both = {ROUNDED: [[(NATION, "2020-10", 100)]], SECTOR: [[(NATION, "2020-10", 103)]]}
    held_by = means(ROUNDED, SECTOR)
    assert told(published(both, check(103, ROUNDED), measures=held_by)) == ("reproduced", f"by {SECTOR}")
    state, words = told(published(both, check(104, ROUNDED), measures=held_by))
    assert state == "contradicted"
    assert f"{SECTOR} has 103 as of 2024-01-28 (file-0.csv); {ROUNDED} has 100, rounded to 10," in words
    # What was printed rounded as the dataset is comes out of it as well as of an exact one.
    printed_so = check(100, ROUNDED, tolerance=5)
    assert told(published(both, printed_so, measures=held_by)) == ("reproduced", f"by {ROUNDED}")
    other_month = {**both, SECTOR: [[(NATION, "2020-11", 103)]]}
    assert told(published(other_month, check(104, ROUNDED), measures=held_by))[0] == "reproduced"


def test_the_months_of_a_flow_are_a_year_if_all_are_there(published):
    assert told(published({SECTOR: [year(90)]}, check(200, period="FY2020"))) == (
        "reproduced",
        f"by {SECTOR}",
    )
    assert told(published({SECTOR: [year(91)]}, check(200, period="FY2020")))[0] == "contradicted"
    assert told(published({SECTOR: [year(90)[:-1]]}, check(190, period="FY2020")))[0] == "left over"
    # Each of twelve months may be off by five.
    rounded = published({ROUNDED: [year(90)]}, check(260, ROUNDED, "FY2020"))
    assert told(rounded) == ("reproduced", f"within the rounding of {ROUNDED}")
    assert told(published({ROUNDED: [year(90)]}, check(261, ROUNDED, "FY2020")))[0] == "contradicted"


def test_the_edition_that_made_a_sum_what_it_is_is_named(published):
    editions = [year(90), [(NATION, "2019-12", 13)], [(NATION, "2020-10", 4)]]
    _, words = told(published({SECTOR: editions}, check(1, period="FY2020")))
    assert f"{SECTOR} has 203 as of 2024-02-28 (file-1.csv)" in words


def test_a_year_to_date_contradicts_nothing(published):
    to_date = {ROUNDED: [[(NATION, "FY2024", 1500, "P")]]}
    assert told(published(to_date, cited(1900, "FY2024"), measures=means(ROUNDED)))[0] == "cited"
    closed = {ROUNDED: [*to_date[ROUNDED], [(NATION, "FY2024", 1800)]]}
    assert told(published(closed, cited(1900, "FY2024"), measures=means(ROUNDED)))[0] == "contradicted"


def test_figures_that_are_not_told_say_nothing(published):
    cells = {STATE: [[state(5), (*state(0, demographic="FMUA"), "Q")]]}
    assert told(published(cells, check(5, STATE)))[0] == "left over"
    assert told(published(cells, check(5, STATE, key={"demographic": "SA"})))[0] == "reproduced"


def test_months_of_an_average_are_no_year(published):
    rows = {AVERAGE: [[({"component": "ICE"}, "FY2019", 500)]]}
    assert told(published(rows, check(500, AVERAGE, "FY2019", key={"component": "ICE"})))[0] == "reproduced"
    assert told(published(rows, check(500, AVERAGE, "2019", key={"component": "ICE"})))[0] == "left over"


def test_what_a_list_of_all_leaves_out_is_zero(published):
    rows = {LIST: [[({"state": "TX", "model_287g": "JEM"}, "2024-01-28", 3)]]}
    none = published(rows, check(0, LIST, "2024-01-28", key={"state": "CA"}))
    assert told(none) == ("reproduced", f"by {LIST}")
    assert told(published(rows, check(0, LIST, "2024-02-28", key={"state": "CA"})))[0] == "left over"


def test_further_figures_are_found_by_what_they_mean(published):
    asked = published(
        {SECTOR: [[(NATION, "2020-10", 100)]], ROUNDED: [[(NATION, "2020-11", 50)]]},
        cited(99, reason="A digit is wrong."),
        Check("CV2", "2020-12", 7, "events", "A", "a page", measure="stays"),
        Check("CV3", "2020-11", 70, "events", "A", "a page", tolerance=25, **dict(zip(
            ("measure", "component", "geography", "dimension"), WORDS, strict=True))),
        measures=means(SECTOR, ROUNDED),
    )  # fmt: skip
    words = "arrests,border  patrol,Nation,Total"
    assert listed(
        asked,
        f"a,{words},2020-10,100",
        f"b,{words},2020-10,99",
        f"c,{words},2020-10,98",
        "d,other,X,Y,Z,2020-12,7",
        "e,other,X,Y,Z,2020-12,8",
        f"f,{words},2020-11,54",
        f"g,{words},2020-11,70",
        f"h,{words},in all,99",
    ) == [
        ("a", "reproduced", f"by {SECTOR}"),
        ("b", "contradicted", f"printed in a page; {SECTOR} has 100 as of 2024-01-28 (file-0.csv); A digit is wrong."),
        ("c", "contradicted", f"{SECTOR} has 100 as of 2024-01-28 (file-0.csv); no reason stands in checks.csv"),
        ("d", "cited", "the release carries this figure as a cited one"),
        ("e", "left over", "no dataset and no cited figure of this period"),
        ("f", "reproduced", f"within the rounding of {ROUNDED}"),
        ("g", "reproduced", f"by {ROUNDED}"),
        ("h", "left over", "no dataset and no cited figure of this period"),
    ]  # fmt: skip


def test_of_two_editions_of_a_day_the_last_one_speaks(published, standard, observe, vintages):
    asked = published({}, check(99))
    first, second = vintages(*(observe(SECTOR, (NATION, "2020-10", value)) for value in (99, 98)))
    asked.datasets[SECTOR] = dataset(standard, [first, replace(second, as_of=first.as_of)])
    state, words = told(asked)
    assert (state, f"{SECTOR} has 98 as of {datetime.date(2024, 1, 28)} (file-1.csv)" in words) == (
        "contradicted",
        True,
    )


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            b"id,value\nx,1\n",
            (
                "values.csv: row 1: column component, dimension, geography, measure, period is missing; "
                "a list of figures has id, measure, component, geography, dimension, period, value"
            ),
        ),
        (HEADER.encode() + b"x,m,c,g\n", "values.csv: row 2: too few cells"),
        (
            HEADER.encode() + b"x,m,c,g,d,FY2002,many\n",
            "values.csv: row 2, column 'value': 'many' is not a number",
        ),
    ],
)
def test_a_list_that_cannot_be_read(published, data, text):
    with pytest.raises(InputError, match=f"^{re.escape(text)}$"):
        list(published({}).further("values.csv", data))
