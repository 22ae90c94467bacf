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
from borderstats.standard.joined import Joined
from borderstats.standard.layouts import Layout
from borderstats.standard.office import Announcement, Office
from borderstats.standard.properties import PriceBase
from borderstats.standard.protection import Protection
from borderstats.standard.provisions import (
    Document,
    Milestone,
    Parameter,
    Provision,
    Reconciliation,
    Searched,
)
from borderstats.standard.records import Family
from borderstats.standard.rules import AnyGate
from borderstats.standard.simulation import Simulation
from borderstats.standard.sources import AnySource
from borderstats.standard.statuses import STATUSES, Statuses
from borderstats.standard.struct import Struct
from borderstats.standard.tables import AnyTableSpec
from borderstats.standard.units import UNITS, Unit
from borderstats.standard.versions import Version


class Concept(Struct, frozen=True):
    """What a dimension means."""

    label: str
    """What it is called."""
    definition: str
    """What it means, in a sentence."""
    codelist: str
    """The code list of its values."""
    label_es: str = ""
    """The label in Spanish."""
    source: str = ""
    """Where the definition stands."""
    parents: str = ""
    """The concept whose codes are the parents of its codes."""
    scope: str = ""
    """The concept whose codes are the scopes of its codes: eight field offices share a name with a sector, so an
    office is known by component and code together.
    """


class Dimension(Struct, frozen=True):
    """One dimension of a dataset."""

    concept: str
    """The concept that it is."""
    total: Literal["published", "sum"] = "sum"
    """Where its total comes from: `published`: rows with the code `_T`; `sum`: its codes are disjoint and
    complete, and their sum is the total.
    """
    determined_by: tuple[str, ...] = ()
    """The dimensions of which it is a function: a value that only changes this code was recoded, not revised.
    """


class Chart(Struct, frozen=True):
    """A chart on the dataset's page."""

    title: str
    """What it is called."""
    kind: Literal["months", "quarters", "calendar years", "years", "half-months", "weeks", "days", "bars"]
    """Lines over periods (`years` are fiscal or calendar years, as the dataset has them), or `bars` of one
    period.
    """
    by: str = ""
    """One line or bar for each code of this dimension; everything else is at its total."""
    where: Mapping[str, str] = {}
    """The codes that it is limited to, by dimension."""
    top: Annotated[int, Meta(ge=1)] = 8
    """At most so many lines or bars."""
    start: str = ""
    """The first period of lines; the first that there is, if not given."""


class Dataset(Struct, frozen=True):
    """One statistical table: what it counts, in which unit, by which dimensions, and the gates that it must
    pass.
    """

    id: str
    """The name of its file."""
    title: str
    """What it is called."""
    counts: str
    """What one unit is, and what is not in it."""
    unit: str
    """The unit of count."""
    dimensions: tuple[Dimension, ...]
    """By what it is told apart, in the order of its columns."""
    title_es: str = ""
    """The title in Spanish."""
    provisions: tuple[int, ...] = ()
    """The numbers of the provisions that it reports on."""
    measure: Literal["flow", "stock", "average"] = "flow"
    """Whether periods add up: those of a `flow` do; a `stock` at the end of a period and an `average` over it
    do not.
    """
    notes: tuple[str, ...] = ()
    """What a reader must know besides."""
    trap: str = ""
    """The sentence that keeps a reader from the commonest mistake."""
    empty: str = ""
    """Why no public source holds the figures; the table is defined all the same, and has none until somebody
    has records.
    """
    rounding: Annotated[int, Meta(ge=1)] = 1
    """To what its publisher rounds; 1 means whole counts."""
    decimals: Annotated[int, Meta(ge=0, le=6)] = 0
    """How many digits behind the point a figure has."""
    negative: bool = False
    """Whether a figure may be below zero; amounts of money may."""
    price_base: PriceBase | None = None
    """Which figures are in the prices of one period, if some are."""
    gates: tuple[AnyGate, ...] = ()
    """What its figures must pass."""
    charts: tuple[Chart, ...] = ()
    """The charts of its page."""

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        return tuple(dimension.concept for dimension in self.dimensions)

    def dimension(self, concept: str) -> Dimension:
        return self.dimensions[self.concepts.index(concept)]


class Break(Struct, frozen=True):
    """A break in series: figures before and after do not compare, or something happened that may explain what they do."""

    id: str
    """What it is called in links."""
    date: datetime.date
    """The first day after it."""
    kind: Literal["definition", "event"]
    """Whether what is counted changed (`definition`: nothing is compared across it), or something else that may explain
    the figures (`event`).
    """
    datasets: tuple[str, ...]
    """The datasets that have it."""
    title: str
    """What changed."""
    explanation: str
    """What changed, and what that does to the figures."""
    source: str
    """Who says so."""
    title_es: str = ""
    """The title in Spanish."""
    concepts: tuple[str, ...] = ()
    """It concerns only figures split by one of these dimensions, or of a code other than its total; all, if
    not given.
    """


class Check(Struct, frozen=True):
    """A published figure that a dataset must reproduce, or, where no dataset holds it, a cited figure."""

    id: str
    """What it is called in waivers and by indicators."""
    period: str
    """The period of the figure; of a cited one any text."""
    value: int | float
    """The figure, as it was printed."""
    unit: str
    """Its unit; of a dataset the same as that."""
    grade: str
    """How it was read: A in the publisher's text, A2 in a text that quotes it, B known but not read in a
    source, C computed from such figures.
    """
    source: str
    """Where it stands."""
    dataset: str = ""
    """The dataset that must reproduce it; without one it is compared with those that `measures.csv` names for its words,
    and if none has it, carried as a cited figure.
    """
    key: Mapping[str, str] = {}
    """The codes of the figure, by dimension; all others are at their total."""
    tolerance: int = 0
    """By how much it may differ, in the unit, because it was printed rounded: 5 for a figure rounded to ten. What a
    dataset's own rounding moves is allowed without it.
    """
    measure: str = ""
    """What a cited figure measures."""
    component: str = ""
    """Of which agency a cited figure is."""
    geography: str = ""
    """Of where a cited figure is."""
    dimension: str = ""
    """Of whom or what a cited figure is."""
    note: str = ""
    """What must be known of it."""
    reason: str = ""
    """Why a dataset that holds its measure has another figure; where nobody says why, that it is not known."""


class CitedMeasure(Struct, frozen=True):
    """What the cited figures of one measure are called."""

    measure: str
    """The measure, as `checks.csv` has it."""
    label: str
    """What it is called."""
    label_es: str = ""
    """The label in Spanish."""
    provisions: tuple[int, ...] = ()
    """The numbers of the provisions on whose pages its figures stand."""


class Measure(Struct, frozen=True):
    """What a published figure means, in the words in which others list such figures, as a dataset's key."""

    measure: str
    """What is measured, in those words."""
    component: str
    """The agency, in those words."""
    geography: str
    """Where, in those words."""
    dimension: str
    """Whom or what, in those words."""
    dataset: str
    """The dataset that holds it."""
    key: Mapping[str, str] = {}
    """Its codes there, by dimension; all others are at their total."""
    tolerance: int = 0
    """By how much figures in these words may differ, in the unit, because they were printed rounded."""

    @property
    def words(self) -> tuple[str, str, str, str]:
        """The words by which a figure is known."""
        return self.measure, self.component, self.geography, self.dimension


class Waiver(Struct, frozen=True):
    """The cells of a gate that may fail because the publisher's own figures do. One that covers nothing fails
    its gate, unless it is for a span, from `start` to `end`, of which no file has a figure yet.
    """

    id: str
    """What it is called."""
    gate: str
    """The gate, as `dataset/name`."""
    reason: str
    """Why the publisher's figures fail."""
    evidence: str
    """How that is known."""
    key: Mapping[str, str] = {}
    """The codes of the cells, by dimension; any other code, if not given."""
    start: str = ""
    """The first period of the cells."""
    end: str = ""
    """The last one."""
    files: tuple[str, ...] = ()
    """The archived files with which the cells fail, if it is not whichever has them: an edition that the publisher
    corrected later.
    """


class Headline(Struct, frozen=True):
    """A figure of the home page: a dataset's latest year to date, and a year earlier."""

    dataset: str
    """The dataset."""
    title: str
    """What it is called."""
    where: tuple[str, ...]
    """The dimensions that say where."""
    who: tuple[str, ...]
    """The dimensions that say who."""
    only: Mapping[str, str] = {}
    """The codes of dimensions to which the figure is narrowed; the whole dataset, if not given."""


class Headlines(Struct, frozen=True):
    """The home page's figures in their order; the first is the one that a build prints."""

    headlines: tuple[Headline, ...]
    """The figures."""


UNNAMED = "_"
"""With this begin the codes of totals and of what is not known; they have no page."""


class Topic(Struct, frozen=True):
    """Pages of the codes of a concept: of each place, or of each group, one page with the figures that there are."""

    concept: str
    """The concept; each of its codes that a headline has figures of gets a page."""
    address: str
    """The folder of the pages: `place` for `place/tucson-sector.html`."""
    title: str
    """What the codes are called together."""
    lede: str
    """What there is to know of all of them."""
    headlines: tuple[Headline, ...]
    """The figures at the top of each page, the dataset that readers look for first; those without figures are left out."""
    asked: tuple[tuple[str, ...], ...] = ()
    """The dimensions that readers ask for beside the code, together: where no dataset crosses them, the page says so."""


class Topics(Struct, frozen=True):
    """The pages of places and groups in the order of their list."""

    topics: tuple[Topic, ...]
    """Whose codes have pages."""


class Standard(Struct, frozen=True):
    """The whole standard. Its parts are found by id; `files` has the SHA-256 of each file by its path, `hash` is over them all."""

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
    topics: tuple[Topic, ...]
    document: Document | None
    provisions: tuple[Provision, ...]
    milestones: tuple[Milestone, ...]
    searched: tuple[Searched, ...]
    parameters: tuple[Parameter, ...]
    reconciliations: tuple[Reconciliation, ...]
    joined: tuple[Joined, ...]
    families: Mapping[str, Family]
    layouts: Mapping[str, Layout]
    tables: Mapping[str, AnyTableSpec]
    protections: tuple[Protection, ...]
    simulation: Simulation | None
    office: Office
    announcements: tuple[Announcement, ...]
    versions: tuple[Version, ...]
    hash: str
    files: Mapping[str, str]

    def codelist_of(self, concept: str) -> CodeList:
        return self.codelists[self.concepts[concept].codelist]

    @cached_property
    def fed(self) -> tuple[str, ...]:
        """The datasets that files of a source feed."""
        feeding = {name for source in self.sources.values() for name in source.feeds}
        return tuple(name for name in self.datasets if name in feeding)

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """The units of count by code."""
        return {code.code: code for code in self.codelists[UNITS].codes if isinstance(code, Unit)}

    @cached_property
    def statuses(self) -> Statuses:
        """What the statuses of figures say."""
        return Statuses(self.codelists[STATUSES])
