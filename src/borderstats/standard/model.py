"""The standard as frozen values: what a statistician writes in `standard/`, and nothing else.

A rule is a named function with parameters (`Gate`); there is no logic language here.
"""

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from borderstats.periods import Calendar
from borderstats.standard.layouts import Layout
from borderstats.standard.office import Announcement, Office
from borderstats.standard.protection import Protection
from borderstats.standard.provisions import Document, Milestone, Parameter, Provision, Reconciliation
from borderstats.standard.records import Family
from borderstats.standard.simulation import Simulation
from borderstats.standard.sources import AnySource
from borderstats.standard.struct import Struct, fold
from borderstats.standard.tables import TableSpec

TOTAL = "_T"
UNKNOWN = "_U"


class Concept(Struct, frozen=True):
    """What a dimension means, the code list of its values, and the concept whose codes are their parents, if any."""

    label: str
    definition: str
    codelist: str
    label_es: str = ""
    source: str = ""
    parents: str = ""


class Code(Struct, frozen=True):
    """One category. `aliases` are the labels under which publishers print it."""

    code: str
    label_en: str
    label_es: str = ""
    aliases: tuple[str, ...] = ()
    parent: str = ""
    scope: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    predecessor: tuple[str, ...] = ()
    successor: tuple[str, ...] = ()
    iso3166: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        """The code with its scope in front where it has one: `USBP.SDC`. Eight offices share a name."""
        return f"{self.scope}.{self.code}" if self.scope else self.code

    def valid_in(self, days: tuple[datetime.date, datetime.date]) -> bool:
        """Whether the code is valid on at least one day from the first to the last of these."""
        first, last = days
        return not ((self.valid_from and last < self.valid_from) or (self.valid_to and first > self.valid_to))


class CodeList(Struct, frozen=True):
    """The codes of one concept in their order; a code's place in it is its number in every key."""

    id: str
    codes: tuple[Code, ...]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """From a code's id (`MEX`, `USBP.SDC`) to its place in the list."""
        return {code.id: number for number, code in enumerate(self.codes)}

    @cached_property
    def labels(self) -> Mapping[tuple[str, str], int]:
        """From (scope, folded code, label or alias) to the code's place."""
        return {
            (code.scope, fold(label)): number
            for number, code in enumerate(self.codes)
            for label in (code.code, code.label_en, *code.aliases)
        }

    def find(self, label: str, scope: str = "") -> int | None:
        """The place of the code that a publisher's label means, within a scope; None if nobody knows it.

        A code without scope (the total, the unknown) is found in every scope. No label is ever guessed.
        """
        return self.find_folded(fold(label), scope)

    def find_folded(self, folded: str, scope: str = "") -> int | None:
        """The same for a label that is folded already."""
        found = self.labels.get((scope, folded))
        return self.labels.get(("", folded)) if found is None else found

    def __getitem__(self, code_id: str) -> Code:
        return self.codes[self.numbers[code_id]]


class Dimension(Struct, frozen=True):
    """One dimension of a dataset.

    `total` says where its total comes from: `published` rows carry the code `_T`; otherwise the codes are
    disjoint and complete, and the total is their `sum`. `determined_by` names the dimensions of which this
    one is a function: a value that only changes this code was recoded, not revised.
    """

    concept: str
    total: Literal["published", "sum"] = "sum"
    determined_by: tuple[str, ...] = ()


class Gate(Struct, frozen=True):
    """A check that a release must pass: a rule by name, its parameters, and a plain sentence for readers.

    `parts` are the codes of `dimension` that make up `whole` (all others, if not given).
    `where` limits the cells looked at, `codes` are the allowed codes by dimension, `by` names dimensions,
    `start` and `end` are periods, `tolerance` is in the dataset's unit, on top of what rounding explains. A revision may
    be as large as `tolerance` or as `share` of the figure; a code that only one of two vintages has is part of `rest`.
    """

    name: str
    rule: Literal[
        "additive",
        "parts_within_whole",
        "months_make_year",
        "determined",
        "only_within",
        "only_with",
        "agrees_with",
        "year_between_months",
        "closed_years",
        "revisions_within",
    ]
    sentence: str
    dimension: str = ""
    parts: tuple[str, ...] = ()
    whole: str = TOTAL
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = {}
    codes: Mapping[str, tuple[str, ...]] = {}
    table: tuple[Mapping[str, str], ...] = ()
    dataset: str = ""
    other_where: Mapping[str, tuple[str, ...]] = {}
    start: str = ""
    end: str = ""
    tolerance: int = 0
    share: float = 0.0
    rest: str = ""


class Chart(Struct, frozen=True):
    """A chart on the dataset's page: one line or bar for each code of `by`, everything else at its total."""

    title: str
    kind: Literal["months", "quarters", "calendar years", "years", "half-months", "weeks", "days", "bars"]
    by: str = ""
    where: Mapping[str, str] = {}
    top: int = 8
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
    rounding: int = 1
    decimals: int = 0
    negative: bool = False
    gates: tuple[Gate, ...] = ()
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
    tables: Mapping[str, TableSpec]
    protections: tuple[Protection, ...]
    simulation: Simulation | None
    office: Office
    announcements: tuple[Announcement, ...]
    hash: str

    def codelist_of(self, concept: str) -> CodeList:
        return self.codelists[self.concepts[concept].codelist]
