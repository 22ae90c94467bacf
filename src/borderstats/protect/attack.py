"""The audit: what can be recovered of a protected table by someone who sees only what is published.

The attacker knows every published cell, which cell lies in which, that counts are whole numbers and that a withheld cell is
at least 1 (zeros are published). A sensitive cell is safe only if two tables are known that agree in all of that and differ in
the cell. The office's own certificates are taken as claims: each is recomputed from the published file. Cells without one are
attacked by linear and integer programming (HiGHS); every table that is found bounds all other cells too.

Nothing of the method that protects is used here but the type of a table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from borderstats.errors import InputError
from borderstats.protect.cube import Cube, Flags, Ints
from borderstats.protect.folder import Confidential, Published

_ROUNDING = 1e-6


@dataclass(frozen=True)
class Audit:
    """The attacked cells by their numbers, and for each the lowest and the highest count in the tables that were found.

    `attacked` are the sensitive cells, or all withheld ones where nothing confidential is at hand. A cell is disclosed if it
    has one count in every table. `certificates` is how many of the office's certificates hold, `wrong` names the others;
    `programmed` is how many cells had none and were attacked.
    """

    attacked: Ints
    low: Ints
    high: Ints
    certificates: int
    wrong: tuple[str, ...]
    programmed: int

    @property
    def disclosed(self) -> Ints:
        cells: Ints = self.attacked[self.low == self.high]
        return cells


@dataclass(frozen=True)
class _System:
    """What the attacker solves: `equations @ unknown == right`, `unknown >= 1`, for the withheld inner cells `cells`."""

    cells: Ints
    equations: sparse.csr_array
    right: Ints
    every: sparse.csr_array
    known: Ints


def audit(published: Published, secret: Confidential | None) -> Audit:
    """Attack every sensitive cell. Raises InputError if the published cells contradict each other or the true counts."""
    system = _system(published)
    targets = np.flatnonzero(published.withheld if secret is None else secret.sensitive)
    wanted = system.every[targets]
    holding = sparse.csr_array((0, len(system.cells)), dtype=np.int64)
    wrong: tuple[str, ...] = ()
    solver = None
    if secret is None:
        solver = _Solver(system)
        table = solver.any_table()
    else:
        table = secret.values[system.cells]
        if (system.equations @ table != system.right).any() or (table < 1).any():
            raise InputError(
                "confidential/pattern.csv: its counts do not add up to the published ones; protect anew"
            )
        holding, wrong = _holding(system, table, secret, len(published.values))
    changes = (wanted @ holding.T).tocsr()
    own = wanted @ table + system.known[targets]
    low, high = own.copy(), own.copy()
    if holding.shape[0]:
        # A stored entry is there only where a certificate changes the cell: all others count as no change.
        low += np.minimum(changes.min(axis=1).toarray().ravel(), 0)
        high += np.maximum(changes.max(axis=1).toarray().ravel(), 0)
    programmed = 0
    for place in range(len(targets)):
        if low[place] == high[place]:
            programmed += 1
            solver = solver or _Solver(system)
            other = solver.another(table, wanted[[place]])
            if other is not None:
                found = wanted @ other + system.known[targets]
                low, high = np.minimum(low, found), np.maximum(high, found)
    return Audit(targets, low, high, holding.shape[0], wrong, programmed)


def _system(published: Published) -> _System:
    """The equations of the published cells in the withheld inner ones."""
    shape = tuple(len(one.codes) for one in published.dimensions)
    every = np.arange(len(published.values))
    places = np.stack(np.unravel_index(every, shape), axis=1)
    inner = (places < [one.inner for one in published.dimensions]).all(axis=1)
    hidden, shown = inner & published.withheld, inner & ~published.withheld
    unknown = Cube(published.dimensions, places[hidden], np.ones(int(hidden.sum()), np.int64))
    known = Cube(published.dimensions, places[shown], published.values[shown])
    sums = unknown.sums
    matrix = sparse.csr_array(
        (np.ones(len(sums.cells), np.int64), sums.cells, sums.starts), shape=(len(every), len(unknown.cells))
    )
    right = published.values - known.values
    told = np.diff(sums.starts) > 0
    contradiction = ~published.withheld & (~told & (right != 0) | (right < np.diff(sums.starts)))
    if contradiction.any():
        cell = Cube(published.dimensions, places, published.values).codes(
            int(np.flatnonzero(contradiction)[0])
        )
        raise InputError(
            f"published.csv: the cell {', '.join(cell)} is not the sum of its inner cells; protect anew"
        )
    equations = ~published.withheld & told
    return _System(unknown.cells, matrix[equations], right[equations], matrix, known.values)


def _holding(
    system: _System, table: Ints, secret: Confidential, cells: int
) -> tuple[sparse.csr_array, tuple[str, ...]]:
    """The certificates that hold, and why each of the others does not."""
    place = np.full(cells, -1)
    place[system.cells] = np.arange(len(system.cells))
    claims = secret.certificates
    number = np.repeat(np.arange(len(claims)), np.diff(claims.starts))
    inner = place[claims.cells] >= 0
    changes = sparse.coo_array(
        (claims.changes[inner], (number[inner], place[claims.cells[inner]])),
        shape=(len(claims), len(system.cells)),
    ).tocsr()
    outside = np.bincount(number[~inner & (claims.changes != 0)], minlength=len(claims)) > 0
    altered = _has_entry(changes @ system.equations.T)
    entries = changes.tocoo()
    lowered = np.bincount(entries.row[table[entries.col] + entries.data < 1], minlength=len(claims)) > 0
    why = {
        "changes a cell that is published or no inner cell": outside,
        "changes a published sum": altered,
        "takes a withheld cell below 1": lowered,
    }
    wrong = tuple(
        f"certificate {secret.names[n]} {said}" for said, flags in why.items() for n in np.flatnonzero(flags)
    )
    return changes[~(outside | altered | lowered)], wrong


def _has_entry(matrix: sparse.csr_array) -> Flags:
    entries = matrix.tocoo()
    return np.bincount(entries.row[entries.data != 0], minlength=matrix.shape[0]) > 0


class _Solver:
    """Linear and integer programmes over the attacker's system; one thread and one seed, so that the same is found again."""

    def __init__(self, system: _System) -> None:
        self.system = system
        matrix = system.equations
        rows, columns = matrix.shape
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, rows
        model.col_cost_ = np.zeros(columns)
        model.col_lower_ = np.ones(columns)
        model.col_upper_ = np.full(columns, highspy.kHighsInf)
        model.row_lower_ = model.row_upper_ = system.right.astype(float)
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
        agrees = (self.system.equations @ solution == self.system.right).all() and (solution >= 1).all()
        return solution if agrees else None
