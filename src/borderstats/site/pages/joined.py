"""The page of joined series: one series out of the datasets of several publishers, with the seam and how far they agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from borderstats import periods
from borderstats.package.datasets import Metadata
from borderstats.package.model import Package
from borderstats.package.reports import Joined, JoinedFigure, Piece
from borderstats.site import figures
from borderstats.site.charts import line_chart, view
from borderstats.site.charts.draw import Mark
from borderstats.site.charts.view import Cell, ChartView, Marked, Row
from borderstats.site.figures import Line, Series
from borderstats.standard.codelists import TOTAL
from borderstats.standard.model import Break
from borderstats.words import amounts, labels, messages
from borderstats.words import periods as names
from borderstats.words.amounts import Style


@dataclass(frozen=True)
class Shown:
    """A piece with its dataset, and in words from when to when it reaches and how far it agrees with the one before."""

    meta: Metadata
    span: str
    agreement: str


@dataclass(frozen=True)
class One:
    """A joined series with its chart and its pieces."""

    joined: Joined
    view: ChartView
    pieces: tuple[Shown, ...]


def context(package: Package) -> dict[str, Any]:
    """What the template of the page of joined series shows; ReleaseError if a dataset of one is not there."""
    return {"series": [_one(package, one) for one in package.joined]}


def of(package: Package, dataset: str) -> list[Joined]:
    """The joined series of which a dataset is a piece."""
    return [one for one in package.joined if dataset in {piece.dataset for piece in one.pieces}]


def _one(package: Package, one: Joined) -> One:
    metas = [package.dataset(piece.dataset, "joined.json").meta for piece in one.pieces]
    found = [figure for figure in package.joined_figures if figure.series == one.id]
    style = amounts.of(metas[-1].unit, metas[-1].decimals)
    pieces = tuple(_shown(piece, meta, style) for piece, meta in zip(one.pieces, metas, strict=True))
    return One(one, _view(package, one, metas, _lines(package, one, metas[-1], found), style), pieces)


def _shown(piece: Piece, meta: Metadata, style: Style) -> Shown:
    span = names.span(periods.parse(piece.first), periods.parse(piece.last)) if piece.first else labels.NONE
    agreement = labels.NONE
    if piece.gates:
        largest = style.exact(piece.largest)
        agreement = messages.counted("joined.agreement", piece.compared, apart=piece.apart, largest=largest)
    return Shown(meta, labels.sentence(span), agreement)


def _lines(package: Package, one: Joined, meta: Metadata, found: Sequence[JoinedFigure]) -> Series:
    time = np.array([periods.parse(figure.period) for figure in found], np.int64)
    kind = periods.kind(int(time[0]))
    times = figures.axis(kind, time)
    label = {TOTAL: messages.text("figure.total")}
    if one.by:
        label |= {code.code: code.en for code in meta.dimension(one.by).codes}
        label[TOTAL] = messages.text("figure.total")
    lines = []
    for code in dict.fromkeys(figure.code for figure in found):
        value, provisional = np.full(len(times), np.nan), np.zeros(len(times), bool)
        for figure, place in zip(found, np.searchsorted(times, time).tolist(), strict=True):
            if figure.code == code:
                value[place], provisional[place] = figure.value, figure.provisional
        lines.append(Line(code, label.get(code, code), value, provisional))
    return Series(package.standard.calendar, kind, times, tuple(lines))


def _view(package: Package, one: Joined, metas: Sequence[Metadata], found: Series, style: Style) -> ChartView:
    unit = view.counted(metas[-1], view.when(metas[-1].measure, found.kind), style)
    first_day = package.standard.calendar.first_day
    seams = [
        Marked(
            Mark(letter, first_day(periods.parse(piece.first)), "event"),
            Break(
                id=f"{one.id}-{letter}",
                date=first_day(periods.parse(piece.first)),
                kind="event",
                title=messages.text("joined.seam", dataset=meta.title.en),
                explanation="",
                source="",
                datasets=(piece.dataset,),
            ),
            explained=False,
        )
        for letter, piece, meta in zip(view.letters(), one.pieces[1:], metas[1:], strict=False)
        if piece.first
    ]
    return ChartView(
        key=f"{one.id}-chart",
        title=one.title.en,
        unit=unit,
        drawing=line_chart.chart(
            f"{one.id}-chart",
            one.title.en,
            view.described(found, unit, style),
            found,
            [seam.mark for seam in seams],
            style,
        ),
        remarks=tuple(view.remarks(found)),
        breaks=tuple(seams),
        head=labels.sentence(names.noun(found.kind)),
        columns=tuple(line.label for line in found.lines),
        rows=tuple(
            Row(
                names.head(int(found.time[n])),
                tuple(
                    Cell(style.exact(float(line.value[n])), bool(line.provisional[n])) for line in found.lines
                ),
            )
            for n in view.kept(found)[0]
        ),
        provisional=bool(found.provisional.any()),
        dataset=metas[-1].id,
    )
