"""The rules that gates are made of, as frozen values: one struct for each, with exactly what it takes.

A rule is a named function with parameters; there is no logic language here. Codes are given by dimension; a dimension
that is not named may have any code.
"""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from borderstats.standard.codelists import TOTAL
from borderstats.standard.struct import Names, Struct, Text

Tolerance = Annotated[int, Meta(ge=0, le=1_000_000_000_000)]


class Gate(Struct, frozen=True, kw_only=True, tag_field="rule"):
    """A check that a release must pass: a rule, its parameters, and a plain sentence for readers."""

    name: Text
    """What the gate is called; a dataset has each name once, and waivers call it `dataset/name`."""
    sentence: Text
    """What it holds, for readers."""

    @property
    def rule(self) -> str:
        """The name of the rule."""
        return str(self.__struct_config__.tag)

    @property
    def others(self) -> tuple[str, ...]:
        """The datasets that it compares with."""
        return ()


class OfParts(Gate, frozen=True, kw_only=True):
    """A gate on parts and their whole."""

    dimension: Text
    """The dimension whose codes are parts and whole."""
    parts: tuple[str, ...] = ()
    """The codes of the parts; all but the whole, if not given."""
    whole: str = TOTAL
    """The code of the whole."""
    where: Mapping[str, Names] = {}
    """The cells looked at."""
    tolerance: Tolerance = 0
    """By how much they may differ, on top of what rounding explains."""
    both: bool = False
    """Only cells of which the whole and a part are printed: editions differ in how they split."""


class Additive(OfParts, frozen=True, kw_only=True, tag="additive"):
    """The `parts` of `dimension` add up to the `whole`; a sum of which a part has no figure is passed over."""


class PartsWithinWhole(OfParts, frozen=True, kw_only=True, tag="parts_within_whole"):
    """The `parts` add up to no more than the `whole`, which holds others that are not printed."""


class MonthsMakeYear(Gate, frozen=True, kw_only=True, tag="months_make_year"):
    """The months, and the quarters, of a year add up to the year."""

    where: Mapping[str, Names] = {}
    """The cells looked at."""
    tolerance: Tolerance = 0
    """By how much they may differ, on top of what rounding explains."""


class Determined(Gate, frozen=True, kw_only=True, tag="determined"):
    """The code of `dimension` is the one that `table` gives for the codes of others."""

    dimension: Text
    """The dimension that follows from others."""
    table: Annotated[tuple[Mapping[str, str], ...], Meta(min_length=1)]
    """The codes that occur together, a row for each."""


class OnlyWithin(Gate, frozen=True, kw_only=True, tag="only_within"):
    """Cells `where` ... are zero outside `start` to `end`."""

    where: Mapping[str, Names]
    """The cells looked at."""
    start: Text
    """The first period in which they may be other than zero."""
    end: Text
    """The last one."""


class OnlyWith(Gate, frozen=True, kw_only=True, tag="only_with"):
    """Cells `where` ... occur only with `codes` of other dimensions."""

    where: Mapping[str, Names]
    """The cells looked at."""
    codes: Mapping[str, Names]
    """The codes that they may have."""


class Comparing(Gate, frozen=True, kw_only=True):
    """A gate that compares with another dataset."""

    dataset: Text
    """The dataset compared with."""

    @property
    def others(self) -> tuple[str, ...]:
        return (self.dataset,)


class AgreesWith(Comparing, frozen=True, kw_only=True, tag="agrees_with"):
    """The figures are those of `dataset` where both have them, added up to `by`."""

    by: tuple[str, ...] = ()
    """The dimensions by which they are compared, which both have; the others are at their total."""
    where: Mapping[str, Names] = {}
    """The cells looked at here."""
    other_where: Mapping[str, Names] = {}
    """The cells looked at there."""
    start: str = ""
    """The first period compared; the first that both have, if not given."""
    end: str = ""
    """The last one."""
    tolerance: Tolerance = 0
    """By how much they may differ, on top of what rounding explains."""


class YearBetweenMonths(Comparing, frozen=True, kw_only=True, tag="year_between_months"):
    """A year's average in `dataset` lies between its lowest and its highest month here."""


class ClosedYears(Gate, frozen=True, kw_only=True, tag="closed_years"):
    """A fiscal year without a provisional figure never changes later."""


class RevisionsWithin(Gate, frozen=True, kw_only=True, tag="revisions_within"):
    """No later vintage changes the figure of a code for a year that was over by more than allowed."""

    by: tuple[str, ...] = ()
    """The dimensions looked at, each by itself; all, if not given."""
    where: Mapping[str, Names] = {}
    """The cells looked at."""
    tolerance: Tolerance = 0
    """The change that is allowed, in the dataset's unit; the larger of the two counts."""
    share: Annotated[float, Meta(ge=0, le=100)] = 0.0
    """The change that is allowed, as a share of the figure."""
    rest: str = ""
    """The code into which codes fall that only one of the two vintages names."""


class Final(Gate, frozen=True, kw_only=True, tag="final"):
    """No sum of which no figure was provisional in one edition is revised by the next: its source calls figures final no sooner than it
    leaves them alone.
    """

    by: tuple[str, ...] = ()
    """The dimensions by whose codes cells that do not overlap are added up; amounts in constant prices are left out."""
    share: Annotated[float, Meta(ge=0, le=100)] = 0.0
    """The change that is allowed, as a share of the sum."""


class CheckValues(Gate, frozen=True, kw_only=True, tag="check_values"):
    """Figures that the publishers printed elsewhere come out."""


class CodesValid(Gate, frozen=True, kw_only=True, tag="codes_valid"):
    """Every code is valid on the date of its figure."""


class RevisionsRecorded(Gate, frozen=True, kw_only=True, tag="revisions_recorded"):
    """No figure changes between vintages without an entry in the revision log."""


class Newness(Gate, frozen=True, kw_only=True, tag="newness"):
    """Each edition is newer than those before it, whole, and not more out of the ordinary than any of them."""


class Properties(Gate, frozen=True, kw_only=True, tag="properties"):
    """Each edition is what is said of it: the base of its constant prices, how it is rounded, what of it is not over."""


CHECK_VALUES = CheckValues(
    name="check-values", sentence="Figures that the publishers printed elsewhere come out."
)


EVERY_DATASET = (
    CHECK_VALUES,
    CodesValid(name="codes-valid", sentence="Every code is valid on the date of its figure."),
    RevisionsRecorded(
        name="revisions-recorded",
        sentence="No figure changes between vintages without an entry in the revision log.",
    ),
    Newness(
        name="newness",
        sentence="Each edition is newer than those before it, whole, and not more out of the ordinary than any of them.",
    ),
    Properties(
        name="properties",
        sentence="Each edition is in the prices and rounded as is said of it, and what was not over on its day is provisional.",
    ),
)
"""Gates that every dataset passes, without saying so."""

AnyGate = (
    Additive
    | PartsWithinWhole
    | MonthsMakeYear
    | Determined
    | OnlyWithin
    | OnlyWith
    | AgreesWith
    | YearBetweenMonths
    | ClosedYears
    | RevisionsWithin
    | Final
)
