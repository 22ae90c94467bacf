"""What a release says about itself in words: each dataset, the gates, the whole standard."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from borderstats import periods
from borderstats.observations import Ints, KeySpace
from borderstats.package import reports
from borderstats.package.datasets import (
    Changed,
    Dimension,
    DimensionCode,
    ListStep,
    Metadata,
    Source,
    Span,
    Vintage,
)
from borderstats.package.snapshots import Snapshot
from borderstats.package.standard import Standard as PublishedStandard
from borderstats.package.struct import Text
from borderstats.periods import Calendar
from borderstats.release import disjoint, filled, finality, properties, vintages
from borderstats.release.changes import Changes, net_by_kind
from borderstats.release.entries import Step
from borderstats.release.evidence import Finding
from borderstats.release.gates import Outcome
from borderstats.release.knowledge import Known
from borderstats.release.vintages import History
from borderstats.standard import sources
from borderstats.standard.model import Standard
from borderstats.standard.statuses import STATUSES
from borderstats.standard.units import UNITS


def dataset(
    standard: Standard,
    history: History,
    changes: Changes,
    snapshots: Iterable[Snapshot],
    known: Mapping[str, Known],
    steps: Iterable[Step],
) -> Metadata:
    """All that a reader of one dataset needs: what it counts, unit, dimensions with codes, sources, breaks, notes."""
    this = history.space.dataset
    own = tuple(
        snapshot
        for snapshot in snapshots
        if snapshot.source and this.id in standard.sources[snapshot.source].feeds
    )
    covered = history.latest.covered
    return Metadata(
        id=this.id,
        title=Text(this.title, this.title_es),
        counts=filled.text(history, this.counts),
        unit=standard.units[this.unit],
        measure=this.measure,
        trap=filled.text(history, this.trap),
        decimals=this.decimals,
        rounding=this.rounding,
        provisions=this.provisions,
        first_period=periods.text(min(map(int, covered), key=standard.calendar.first_day)),
        last_period=_last_period(standard.calendar, covered),
        observations=len(history.latest),
        values_in_history=len(history),
        vintages=_vintages(history.vintages, own, known),
        changes={kind: Changed(*sums) for kind, sums in net_by_kind(changes).items()},
        finality=finality.shown(
            history, changes, [standard.sources[name] for name in dict.fromkeys(one.source for one in own)]
        ),
        added_up=disjoint.taken(history.space),
        dimensions=tuple(_dimensions(standard, history)),
        sources=tuple(_source(standard.sources[name]) for name in dict.fromkeys(one.source for one in own)),
        snapshots=own,
        breaks=tuple(
            entry for entry in sorted(standard.breaks, key=lambda b: b.date) if this.id in entry.datasets
        ),
        entries=tuple(
            ListStep(
                step.before.as_of,
                step.after.as_of,
                len(step.after.entries),
                len(step.added),
                len(step.removed),
            )
            for step in steps
        ),
        notes=tuple(filled.text(history, note) for note in this.notes),
        charts=tuple(replace(one, title=filled.text(history, one.title, one.where)) for one in this.charts),
        synthetic=any(snapshot.synthetic for snapshot in own),
    )


def _vintages(
    own: Sequence[vintages.Vintage], snapshots: Sequence[Snapshot], known: Mapping[str, Known]
) -> tuple[Vintage, ...]:
    basis = {snapshot.file: snapshot.as_of_basis for snapshot in snapshots}
    return tuple(
        Vintage(
            v.as_of,
            basis[v.file],
            known[v.file].day,
            known[v.file].basis,
            v.file,
            len(v.observations),
            tuple(spans(v.observations.covered)),
            properties.of(v),
        )
        for v in own
    )


def spans(covered: Ints) -> Iterator[Span]:
    """Periods in order as spans without a gap: the next period of a kind is one more, that of another kind much more."""
    for run in np.split(covered, np.flatnonzero(np.diff(covered) > 1) + 1):
        if len(run):
            yield Span(periods.text(int(run[0])), periods.text(int(run[-1])))


def _source(source: sources.Source) -> Source:
    return Source(
        source.id,
        source.title,
        source.publisher,
        source.page,
        source.licence,
        source.caveat,
        source.absent,
        source.known_errors,
    )


def _last_period(calendar: Calendar, covered: Ints) -> str:
    """The last period; a year only where there is nothing shorter, because the last one may be to date."""
    shorter = covered[~periods.is_annual(covered) & ~calendar.in_transition(covered)]
    return periods.text(max(map(int, shorter if len(shorter) else covered), key=calendar.last_day))


def _dimensions(standard: Standard, history: History) -> Iterable[Dimension]:
    space = history.space
    for dimension in space.dataset.dimensions:
        concept = standard.concepts[dimension.concept]
        used = np.unique(space.digit(history.key, dimension.concept))
        codes = [space.codelists[dimension.concept].codes[int(place)] for place in used]
        yield Dimension(
            id=dimension.concept,
            label=Text(concept.label, concept.label_es),
            definition=concept.definition,
            source=concept.source,
            total=dimension.total,
            codes=tuple(DimensionCode(c.code, c.label_en, c.note, c.label_es) for c in codes),
        )


def gates(spaces: Mapping[str, KeySpace], outcomes: Iterable[Outcome]) -> tuple[reports.Gate, ...]:
    """Every gate with its sentence, what it compared, and every cell that was waived (none failed in a release)."""
    return tuple(
        reports.Gate(
            outcome.id,
            outcome.dataset,
            outcome.rule,
            outcome.sentence,
            outcome.compared,
            tuple(_finding(spaces[outcome.dataset], finding) for finding in outcome.failed),
            tuple(
                _finding(spaces[outcome.dataset], finding, waiver.id) for finding, waiver in outcome.waived
            ),
            tuple(_finding(spaces[outcome.dataset], finding) for finding in outcome.revised),
        )
        for outcome in outcomes
    )


def _finding(space: KeySpace, finding: Finding, waiver: str = "") -> reports.Finding:
    return reports.Finding(
        space.text(finding.key),
        finding.expected,
        finding.found,
        finding.text,
        finding.moment.as_of if finding.moment else None,
        finding.files,
        waiver,
    )


def method(standard: Standard, outcomes: Iterable[Outcome]) -> PublishedStandard:
    """The whole standard, from which the page on the method is made; among its waivers the reasons given with files."""
    waivers = {(one.id, one.gate): one for one in standard.waivers}
    waivers |= {(one.id, one.gate): one for outcome in outcomes for _, one in outcome.waived}
    return PublishedStandard(
        hash=standard.hash,
        calendar=standard.calendar,
        concepts=standard.concepts,
        codelists={
            name: one.codes for name, one in standard.codelists.items() if name not in (STATUSES, UNITS)
        },
        statuses=standard.statuses.all,
        units=tuple(standard.units.values()),
        datasets=tuple(standard.datasets.values()),
        sources=tuple(standard.sources.values()),
        breaks=standard.breaks,
        checks=standard.checks,
        cited=standard.cited,
        measures=standard.measures,
        waivers=tuple(waivers.values()),
        home=standard.headlines,
        office=standard.office,
        announcements=standard.announcements,
        topics=standard.topics,
    )
