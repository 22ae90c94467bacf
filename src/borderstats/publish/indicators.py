"""How an indicator stands, in words and figures, and its chart with the rules that were in force."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from borderstats.publish import amounts, charts, exhibit, figures, labels, periods, sparks
from borderstats.publish.accounts import Figure, Indicator, Parameter
from borderstats.publish.amounts import Style
from borderstats.publish.contents import Metadata
from borderstats.publish.draw import Level, Mark, Span
from borderstats.publish.exhibit import Cell, Exhibit, Row
from borderstats.publish.figures import Line, Series
from borderstats.publish.periods import Frequency


@dataclass(frozen=True)
class Stated:
    """One figure as a sentence has it: `31.5%`, `53,770 of 170,590`, `fiscal year 2023`, `30 August 2024`.

    `parts` is empty unless it is a share, `as_of` unless the release says it.
    """

    value: str
    parts: str
    when: str
    as_of: str
    provisional: bool


@dataclass(frozen=True)
class Standing:
    """How an indicator stands. What there is not is None or empty; `lettered` are the rules drawn in its chart."""

    indicator: Indicator
    meta: Metadata
    unit: str
    measure: str
    latest: Stated
    recent: Stated | None
    baseline: Stated | None
    change: str
    target: str
    progress: str
    bar: Markup
    spark: Markup
    chart: Exhibit | None
    lettered: bool


def standing(
    indicator: Indicator,
    meta: Metadata,
    rules: Sequence[tuple[str, Parameter]] = (),
    explained: frozenset[int] = frozenset(),
) -> Standing:
    """How an indicator stands. `rules` are dated parameters with their letters, `explained` breaks told before."""
    style = amounts.of(indicator.unit, indicator.decimals, share=indicator.share_of is not None)
    found = series(indicator)
    spans = tuple(
        Span(letter, rule.name, rule.start, rule.end)
        for letter, rule in rules
        if charts.visible(rule.start, rule.end, found)
    )
    many = len(indicator.series) > 1
    return Standing(
        indicator=indicator,
        meta=meta,
        unit=_unit(indicator),
        measure=_measure(indicator, found.freq),
        latest=_stated(indicator.latest, indicator, style),
        recent=_recent(indicator, style),
        baseline=_stated(indicator.baseline, indicator, style) if indicator.baseline else None,
        change=_change(indicator, style),
        target=_target(indicator, style),
        progress=_progress(indicator),
        bar=_bar(indicator, style),
        spark=sparks.line(found, style) if many else Markup(""),
        chart=_chart(indicator, meta, found, style, spans, explained) if many else None,
        lettered=many and bool(spans),
    )


def series(indicator: Indicator) -> Series:
    """The figures of an indicator as one line; those of the frequency of its latest figure."""
    freq = periods.parse(indicator.latest.period)[0]
    mine = {
        place: figure
        for (other, place), figure in ((periods.parse(f.period), f) for f in indicator.series)
        if other == freq
    }
    time = figures.axis(freq, np.array(list(mine), np.int64))
    there = [mine.get(int(place)) for place in time]
    value = np.array([float("nan") if figure is None else figure.value for figure in there])
    provisional = np.array([figure is not None and figure.provisional for figure in there])
    return Series(freq, time, (Line(figures.TOTAL, indicator.title.en, value, provisional),))


def _unit(indicator: Indicator) -> str:
    unit = labels.unit(indicator.unit)
    return (
        f"Share of {indicator.denominator} ({unit})"
        if indicator.share_of is not None
        else labels.sentence(unit)
    )


def _measure(indicator: Indicator, freq: Frequency) -> str:
    when = exhibit.when(indicator.measure, freq)
    return labels.sentence(when if indicator.measure == "average" else f"{indicator.measure}: {when}")


def _stated(figure: Figure, indicator: Indicator, style: Style) -> Stated:
    freq, place = periods.parse(figure.period)
    when = periods.long(freq, place)
    # A year that ends after the day for which its file speaks is a year to date.
    if figure.as_of and periods.last_day(freq, place) > datetime.date.fromisoformat(figure.as_of):
        when += " to date"
    return Stated(
        style.words(figure.value), _parts(figure, indicator), when, figure.as_of, figure.provisional
    )


def _parts(figure: Figure, indicator: Indicator) -> str:
    if figure.numerator is None or figure.denominator is None:
        return ""
    counts = amounts.of(indicator.unit, indicator.decimals)
    return f"{counts.words(figure.numerator)} of {counts.words(figure.denominator)}"


def _recent(indicator: Indicator, style: Style) -> Stated | None:
    """The finest figure, if it is later than the latest year."""
    if indicator.recent is None:
        return None
    ends = [periods.last_day(*periods.parse(f.period)) for f in (indicator.recent, indicator.latest)]
    return _stated(indicator.recent, indicator, style) if ends[0] > ends[1] else None


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
    """Never clipped: below zero where there is less than before, above a hundred where there is more than promised."""
    return "" if indicator.progress is None else f"{Style('share').words(indicator.progress)} of the target"


def _bar(indicator: Indicator, style: Style) -> Markup:
    if indicator.progress is None or indicator.baseline is None or indicator.target is None:
        return Markup("")
    start = indicator.baseline.value
    return sparks.progress(
        indicator.progress,
        f"Baseline {style.short(start)}",
        f"Target {style.short(start + indicator.target)}",
    )


def _chart(
    indicator: Indicator,
    meta: Metadata,
    found: Series,
    style: Style,
    spans: Sequence[Span],
    explained: frozenset[int],
) -> Exhibit:
    when = exhibit.when(indicator.measure, found.freq)
    unit = f"{_unit(indicator)}, {when}"
    if style.kind == "money":
        unit += f" ({exhibit.SHORT_MONEY})"
    breaks = exhibit.numbered(meta, found, explained)
    level = None
    if indicator.baseline is not None and indicator.target is not None:
        goal = indicator.baseline.value + indicator.target
        level = Level(goal, f"Target {style.short(goal)}")
    rows, cut = _rows(indicator, found, style)
    return Exhibit(
        key=indicator.id,
        title=indicator.title.en,
        unit=unit,
        drawing=charts.chart(
            indicator.id,
            indicator.title.en,
            exhibit.described(found, unit, style),
            found,
            [Mark(entry.number, entry.entry.date) for entry in breaks],
            style,
            spans,
            level,
        ),
        remarks=tuple(exhibit.remarks(found)),
        breaks=breaks,
        head=labels.sentence(periods.KINDS[found.freq].noun),
        columns=("Share", "Numerator", "Denominator")
        if style.kind == "share"
        else (labels.sentence(labels.unit(indicator.unit)),),
        rows=rows,
        provisional=bool(found.provisional.any()),
        dataset=meta.id,
        cut=cut,
    )


def _rows(indicator: Indicator, found: Series, style: Style) -> tuple[tuple[Row, ...], str]:
    counts = amounts.of(indicator.unit, indicator.decimals)
    mine = {periods.parse(figure.period): figure for figure in indicator.series}
    kept, cut = exhibit.kept(found)
    rows = []
    for place in kept:
        time = int(found.time[place])
        figure = mine.get((found.freq, time))
        if figure is not None:
            values = [Cell(style.exact(figure.value), figure.provisional)]
            if figure.numerator is not None and figure.denominator is not None:
                values += [Cell(counts.exact(figure.numerator)), Cell(counts.exact(figure.denominator))]
            rows.append(Row(periods.head(found.freq, time), tuple(values)))
    return tuple(rows), cut
