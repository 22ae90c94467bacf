# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Moves of a table: whole changes to its unknown cells that keep every sum that is published.

A move is *feasible* if it, or its opposite, can be made without taking a cell below the least that it is known to be. A
sensitive sum is *covered* if a feasible move changes it: whoever sees only what is published cannot tell the true table
from the changed one. All moves together form a lattice. Its basis starts with the moves that change a single cell, when
nothing is published; publishing one sum takes one of the moves that change it, the pivot, out of the basis, and adds
multiples of pivots to the others so that they keep the sum (elimination as in Langsrud 2024,
doi 10.1007/978-3-031-69651-0_6, but on the side of the unknown changes, in whole numbers, without a modulus). Every move
may choose among a few pivots the first that leaves it feasible. A sum is published only if every sensitive sum stays
covered; where a few would not be, moves are combined until they are feasible again.

Compiled, because its inner loops run some hundred million times for ten thousand cells. Nothing here depends on a clock, on
chance or on addresses in memory.
"""

from libcpp.algorithm cimport sort
from libcpp.pair cimport pair
from libcpp.vector cimport vector

import numpy as np

cdef enum:
    PIVOTS = 4          # pivots that a move may choose from
    LONGER = 100        # a cell that cannot go down is as bad a pivot as a move that is longer by so many cells
    STARTS = 8          # moves from which a rescue starts
    STEPS = 6           # moves that it may add
    TRIALS = 50         # moves that it tries for each step
    LARGEST = 127       # a change has to fit into an entry
    FORGONE = 1 << 28   # covers of a sum that needs none
    PLUS = 1
    MINUS = 2

ctypedef unsigned int Entry          # a cell in the upper 24 bits, its change + 128 in the lower 8
ctypedef vector[Entry] Move
ctypedef pair[int, int] Change       # of a sensitive sum: which, and by how much

MOST_CELLS = 1 << 24
UNTRIED = 2**31 - 1


cdef inline int cell_of(Entry entry) noexcept nogil:
    return <int>(entry >> 8)


cdef inline int change_of(Entry entry) noexcept nogil:
    return <int>(entry & 255) - 128


cdef inline Entry entry_of(int cell, int change) noexcept nogil:
    return (<Entry>cell << 8) | <Entry>(change + 128)


cdef inline int size_of(int number) noexcept nogil:
    return number if number >= 0 else -number


cdef inline int divisor(int one, int other) noexcept nogil:
    cdef int rest
    while other:
        rest = one % other
        one = other
        other = rest
    return one


cdef class Moves:
    """The moves of a table of `len(slack)` unknown cells, of which cell i can go down by `slack[i]`.

    `starts` and `cells` give the cells of each sensitive sum: those of sum s are `cells[starts[s]:starts[s + 1]]`.
    """

    cdef int[::1] slack, sum_starts, sum_cells, cell_starts, cell_sums
    cdef vector[Move] moves
    cdef vector[char] alive, feasible
    cdef vector[vector[int]] with_cell      # the moves that change a cell, and some that do so no longer
    cdef vector[int] cover                  # the feasible moves that change a sensitive sum
    cdef long long entries, listed
    cdef readonly long long operations

    # The sum that is tried: the moves that change it and by how much, their pivots, and what becomes of them.
    cdef vector[int] column, changed_by, pivot_of, touched, lost
    cdef vector[pair[double, int]] ranked
    cdef vector[vector[Change]] sums_of_pivot
    cdef vector[Change] own
    cdef vector[Move] fresh
    cdef vector[char] outcome

    # What rescues of this trial have replaced.
    cdef vector[Move] replaced
    cdef vector[int] replaced_at

    # Room for work, zero between uses; and stamps that tell whether a number was written in this use.
    cdef vector[int] dense, sums, gained, gained_at, seen, dense_cells, start_moves, start_by
    cdef vector[char] marked
    cdef int stamp, trial, rescues
    cdef bint insisting

    def __init__(self, int[::1] slack, int[::1] starts, int[::1] cells):
        cdef int cell, place, n = <int>len(slack), sums = <int>len(starts) - 1
        if n > MOST_CELLS:
            raise ValueError(f"{n:,} unknown cells, more than {MOST_CELLS:,}")
        self.slack, self.sum_starts, self.sum_cells = slack, starts, cells
        order = np.argsort(cells, kind="stable")
        self.cell_sums = np.repeat(np.arange(sums), np.diff(starts))[order].astype(np.int32)
        self.cell_starts = np.searchsorted(np.asarray(cells)[order], np.arange(n + 1)).astype(np.int32)
        self.moves.resize(n)
        self.with_cell.resize(n)
        self.alive.assign(n, 1)
        self.feasible.assign(n, PLUS)
        self.marked.assign(n, 0)
        self.dense.assign(n, 0)
        self.seen.assign(n, 0)
        self.cover.assign(sums, 0)
        self.sums.assign(sums, 0)
        self.gained.assign(sums, 0)
        self.gained_at.assign(sums, 0)
        self.sums_of_pivot.resize(PIVOTS)
        self.stamp = self.trial = self.rescues = 0
        self.insisting = False
        self.operations = 0
        self.entries = self.listed = n
        for cell in range(n):
            self.moves[cell].push_back(entry_of(cell, 1))
            self.with_cell[cell].push_back(cell)
            if slack[cell] > 0:
                self.feasible[cell] = PLUS | MINUS
            for place in range(self.cell_starts[cell], self.cell_starts[cell + 1]):
                self.cover[self.cell_sums[place]] += 1

    def publish(self, int[::1] starts, int[::1] ends, int[::1] cells, int rescues, long long most):
        """Try sums in their order. Sum s has the cells `cells[starts[s]:ends[s]]`.

        A sum that leaves more than `rescues` sensitive sums without cover is withheld at once. After `most` operations in
        all, only sums are published that follow from others. Returns for each sum 0 if it is published, or how many
        sensitive sums it leaves without cover, at least 1, or `UNTRIED`.
        """
        cdef int tried
        uncovered = np.zeros(len(starts), np.int32)
        cdef int[::1] into = uncovered
        self.rescues = rescues
        for tried in range(<int>len(starts)):
            self.find(starts[tried], ends[tried], cells, &self.column, &self.changed_by)
            if self.column.size() == 0:
                continue
            if self.operations >= most:
                into[tried] = UNTRIED
            elif not self.eliminate():
                into[tried] = max(<int>self.lost.size(), 1)
        return uncovered

    def insist(self, int[::1] starts, int[::1] ends, int[::1] cells):
        """Publish these sums whatever is left without cover. Returns the numbers of the sensitive sums that are."""
        cdef int tried, which
        cdef size_t move
        self.insisting = True
        for tried in range(<int>len(starts)):
            self.find(starts[tried], ends[tried], cells, &self.column, &self.changed_by)
            if self.column.size():
                self.eliminate()
        self.insisting = False
        self.cover.assign(self.cover.size(), 0)
        for move in range(self.moves.size()):
            if self.alive[move] and self.feasible[move]:
                self.count_covers(<int>move, 1)
        return [which for which in range(<int>self.cover.size()) if self.cover[which] <= 0]

    def forgo(self, int which):
        """Ask for no cover of a sensitive sum any more."""
        self.cover[which] = FORGONE

    def take_in(self, int[::1] cells, int[::1] changes):
        """Add a move that keeps what is published and takes no cell below its least: one more than a basis has."""
        cdef int place, move = <int>self.moves.size()
        cdef Move new
        for place in range(<int>len(cells)):
            new.push_back(entry_of(cells[place], changes[place]))
            self.with_cell[cells[place]].push_back(move)
        self.moves.push_back(new)
        self.alive.push_back(1)
        self.feasible.push_back(PLUS)
        self.seen.push_back(0)
        self.entries += <long long>len(cells)
        self.listed += <long long>len(cells)
        self.count_covers(move, 1)

    def feasible_moves(self):
        """The feasible moves, as they can be made: move m changes `cells[starts[m]:starts[m + 1]]` by `changes[...]`."""
        cdef size_t move, place
        cdef long long at = 0
        cdef int sign
        cells, changes = np.empty(self.entries, np.int32), np.empty(self.entries, np.int32)
        cdef int[::1] into_cells = cells, into_changes = changes
        starts = [0]
        for move in range(self.moves.size()):
            if self.alive[move] and self.feasible[move]:
                sign = 1 if self.feasible[move] & PLUS else -1
                for place in range(self.moves[move].size()):
                    into_cells[at] = cell_of(self.moves[move][place])
                    into_changes[at] = sign * change_of(self.moves[move][place])
                    at += 1
                starts.append(at)
        return np.array(starts, np.int64), cells[:at], changes[:at]

    # ---- Elimination

    cdef void find(self, int start, int end, int[::1] cells, vector[int]* found, vector[int]* by) noexcept nogil:
        """The moves that change a sum, and by how much."""
        cdef int at, cell, move, change
        cdef size_t place, inside
        found.clear()
        by.clear()
        self.stamp += 1
        for at in range(start, end):
            self.marked[cells[at]] = 1
        for at in range(start, end):
            cell = cells[at]
            for place in range(self.with_cell[cell].size()):
                move = self.with_cell[cell][place]
                if not self.alive[move] or self.seen[move] == self.stamp:
                    continue
                self.seen[move] = self.stamp
                change = 0
                for inside in range(self.moves[move].size()):
                    if self.marked[cell_of(self.moves[move][inside])]:
                        change += change_of(self.moves[move][inside])
                self.operations += self.moves[move].size()
                if change != 0:
                    found.push_back(move)
                    by.push_back(change)
        for at in range(start, end):
            self.marked[cells[at]] = 0

    cdef bint eliminate(self) noexcept nogil:
        """Make all moves of `column` but the first pivot keep the sum, and drop that one; or change nothing, and say no."""
        cdef int place, length = <int>self.column.size(), root
        cdef size_t at
        self.rank()
        root = self.ranked[0].second
        self.trial += 1
        self.touched.clear()
        self.outcome.assign(length, 0)
        for place in range(length):
            self.choose(place)
        self.lost.clear()
        for at in range(self.touched.size()):
            if self.cover[self.touched[at]] + self.gained[self.touched[at]] <= 0:
                self.lost.push_back(self.touched[at])
        if <int>self.lost.size() > self.rescues and not self.insisting:
            return False
        if <int>self.fresh.size() < length:
            self.fresh.resize(length)
        for place in range(length):
            if place != root and not self.combine(place):
                if not self.insisting:
                    return False
                # A move that cannot be kept is given up: fewer can be found then, none is wrong.
                self.fresh[place].clear()
                self.outcome[place] = 0
        self.exchange(root, 1)
        if self.insisting or self.rescue_all():
            if self.listed > 4 * self.entries:
                self.list_anew()
            return True
        self.exchange(root, -1)
        return False

    cdef void rank(self) noexcept nogil:
        """Order the moves of `column` as pivots: changes of one first, then short moves of cells that can go down."""
        cdef int place, move, pivots = min(<int>PIVOTS, <int>self.column.size())
        cdef pair[double, int] one
        self.ranked.clear()
        for place in range(<int>self.column.size()):
            move = self.column[place]
            one.first = 1e9 * (size_of(self.changed_by[place]) - 1) + self.moves[move].size()
            one.first += LONGER if self.slack[move] == 0 else -1e-4 * min(self.slack[move], 1000)
            one.second = place
            self.ranked.push_back(one)
        sort(self.ranked.begin(), self.ranked.end())
        self.pivot_of.assign(self.column.size(), pivots)
        for place in range(pivots):
            # A pivot may choose only among those before it: so what comes out is a basis again.
            self.pivot_of[self.ranked[place].second] = place
            self.changed_sums(&self.moves[self.column[self.ranked[place].second]], &self.sums_of_pivot[place])

    cdef bint multiples(self, int place, int pivot, int* times, int* pivot_times) noexcept nogil:
        """The move at `place` `times`, less the pivot `pivot_times`, keeps the sum. False if they are too large."""
        cdef int change = self.changed_by[place], common
        cdef int pivot_change = self.changed_by[self.ranked[pivot].second]
        if pivot_change < 0:
            change = -change
            pivot_change = -pivot_change
        common = divisor(size_of(change), pivot_change)
        times[0] = pivot_change / common
        pivot_times[0] = change / common
        return times[0] <= LARGEST and size_of(pivot_times[0]) <= LARGEST

    cdef void choose(self, int place) noexcept nogil:
        """Choose the pivot of a move, the first that leaves it feasible, and note which sums gain or lose a cover."""
        cdef int pivots = self.pivot_of[place], pivot, found = 0, below = 0, above = 0, cell, change
        cdef size_t at
        cdef Move* move = &self.moves[self.column[place]]
        for at in range(move.size()):
            cell = cell_of(move[0][at])
            change = change_of(move[0][at])
            self.dense[cell] = change
            below += change < -self.slack[cell]
            above += change > self.slack[cell]
        self.operations += move.size()
        self.pivot_of[place] = 0
        for pivot in range(pivots):
            found = self.feasible_with(place, pivot, below, above)
            if found:
                self.pivot_of[place] = pivot
                break
        self.outcome[place] = found
        self.note(place, found != 0)
        for at in range(move.size()):
            self.dense[cell_of(move[0][at])] = 0

    cdef int feasible_with(self, int place, int pivot, int below, int above) noexcept nogil:
        """In which directions the move in `dense` is feasible once it keeps the sum by help of the pivot.

        Before, it takes so many cells `below` what can be, and its opposite so many, `above`.
        """
        cdef Move* move = &self.moves[self.column[place]]
        cdef Move* pivot_move = &self.moves[self.column[self.ranked[pivot].second]]
        cdef int times = 0, pivot_times = 0, cell, change, slack
        cdef bint plus = True, minus = True
        cdef size_t at
        if not self.multiples(place, pivot, &times, &pivot_times):
            return 0
        if times > 1:
            below = above = 0
            for at in range(move.size()):
                slack = self.slack[cell_of(move[0][at])]
                change = times * change_of(move[0][at])
                below += change < -slack
                above += change > slack
            self.operations += move.size()
        for at in range(pivot_move.size()):
            cell = cell_of(pivot_move[0][at])
            slack = self.slack[cell]
            change = times * self.dense[cell]
            below -= change < -slack
            above -= change > slack
            change -= pivot_times * change_of(pivot_move[0][at])
            plus = plus and change >= -slack
            minus = minus and change <= slack
            if not plus and not minus:
                return 0
            self.operations += 1
        return (PLUS if plus and below == 0 else 0) | (MINUS if minus and above == 0 else 0)

    cdef void note(self, int place, bint feasible) noexcept nogil:
        """The sums that the move in `dense` covers no more, or newly, once it keeps the sum that is tried."""
        cdef int move = self.column[place], times = 0, pivot_times = 0, before, after, at_cell, which
        cdef vector[Change]* its = &self.sums_of_pivot[self.pivot_of[place]]
        cdef size_t at
        if (self.feasible[move] != 0) != feasible:
            self.changed_sums(&self.moves[move], &self.own)
            for at in range(self.own.size()):
                self.gain(self.own[at].first, 1 if feasible else -1)
        if not feasible:
            return
        self.multiples(place, self.pivot_of[place], &times, &pivot_times)
        for at in range(its.size()):
            which = its[0][at].first
            before = 0
            for at_cell in range(self.sum_starts[which], self.sum_starts[which + 1]):
                before += self.dense[self.sum_cells[at_cell]]
            after = times * before - pivot_times * its[0][at].second
            self.gain(which, (after != 0) - (before != 0))

    cdef void gain(self, int which, int covers) noexcept nogil:
        if self.gained_at[which] != self.trial:
            self.gained_at[which] = self.trial
            self.gained[which] = 0
            self.touched.push_back(which)
        self.gained[which] += covers

    cdef void changed_sums(self, Move* move, vector[Change]* out) noexcept nogil:
        """The sensitive sums that a move changes, and by how much."""
        cdef size_t at
        cdef int place, cell, which
        cdef Change one
        out.clear()
        for at in range(move.size()):
            cell = cell_of(move[0][at])
            for place in range(self.cell_starts[cell], self.cell_starts[cell + 1]):
                self.sums[self.cell_sums[place]] += change_of(move[0][at])
        for at in range(move.size()):
            cell = cell_of(move[0][at])
            for place in range(self.cell_starts[cell], self.cell_starts[cell + 1]):
                which = self.cell_sums[place]
                if self.sums[which] != 0:
                    one.first = which
                    one.second = self.sums[which]
                    out.push_back(one)
                    self.sums[which] = 0

    cdef bint combine(self, int place) noexcept nogil:
        """Make the move that keeps the sum, in `fresh`. False if a change is too large to be kept."""
        cdef Move* move = &self.moves[self.column[place]]
        cdef Move* pivot_move = &self.moves[self.column[self.ranked[self.pivot_of[place]].second]]
        cdef Move* out = &self.fresh[place]
        cdef int times = 0, pivot_times = 0, cell, change, common = 0
        cdef size_t at
        cdef bint fits = self.multiples(place, self.pivot_of[place], &times, &pivot_times)
        if not fits:
            return False
        out.clear()
        for at in range(move.size()):
            self.dense[cell_of(move[0][at])] = times * change_of(move[0][at])
        for at in range(pivot_move.size()):
            cell = cell_of(pivot_move[0][at])
            change = -pivot_times * change_of(pivot_move[0][at])
            if self.dense[cell] != 0:
                self.dense[cell] += change
            else:
                fits = fits and size_of(change) <= LARGEST
                common = divisor(size_of(change), common)
                out.push_back(entry_of(cell, change))
        for at in range(move.size()):
            cell = cell_of(move[0][at])
            change = self.dense[cell]
            self.dense[cell] = 0
            if change != 0:
                fits = fits and size_of(change) <= LARGEST
                common = divisor(size_of(change), common)
                out.push_back(entry_of(cell, change))
        self.operations += move.size() + pivot_move.size()
        if fits and common > 1:
            for at in range(out.size()):
                out[0][at] = entry_of(cell_of(out[0][at]), change_of(out[0][at]) / common)
        return fits

    cdef void exchange(self, int root, int sign) noexcept nogil:
        """Put the moves of `fresh` in the place of those of `column`; with sign -1, put these back."""
        cdef int place, move
        cdef char feasible
        cdef size_t at
        for place in range(<int>self.column.size()):
            move = self.column[place]
            if place == root:
                self.alive[move] = sign < 0
                self.entries -= sign * <long long>self.moves[move].size()
                continue
            feasible = self.feasible[move]
            self.feasible[move] = self.outcome[place]
            self.outcome[place] = feasible
            self.install(move, &self.fresh[place])
        for at in range(self.touched.size()):
            self.cover[self.touched[at]] += sign * self.gained[self.touched[at]]

    cdef void install(self, int move, Move* new) noexcept nogil:
        """Exchange a move for a new one, and list it with the cells that it changes newly."""
        cdef size_t at
        cdef int cell
        for at in range(self.moves[move].size()):
            self.marked[cell_of(self.moves[move][at])] = 1
        for at in range(new.size()):
            cell = cell_of(new[0][at])
            if not self.marked[cell]:
                self.with_cell[cell].push_back(move)
                self.listed += 1
        for at in range(self.moves[move].size()):
            self.marked[cell_of(self.moves[move][at])] = 0
        self.entries += <long long>new.size() - <long long>self.moves[move].size()
        self.moves[move].swap(new[0])

    cdef void list_anew(self) noexcept nogil:
        """List the moves of every cell anew, without those that no longer change it."""
        cdef int move, cell
        cdef size_t at
        for cell in range(<int>self.with_cell.size()):
            self.with_cell[cell].clear()
        for move in range(<int>self.moves.size()):
            if self.alive[move]:
                for at in range(self.moves[move].size()):
                    self.with_cell[cell_of(self.moves[move][at])].push_back(move)
        self.listed = self.entries

    # ---- Rescue: combining moves until one is feasible that changes a sensitive sum without cover

    cdef bint rescue_all(self) noexcept nogil:
        """Cover every sum of `lost` again; or undo what was tried, and say no."""
        cdef size_t at
        cdef int move
        self.replaced.clear()
        self.replaced_at.clear()
        for at in range(self.lost.size()):
            if self.cover[self.lost[at]] > 0 or self.rescue(self.lost[at]):
                continue
            while self.replaced.size():
                move = self.replaced_at.back()
                self.count_covers(move, -1)
                self.install(move, &self.replaced.back())
                self.feasible[move] = 0
                self.replaced.pop_back()
                self.replaced_at.pop_back()
            return False
        return True

    cdef bint rescue(self, int sum_) noexcept nogil:
        """Start from a move that changes the sum and is not feasible; add moves, each the one that mends most."""
        cdef size_t at
        cdef int move, sign, added, added_sign, times, broken, mended, step
        cdef bint covered
        cdef vector[pair[int, int]] starts
        cdef pair[int, int] one
        self.find(self.sum_starts[sum_], self.sum_starts[sum_ + 1], self.sum_cells, &self.start_moves, &self.start_by)
        for at in range(self.start_moves.size()):
            for sign in range(2):
                one.first = self.broken_by(self.start_moves[at], 1 - 2 * sign)
                one.second = 2 * self.start_moves[at] + sign
                starts.push_back(one)
        sort(starts.begin(), starts.end())
        for at in range(min(<size_t>STARTS, starts.size())):
            move = starts[at].second / 2
            times = sign = 1 - 2 * (starts[at].second % 2)
            broken = self.broken_by(move, sign)
            self.add(move, sign)
            for step in range(STEPS):
                if broken == 0:
                    break
                added = added_sign = 0
                mended = self.mend(&added, &added_sign)
                if mended == 0:
                    break
                self.add(added, added_sign)
                broken += mended
                if added == move:
                    times += added_sign
            # Only a move that still holds the one it replaces keeps the basis a basis.
            covered = broken == 0 and times != 0 and self.keep(move, sum_)
            self.forget()
            if covered:
                return True
        return False

    cdef int broken_by(self, int move, int sign) noexcept nogil:
        """By how much more the cells in all would lie below the least that they can be, were a move added to `dense`."""
        cdef size_t at
        cdef int cell, left, broken = 0
        for at in range(self.moves[move].size()):
            cell = cell_of(self.moves[move][at])
            left = self.slack[cell] + self.dense[cell]
            broken += min(left, 0)
            broken -= min(left + sign * change_of(self.moves[move][at]), 0)
        self.operations += self.moves[move].size()
        return broken

    cdef int mend(self, int* best_move, int* best_sign) noexcept nogil:
        """The move that mends most, among those that lift one broken cell: what `broken_by` says of it, below 0 or 0."""
        cdef size_t at, inside
        cdef int cell = -1, move, change, sign, broken, best = 0, tried = 0
        for at in range(self.dense_cells.size()):
            if self.slack[self.dense_cells[at]] + self.dense[self.dense_cells[at]] < 0:
                if cell < 0 or self.with_cell[self.dense_cells[at]].size() < self.with_cell[cell].size():
                    cell = self.dense_cells[at]
        self.stamp += 1
        for at in range(self.with_cell[cell].size()):
            move = self.with_cell[cell][at]
            if not self.alive[move] or self.seen[move] == self.stamp:
                continue
            self.seen[move] = self.stamp
            change = 0
            for inside in range(self.moves[move].size()):
                if cell_of(self.moves[move][inside]) == cell:
                    change = change_of(self.moves[move][inside])
                    break
            if change == 0:
                continue
            tried += 1
            if tried > TRIALS:
                break
            sign = 1 if change > 0 else -1
            broken = self.broken_by(move, sign)
            if broken < best:
                best = broken
                best_move[0] = move
                best_sign[0] = sign
        return best

    cdef void add(self, int move, int sign) noexcept nogil:
        cdef size_t at
        cdef int cell
        for at in range(self.moves[move].size()):
            cell = cell_of(self.moves[move][at])
            if not self.marked[cell]:
                self.marked[cell] = 1
                self.dense_cells.push_back(cell)
            self.dense[cell] += sign * change_of(self.moves[move][at])

    cdef bint keep(self, int move, int sum_) noexcept nogil:
        """Put the feasible move in `dense` in the place of `move`, if it changes the sum and can be kept."""
        cdef size_t at
        cdef int cell, change = 0, place
        cdef Move new
        for place in range(self.sum_starts[sum_], self.sum_starts[sum_ + 1]):
            change += self.dense[self.sum_cells[place]]
        if change == 0:
            return False
        for at in range(self.dense_cells.size()):
            cell = self.dense_cells[at]
            self.marked[cell] = 0
            if size_of(self.dense[cell]) > LARGEST:
                return False
            if self.dense[cell] != 0:
                new.push_back(entry_of(cell, self.dense[cell]))
        self.install(move, &new)
        self.feasible[move] = PLUS
        self.count_covers(move, 1)
        self.replaced.push_back(new)
        self.replaced_at.push_back(move)
        return True

    cdef void forget(self) noexcept nogil:
        cdef size_t at
        for at in range(self.dense_cells.size()):
            self.dense[self.dense_cells[at]] = 0
            self.marked[self.dense_cells[at]] = 0
        self.dense_cells.clear()

    cdef void count_covers(self, int move, int covers) noexcept nogil:
        """Count a feasible move in the cover of all sums that it changes."""
        cdef size_t at
        self.changed_sums(&self.moves[move], &self.own)
        for at in range(self.own.size()):
            self.cover[self.own[at].first] += covers
