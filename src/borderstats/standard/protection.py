"""What an office decides about the protection of tables: which counts are sensitive, by which method they are protected."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from borderstats.standard.struct import Struct

_LARGEST = 1_000_000
_MOST_NOISE = 100

Method = Literal["suppression", "small-counts", "cell-key", "rounding"]

_HEEDED_BY: Mapping[str, tuple[Method, ...]] = {
    "stricter": ("suppression",),
    "attribute": ("suppression",),
    "first": ("suppression",),
    "every_combination": ("suppression",),
    # The utility of suppression is compared with that of rounding to this base.
    "base": ("small-counts", "rounding", "suppression"),
    "most": ("cell-key",),
    "variance": ("cell-key",),
}
"""Which methods heed what else a policy says."""


class Stricter(Struct, frozen=True):
    """A higher threshold for some cells, for instance of children."""

    dimension: str
    """The dimension."""
    codes: tuple[str, ...]
    """The codes of the cells."""
    threshold: int
    """Their threshold."""


class Policy(Struct, frozen=True):
    """How a table is protected."""

    threshold: int
    """The smallest count that is safe: counts from 1 to one below it are sensitive, in inner cells and in
    sums.
    """
    method: Method = "suppression"
    """`suppression` withholds counts; `small-counts`, `rounding` and `cell-key` change them."""
    stricter: tuple[Stricter, ...] = ()
    """Higher thresholds for some cells; only `suppression` heeds them."""
    attribute: tuple[str, ...] = ()
    """Dimensions of which nobody may learn that everyone of a group has the same code; zeros may then be
    withheld. Only `suppression` heeds it.
    """
    first: tuple[tuple[str, ...], ...] = ()
    """Tables, each by its columns, whose cells are published before all others, in their order. Only
    `suppression` heeds it.
    """
    every_combination: bool = False
    """Whether there could be somebody in any combination of codes, so that where no table shows a combination
    and it is zero, an attacker cannot know that it is. Only `suppression` heeds it.
    """
    base: int = 5
    """What `small-counts` and `rounding` round to."""
    most: int = 5
    """The most by which `cell-key` changes a count."""
    variance: float = 2.0
    """The variance of the noise of `cell-key`."""

    def contradictions(self) -> list[str]:
        """What is wrong with the figures in it, one line each, after the place in a file."""
        found = []
        found += [
            f"{name}: at most {_LARGEST:,}"
            for name, number in (
                ("threshold", max(self.threshold, *(one.threshold for one in self.stricter), 0)),
                ("base", self.base),
            )
            if number > _LARGEST
        ]
        if self.method == "cell-key" and max(self.most, self.threshold) > _MOST_NOISE:
            found.append(
                f"most, threshold: at most {_MOST_NOISE} with cell keys, for each count has noise of its own"
            )
        defaults = {field.name: field.default for field in msgspec.structs.fields(Policy)}
        found += [
            f"{name}: only {' and '.join(methods)} {'heed' if methods[1:] else 'heeds'} it; leave it out or choose {methods[0]}"
            for name, methods in _HEEDED_BY.items()
            if self.method not in methods and getattr(self, name) != defaults[name]
        ]
        if self.threshold < 2:
            found.append("threshold: at least 2, for with less no count is sensitive")
        found += [
            f"stricter: threshold {one.threshold} for {one.dimension} is not above the threshold of all, {self.threshold}"
            for one in self.stricter
            if one.threshold <= self.threshold
        ]
        if self.method in ("small-counts", "rounding") and self.base < 2:
            found.append("base: at least 2, for with less nothing is rounded")
        if self.method in ("small-counts", "rounding") and self.base < self.threshold:
            found.append(
                f"base: {self.base} is below the threshold {self.threshold}; counts between them would be published"
            )
        if self.method == "cell-key" and self.most < self.threshold:
            found.append(
                f"most: at least the threshold, {self.threshold}, so that a small count can become one"
            )
        if self.method == "cell-key" and not 0 < self.variance < self.most**2:
            found.append(f"variance: above 0 and below most squared, {self.most**2}")
        return found


class Protection(Policy, frozen=True, kw_only=True):
    """How a dataset made of records is protected: the declared tables that it publishes, together."""

    source: str
    """The source of the file in which the protected figures go into the archive, with the columns
    `fiscal_year` and `month`, or `month` of whole years, and a blank figure for a withheld one.
    """
    tables: tuple[str, ...]
    """The tables."""


class Protections(Struct, frozen=True):
    """The file `protection.toml`."""

    protections: tuple[Protection, ...] = ()
    """The datasets that are protected."""
