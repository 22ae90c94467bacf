"""How each provision stands: its indicators with baseline, latest figure and progress.

A share always carries its numerator and denominator. Progress towards a target is never clipped: it can be negative.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec.structs import replace

from borderstats import periods
from borderstats.errors import GateError
from borderstats.package import provisions as published
from borderstats.package.provisions import Empty, Figure, ToDate
from borderstats.package.snapshots import Snapshot
from borderstats.package.struct import AsOf, Text
from borderstats.periods import Calendar
from borderstats.release import filled, series
from borderstats.release.evidence import Evidence
from borderstats.release.series import Point, Series
from borderstats.release.vintages import Vintage
from borderstats.standard.model import Dataset, Standard
from borderstats.standard.provisions import Indicator, Provision

_DIGITS = 4
"""Digits of a share behind the point: 0.1234 is 12.34 per cent."""


def provisions(
    standard: Standard, evidence: Evidence, snapshots: Sequence[Snapshot]
) -> tuple[published.Provision, ...]:
    """Every provision with its indicators, milestones and parameters, in the order of their document.

    Raises GateError if a share is not between 0 and 1, or an indicator has no figure.
    """
    document, files = standard.document, {snapshot.file: snapshot for snapshot in snapshots}
    if document is None:
        return ()
    return tuple(
        published.Provision(
            number=provision.number,
            id=provision.id,
            title=Text(provision.title, provision.title_es),
            text=provision.text,
            document=document,
            datasets=tuple(name for name in _datasets(standard, provision) if name in evidence.histories),
            empty=tuple(
                Empty(name, standard.datasets[name].title, standard.datasets[name].empty)
                for name in _datasets(standard, provision)
                if standard.datasets[name].empty and name not in evidence.histories
            ),
            indicators=tuple(
                _Account(standard, evidence, files, provision, one).indicator for one in provision.indicators
            ),
            unknown=provision.unknown,
            milestones=tuple(m for m in standard.milestones if m.provision == provision.number),
            searched=tuple(s for s in standard.searched if s.provision == provision.number),
            parameters=tuple(p for p in standard.parameters if p.provision == provision.number),
        )
        for provision in standard.provisions
    )


def _datasets(standard: Standard, provision: Provision) -> list[str]:
    """The datasets that report on a provision."""
    return [name for name, dataset in standard.datasets.items() if provision.number in dataset.provisions]


@dataclass(frozen=True)
class _Account:
    """One indicator being worked out."""

    standard: Standard
    evidence: Evidence
    files: Mapping[str, Snapshot]
    provision: Provision
    declared: Indicator

    @cached_property
    def dataset(self) -> Dataset:
        return self.standard.datasets[self.declared.dataset]

    @property
    def calendar(self) -> Calendar:
        return self.standard.calendar

    @property
    def place(self) -> str:
        return f"provisions/{self.provision.id}/{self.declared.id}: {self.dataset.id}"

    @property
    def indicator(self) -> published.Indicator:
        one, dataset = self.declared, self.dataset
        numerator = series.of(self.evidence, dataset.id, one.where)
        denominator = None if one.share_of is None else series.of(self.evidence, dataset.id, one.share_of)
        annual = self.annual(numerator)
        shorter = series.shorter(numerator)
        if len(annual) == 1 and len(shorter) > 1:
            # One year alone tells no story: the months do.
            annual, numerator = {}, shorter
        main = annual or numerator
        below = None
        if denominator is not None:
            below = self.annual(denominator) if annual else denominator
        if one.years > 1:
            main = series.over_years(main, one.years)
        shown = self.figures(main, below)
        if not shown:
            raise GateError(f"{self.place} has no figure for this indicator")
        latest = max(shown, key=self.calendar.last_day)
        baseline = self.baseline(shown)
        change = None if baseline is None else round(shown[latest].value - baseline.value, _DIGITS)
        return published.Indicator(
            id=one.id,
            title=Text(self.filled(one.title), self.filled(one.title_es, "es")),
            dataset=dataset.id,
            where=one.where,
            share_of=one.share_of,
            denominator=one.denominator,
            unit=self.standard.units[dataset.unit],
            measure=dataset.measure,
            rounding=dataset.rounding,
            decimals=dataset.decimals,
            trap=self.filled(one.trap or dataset.trap),
            years=one.years,
            context=one.context,
            baseline=baseline,
            latest=replace(shown[latest], as_of=self.as_of(latest)),
            to_date=self.to_date(numerator, denominator, latest) if annual else None,
            change=change,
            target=one.target,
            target_note=one.target_note,
            progress=round(change / one.target, _DIGITS) if one.target and change is not None else None,
            series=tuple(shown.values()),
        )

    def annual(self, found: Series) -> Series:
        """A series by year."""
        return series.by_year(self.calendar, found, self.dataset.measure, unfinished=self.declared.unfinished)

    def filled(self, written: str, language: str = "en") -> str:
        """A text with the properties of the newest edition filled in."""
        return filled.text(self.evidence.histories[self.dataset.id], written, self.declared.where, language)

    def figures(self, numerator: Series, denominator: Series | None) -> Mapping[int, Figure]:
        """Figures, or shares with numerator and denominator, by period."""
        if denominator is None:
            return {p: self.figure(p, point) for p, point in numerator.items()}
        return {
            p: self.share(p, numerator[p], whole)
            for p, whole in denominator.items()
            if whole.value and p in numerator
        }

    def figure(self, period: int, point: Point) -> Figure:
        return Figure(
            periods.text(period),
            self.amount(point),
            point.provisional,
            rounding=self.dataset.rounding,
            synthetic=self.synthetic,
        )

    def share(self, period: int, part: Point, whole: Point) -> Figure:
        if not 0 <= part.value <= whole.value:
            raise GateError(
                f"{self.dataset.id}/{self.declared.id}: {periods.text(period)}: {part.value:,} of {whole.value:,} is no share between 0 and 1"
            )
        return Figure(
            periods.text(period),
            round(part.value / whole.value, _DIGITS),
            part.provisional or whole.provisional,
            rounding=self.dataset.rounding,
            synthetic=self.synthetic,
            numerator=self.amount(part),
            denominator=self.amount(whole),
        )

    def amount(self, point: Point) -> int | float:
        """A figure in the dataset's unit."""
        return point.value / 10**self.dataset.decimals if self.dataset.decimals else point.value

    @cached_property
    def synthetic(self) -> bool:
        """Whether a file that feeds the dataset was made of synthetic records."""
        vintages = self.evidence.histories[self.dataset.id].vintages
        return any(self.files[vintage.file].synthetic for vintage in vintages)

    def baseline(self, shown: Mapping[int, Figure]) -> Figure | None:
        """The figure with which the latest is compared: one of the series, or a cited one with its source."""
        one = self.declared
        if one.baseline_cited:
            check = next(check for check in self.standard.checks if check.id == one.baseline_cited)
            return Figure(check.period, check.value, provisional=False, cited=check.source)
        if not one.baseline:
            return None
        period = periods.parse(one.baseline)
        if period not in shown:
            raise GateError(f"{self.place} has no figure for the baseline {one.baseline}")
        return shown[period]

    def to_date(self, numerator: Series, denominator: Series | None, latest: int) -> ToDate | None:
        """The year to date, or the latest stock or average, if later than the latest year; a year earlier too.

        A month that was not over on the day of its file would not compare with the whole month of a year earlier.
        """
        last_day = self.calendar.last_day
        if self.dataset.measure == "flow":
            numerator = {p: point for p, point in numerator.items() if not self.open(p)}
        span = series.to_date(
            self.calendar, numerator, self.dataset.measure, unfinished=self.declared.unfinished
        )
        if not span or last_day(span[-1]) <= last_day(latest) or self.declared.years > 1:
            return None
        found = self.over(numerator, denominator, span)
        if found is None:
            return None
        # Of a year that is not over nobody says what the same part of the year before was.
        earlier = () if periods.kind(span[-1]) in series.YEARS else series.year_earlier(span)
        before = self.over(numerator, denominator, earlier) if len(earlier) == len(span) else None
        return replace(found, as_of=self.as_of(span[-1]), before=before)

    def over(self, numerator: Series, denominator: Series | None, span: Sequence[int]) -> ToDate | None:
        """The figure of several periods together; None if one of them has none."""
        sides = [side for side in (numerator, denominator) if side is not None]
        if not all(p in side for p in span for side in sides):
            return None
        last = span[-1]
        sums = [{last: series.over(side, span)} for side in sides]
        figure = self.figures(sums[0], sums[1] if len(sums) > 1 else None).get(last)
        if figure is None:
            return None
        return ToDate(
            first=periods.text(span[0]),
            last=figure.period,
            value=figure.value,
            provisional=figure.provisional,
            rounding=figure.rounding,
            synthetic=figure.synthetic,
            numerator=figure.numerator,
            denominator=figure.denominator,
        )

    def open(self, period: int) -> bool:
        """Whether a part of a year was not over on the day for which its figure speaks."""
        part = periods.kind(period) not in series.YEARS
        return part and self.as_of(period).day < self.calendar.last_day(period)

    def as_of(self, period: int) -> AsOf:
        """The day for which the newest snapshot speaks that has anything of the period, or of a month in the year."""
        vintages = self.evidence.histories[self.dataset.id].vintages
        newest = next((one for one in reversed(vintages) if self._speaks_of(one, period)), vintages[-1])
        found = self.files[newest.file].stands_for
        if newest.as_of == found.day:
            return found
        note = f"the sheet of these figures says so; the file as a whole stands for {found.day}."
        return replace(found, day=newest.as_of, note=note)

    def _speaks_of(self, vintage: Vintage, period: int) -> bool:
        """Whether a vintage has anything of a period, or of a month in the year."""
        first, last = self.calendar.days(period)
        covered = vintage.observations.covered
        return period in covered or any(first <= self.calendar.last_day(int(p)) <= last for p in covered)
