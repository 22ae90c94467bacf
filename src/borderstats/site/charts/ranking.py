"""A chart of bars as a page shows it: the codes of a dimension by size, in one period, with the period before in the table."""

from collections.abc import Sequence

from borderstats import periods
from borderstats.site import comparisons
from borderstats.site.charts import bars, view
from borderstats.site.charts.view import Cell, ChartView, Row
from borderstats.site.comparisons import Bar, Ranking
from borderstats.site.figures import Facts
from borderstats.standard.model import Chart
from borderstats.words import labels, messages
from borderstats.words import periods as names
from borderstats.words.amounts import Style

_WHEN = {"flow": "ranking.flow", "stock": "ranking.stock", "average": "ranking.average"}


def views(facts: Facts) -> tuple[ChartView, ...]:
    """All charts that the standard declares for a dataset, in its order; each break is explained at the first of them."""
    found = [None if chart.kind == "bars" else view.drawn(facts, chart) for chart in facts.meta.charts]
    breaks = view.marked(
        [
            view.breaks(facts.meta, series, view.concerned(chart)) if series else ()
            for chart, series in zip(facts.meta.charts, found, strict=True)
        ]
    )
    return tuple(
        view.lines(facts, chart, f"chart-{n}", series, marked)
        if series
        else ranking(facts, chart, f"chart-{n}")
        for n, (chart, series, marked) in enumerate(zip(facts.meta.charts, found, breaks, strict=True), 1)
    )


def ranking(facts: Facts, chart: Chart, key: str) -> ChartView:
    """A chart of bars that the standard declares; ReleaseError if it has no figures."""
    found = comparisons.ranked(facts, chart.by, chart.where)
    shown = found.bars[: chart.top]
    unit = view.counted(facts.meta, _when(facts, found), facts.style)
    return ChartView(
        key=key,
        title=chart.title,
        unit=unit,
        drawing=bars.chart(key, chart.title, _described(shown, unit, facts.style), shown, facts.style),
        remarks=tuple(_remarks(found, shown, facts, chart.by)),
        breaks=(),
        head=facts.meta.dimension(chart.by).label.en,
        columns=_columns(found),
        rows=tuple(Row(bar.label, _cells(bar, found, facts.style)) for bar in found.bars),
        provisional=False,
        dataset=facts.meta.id,
    )


def _when(facts: Facts, found: Ranking) -> str:
    """How the figures belong to their period: `in fiscal year 2024`, `at the end of March 2025`, `on 3 July 2025`."""
    key = "ranking.day" if periods.kind(found.time) == "day" else _WHEN[facts.meta.measure]
    if key == "ranking.average" and view.averaged(facts.meta):
        key = "ranking.averaged"
    return messages.text(key, period=_named(found))


def _remarks(found: Ranking, shown: Sequence[Bar], facts: Facts, by: str) -> list[str]:
    made = []
    if found.to_date:
        noun, newest = names.noun(periods.kind(found.time)), names.day(facts.newest)
        made.append(messages.text("ranking.not_over", period=noun, date=newest))
    elif periods.kind(found.time) == "fiscal_year":
        months = facts.calendar.parts(found.time, "month")
        first, last = names.long(months[0]), names.long(months[-1])
        year = labels.sentence(names.long(found.time))
        made.append(messages.text("ranking.ran", year=year, first=first, last=last))
    rest = found.bars[len(shown) :]
    if rest:
        summed = facts.meta.dimension(by).total == "sum"
        made.append(
            messages.text(
                "ranking.rest_summed" if summed else "ranking.rest",
                drawn=len(shown),
                others=len(rest),
                sum=facts.style.words(sum(bar.value for bar in rest)),
            )
        )
    return made


def _named(found: Ranking) -> str:
    """`fiscal year 2024`, `fiscal year 2021 to date`."""
    name = names.long(found.time)
    return messages.text("period.so_far", period=name) if found.to_date else name


def _columns(found: Ranking) -> tuple[str, ...]:
    now = labels.sentence(_named(found))
    if found.before is None:
        return (now,)
    before = labels.sentence(names.long(found.before))
    return (now, before, messages.text("table.change"), messages.text("table.percent"))


def _cells(bar: Bar, found: Ranking, style: Style) -> tuple[Cell, ...]:
    texts = [style.exact(bar.value)]
    if found.before is not None:
        texts += [
            style.exact(bar.earlier),
            style.signed(bar.value - bar.earlier),
            labels.percent(bar.value, bar.earlier),
        ]
    return tuple(Cell(text) for text in texts)


def _described(shown: Sequence[Bar], unit: str, style: Style) -> str:
    largest = "; ".join(f"{bar.label} {style.words(bar.value)}" for bar in shown[:3])
    return " ".join(
        [messages.text("ranking.largest", unit=unit, bars=largest), messages.text("chart.beneath")]
    )
