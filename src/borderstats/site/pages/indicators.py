"""How an indicator stands, in words and figures, and its chart with the rules that were in force."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from markupsafe import Markup

from borderstats import periods
from borderstats.package.datasets import Metadata
from borderstats.package.provisions import Figure, Indicator, ToDate
from borderstats.package.struct import AsOf
from borderstats.periods import Calendar, Kind, YearKind
from borderstats.site import figures
from borderstats.site.charts import line_chart, scale, sparklines, view
from borderstats.site.charts.draw import Level, Span
from borderstats.site.charts.view import Cell, ChartView, Marked, Row
from borderstats.site.figures import Line, Series
from borderstats.standard.codelists import TOTAL
from borderstats.standard.model import Break
from borderstats.standard.provisions import Parameter
from borderstats.words import amounts, labels, messages
from borderstats.words import periods as names
from borderstats.words.amounts import Style

_SHARE = ("method.share", "indicator.numerator", "indicator.denominator")
_YEARS = get_args(YearKind)
_MOST_YEARS = 40
"""A chart of more years begins with the last so many; its table has them all."""


@dataclass(frozen=True)
class Stated:
    """One figure as a sentence has it: `31.5%`, `53,770 of 170,590`, `fiscal year 2023`, `30 August 2024`.

    `parts` is empty unless it is a share, `as_of` None unless the release says it, `cited` unless no dataset holds it. `figure`
    has what qualifies it.
    """

    value: str
    parts: str
    when: str
    figure: Figure | ToDate

    @property
    def as_of(self) -> AsOf | None:
        return self.figure.as_of

    @property
    def cited(self) -> str:
        return self.figure.cited if isinstance(self.figure, Figure) else ""


@dataclass(frozen=True)
class Recent:
    """What is later than the latest year, with the `same` months (or month, or day) a year earlier, if there are figures."""

    head: str
    now: Stated
    same: str
    earlier: Stated | None


@dataclass(frozen=True)
class Standing:
    """How an indicator stands. What there is not is None or empty; `lettered` are the rules drawn in its chart."""

    indicator: Indicator
    meta: Metadata
    unit: str
    measure: str
    latest: Stated
    recent: Recent | None
    baseline: Stated | None
    change: str
    target: str
    progress: str
    bar: Markup
    spark: Markup
    chart: ChartView | None
    lettered: bool


def standing(
    calendar: Calendar,
    indicator: Indicator,
    meta: Metadata,
    rules: Sequence[tuple[str, Parameter]] = (),
    breaks: Sequence[Marked] = (),
) -> Standing:
    """How an indicator stands. `rules` are dated parameters with their letters, `breaks` those drawn on its chart."""
    style = amounts.of(indicator.unit, indicator.decimals, share=indicator.share_of is not None)
    found = drawn(calendar, indicator)
    spans = tuple(
        Span(letter, rule.name, rule.start, rule.end)
        for letter, rule in rules
        if line_chart.visible(rule.start, rule.end, found)
    )
    many = len(indicator.series) > 1
    return Standing(
        indicator=indicator,
        meta=meta,
        unit=_unit(indicator),
        measure=_measure(indicator, found.kind),
        latest=_stated(calendar, indicator.latest, indicator, style),
        recent=_recent(indicator, style),
        baseline=_stated(calendar, indicator.baseline, indicator, style) if indicator.baseline else None,
        change=_change(indicator, style),
        target=_target(indicator, style),
        progress=_progress(indicator),
        bar=_bar(indicator, style),
        spark=sparklines.line(found, style) if many else Markup(""),
        chart=_chart(indicator, meta, found, style, spans, breaks) if many else None,
        lettered=many and bool(spans),
    )


def series(calendar: Calendar, indicator: Indicator) -> Series:
    """The figures of an indicator as one line; those of the kind of period of its latest figure."""
    kind = periods.kind(periods.parse(indicator.latest.period))
    every = {periods.parse(figure.period): figure for figure in indicator.series}
    own = {period: figure for period, figure in every.items() if periods.kind(period) == kind}
    time = figures.axis(kind, np.array(list(own), np.int64))
    there = [own.get(int(place)) for place in time]
    value = np.array([float("nan") if figure is None else figure.value for figure in there])
    provisional = np.array([figure is not None and figure.provisional for figure in there])
    line = Line(TOTAL, indicator.title.en, value, provisional)
    return Series(calendar, kind, time, (line,), years=indicator.years)


def drawn(calendar: Calendar, indicator: Indicator) -> Series:
    """The figures that a chart shows: of very many years the last ones."""
    found = series(calendar, indicator)
    if found.kind not in _YEARS or len(found.time) <= _MOST_YEARS:
        return found
    last = slice(-_MOST_YEARS, None)
    (line,) = found.lines
    kept = replace(line, value=line.value[last], provisional=line.provisional[last])
    return replace(found, time=found.time[last], lines=(kept,))


def breaks(calendar: Calendar, indicator: Indicator, meta: Metadata) -> tuple[Break, ...]:
    """The breaks that lie on the chart of an indicator and concern its figures; none if it has no chart."""
    if len(indicator.series) < 2:
        return ()
    concepts = view.picked(indicator.where) | view.picked(indicator.share_of or {})
    return view.breaks(meta, drawn(calendar, indicator), concepts)


def _unit(indicator: Indicator) -> str:
    unit = labels.unit(indicator.unit)
    if indicator.share_of is None:
        return labels.sentence(unit)
    return messages.text("indicator.share", denominator=indicator.denominator, unit=unit)


def _when(indicator: Indicator, kind: Kind) -> str:
    """How a figure belongs to its period: `per fiscal year`, `sum of five fiscal years`."""
    if indicator.years > 1:
        number = labels.word(indicator.years)
        return messages.text("indicator.sum", number=number, years=names.nouns(kind))
    return view.when(indicator.measure, kind)


def _measure(indicator: Indicator, kind: Kind) -> str:
    when = _when(indicator, kind)
    named = messages.named("measure", indicator.measure)
    return labels.sentence(when if indicator.measure == "average" else f"{named}: {when}")


def _stated(calendar: Calendar, figure: Figure, indicator: Indicator, style: Style) -> Stated:
    if figure.cited:
        # A printed figure has the period that its publisher gave it, which need not be one of ours.
        return Stated(style.words(figure.value), "", labels.period(figure.period), figure)
    period = periods.parse(figure.period)
    when = names.long(period, indicator.years)
    # A year that ends after the day for which its file speaks is a year to date.
    if figure.as_of and calendar.last_day(period) > figure.as_of.day:
        when = messages.text("period.so_far", period=when)
    return Stated(style.words(figure.value), _parts(figure, indicator), when, figure)


def _parts(figure: Figure | ToDate, indicator: Indicator) -> str:
    if figure.numerator is None or figure.denominator is None:
        return ""
    counts = amounts.of(indicator.unit, indicator.decimals)
    return messages.text(
        "fact.share", part=counts.words(figure.numerator), whole=counts.words(figure.denominator)
    )


def _recent(indicator: Indicator, style: Style) -> Recent | None:
    found = indicator.to_date
    if found is None:
        return None
    return Recent(
        messages.text("indicator.to_date" if indicator.measure == "flow" else "indicator.recent"),
        _spanned(found, indicator, style),
        _same(found),
        _spanned(found.before, indicator, style) if found.before else None,
    )


def _same(found: ToDate) -> str:
    kind = periods.kind(periods.parse(found.last))
    if kind in _YEARS:
        return messages.text("indicator.same_part")
    if found.first == found.last:
        return messages.text("indicator.same", period=names.noun(kind))
    return messages.text("indicator.same_many", periods=names.nouns(kind))


def _spanned(found: ToDate, indicator: Indicator, style: Style) -> Stated:
    first, last = periods.parse(found.first), periods.parse(found.last)
    when = names.span(first, last)
    if periods.kind(last) in _YEARS:
        when = messages.text("period.so_far", period=when)
    return Stated(style.words(found.value), _parts(found, indicator), when, found)


def _change(indicator: Indicator, style: Style) -> str:
    if indicator.change is None or indicator.baseline is None:
        return ""
    text = style.signed_words(indicator.change)
    percent = labels.percent(indicator.latest.value, indicator.baseline.value)
    return text if style.kind == "share" or percent == labels.NONE else f"{text} ({percent})"


def _target(indicator: Indicator, style: Style) -> str:
    if indicator.target is None:
        return ""
    unit = "" if style.kind != "number" else f" {labels.lowered(indicator.unit)}"
    return f"{style.signed_words(indicator.target)}{unit}"


def _progress(indicator: Indicator) -> str:
    """Never clipped: below zero where there is less than before, above a hundred where there is more than announced."""
    if indicator.progress is None:
        return ""
    return messages.text("indicator.progress", share=Style("share").words(indicator.progress))


def _bar(indicator: Indicator, style: Style) -> Markup:
    if indicator.progress is None or indicator.baseline is None or indicator.target is None:
        return Markup("")
    start = indicator.baseline.value
    return sparklines.progress(
        indicator.progress,
        messages.text("indicator.baseline", value=style.short(start)),
        messages.text("indicator.target", value=style.short(start + indicator.target)),
    )


def _chart(
    indicator: Indicator,
    meta: Metadata,
    found: Series,
    style: Style,
    spans: Sequence[Span],
    breaks: Sequence[Marked],
) -> ChartView:
    when = _when(indicator, found.kind)
    unit = f"{_unit(indicator)}, {when}"
    if style.kind == "money":
        unit += f" ({messages.text('chart.money')})"
    level = None
    if indicator.baseline is not None and indicator.target is not None:
        goal = indicator.baseline.value + indicator.target
        level = Level(goal, messages.text("indicator.target", value=style.short(goal)))
    whole = series(found.calendar, indicator)
    rows, days = _rows(indicator, whole, style)
    return ChartView(
        key=indicator.id,
        title=indicator.title.en,
        unit=unit,
        drawing=line_chart.chart(
            indicator.id,
            indicator.title.en,
            view.described(found, unit, style),
            found,
            [one.mark for one in breaks],
            style,
            spans,
            level,
        ),
        remarks=(*_cut(whole, found), *view.remarks(found)),
        breaks=tuple(breaks),
        head=labels.sentence((names.noun if found.years == 1 else names.nouns)(found.kind)),
        columns=tuple(map(messages.text, _SHARE))
        if style.kind == "share"
        else (labels.sentence(labels.unit(indicator.unit)),),
        rows=rows,
        provisional=bool(found.provisional.any()),
        dataset=meta.id,
        days=days,
    )


def _cut(whole: Series, found: Series) -> list[str]:
    """What a chart leaves out at its beginning, and where the sums of several years stand."""
    said = []
    if len(found.time) < len(whole.time):
        since = scale.period_text(whole, 0)
        years = names.nouns(found.kind)
        said.append(messages.text("indicator.cut", number=len(found.time), years=years, since=since))
    if found.years > 1:
        said.append(messages.text("indicator.sums"))
    return said


def _rows(indicator: Indicator, found: Series, style: Style) -> tuple[tuple[Row, ...], int]:
    counts = amounts.of(indicator.unit, indicator.decimals)
    figures_by_period = {periods.parse(figure.period): figure for figure in indicator.series}
    kept, days = view.kept(found)
    rows = []
    for place in kept:
        time = int(found.time[place])
        figure = figures_by_period.get(time)
        if figure is not None:
            values = [Cell(style.exact(figure.value), figure.provisional)]
            if figure.numerator is not None and figure.denominator is not None:
                values += [Cell(counts.exact(figure.numerator)), Cell(counts.exact(figure.denominator))]
            rows.append(Row(names.head(time, found.years), tuple(values)))
    return tuple(rows), days
