"""The provisions of a document as frozen values: indicators, milestones, dated parameters, reconciliations."""

import datetime
from collections.abc import Mapping
from typing import Literal

from borderstats.standard.struct import Struct


class Indicator(Struct, frozen=True):
    """What tells how a provision stands: one series of a dataset, or the share of one series in another."""

    id: str
    """What it is called in links."""
    title: str
    """What it is called."""
    dataset: str
    """The dataset that has it."""
    title_es: str = ""
    """The title in Spanish."""
    where: Mapping[str, str] = {}
    """Its codes, by dimension, several separated by `|`; all other dimensions are at their total."""
    share_of: Mapping[str, str] | None = None
    """The codes of the denominator of a share, in the same dataset."""
    denominator: str = ""
    """Of what it is a share, in words."""
    baseline: str = ""
    """The period before, or at, the document with which the latest figure is compared."""
    baseline_cited: str = ""
    """The id of a published figure in its place."""
    years: int = 1
    """Each figure is the sum of so many fiscal years."""
    unfinished: bool = False
    """A year counts also as it was last published before it was over, if a later year is there: where the last
    edition of a year comes some days before its end.
    """
    context: bool = False
    """It stands beside the provision and does not measure it: it counts something of which the document does
    not speak there.
    """
    target: int | None = None
    """The change since the baseline that was announced, in the unit of the dataset."""
    target_note: str = ""
    """What must be known of the target."""
    trap: str = ""
    """The sentence that keeps a reader from the commonest mistake; the dataset's, if not given."""


class Provision(Struct, frozen=True):
    """One action that the document announces."""

    number: int
    """Its number in the document."""
    id: str
    """What it is called in links."""
    title: str
    """The document's own heading, letter by letter."""
    text: str
    """The document's own words, letter by letter."""
    title_es: str = ""
    """The heading in Spanish."""
    indicators: tuple[Indicator, ...] = ()
    """What reports on it."""
    unknown: tuple[str, ...] = ()
    """What nobody can know, and why."""


class Document(Struct, frozen=True):
    """Where the provisions stand."""

    title: str
    """Its title."""
    publisher: str
    """Who published it."""
    date: datetime.date
    """When."""
    reference: str
    """The number under which it is kept."""
    name: str
    """What sentences call it (`fact sheet`)."""
    introduction: str
    """The clause that says who announced what in it; the number of provisions follows."""
    name_es: str = ""
    """What sentences in Spanish call it."""
    reporting: tuple[int, ...] = ()
    """The numbers of the provisions that announce the reporting itself."""


class Provisions(Struct, frozen=True):
    """The provisions in the order of their document."""

    document: Document
    """Where they stand."""
    provisions: tuple[Provision, ...]
    """The provisions."""


class Milestone(Struct, frozen=True):
    """Something due: what, by when, what came of it, and the evidence."""

    id: str
    """What it is called."""
    provision: int
    """The number of the provision."""
    what: str
    """What was due."""
    set_by: str
    """Who made it due: the document itself, or an order, a law or an agency, of which the document says
    nothing.
    """
    status: Literal["delivered", "delivered in part", "ended", "not delivered", "not known"]
    """What came of it; `ended`: it was given up."""
    evidence: str
    """How that is known."""
    source: str
    """Where it stands."""
    due: datetime.date | None = None
    """The day by which it was due."""
    delivered: datetime.date | None = None
    """The day on which it was delivered."""
    public: Literal["yes", "no", "not known"] = "not known"
    """Whether the public can read it."""
    as_of: datetime.date | None = None
    """The day for which the status speaks, where a text says it for a day."""


class Searched(Struct, frozen=True):
    """What was looked for to report on a provision, and what came of it: the rows of a table whose columns are periods."""

    id: str
    """What it is called."""
    provision: int
    """The number of the provision."""
    what: str
    """What was looked for; several lines of one thing are one row."""
    periods: tuple[str, ...]
    """Of which periods."""
    result: Literal["found", "found in part", "none found", "not at hand", "not public"]
    """What came of it; `not at hand`: it is published and was not read."""
    where: str
    """Where it was looked for."""


class Parameter(Struct, frozen=True):
    """A rule in force, to which figures of a provision refer."""

    id: str
    """What it is called."""
    provision: int
    """The number of the provision."""
    name: str
    """What is ruled."""
    value: str
    """How."""
    start: datetime.date
    """The first day on which it was in force."""
    citation: str
    """Where it stands."""
    end: datetime.date | None = None
    """The last day."""
    note: str = ""
    """What must be known of it."""


class Side(Struct, frozen=True):
    """One publisher's figures of a quantity: a series of a dataset, or cited figures."""

    label: str
    """Whose figures they are."""
    dataset: str = ""
    """The dataset."""
    where: Mapping[str, str] = {}
    """The codes of the series, by dimension, several separated by `|`; all other dimensions are at their
    total.
    """
    figures: tuple[str, ...] = ()
    """The ids of cited figures in `checks.csv`, in the place of a dataset."""


class Reconciliation(Struct, frozen=True):
    """The same quantity from different publishers, by year."""

    id: str
    """What it is called in links."""
    title: str
    """What it is called."""
    explained: Literal["yes", "partly", "no"]
    """Whether it is known why they differ."""
    explanation: str
    """Why they differ, as far as that is known."""
    sides: tuple[Side, ...]
    """The publishers' figures."""
    start: str = ""
    """The first year that is compared."""


class Reconciliations(Struct, frozen=True):
    """The reconciliations in the order of their page."""

    reconciliations: tuple[Reconciliation, ...]
    """The reconciliations."""
