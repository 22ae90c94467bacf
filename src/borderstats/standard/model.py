"""The standard as frozen values: what a statistician writes in `standard/`, and nothing else.

A rule is a named function with parameters (`rules`); there is no logic language here.
"""

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from msgspec import Meta

from borderstats.periods import Calendar
from borderstats.standard.codelists import CodeList
from borderstats.standard.layouts import Layout
from borderstats.standard.office import Announcement, Office
from borderstats.standard.protection import Protection
from borderstats.standard.provisions import Document, Milestone, Parameter, Provision, Reconciliation
from borderstats.standard.records import Family
from borderstats.standard.rules import AnyGate
from borderstats.standard.simulation import Simulation
from borderstats.standard.sources import AnySource
from borderstats.standard.statuses import STATUSES, Statuses
from borderstats.standard.struct import Struct
from borderstats.standard.tables import AnyTableSpec


class Concept(Struct, frozen=True):
    """What a dimension means, the code list of its values, and the concept whose codes are their parents, if any."""

    label: str
    definition: str
    codelist: str
    label_es: str = ""
    source: str = ""
    parents: str = ""


class Dimension(Struct, frozen=True):
    """One dimension of a dataset.

    `total` says where its total comes from: `published` rows carry the code `_T`; otherwise the codes are
    disjoint and complete, and the total is their `sum`. `determined_by` names the dimensions of which this
    one is a function: a value that only changes this code was recoded, not revised.
    """

    concept: str
    total: Literal["published", "sum"] = "sum"
    determined_by: tuple[str, ...] = ()


class Chart(Struct, frozen=True):
    """A chart on the dataset's page: one line or bar for each code of `by`, everything else at its total."""

    title: str
    kind: Literal["months", "quarters", "calendar years", "years", "half-months", "weeks", "days", "bars"]
    by: str = ""
    where: Mapping[str, str] = {}
    top: Annotated[int, Meta(ge=1)] = 8
    start: str = ""


class Dataset(Struct, frozen=True):
    """One statistical table: what it counts, in which unit, by which dimensions, and the gates it must pass.

    `measure` says whether periods add up: a flow's do; a stock (at the end of a period) and an average do not.
    `decimals` is how many digits behind the point a figure has, `negative` whether it may be below zero (amounts of
    money can), `trap` the sentence that keeps a reader from the commonest mistake. `empty` says why no public source
    holds the figures: the table is defined all the same, and has none until somebody has records.
    """

    id: str
    title: str
    counts: str
    unit: str
    dimensions: tuple[Dimension, ...]
    title_es: str = ""
    provisions: tuple[int, ...] = ()
    measure: Literal["flow", "stock", "average"] = "flow"
    notes: tuple[str, ...] = ()
    trap: str = ""
    empty: str = ""
    rounding: Annotated[int, Meta(ge=1)] = 1
    decimals: Annotated[int, Meta(ge=0, le=6)] = 0
    negative: bool = False
    gates: tuple[AnyGate, ...] = ()
    charts: tuple[Chart, ...] = ()

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        return tuple(dimension.concept for dimension in self.dimensions)

    def dimension(self, concept: str) -> Dimension:
        return self.dimensions[self.concepts.index(concept)]


class Break(Struct, frozen=True):
    """A break in series: from when figures before and after do not compare, for which datasets, and why.

    With `concepts` it concerns only figures split by one of these dimensions, or of a code other than its total.
    """

    id: str
    date: datetime.date
    datasets: tuple[str, ...]
    title: str
    explanation: str
    source: str
    title_es: str = ""
    concepts: tuple[str, ...] = ()


class Check(Struct, frozen=True):
    """A published figure that a dataset must reproduce. Without a dataset, none holds it, and its words say what it is."""

    id: str
    period: str
    value: int | float
    unit: str
    grade: str
    source: str
    dataset: str = ""
    key: Mapping[str, str] = {}
    tolerance: int = 0
    measure: str = ""
    component: str = ""
    geography: str = ""
    dimension: str = ""
    note: str = ""


class CitedMeasure(Struct, frozen=True):
    """What the cited figures of one measure are called, and the provisions on whose pages they belong."""

    measure: str
    label: str
    label_es: str = ""
    provisions: tuple[int, ...] = ()


class Measure(Struct, frozen=True):
    """What a published figure means, in the words in which others list such figures, as a dataset's key."""

    measure: str
    component: str
    geography: str
    dimension: str
    dataset: str
    key: Mapping[str, str] = {}
    tolerance: int = 0


class Waiver(Struct, frozen=True):
    """The cells of a gate that may fail because the publisher's own figures do, with the reason."""

    id: str
    gate: str
    reason: str
    evidence: str
    key: Mapping[str, str] = {}
    start: str = ""
    end: str = ""


class Headline(Struct, frozen=True):
    """A figure of the home page: a dataset's latest fiscal year to date, by where and by whom, a year earlier too."""

    dataset: str
    title: str
    where: tuple[str, ...]
    who: tuple[str, ...]


class Headlines(Struct, frozen=True):
    """The home page's figures in their order; the first is the one that a build prints."""

    headlines: tuple[Headline, ...]


class Standard(Struct, frozen=True):
    """The whole standard. Its parts are found by id; `hash` is over the bytes of its files."""

    calendar: Calendar
    concepts: Mapping[str, Concept]
    codelists: Mapping[str, CodeList]
    datasets: Mapping[str, Dataset]
    sources: Mapping[str, AnySource]
    breaks: tuple[Break, ...]
    checks: tuple[Check, ...]
    cited: tuple[CitedMeasure, ...]
    measures: tuple[Measure, ...]
    waivers: tuple[Waiver, ...]
    headlines: tuple[Headline, ...]
    document: Document | None
    provisions: tuple[Provision, ...]
    milestones: tuple[Milestone, ...]
    parameters: tuple[Parameter, ...]
    reconciliations: tuple[Reconciliation, ...]
    families: Mapping[str, Family]
    layouts: Mapping[str, Layout]
    tables: Mapping[str, AnyTableSpec]
    protections: tuple[Protection, ...]
    simulation: Simulation | None
    office: Office
    announcements: tuple[Announcement, ...]
    hash: str

    def codelist_of(self, concept: str) -> CodeList:
        return self.codelists[self.concepts[concept].codelist]

    @cached_property
    def statuses(self) -> Statuses:
        """What the statuses of figures say."""
        return Statuses(self.codelists[STATUSES])
