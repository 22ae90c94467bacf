"""What a release says beyond its datasets: provisions, reconciliations, the reporting itself, cited figures."""

from collections.abc import Mapping
from typing import Literal

from borderstats.package.contents import Code, Struct, Text


class Figure(Struct, frozen=True):
    """One figure of an indicator; a share has its numerator and denominator, a latest figure its as-of date.

    `cited` is the source of a baseline that no dataset holds.
    """

    period: str
    value: float
    provisional: bool
    numerator: float | None = None
    denominator: float | None = None
    as_of: str = ""
    cited: str = ""


class ToDate(Struct, frozen=True):
    """A flow from the first to the last period of a fiscal year so far, or the latest stock or average alone.

    `before` is the same a year earlier; it has no as-of date of its own.
    """

    first: str
    last: str
    value: float
    provisional: bool
    numerator: float | None = None
    denominator: float | None = None
    as_of: str = ""
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
    unit: Code
    measure: Literal["flow", "stock", "average"]
    rounding: int
    decimals: int
    trap: str
    years: int
    context: bool
    baseline: Figure | None
    latest: Figure
    to_date: ToDate | None
    change: float | None
    target: float | None
    target_note: str
    progress: float | None
    series: tuple[Figure, ...]


class Empty(Struct, frozen=True):
    """A dataset that the standard defines and no public source fills, and why."""

    id: str
    title: str
    reason: str


class Milestone(Struct, frozen=True):
    """Something due, who made it due, what came of it, and the evidence."""

    id: str
    what: str
    set_by: str
    status: str
    evidence: str
    source: str
    due: str | None
    delivered: str | None
    public: str


class Parameter(Struct, frozen=True):
    """A rule in force from a day to a day, with its citation."""

    id: str
    name: str
    value: str
    start: str
    end: str | None
    citation: str
    note: str


class Document(Struct, frozen=True):
    """Where a provision stands: title, who published it and when, and the number under which it is kept."""

    title: str
    publisher: str
    date: str
    reference: str


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
    parameters: tuple[Parameter, ...]


class Side(Struct, frozen=True):
    """One publisher's side of a reconciliation; without a dataset its figures are cited."""

    label: str
    dataset: str


class Compared(Struct, frozen=True):
    """A fiscal year as each side has it; the difference is that of the largest and the smallest.

    `to_date`: that side's figure is of a year to date; such a row has no difference.
    """

    period: str
    values: tuple[float | None, ...]
    difference: float | None
    to_date: tuple[bool, ...]


class Reconciliation(Struct, frozen=True):
    """The same quantity from different publishers, and why they differ, as far as that is known."""

    id: str
    title: str
    explained: Literal["yes", "partly", "no"]
    explanation: str
    sides: tuple[Side, ...]
    rows: tuple[Compared, ...]


class Revised(Struct, frozen=True):
    """How many cells later files of a source gave otherwise."""

    cells: int


class Reported(Struct, frozen=True):
    """How one source reports, as far as the archive shows it."""

    source: str
    title: str
    publisher: str
    page: str
    datasets: tuple[str, ...]
    files: int
    last_period_ends: str
    newest_as_of: str
    days_to_publication: int | None
    days_since_last_period: int
    every: int
    state: str
    ended: str
    readable: str
    revisions: Revised
    breaks: int
    known_errors: int


class Cited(Struct, frozen=True):
    """A published figure that no dataset holds: a measure in words, and `what` it is of that measure.

    `provisions` are the numbers of those on whose pages it belongs, separated by `|`.
    """

    id: str
    provisions: str
    measure: str
    what: str
    period: str
    value: float
    unit: str
    grade: str
    source: str
