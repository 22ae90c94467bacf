"""The standard as frozen values: what a statistician writes in `standard/`, and nothing else.

A rule is a named function with parameters (`Gate`); there is no logic language here.
"""

import datetime
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import msgspec

from borderstats.standard import periods

TOTAL = "_T"
UNKNOWN = "_U"

DELIMITERS = {",": "commas", "|": "pipes", ";": "semicolons", "\t": "tabs"}
"""What may separate the cells of a text file, and what it is called."""

_SPACES = re.compile(r"\s+")


def fold(label: str) -> str:
    """A label as it is compared: upper and lower case and runs of white space make no difference."""
    return _SPACES.sub(" ", label).strip().casefold()


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A part of the standard; a field that is not declared here is an error."""


class Concept(Struct, frozen=True):
    """What a dimension means, the code list of its values, and the concept whose codes are their parents, if any."""

    label: str
    label_es: str
    definition: str
    codelist: str
    source: str = ""
    parents: str = ""


class Code(Struct, frozen=True):
    """One category. `aliases` are the labels under which publishers print it."""

    code: str
    label_en: str
    label_es: str
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

    def valid_in(self, period: int) -> bool:
        """Whether the code is valid on at least one day of the period."""
        return not (
            (self.valid_from and periods.last_day(period) < self.valid_from)
            or (self.valid_to and periods.first_day(period) > self.valid_to)
        )


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
        folded = fold(label)
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

    `where` limits the cells looked at, `codes` are the allowed codes by dimension, `by` names dimensions,
    `start` and `end` are periods, `tolerance` is in the dataset's unit, on top of what rounding explains.
    """

    name: str
    rule: Literal[
        "additive",
        "months_make_year",
        "determined",
        "only_within",
        "only_with",
        "agrees_with",
        "year_between_months",
        "closed_years",
    ]
    sentence: str
    dimension: str = ""
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = {}
    codes: Mapping[str, tuple[str, ...]] = {}
    table: tuple[Mapping[str, str], ...] = ()
    dataset: str = ""
    other_where: Mapping[str, tuple[str, ...]] = {}
    start: str = ""
    end: str = ""
    tolerance: int = 0


class Chart(Struct, frozen=True):
    """A chart on the dataset's page: one line or bar for each code of `by`, everything else at its total."""

    title: str
    kind: Literal["months", "years", "bars"]
    by: str = ""
    where: Mapping[str, str] = {}
    top: int = 8
    start: str = ""


class Dataset(Struct, frozen=True):
    """One statistical table: what it counts, in which unit, by which dimensions, and the gates it must pass.

    `measure` says whether periods add up: a flow's do; a stock (at the end of a period) and an average do not.
    """

    id: str
    title: str
    title_es: str
    counts: str
    unit: str
    provisions: tuple[int, ...]
    dimensions: tuple[Dimension, ...]
    measure: Literal["flow", "stock", "average"] = "flow"
    notes: tuple[str, ...] = ()
    rounding: int = 1
    gates: tuple[Gate, ...] = ()
    charts: tuple[Chart, ...] = ()

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        return tuple(dimension.concept for dimension in self.dimensions)

    def dimension(self, concept: str) -> Dimension:
        return self.dimensions[self.concepts.index(concept)]


class Column(Struct, frozen=True):
    """One column of a publisher's table: exactly one of `concept`, `time`, `value` and `ignore` is given.

    `labels` are recodes that hold in this column only; `key` gives the codes of a value column of a wide
    table; `scope_from` names the concept whose code is the scope of this column's codes. `keys` gives labels that
    stand for codes of several concepts (a region among sectors), `parent_to` the concept that a code's parent fills.
    `missing` gives the status of a cell without a figure, `whole_year` the month label of a year's total.
    """

    name: str
    concept: str = ""
    time: Literal["", "fiscal_year", "month", "calendar_year", "calendar_month"] = ""
    value: bool = False
    ignore: str = ""
    labels: Mapping[str, str] = {}
    allowed: tuple[str, ...] = ()
    key: Mapping[str, str] = {}
    keys: Mapping[str, Mapping[str, str]] = {}
    scope_from: str = ""
    parent_to: str = ""
    missing: Mapping[str, str] = {}
    whole_year: str = ""
    provisional_mark: str = ""


class Table(Struct, frozen=True):
    """A sheet of a workbook and its columns."""

    columns: tuple[str, ...]
    sheet: str = ""


class KnownError(Struct, frozen=True):
    """An error of the publisher's own, found and explained; shown on the quality page."""

    what: str
    reason: str
    evidence: str


class Source(Struct, frozen=True):
    """One publisher's file format: which columns mean which concepts, and what the publisher says of its rows."""

    id: str
    title: str
    publisher: str
    dataset: str
    format: Literal["csv", "xlsx"]
    licence: str
    columns: tuple[Column, ...]
    page: str = ""
    caveat: str = ""
    delimiter: str = ","
    encoding: str = "utf-8"
    absent: Literal["zero", "unknown"] = "unknown"
    absent_reason: str = ""
    whole_decimals: bool = False
    last_year_provisional: bool = False
    constants: Mapping[str, str] = {}
    tables: tuple[Table, ...] = ()
    known_errors: tuple[KnownError, ...] = ()

    @cached_property
    def layout(self) -> tuple[Table, ...]:
        """The tables of a file; a text file is one table of all columns."""
        return self.tables or (Table(columns=tuple(column.name for column in self.columns)),)

    @cached_property
    def column(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}


class Break(Struct, frozen=True):
    """A break in series: from when figures before and after do not compare, for which datasets, and why."""

    id: str
    date: datetime.date
    datasets: tuple[str, ...]
    title: str
    explanation: str
    source: str
    title_es: str = ""


class Check(Struct, frozen=True):
    """A published figure that a dataset must reproduce. Without a dataset, no dataset here holds it yet."""

    id: str
    period: str
    value: int
    unit: str
    grade: str
    source: str
    dataset: str = ""
    key: Mapping[str, str] = {}
    tolerance: int = 0
    note: str = ""


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

    concepts: Mapping[str, Concept]
    codelists: Mapping[str, CodeList]
    datasets: Mapping[str, Dataset]
    sources: Mapping[str, Source]
    breaks: tuple[Break, ...]
    checks: tuple[Check, ...]
    waivers: tuple[Waiver, ...]
    headlines: tuple[Headline, ...]
    hash: str

    def codelist_of(self, concept: str) -> CodeList:
        return self.codelists[self.concepts[concept].codelist]
