"""What has to stay unknown and what may be published, as sums of unknown counts: of this release, of those before it, of all
tables together.

An inner cell that has the same count in two releases is one unknown, for whoever knows the records knows that old events
rarely change; one that was revised has an unknown in each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from borderstats.errors import InputError
from borderstats.protect.cube import Cube, Flags, Ints, Shared, Sums
from borderstats.standard.protection import Policy

_ZEROS = 100_000
"""Inner cells of no table that may be other than zero although they are: if they are more, none of them is moved."""


@dataclass(frozen=True)
class Earlier:
    """A release that is out: by the number of each cell of its cube, whether it is sensitive, whether it was withheld.

    `least` is what is known of a withheld cell: at least 1, or at least 0. `everyone` are pairs of cells (and the place of
    a dimension) of which nobody may know that they are equal, `known` the numbers of cells that are public elsewhere.
    """

    name: str
    cube: Cube
    sensitive: Flags
    withheld: Flags
    least: int
    everyone: Ints
    known: Ints


@dataclass(frozen=True)
class Problem:
    """Unknown u can go down by `slack[u]`. `secret` sums must stay unknown, `known` ones are, `candidates` may be published.

    `cubes` have every inner cell that may be other than zero; `of[r]` are the unknowns of the inner cells of release r, this
    one first. Candidates and known sums are in the order in which they are tried; `cells` are the candidates' numbers in the
    cube, and `secrets` says of each secret sum in which release it is, the number of its cell, and -1, or that of the cell
    whose difference from it is the secret. `everyone` are pairs of a cell and one above it of which nobody may
    know that they are equal (and the place of the dimension). `flat`: all of it is one table of at most two dimensions.
    """

    cubes: tuple[Cube, ...]
    sensitive: Flags
    least: int
    slack: Ints
    of: tuple[Ints, ...]
    secret: Sums
    secrets: Ints
    known: Sums
    candidates: Sums
    cells: Ints
    everyone: Ints
    flat: bool

    @property
    def cube(self) -> Cube:
        return self.cubes[0]

    def shown(self, secret: int) -> bool:
        """Whether a secret is about a cell that a table shows."""
        release, cell, above = self.secrets[secret].tolist()
        return bool(self.cubes[release].shown[above if above >= 0 else cell])


def problem(
    cube: Cube, policy: Policy, known: Ints | None = None, earlier: Sequence[Earlier] = ()
) -> Problem:
    """The problem of protecting a cube, with the numbers of cells that are public elsewhere, after earlier releases."""
    for one in earlier:
        _comparable(cube, one)
    sensitive = _sensitive(cube, policy)
    everyone = _everyone(cube, policy)
    least = 0 if policy.attribute or any(one.least == 0 for one in earlier) else 1
    zeros = [np.union1d(_unseen_zeros(cube, policy), _siblings(cube, everyone))]
    for one in earlier:
        withheld = np.flatnonzero(one.withheld & one.cube.inner & (one.cube.values == 0))
        zeros.append(np.union1d(withheld, _siblings(one.cube, one.everyone)))
    cubes = _with_shared_zeros([cube, *(one.cube for one in earlier)], zeros)
    of, size = _unknowns(cubes)
    made = cubes[0]
    # Whoever knew which combination was revised, where no table shows it, would know the records.
    sensitive[_revised(cubes, of) & ~made.shown] = False
    slack = np.full(size, np.iinfo(np.int64).max)
    kept = np.zeros(size, np.bool_)
    # The earliest first, so that each release is left what it was given when it was made.
    for release in (*range(1, len(cubes)), 0):
        if (least, *(one.least for one in earlier))[release]:
            _anchor(cubes[release], of[release], kept)
        slack[of[release]] = cubes[release].counts
    slack -= kept
    in_unknowns = [_InUnknowns(each, unknowns) for each, unknowns in zip(cubes, of, strict=True)]
    secret = [in_unknowns[0].sums(np.flatnonzero(sensitive)), in_unknowns[0].differences(everyone, size)]
    secrets = [_named(0, np.flatnonzero(sensitive)), _named(0, everyone[:, 0], everyone[:, 1])]
    published = [] if known is None else [in_unknowns[0].sums(in_unknowns[0].in_order(known))]
    for number, (one, release) in enumerate(zip(earlier, in_unknowns[1:], strict=True), 1):
        shown = np.flatnonzero(one.sensitive & one.cube.shown)
        secret += [release.sums(shown), release.differences(one.everyone, size)]
        secrets += [_named(number, shown), _named(number, one.everyone[:, 0], one.everyone[:, 1])]
        out = np.union1d(np.flatnonzero(one.cube.shown & ~one.withheld), one.known)
        published.append(release.sums(release.in_order(out)))
    open_ = np.flatnonzero(made.shown & ~sensitive)
    candidates = in_unknowns[0].in_order(open_, policy)
    return Problem(
        tuple(cubes),
        sensitive,
        least,
        slack,
        tuple(of),
        _together(secret),
        np.concatenate(secrets),
        _together(published),
        in_unknowns[0].sums(candidates),
        candidates,
        everyone,
        len(cubes) == 1 and bool(cube.shown.all()) and sum(one.inner > 1 for one in cube.dimensions) <= 2,
    )


def _comparable(cube: Cube, one: Earlier) -> None:
    """Refuse an earlier release of other dimensions, or with a code that is a sum in one of the two and not in the other."""
    own, other = (tuple(d.name for d in each.dimensions) for each in (cube, one.cube))
    if own != other:
        raise InputError(
            f"{one.name}: its dimensions are {', '.join(other)}, those of the cells {', '.join(own)}; only a release of "
            "the same dimensions, in this order, can be held against them"
        )
    for now, then in zip(cube.dimensions, one.cube.dimensions, strict=True):
        sums = [set(each.codes[each.inner :]) for each in (now, then)]
        inner = [set(each.codes[: each.inner]) for each in (now, then)]
        for code in sorted(inner[0] & sums[1] | inner[1] & sums[0]):
            raise InputError(
                f"{one.name}: {code!r} of {now.name} is a sum of other codes in one of the two releases and not in the other, "
                "so their cells cannot be told to be the same; keep the finest level, or give the code another name"
            )


def _named(release: int, cells: Ints, above: Ints | None = None) -> Ints:
    return np.column_stack(
        [np.full(len(cells), release), cells, np.full(len(cells), -1) if above is None else above]
    )


def _sensitive(cube: Cube, policy: Policy) -> Flags:
    """Counts below the threshold, in cells that are shown and in inner cells."""
    threshold = np.full(cube.shape, policy.threshold)
    for one in policy.stricter:
        k = [d.name for d in cube.dimensions].index(one.dimension)
        codes = cube.dimensions[k].codes
        places = [codes.index(code) for code in one.codes if code in codes]
        moved = np.moveaxis(threshold, k, 0)
        moved[places] = np.maximum(moved[places], one.threshold)
    found: Flags = (cube.values > 0) & (cube.values < threshold.ravel()) & (cube.shown | cube.inner)
    return found


def _everyone(cube: Cube, policy: Policy) -> Ints:
    """Cells that hold everyone of a cell above them in a dimension of which that must not be known.

    A row for each: its number, that of the cell above it, the place of the dimension.
    """
    found = [np.zeros((0, 3), np.int64)]
    places = np.arange(len(cube.values)).reshape(cube.shape)
    for k, one in enumerate(cube.dimensions):
        numbers = np.moveaxis(places, k, 0)
        for code, parent in one.parents if one.name in policy.attribute else ():
            below, above = numbers[code].ravel(), numbers[parent].ravel()
            same = (cube.values[below] == cube.values[above]) & (cube.values[above] > 0)
            same &= cube.shown[above] | cube.inner[below]
            if (one.holds[:, parent] & ~one.holds[:, code]).any():
                rows = np.column_stack([below, above, np.full(len(below), k)])
                found.append(rows[same])
    return np.concatenate(found)


def _siblings(cube: Cube, everyone: Ints) -> Ints:
    """The inner cells, all zero, that lie in the upper cell of a pair and not in the lower."""
    found = [np.zeros(0, np.int64)]
    for k, one in enumerate(cube.dimensions):
        step = cube.strides[k]
        below, above, _ = everyone[everyone[:, 2] == k].T
        code, parent = (cells // step % cube.shape[k] for cells in (below, above))
        base = below - code * step
        inner = cube.inner[base]
        rest = one.holds[:, parent[inner]] & ~one.holds[:, code[inner]]
        found.append((base[inner] + np.arange(one.inner)[:, None] * step)[rest])
    return np.unique(np.concatenate(found))


def _unseen_zeros(cube: Cube, policy: Policy) -> Ints:
    """Inner cells that no table shows, that are zero, and of which no published zero says so."""
    unseen = cube.inner & ~cube.shown & (cube.values == 0)
    if not policy.every_combination or not unseen.any():
        return np.zeros(0, np.int64)
    found = np.flatnonzero(unseen & ~cube.within(cube.shown & (cube.values == 0)))
    return found if len(found) <= _ZEROS else found[:0]


def _with_shared_zeros(cubes: Sequence[Cube], zeros: Sequence[Ints]) -> list[Cube]:
    """The cubes, each with all zeros of any of them that it can hold."""
    codes = [Shared(each.dimensions, [c.dimensions for c in cubes]) for each in cubes]
    wanted = np.unique(np.concatenate([c.everywhere(cells) for c, cells in zip(codes, zeros, strict=True)]))
    made = []
    for each, space in zip(cubes, codes, strict=True):
        cells = space.here(wanted)
        made.append(each.with_zeros(cells[each.values[cells] == 0]) if len(cells) else each)
    return made


def _unknowns(cubes: Sequence[Cube]) -> tuple[list[Ints], int]:
    """For each cube, which unknown each inner cell is: cells of the same codes and the same count are one."""
    every = [each.dimensions for each in cubes]
    numbers = np.concatenate([Shared(each.dimensions, every).everywhere(each.cells) for each in cubes])
    counts = np.concatenate([each.counts for each in cubes])
    order = np.lexsort((counts, numbers))
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (np.diff(numbers[order]) != 0) | (np.diff(counts[order]) != 0)
    of = np.empty(len(order), np.int64)
    of[order] = np.cumsum(fresh) - 1
    ends = np.cumsum([len(each.counts) for each in cubes])[:-1]
    return np.split(of, ends), int(fresh.sum())


def _revised(cubes: Sequence[Cube], of: Sequence[Ints]) -> Flags:
    """Which cells of the first cube are inner ones that had another count in a release of the same codes."""
    found = np.zeros(len(cubes[0].values), np.bool_)
    every = [each.dimensions for each in cubes]
    first = Shared(cubes[0].dimensions, every).everywhere(cubes[0].cells)
    for each, unknowns in zip(cubes[1:], of[1:], strict=True):
        space = Shared(each.dimensions, every)
        could = np.isin(first, space.everywhere(np.flatnonzero(each.inner)))
        found[cubes[0].cells[could & ~np.isin(of[0], unknowns)]] = True
    return found


def _anchor(cube: Cube, unknowns: Ints, kept: Flags) -> None:
    """Mark inner cells that must keep a count, so that no cell that is shown and is not zero ever becomes zero.

    Each shown cell has one of them: one that is kept already, or else the one with the largest count.
    """
    kept[unknowns[cube.shown[cube.cells] & (cube.counts > 0)]] = True
    if kept[unknowns].all():
        return
    sums = cube.sums.of(np.flatnonzero(cube.shown & (cube.values > 0)))
    for number in np.argsort(np.diff(sums.starts), kind="stable"):
        inside = sums.cells[sums.starts[number] : sums.starts[number + 1]]
        if not kept[unknowns[inside]].any():
            kept[unknowns[inside[np.argmax(cube.counts[inside])]]] = True


class _InUnknowns:
    """The cells of one release as sums of unknowns."""

    def __init__(self, cube: Cube, unknowns: Ints) -> None:
        self.cube, self.unknowns = cube, unknowns.astype(np.int32)

    def sums(self, cells: Ints) -> Sums:
        """These cells, in their order."""
        found = self.cube.sums.of(cells)
        return Sums(found.starts, self.unknowns[found.cells])

    def differences(self, pairs: Ints, size: int) -> Sums:
        """The unknowns, of so many, of each second cell that are not among those of the first."""
        lower, upper = (self.sums(pairs[:, n]).matrix(size) for n in (0, 1))
        rest = sparse.csr_array(upper - lower)
        rest.eliminate_zeros()
        rest.sort_indices()
        return Sums(rest.indptr.astype(np.int64), rest.indices.astype(np.int32))

    @cached_property
    def lengths(self) -> Ints:
        return np.diff(self.cube.sums.starts)

    def in_order(self, cells: Ints, policy: Policy | None = None) -> Ints:
        """Those that anything unknown lies in, in the order of publication: the first tables, then the largest counts."""
        cells = cells[self.lengths[cells] > 0]
        rank = np.zeros(len(self.cube.values), np.int64)
        tables = policy.first if policy else ()
        for columns in tables[::-1]:
            rank += 1
            rank[self.cube.table(columns)] = 0
        values = self.cube.values
        found: Ints = cells[np.lexsort((cells, -self.lengths[cells], -values[cells], rank[cells]))]
        return found


def _together(parts: Sequence[Sums]) -> Sums:
    parts = [Sums(np.zeros(1, np.int64), np.zeros(0, np.int32)), *parts]
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Sums(starts, np.concatenate([part.cells for part in parts]))
