"""The reporting itself, measured: for each source its last period, how late, how revised, how readable.

Only what the archive shows is said. A source whose newest file here is old may have newer ones elsewhere.
"""

import datetime
from collections.abc import Sequence

import numpy as np

from borderstats.package.reports import Reported, Revised
from borderstats.package.snapshots import Snapshot
from borderstats.release.evidence import Evidence
from borderstats.standard.model import Standard
from borderstats.standard.sources import Source

_READABLE = {
    "csv": "machine-readable list",
    "parquet": "machine-readable list",
    "pdf": "document for people, without figures for machines",
    "html": "tables of a web page",
}
_FORMS = {"list": "machine-readable list in a workbook", "blocks": "tables laid out for people in a workbook"}


def reporting(
    standard: Standard, evidence: Evidence, snapshots: Sequence[Snapshot], date: datetime.date
) -> tuple[Reported, ...]:
    """One entry for each source with a file in the archive, in the order of the standard."""
    by_source: dict[str, list[Snapshot]] = {}
    for snapshot in snapshots:
        if snapshot.source:
            by_source.setdefault(snapshot.source, []).append(snapshot)
    return tuple(
        _one(standard, evidence, source, by_source[name], date)
        for name, source in standard.sources.items()
        if name in by_source
    )


def _one(
    standard: Standard, evidence: Evidence, source: Source, own: Sequence[Snapshot], date: datetime.date
) -> Reported:
    newest = max(own, key=lambda snapshot: snapshot.place)
    files = {snapshot.file for snapshot in own}
    last = _last_day(evidence, source, files)
    published = _published(evidence, source, own, last)
    return Reported(
        source=source.id,
        title=source.title,
        publisher=source.publisher,
        page=source.page,
        datasets=source.feeds,
        files=len(own),
        last_period_ends=last,
        newest_as_of=newest.as_of,
        newest_as_of_basis=newest.as_of_basis,
        days_to_publication=(published - last).days if published else None,
        days_since_last_period=(date - last).days,
        every=source.every,
        state=_state(source, last, date),
        ended=source.ended,
        readable=_readable(source),
        revisions=_revisions(evidence, source, files),
        breaks=sum(any(name in entry.datasets for name in source.feeds) for entry in standard.breaks),
        known_errors=len(source.known_errors),
    )


def _filled(evidence: Evidence, source: Source) -> list[str]:
    """The datasets that a source feeds and of which there are figures: no file may have had an optional table yet."""
    return [name for name in source.feeds if name in evidence.histories]


def _last_day(evidence: Evidence, source: Source, files: set[str]) -> datetime.date:
    """The end of the last period that the newest file covers; of a year to date, its file's as-of date."""
    return max(
        min(vintage.observations.last_day, vintage.as_of)
        for name in _filled(evidence, source)
        for vintage in evidence.histories[name].vintages
        if vintage.file in files
    )


def _published(
    evidence: Evidence, source: Source, own: Sequence[Snapshot], last: datetime.date
) -> datetime.date | None:
    """The day on which the first file that holds the last period was published; None if only another is known."""
    holding = {
        vintage.file
        for name in _filled(evidence, source)
        for vintage in evidence.histories[name].vintages
        if vintage.observations.last_day >= last
    }
    first = min((s for s in own if s.file in holding), key=lambda s: s.place)
    return first.known if first.known_basis == "published" else None


def _state(source: Source, last: datetime.date, date: datetime.date) -> str:
    """`discontinued` if the publisher or others say so, else how the newest file here stands to the release's date."""
    if source.ended:
        return "discontinued"
    if not source.every:
        return "published once"
    return "current in this archive" if (date - last).days <= 2 * source.every else "late in this archive"


def _readable(source: Source) -> str:
    if source.format in _READABLE:
        return _READABLE[source.format]
    return _FORMS["blocks" if source.regions else "list"]


def _revisions(evidence: Evidence, source: Source, files: set[str]) -> Revised:
    """Cells that the source's later files gave otherwise, and by how much in all, in the datasets' units."""
    cells, gross = 0, 0.0
    for name in _filled(evidence, source):
        history, found = evidence.histories[name], evidence.changes[name]
        own = np.array([vintage.file in files for vintage in history.vintages])
        flags = found.of("changed", "new", "vanished") & own[found.after] & own[found.before]
        cells += int(flags.sum())
        gross += history.space.amount(int(np.abs(found.delta[flags & found.counted]).sum()))
    return Revised(cells, int(gross) if gross.is_integer() else round(gross, 2))
