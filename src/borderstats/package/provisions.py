"""What a release reports on each provision of its program: `provisions.json`."""

from collections.abc import Mapping
from typing import Literal

from borderstats.package.struct import AsOf, Struct, Text
from borderstats.standard.provisions import Document, Milestone, Parameter, Searched
from borderstats.standard.units import Unit


class Figure(Struct, frozen=True):
    """One figure of an indicator with what qualifies it; a share has its numerator and denominator.

    `provisional`: its period was not closed yet; `rounding`: the publisher rounds to it (1: it does not); `synthetic`: it was
    made of synthetic records and counts nothing real. `as_of` is told of the latest figure, `cited` is the source of a
    baseline that no dataset holds.
    """

    period: str
    value: int | float
    provisional: bool
    rounding: int = 1
    synthetic: bool = False
    numerator: int | float | None = None
    denominator: int | float | None = None
    as_of: AsOf | None = None
    cited: str = ""


class ToDate(Struct, frozen=True):
    """A flow from the first to the last period of a fiscal year so far, or the latest stock or average alone.

    It has the qualifiers of a figure. `before` is the same a year earlier; it has no as-of date of its own.
    """

    first: str
    last: str
    value: int | float
    provisional: bool
    rounding: int = 1
    synthetic: bool = False
    numerator: int | float | None = None
    denominator: int | float | None = None
    as_of: AsOf | None = None
    before: "ToDate | None" = None


class Indicator(Struct, frozen=True):
    """How a provision stands in one series: its latest figure, baseline, target, and all its figures.

    `where` and `share_of` are codes of the dataset. `change` is latest less baseline, `progress` change by target:
    it can be negative, and more than 1. Each figure is the sum of so many fiscal `years`, named after the last of them.
    `context`: it does not measure the provision.
    """

    id: str
    title: Text
    dataset: str
    where: Mapping[str, str]
    share_of: Mapping[str, str] | None
    denominator: str
    unit: Unit
    measure: Literal["flow", "stock", "average"]
    rounding: int
    decimals: int
    trap: str
    years: int
    context: bool
    baseline: Figure | None
    latest: Figure
    to_date: ToDate | None
    change: int | float | None
    target: int | float | None
    target_note: str
    progress: int | float | None
    series: tuple[Figure, ...]


class Empty(Struct, frozen=True):
    """A dataset that the standard defines and no public source fills, and why."""

    id: str
    title: str
    reason: str


class Provision(Struct, frozen=True):
    """One action that a document announces, with all that reports on it, and what nobody can know.

    The English title and `text` are the document's own heading and words.
    """

    number: int
    id: str
    title: Text
    text: str
    document: Document
    datasets: tuple[str, ...]
    empty: tuple[Empty, ...]
    indicators: tuple[Indicator, ...]
    unknown: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    searched: tuple[Searched, ...]
    parameters: tuple[Parameter, ...]
