"""Joined series: one series out of datasets of several publishers, and how far the two agree where both have figures."""

from collections.abc import Iterator, Sequence

from borderstats import periods
from borderstats.package import reports
from borderstats.package.reports import JoinedFigure
from borderstats.package.struct import Text
from borderstats.release import series
from borderstats.release.evidence import Evidence
from borderstats.release.series import Series
from borderstats.standard.codelists import TOTAL
from borderstats.standard.joined import Joined, Piece
from borderstats.standard.joined_check import KINDS, holding
from borderstats.standard.model import Standard


def joined(
    standard: Standard, evidence: Evidence
) -> tuple[tuple[reports.Joined, tuple[JoinedFigure, ...]], ...]:
    """Each joined series with its figures, first of the total and then of each code; without those that lack a dataset or figures."""
    there = [
        one for one in standard.joined if all(piece.dataset in evidence.histories for piece in one.pieces)
    ]
    found = [(one, tuple(_figures(standard, evidence, one))) for one in there]
    return tuple((_told(standard, one, figures), figures) for one, figures in found if figures)


def _figures(standard: Standard, evidence: Evidence, one: Joined) -> Iterator[JoinedFigure]:
    scale = 10 ** standard.datasets[one.pieces[0].dataset].decimals
    for code in (TOTAL, *one.codes):
        sides = [_side(standard, evidence, one, piece, code) for piece in one.pieces]
        for period in sorted({period for side in sides for period in side}):
            place = _taken(one.pieces, period)
            if period not in sides[place]:
                continue
            point = sides[place][period]
            beside = next((n for n in (place + 1, place - 1) if _has(sides, n, period)), None)
            other = None if beside is None else sides[beside][period]
            yield JoinedFigure(
                series=one.id,
                code=code,
                period=periods.text(period),
                value=_amount(point.value, scale),
                provisional=point.provisional,
                dataset=one.pieces[place].dataset,
                other=None if other is None else _amount(other.value, scale),
                other_dataset="" if beside is None else one.pieces[beside].dataset,
            )


def _side(standard: Standard, evidence: Evidence, one: Joined, piece: Piece, code: str) -> Series:
    """The figures of a dataset by period, but for a period that was not over on the last day of any file that has it."""
    where = {**piece.where, one.by: code} if one.by and code != TOTAL else piece.where
    over = {
        period
        for vintage in evidence.histories[piece.dataset].vintages
        for period in vintage.observations.covered.tolist()
        if periods.kind(period) == KINDS[one.kind] and standard.calendar.last_day(period) <= vintage.last_day
    }
    found = series.of(evidence, piece.dataset, where)
    return {period: point for period, point in found.items() if period in over}


def _taken(pieces: Sequence[Piece], period: int) -> int:
    """The place of the piece that gives a period: the last one that has begun."""
    return max(n for n, piece in enumerate(pieces) if not piece.since or periods.parse(piece.since) <= period)


def _has(sides: Sequence[Series], number: int, period: int) -> bool:
    return 0 <= number < len(sides) and period in sides[number]


def _amount(value: int, scale: int) -> int | float:
    return value if scale == 1 else value / scale


def _told(standard: Standard, one: Joined, figures: Sequence[JoinedFigure]) -> reports.Joined:
    return reports.Joined(
        id=one.id,
        title=Text(one.title, one.title_es),
        explanation=one.explanation,
        by=one.by,
        codes=one.codes,
        pieces=tuple(_piece(standard, one, n, figures) for n in range(len(one.pieces))),
    )


def _piece(standard: Standard, one: Joined, number: int, figures: Sequence[JoinedFigure]) -> reports.Piece:
    dataset = standard.datasets[one.pieces[number].dataset]
    own = [figure.period for figure in figures if figure.dataset == dataset.id]
    apart: list[int | float] = []
    gates: tuple[str, ...] = ()
    if number:
        before = standard.datasets[one.pieces[number - 1].dataset]
        apart = [
            abs(figure.value - figure.other)
            for figure in figures
            if figure.other is not None and {figure.dataset, figure.other_dataset} == {dataset.id, before.id}
        ]
        gates = tuple(f"{owner.id}/{gate.name}" for owner, gate in holding(before, dataset))
    return reports.Piece(
        dataset=dataset.id,
        first=min(own, key=periods.parse, default=""),
        last=max(own, key=periods.parse, default=""),
        rounding=dataset.rounding,
        compared=len(apart),
        apart=sum(map(bool, apart)),
        largest=max(apart, default=0),
        gates=gates,
    )
