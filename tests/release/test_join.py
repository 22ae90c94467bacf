"""Joined series: each figure from one dataset, what both have beside it, and nothing of a month that was not over."""

import datetime
from dataclasses import replace

import msgspec
import pytest

from borderstats.package.reports import JoinedFigure, Piece
from borderstats.release import join
from borderstats.standard import joined as declared

OHSS, ICE = "ohss-ice-bookins", "ice-statistics-bookins"


@pytest.fixture
def joined(standard):
    """A function from evidence and codes to the joined series of book-ins that takes ICE's figures from November 2023 on."""

    def make(evidence, **fields):
        pieces = (declared.Piece(dataset=OHSS), declared.Piece(dataset=ICE, since="2023-11"))
        one = declared.Joined(id="tried", title="Tried", explanation="Because.", pieces=pieces, **fields)
        return join.joined(msgspec.structs.replace(standard, joined=(one,)), evidence)

    return make


def test_every_figure_is_of_one_dataset_with_the_other_beside_it(joined, observe, evidence):
    ohss = observe(
        OHSS, ({}, "2023-09", 100), ({}, "2023-10", 210), ({}, "2023-11", 300, "P"), ({}, "FY2023", 9)
    )
    ice = observe(ICE, ({}, "2023-10", 207), ({}, "2023-11", 300), ({}, "2023-12", 400, "P"))
    ((found, figures),) = joined(evidence([ohss], [ice]))
    assert figures == (
        JoinedFigure("tried", "_T", "2023-09", 100, False, OHSS),
        JoinedFigure("tried", "_T", "2023-10", 210, False, OHSS, 207, ICE),
        JoinedFigure("tried", "_T", "2023-11", 300, False, ICE, 300, OHSS),
        JoinedFigure("tried", "_T", "2023-12", 400, True, ICE),
    )  # fmt: skip
    assert found.pieces == (
        Piece(OHSS, "2023-09", "2023-10", 10),
        Piece(ICE, "2023-11", "2023-12", 1, compared=2, apart=1, largest=3, gates=(f"{ICE}/ohss",)),
    )


def test_a_month_that_was_not_over_on_the_day_of_the_file_has_no_figure(joined, observe, evidence):
    """The files of the tests speak for the 28th of a month: of January, and then of February 2024."""
    ohss = observe(OHSS, ({}, "2023-10", 100))
    first = observe(ICE, ({}, "2023-12", 300), ({}, "2024-01", 20, "P"))
    ((_, figures),) = joined(evidence([ohss], [first]))
    assert [figure.period for figure in figures] == ["2023-10", "2023-12"]
    second = observe(ICE, ({}, "2023-12", 300), ({}, "2024-01", 500, "P"), ({}, "2024-02", 7, "P"))
    ((_, figures),) = joined(evidence([ohss], [first, second]))
    assert [(figure.period, figure.value) for figure in figures][2:] == [("2024-01", 500)]


def test_a_month_that_was_not_over_on_the_last_day_that_the_tables_state_has_no_figure(
    joined, observe, evidence
):
    """The file speaks for the 28th of January 2024."""
    found = evidence(
        [observe(OHSS, ({}, "2023-10", 100))],
        [observe(ICE, ({}, "2023-11", 200), ({}, "2023-12", 300))],
    )
    history = found.histories[ICE]

    def figures(through):
        vintages = [replace(one, through=through) for one in history.vintages]
        other = replace(found, histories={**found.histories, ICE: replace(history, vintages=vintages)})
        ((_, figures),) = joined(other)
        return [figure.period for figure in figures]

    assert figures(None) == figures(datetime.date(2023, 12, 31)) == ["2023-10", "2023-11", "2023-12"]
    assert figures(datetime.date(2023, 12, 30)) == ["2023-10", "2023-11"]


def test_a_line_for_each_code_beside_the_total(joined, observe, evidence):
    cbp = {"arresting_agency": "CBP"}
    ohss = observe(OHSS, ({}, "2023-10", 100), (cbp, "2023-10", 60))
    ice = observe(ICE, ({}, "2023-12", 300), (cbp, "2023-12", 200))
    ((_, figures),) = joined(evidence([ohss], [ice]), by="arresting_agency", codes=("CBP",))
    assert [(figure.code, figure.period, figure.value) for figure in figures] == [
        ("_T", "2023-10", 100), ("_T", "2023-12", 300), ("CBP", "2023-10", 60), ("CBP", "2023-12", 200),
    ]  # fmt: skip


def test_a_month_that_the_piece_lacks_is_not_taken_from_the_other(joined, observe, evidence):
    ohss = observe(OHSS, ({}, "2023-10", 100), ({}, "2023-12", 300), ({}, "2023-11", 400))
    ice = observe(ICE, ({}, "2023-12", 301))
    ((_, figures),) = joined(evidence([ohss], [ice]))
    assert [(figure.period, figure.dataset) for figure in figures] == [("2023-10", OHSS), ("2023-12", ICE)]


def test_a_series_that_lacks_a_dataset_is_left_out(joined, observe, evidence):
    assert joined(evidence([observe(OHSS, ({}, "2023-10", 100))])) == ()
