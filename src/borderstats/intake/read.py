"""A publisher's file to observations: every row becomes observations or a refusal with its reason."""

import datetime
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from borderstats import periods
from borderstats.errors import ArchiveError, InputError
from borderstats.intake import metadata, raw, recognise
from borderstats.intake.differences import LayoutError
from borderstats.intake.forms import Recognised
from borderstats.intake.old_workbook import check_old_workbook
from borderstats.intake.refusal import Refusal, gathered
from borderstats.intake.table import Part, TableReader
from borderstats.observations import Flags, Ints, KeySpace, Observations, lookup
from borderstats.package.snapshots import Snapshot
from borderstats.standard.model import Standard
from borderstats.standard.sources import Source


@dataclass(frozen=True)
class Reading:
    """What came of a file, by dataset. Rows read = accepted + left out + refused.

    In blocks of figures each figure counts as a row. `left_out` are rows that by the standard are no data.
    `refused` counts every row, `refusals` have one for all figures of a block with one cause. `provisional` is that
    status's place; `not_before` the latest date that the file itself names, `stated` the days for which it says that it
    stands; `entries` the identities of the rows of a list, by dataset. `dayless`: figures are those of the day of the
    file, which neither it nor the caller says. `days`: the day for which the tables of a dataset stand, if their sheets state one. `last_days`:
    the last day of which all tables of a dataset have figures, if each says one of its own. `given`: the caller said which source it is. `parts`: what was read of
    each table; `conflicts`: the cells refused because an earlier table says otherwise.
    """

    source: Source
    datasets: Mapping[str, Observations]
    rows: int
    left_out: int
    refused: int
    refusals: tuple[Refusal, ...]
    provisional: int
    not_before: datetime.date
    stated: tuple[datetime.date, ...]
    entries: Mapping[str, tuple[tuple[str, ...], ...]]
    dayless: bool
    days: Mapping[str, datetime.date]
    last_days: Mapping[str, datetime.date]
    given: bool
    parts: tuple[Part, ...]
    conflicts: tuple[Refusal, ...]

    @property
    def accepted(self) -> int:
        return self.rows - self.left_out - self.refused

    @property
    def observations(self) -> Observations:
        """The observations of a file that feeds one dataset."""
        (only,) = self.datasets.values()
        return only

    @property
    def earliest_as_of(self) -> datetime.date:
        """The end of the last period in the file, before which it cannot have existed; of a year to date its start."""
        return max([self.not_before, *map(self._earliest, self.datasets.values())])

    @property
    def begun(self) -> datetime.date:
        """The first day of the last period in the file: it cannot have existed before that."""
        return max(
            [
                self.not_before,
                *(
                    one.space.calendar.first_day(int(period))
                    for one in self.datasets.values()
                    for period in one.covered
                ),
            ]
        )

    def _earliest(self, observations: Observations) -> datetime.date:
        calendar = observations.space.calendar
        period = observations.space.period(observations.key)
        to_date = set(period[periods.is_annual(period) & (observations.status == self.provisional)].tolist())
        return max(
            (
                calendar.first_day(int(p)) if int(p) in to_date else calendar.last_day(int(p))
                for p in observations.covered
            ),
            default=datetime.date.min,
        )


def total(observations: Observations) -> int | None:
    """The sum over the shortest periods that there are (the months, not their years) at the total of all; a flow's.

    None if there are observations and none of them is at the total of all dimensions.
    """
    space = observations.space
    flags = space.at_total(observations.key, {})
    if len(observations) and not flags.any():
        return None
    period = space.period(observations.key)
    for kind in ("day", "week", "half_month", "month", "quarter"):
        shorter = flags & periods.of_kind(period, kind)
        if not space.calendar.in_transition(period[shorter]).all():
            return int(observations.value[shorter].sum())
    return int(observations.value[flags].sum())


def read_file(
    standard: Standard, name: str, data: bytes, as_of: datetime.date | None = None, source: str = ""
) -> Reading:
    """The observations in a publisher's file and the rows refused. `as_of` is the day for which it is stated.

    Without one, the day that the file itself says is taken, if it says one. The file is read as one of the source of
    the id `source`; without one, of the only source that reads it. Raises InputError if the file as a whole is not
    what a source describes; no row of it is then read.
    """
    found = recognise.read(standard, name, data, source)
    return read_recognised(standard, name, found, as_of, given=bool(source))


def read_recognised(
    standard: Standard, name: str, found: Recognised, as_of: datetime.date | None = None, *, given: bool
) -> Reading:
    """As `read_file`, of a file whose source is known; `given`: because the caller said it."""
    source = found.source
    if not as_of and len(found.stated) == 1:
        as_of = found.stated[0]
    if source.future_zeros and not as_of:
        raise InputError(
            f"{name}: {source.id} prints zero for months that have not come; say with --as-of for which day the file is stated"
        )
    uses = [_parts(readers) for readers in _readers(standard, found, as_of)]
    feeding: dict[str, list[Part]] = {}
    for part in itertools.chain(*uses):
        feeding.setdefault(part.space.dataset.id, []).append(part)
    not_before = max((part.not_before for part in itertools.chain(*uses)), default=datetime.date.min)
    dayless = not as_of and any(table.day == "as_of" for table, _ in found.tables)
    if dayless and not_before == datetime.date.min:
        raise InputError(
            f"{name}: the figures of {source.id} are those of the day for which the file is stated; say with --as-of which day"
        )
    merged = {dataset: _merge(parts) for dataset, parts in feeding.items()}
    refusals = [
        refusal
        for dataset, parts in feeding.items()
        for part, conflicts in zip(parts, merged[dataset][1], strict=True)
        for refusal in (*conflicts, *part.refusals)
    ]
    once = {(refusal.sheet, refusal.row, refusal.figure): refusal for refusal in refusals}.values()
    return Reading(
        source,
        {dataset: observations for dataset, (observations, _) in merged.items()},
        sum(parts[0].count for parts in uses),
        sum(int(np.all([part.rows.left_out for part in parts], axis=0).sum()) for parts in uses),
        len(once),
        gathered(once),
        standard.statuses.provisional,
        not_before,
        found.stated,
        {name: tuple(entry for part in parts for entry in part.entries) for name, parts in feeding.items()},
        dayless,
        {name: day for name, parts in feeding.items() if (day := _day_of_sheets(found, parts, as_of))},
        {name: day for name, parts in feeding.items() if (day := _last_day(found, parts, as_of))},
        given,
        tuple(itertools.chain(*uses)),
        tuple(refusal for _, conflicts in merged.values() for refusal in itertools.chain(*conflicts)),
    )


def read_new(
    standard: Standard, name: str, data: bytes, as_of: datetime.date | None = None, source: str = ""
) -> Reading:
    """As `read_file`, of a file that nobody has read before and that may be damaged so as to end the process."""
    check_old_workbook(name, raw.unpacked(name, data))
    return read_file(standard, name, data, as_of, source)


def read_listed(standard: Standard, snapshot: Snapshot, data: bytes) -> Reading:
    """An archived file as one of the source that its metadata name; ArchiveError if it is none of that source."""
    file, source = snapshot.file, snapshot.source
    try:
        return read_file(standard, file, data, snapshot.as_of, source)
    except LayoutError as error:
        others = " or ".join(recognise.sources_of(standard, file, data))
        said = f"{file}{metadata.SUFFIX}: $.source: it is said to be a file of {source}, "
        if others:
            raise ArchiveError(f"{said}but it is one of {others}; correct it") from None
        raise ArchiveError(f"{said}from which it differs; correct it or the source:\n{error}") from None


def _readers(
    standard: Standard, found: Recognised, as_of: datetime.date | None
) -> Iterable[list[TableReader]]:
    """The readers of each table as published, of which a list or block can feed several datasets."""
    readers: dict[object, list[TableReader]] = {}
    for table, published in found.tables:
        space = KeySpace.of(standard, table.dataset or found.source.dataset)
        trusted = _trusted(found, as_of)
        own, through = (published.as_of, published.through) if trusted else (None, None)
        same = (published.sheet, published.block) if published.block else id(published)
        readers.setdefault(same, []).append(
            TableReader(standard, found.source, space, table, published, own or as_of, through)
        )
    return readers.values()


def _trusted(found: Recognised, as_of: datetime.date | None) -> bool:
    """Whether the days count that a workbook states of single tables: not where the caller corrects that of the file."""
    return not found.stated or as_of in found.stated


def _day_of_sheets(
    found: Recognised, parts: Sequence[Part], as_of: datetime.date | None
) -> datetime.date | None:
    """The day for which the sheets of some tables say that they stand, if they agree."""
    days = {part.published.as_of for part in parts}
    return days.pop() if _trusted(found, as_of) and len(days) == 1 else None


def _last_day(found: Recognised, parts: Sequence[Part], as_of: datetime.date | None) -> datetime.date | None:
    """The last day of which all of some tables have figures, if each says one of its own."""
    days = [part.published.through for part in parts]
    own = [day for day in days if day]
    return min(own) if own and len(own) == len(days) and _trusted(found, as_of) else None


def _parts(readers: Sequence[TableReader]) -> list[Part]:
    """What the readers of one published table make of it: a row that one refuses makes no observation in the others."""
    parts = [reader.read() for reader in readers]
    refused = np.any([part.rows.refused for part in parts], axis=0)
    if len(readers) == 1 or not refused.any():
        return parts
    return [reader.read(refused & ~part.rows.refused) for reader, part in zip(readers, parts, strict=True)]


def _merge(parts: Sequence[Part]) -> tuple[Observations, Sequence[Sequence[Refusal]]]:
    """The tables of a dataset put together. A cell may stand in several, with one value; with two it is refused.

    Of each table the cells that conflict with an earlier one are given too.
    """
    space = parts[0].space
    key, value, status = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int16)
    conflicts = []
    for part in parts:
        seen = part.observed
        there, known = lookup(key, value, seen.key)
        status_there, _ = lookup(key, status.astype(np.int64), seen.key)
        has_figure, had_figure = (
            ~np.isin(s, space.statuses.without_figure) for s in (seen.status, status_there)
        )
        differs = known & ((there != seen.value) | (has_figure != had_figure))
        conflicts.append(
            [
                _conflict(
                    part,
                    int(place),
                    space.shown(int(seen.value[place])) if has_figure[place] else "no figure",
                    space.shown(int(there[place])) if had_figure[place] else "no figure",
                )
                for place in np.flatnonzero(differs)
            ]
        )
        key = np.concatenate((key, seen.key[~known]))
        value = np.concatenate((value, seen.value[~known]))
        status = np.concatenate((status, seen.status[~known]))
        if len(parts) > 1:
            order = np.argsort(key, kind="stable")
            key, value, status = key[order], value[order], status[order]
    status[_cannot_exist(space, key, value)] = space.statuses.not_applicable
    return Observations(space, key, value, status), conflicts


def _conflict(part: Part, place: int, here: str, before: str) -> Refusal:
    """The refusal of a cell, by its place among those observed, that an earlier table has with another figure."""
    cell = part.space.text(int(part.observed.key[place]))
    reason = (
        f"{cell} is {here} here and {before} in an earlier table of the file; which is right cannot be told"
    )
    row = int(part.observed.row[place])
    letter = part.published.column[row] if part.published.column else ""
    return Refusal(
        part.published.sheet, int(part.published.row[row]), "", reason, letter=letter, figure=letter
    )


def _cannot_exist(space: KeySpace, key: Ints, value: Ints) -> Flags:
    """Zeros under a code that is not valid in their period: a closed office has no count, not a count of zero."""
    flags = np.zeros(len(key), bool)
    zero = np.flatnonzero(value == 0)
    for concept in space.dataset.concepts:
        codes = space.codelists[concept].codes
        dated = [place for place, code in enumerate(codes) if code.valid_from or code.valid_to]
        at = zero[np.isin(space.digit(key[zero], concept), dated)]
        cells = space.digit(key[at], concept) * periods.SPAN + space.period(key[at])
        distinct, inverse = np.unique(cells, return_inverse=True)
        valid = [
            codes[cell // periods.SPAN].valid_in(space.calendar.days(cell % periods.SPAN))
            for cell in distinct.tolist()
        ]
        flags[at[~np.array(valid, bool)[inverse]]] = True
    return flags
