"""The audit: what can be recovered of a protected table by someone who sees only what is published.

The attacker knows every published cell of this release and of earlier ones, figures that are public elsewhere, which cell lies
in which, that counts are whole numbers, that a withheld cell is at least 1 where zeros are published, and which cells were
not revised. A sensitive cell is safe only if two tables are known that agree in all of that and differ in the cell. The
office's own certificates are taken as claims: each is recomputed from the published file. Cells without one are attacked by
linear and integer programming (HiGHS); every table that is found bounds all other cells too.

Nothing of the method that protects is used here but the type of a table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from borderstats.errors import InputError
from borderstats.protect.cube import Cube, Flags, Ints, Shared
from borderstats.protect.folder import Confidential, Published

_ROUNDING = 1e-6


Side = tuple[Published, Confidential | None]
"""A release: what anyone sees of it, and what the office knows besides."""


@dataclass(frozen=True)
class Audit:
    """The attacked figures, and for each the lowest and the highest count in the tables that were found.

    Attacked are the sensitive cells, or all withheld ones where nothing confidential is at hand. Each is a row of `attacked`:
    the release (0 for this one, then the earlier ones), the number of a cell, and -1; or, where nobody may know that
    everyone of a cell is in another, the number of the larger cell: the figure is then the difference. It is disclosed
    if it has one count in every table. `certificates` is how many of the office's certificates hold, `wrong` names the
    others; `programmed` is how many figures had none and were attacked.
    """

    attacked: Ints
    low: Ints
    high: Ints
    certificates: int
    wrong: tuple[str, ...]
    programmed: int

    @property
    def disclosed(self) -> Ints:
        """The rows of `attacked` that are disclosed."""
        rows: Ints = self.attacked[self.low == self.high]
        return rows


@dataclass(frozen=True)
class _View:
    """One release in its own unknowns, the inner cells `cells` that are not published: `every` cell is a sum of them
    and of what is `known`. Unknowns are at least `least`.
    """

    published: Published
    cells: Ints
    every: sparse.csr_array
    known: Ints
    least: Ints


@dataclass(frozen=True)
class _System:
    """What the attacker solves: `equations @ unknown == right`, `bounds @ unknown >= floor`, `unknown >= least`.

    Unknown n of release r is unknown `of[r][n]` of all; `views[r]` is the release.
    """

    views: tuple[_View, ...]
    of: tuple[Ints, ...]
    equations: sparse.csr_array
    right: Ints
    bounds: sparse.csr_array
    floor: Ints
    least: Ints

    def rows(self, release: int, cells: Ints) -> sparse.csr_array:
        """These cells of a release as sums of the unknowns of all."""
        return _spread(self.views[release].every[cells], self.of[release], len(self.least))


def audit(published: Published, secret: Confidential | None, earlier: Sequence[Side] = ()) -> Audit:
    """Attack every sensitive figure. Raises InputError if the published cells contradict each other or the true counts."""
    sides = [(published, secret), *earlier]
    if len(sides) > 1 and any(one is None for _, one in sides):
        raise InputError("after earlier releases the audit needs the folder confidential of all of them")
    system = _system(sides)
    attacked = _attacked(sides)
    wanted, known = _figures(system, attacked)
    holding = sparse.csr_array((0, len(system.least)), dtype=np.int64)
    wrong: tuple[str, ...] = ()
    solver = None
    if secret is None:
        solver = _Solver(system)
        table = solver.any_table()
    else:
        table = _true(system, sides)
        holding, wrong = _holding(system, table, secret)
    changes = (wanted @ holding.T).tocsr()
    own = wanted @ table + known
    low, high = own.copy(), own.copy()
    if holding.shape[0]:
        # A stored entry is there only where a certificate changes the cell: all others count as no change.
        low += np.minimum(changes.min(axis=1).toarray().ravel(), 0)
        high += np.maximum(changes.max(axis=1).toarray().ravel(), 0)
    programmed = 0
    for place in range(len(attacked)):
        if low[place] == high[place]:
            programmed += 1
            solver = solver or _Solver(system)
            other = solver.another(table, wanted[[place]])
            if other is not None:
                found = wanted @ other + known
                low, high = np.minimum(low, found), np.maximum(high, found)
    return Audit(attacked, low, high, holding.shape[0], wrong, programmed)


def _attacked(sides: Sequence[Side]) -> Ints:
    parts = []
    for release, (published, secret) in enumerate(sides):
        # A combination that no table of an earlier release shows was attacked when that was made.
        of_interest = published.shown | (release == 0)
        cells = np.flatnonzero(published.withheld if secret is None else secret.sensitive & of_interest)
        parts.append(np.column_stack([np.full(len(cells), release), cells, np.full(len(cells), -1)]))
        if secret is not None and len(secret.everyone):
            parts.append(np.column_stack([np.full(len(secret.everyone), release), secret.everyone[:, :2]]))
    return np.concatenate(parts)


def _figures(system: _System, attacked: Ints) -> tuple[sparse.csr_array, Ints]:
    """The attacked figures as sums of the unknowns, and what is known of each."""
    order, rows, known = [], [], []
    for release, view in enumerate(system.views):
        places = np.flatnonzero(attacked[:, 0] == release)
        cells, above = attacked[places, 1], attacked[places, 2]
        upper, sign = np.maximum(above, 0), np.where(above < 0, 1, -1)
        both = sparse.csr_array(system.rows(release, cells).multiply(sign[:, None]))
        both += system.rows(release, upper).multiply((above >= 0)[:, None])
        both.eliminate_zeros()
        order.append(places)
        rows.append(both)
        known.append(sign * view.known[cells] + (above >= 0) * view.known[upper])
    back = np.argsort(np.concatenate(order), kind="stable")
    return sparse.csr_array(sparse.vstack(rows))[back], np.concatenate(known)[back]


def _system(sides: Sequence[Side]) -> _System:
    """The equations of everything published in what is not."""
    spaces = [Shared(one.dimensions, [other.dimensions for other, _ in sides]) for one, _ in sides]
    cells = [_open_cells(sides, release) for release in range(len(sides))]
    if len(sides) > 1:
        every = np.unique(np.concatenate([s.everywhere(c) for s, c in zip(spaces, cells, strict=True)]))
        cells = [
            np.setdiff1d(space.here(every), np.flatnonzero(published.shown & ~published.withheld))
            for space, (published, _) in zip(spaces, sides, strict=True)
        ]
    open_, elsewhere = cells, _published_elsewhere(sides, spaces, cells)
    cells = [own[~known] for own, known in zip(cells, elsewhere, strict=True)]
    views = tuple(
        _view(side, own, every[known])
        for side, own, every, known in zip(sides, cells, open_, elsewhere, strict=True)
    )
    of, size = _same(sides, spaces, views)
    least = np.zeros(size, np.int64)
    equations, right, bounds, floor = [], [], [], []
    for view, unknowns in zip(views, of, strict=True):
        np.maximum.at(least, unknowns, view.least)
        unsettled = np.diff(view.every.indptr) > 0
        out = np.flatnonzero(view.published.shown & ~view.published.withheld & unsettled)
        known, values = view.published.known
        equations += [_spread(view.every[np.concatenate([out, known])], unknowns, size)]
        right += [view.published.values[out] - view.known[out], values - view.known[known]]
        hidden = np.flatnonzero(view.published.withheld & (view.every @ view.least + view.known == 0))
        if view.published.least:
            bounds.append(_spread(view.every[hidden], unknowns, size))
            floor.append(np.full(len(hidden), view.published.least))
    nothing = sparse.csr_array((0, size), dtype=np.int64)
    return _System(
        views,
        of,
        sparse.csr_array(sparse.vstack(equations)),
        np.concatenate(right),
        sparse.csr_array(sparse.vstack([nothing, *bounds])),
        np.concatenate([np.zeros(0, np.int64), *floor]),
        least,
    )


def _spread(matrix: sparse.csr_array, of: Ints, size: int) -> sparse.csr_array:
    """The same rows, with the columns of one release as columns of all unknowns."""
    return sparse.csr_array((matrix.data, of[matrix.indices], matrix.indptr), shape=(matrix.shape[0], size))


def _open_cells(sides: Sequence[Side], release: int) -> Ints:
    """The inner cells that are not published and may be other than zero, as far as is known at the office, or anywhere."""
    published, secret = sides[release]
    size = len(published.values)
    none = np.zeros((0, len(published.dimensions)), np.int64)
    cube = Cube(published.dimensions, none, none[:, 0], published.shown)
    out = published.shown & ~published.withheld
    if secret is None:
        return np.flatnonzero(cube.inner & ~out & ~cube.within(out & (published.values == 0)))
    open_ = np.zeros(size, np.bool_)
    open_[secret.cube.cells] = True
    now = sides[0][1]
    changed = secret.certificates if release == 0 or now is None else now.earlier[release - 1][1]
    open_[changed.cells] = True
    open_[cube.inner & published.withheld] = True
    return np.flatnonzero(open_ & cube.inner & ~out)


def _published_elsewhere(
    sides: Sequence[Side], spaces: Sequence[Shared], cells: Sequence[Ints]
) -> list[Flags]:
    """Which open cells of each release another release publishes with the same count: they are known here too."""
    if len(sides) == 1:
        return [np.zeros(len(cells[0]), np.bool_)]
    published_rows, open_rows = [], []
    for (published, secret), space, open_ in zip(sides, spaces, cells, strict=True):
        assert secret is not None
        out = np.flatnonzero(secret.cube.inner & published.shown & ~published.withheld)
        published_rows.append(np.column_stack([space.everywhere(out), published.values[out]]))
        open_rows.append(np.column_stack([space.everywhere(open_), secret.cube.values[open_]]))
    rows = np.concatenate([*published_rows, *open_rows])
    number = np.unique(rows, axis=0, return_inverse=True)[1].ravel()
    count = sum(map(len, published_rows))
    known = np.isin(number[count:], number[:count])
    return np.split(known, np.cumsum([len(each) for each in open_rows])[:-1])


def _view(side: Side, cells: Ints, elsewhere: Ints) -> _View:
    """A release in its unknowns; `elsewhere` are inner cells that another release publishes."""
    published, secret = side
    shape = tuple(len(one.codes) for one in published.dimensions)
    unknown = Cube(
        published.dimensions,
        np.stack(np.unravel_index(cells, shape), axis=1),
        np.ones(len(cells), np.int64),
        published.shown,
    )
    out = np.flatnonzero(unknown.inner & published.shown & ~published.withheld)
    values = published.values[out]
    if secret is not None:
        out, values = np.append(out, elsewhere), np.append(values, secret.cube.values[elsewhere])
    places = np.stack(np.unravel_index(out, shape), axis=1)
    known = Cube(published.dimensions, places, values, published.shown).values
    every = unknown.sums.matrix(len(cells))
    least = np.where(published.shown[cells], published.least, 0)
    right = published.values - known
    unsettled = np.diff(every.indptr) > 0
    wrong = (
        published.shown
        & ~published.withheld
        & ((~unsettled & (right != 0)) | (unsettled & (right < every @ least)))
    )
    if wrong.any():
        cell = unknown.codes(int(np.flatnonzero(wrong)[0]))
        raise InputError(
            f"published.csv: the cell {', '.join(cell)} is not the sum of its inner cells; protect anew"
        )
    return _View(published, cells, every, known, least)


def _same(
    sides: Sequence[Side], spaces: Sequence[Shared], views: Sequence[_View]
) -> tuple[tuple[Ints, ...], int]:
    """The unknowns of each release as unknowns of all: a cell with the same count in two releases is one."""
    if len(sides) == 1:
        return (np.arange(len(views[0].cells)),), len(views[0].cells)
    keys = np.concatenate(
        [
            np.column_stack([space.everywhere(view.cells), _counts(secret)[view.cells]])
            for (_, secret), space, view in zip(sides, spaces, views, strict=True)
        ]
    )
    distinct, of = np.unique(keys, axis=0, return_inverse=True)
    ends = np.cumsum([len(view.cells) for view in views])[:-1]
    return tuple(np.split(of.ravel(), ends)), len(distinct)


def _counts(secret: Confidential | None) -> Ints:
    assert secret is not None
    return secret.cube.values


def _true(system: _System, sides: Sequence[Side]) -> Ints:
    """The true counts of the unknowns. Raises InputError if they contradict what is published."""
    table = np.zeros(len(system.least), np.int64)
    for (_, secret), view, of in zip(sides, system.views, system.of, strict=True):
        table[of] = _counts(secret)[view.cells]
    if (system.equations @ table != system.right).any() or not _allowed(system, table):
        raise InputError(
            "confidential/cells.csv: its counts do not add up to the published ones; protect anew"
        )
    return table


def _allowed(system: _System, table: Ints) -> bool:
    return bool((table >= system.least).all() and (system.bounds @ table >= system.floor).all())


def _holding(system: _System, table: Ints, secret: Confidential) -> tuple[sparse.csr_array, tuple[str, ...]]:
    """The certificates that hold, and why each of the others does not."""
    claims = [secret.certificates, *(changes for _, changes in secret.earlier)][: len(system.views)]
    count, size = len(secret.names), len(system.least)
    outside = np.zeros(count, np.bool_)
    every = sparse.csr_array((count, size), dtype=np.int64)
    parts = []
    for claim, view, of in zip(claims, system.views, system.of, strict=True):
        place = np.full(len(view.published.values), -1)
        place[view.cells] = of
        number = np.repeat(np.arange(count), np.diff(claim.starts))
        at = place[claim.cells]
        outside |= np.bincount(number[(at < 0) & (claim.changes != 0)], minlength=count) > 0
        there = at >= 0
        parts.append(
            sparse.csr_array((claim.changes[there], (number[there], at[there])), shape=(count, size))
        )
        # What an earlier part has said of a shared unknown stands; others must say the same.
        said = np.bincount(np.concatenate(system.of[: len(parts) - 1] or [of[:0]]), minlength=size) > 0
        every = sparse.csr_array(every + parts[-1].multiply(~said[None, :]))
    otherwise = np.zeros(count, np.bool_)
    for part, of in zip(parts, system.of, strict=True):
        inside = np.bincount(of, minlength=size) > 0
        otherwise |= _has_entry(every.multiply(inside[None, :]) - part)
    entries = every.tocoo()
    lowered = table[entries.col] + entries.data < system.least[entries.col]
    below = np.bincount(entries.row[lowered], minlength=count) > 0
    floors = (system.bounds @ every.T).tocoo()
    sums = system.bounds @ table
    emptied = sums[floors.row] + floors.data < system.floor[floors.row]
    below |= np.bincount(floors.col[emptied], minlength=count) > 0
    why = {
        "changes a cell that is published or no inner cell": outside,
        "changes a cell otherwise in a release in which it has the same count": otherwise,
        "changes a published sum": _has_entry(every @ system.equations.T),
        "takes a withheld cell below what it is known to be": below,
    }
    wrong = tuple(
        f"certificate {secret.names[n]} {said}" for said, flags in why.items() for n in np.flatnonzero(flags)
    )
    return every[~np.logical_or.reduce(list(why.values()))], wrong


def _has_entry(matrix: sparse.csr_array) -> Flags:
    entries = sparse.coo_array(matrix)
    return np.bincount(entries.row[entries.data != 0], minlength=matrix.shape[0]) > 0


class _Solver:
    """Linear and integer programmes over the attacker's system; one thread and one seed, so that the same is found again."""

    def __init__(self, system: _System) -> None:
        self.system = system
        matrix = sparse.csr_array(sparse.vstack([system.equations, system.bounds]))
        rows, columns = matrix.shape
        equal = system.right.astype(float)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, rows
        model.col_cost_ = np.zeros(columns)
        model.col_lower_ = system.least.astype(float)
        model.col_upper_ = np.full(columns, highspy.kHighsInf)
        model.row_lower_ = np.concatenate([equal, system.floor.astype(float)])
        model.row_upper_ = np.concatenate([equal, np.full(len(system.floor), highspy.kHighsInf)])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = matrix.indptr
        model.a_matrix_.index_ = matrix.indices
        model.a_matrix_.value_ = matrix.data.astype(float)
        self.highs = highspy.Highs()
        for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
            self.highs.setOptionValue(name, value)
        self.highs.passModel(model)
        self.columns = np.arange(columns, dtype=np.int32)

    def any_table(self) -> Ints:
        """A table that agrees with what is published."""
        found = next(self._tables(sparse.csr_array((1, len(self.columns)), dtype=np.int64)), None)
        if found is None:
            raise InputError("published.csv: no table of whole counts has these sums; protect anew")
        return found

    def another(self, table: Ints, target: sparse.csr_array) -> Ints | None:
        """A table that agrees with what is published and differs from this one in the target; None if there is none."""
        value = int((target @ table)[0])
        for found in self._tables(target, value):
            if int((target @ found)[0]) != value:
                return found
        return None

    def _tables(self, target: sparse.csr_array, value: int | None = None) -> Iterator[Ints]:
        """Whole tables: with the target at its greatest and its least in a linear programme, then forced off its value."""
        cost = target.toarray().ravel().astype(float)
        self.highs.changeColsCost(len(self.columns), self.columns, cost)
        off = []
        for sense in (highspy.ObjSense.kMaximize, highspy.ObjSense.kMinimize):
            self.highs.changeObjectiveSense(sense)
            self.highs.run()
            status = self.highs.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                return
            if status == highspy.HighsModelStatus.kOptimal:
                whole = self._whole()
                if whole is not None:
                    yield whole
                best = self.highs.getObjectiveValue()
                beyond = value is None or abs(best - value) >= 1 - _ROUNDING
                off += [sense] if beyond else []
            else:
                off.append(sense)
        for sense in off:
            found = self._integer(target, value, sense)
            if found is not None:
                yield found

    def _integer(self, target: sparse.csr_array, value: int | None, sense: highspy.ObjSense) -> Ints | None:
        up = sense == highspy.ObjSense.kMaximize
        if value is not None:
            bound = float(value + 1 if up else value - 1)
            low, high = (bound, highspy.kHighsInf) if up else (-highspy.kHighsInf, bound)
            self.highs.addRow(low, high, target.nnz, target.indices, target.data.astype(float))
        kinds = np.full(len(self.columns), highspy.HighsVarType.kInteger)
        self.highs.changeColsIntegrality(len(self.columns), self.columns, kinds)
        self.highs.changeColsCost(len(self.columns), self.columns, np.zeros(len(self.columns)))
        self.highs.run()
        found = self._whole() if self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal else None
        kinds[:] = highspy.HighsVarType.kContinuous
        self.highs.changeColsIntegrality(len(self.columns), self.columns, kinds)
        if value is not None:
            last = self.highs.getNumRow() - 1
            self.highs.deleteRows(1, np.array([last], np.int32))
        return found

    def _whole(self) -> Ints | None:
        """The solution, if it is in whole numbers and agrees exactly."""
        solution = np.rint(np.array(self.highs.getSolution().col_value)).astype(np.int64)
        agrees = (self.system.equations @ solution == self.system.right).all()
        return solution if agrees and _allowed(self.system, solution) else None
