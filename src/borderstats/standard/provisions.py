"""The provisions of a document as frozen values: indicators, milestones, dated parameters, reconciliations."""

import datetime
from collections.abc import Mapping
from typing import Literal

from borderstats.standard.struct import Struct


class Indicator(Struct, frozen=True):
    """What tells how a provision stands: one series of a dataset, or the share of one series in another.

    `where` gives the codes (several separated by `|`; all other dimensions at their total), `share_of` the codes of the denominator in the same
    dataset. `baseline` is the period before or at January 2017 with which the latest figure is compared,
    `baseline_cited` the id of a published figure in its place, `target` the change since then that was announced, in
    the unit of the dataset. With `years`, each figure is the sum of so many fiscal years. `context`: it stands beside
    the provision and does not measure it: it counts something of which the document does not speak there. `trap` keeps a reader from the commonest mistake; without one, the
    dataset's holds.
    """

    id: str
    title: str
    dataset: str
    title_es: str = ""
    where: Mapping[str, str] = {}
    share_of: Mapping[str, str] | None = None
    denominator: str = ""
    baseline: str = ""
    baseline_cited: str = ""
    years: int = 1
    context: bool = False
    target: int | None = None
    target_note: str = ""
    trap: str = ""


class Provision(Struct, frozen=True):
    """One action that the document announces, the indicators that report on it, and what nobody can know.

    `title` and `text` are the document's own heading and words, letter by letter; `title_es` translates the heading.
    """

    number: int
    id: str
    title: str
    text: str
    title_es: str = ""
    indicators: tuple[Indicator, ...] = ()
    unknown: tuple[str, ...] = ()


class Document(Struct, frozen=True):
    """Where the provisions stand: title, who published it and when, and the number under which it is kept.

    `name` is what sentences call it (`fact sheet`), `introduction` the clause that says who announced what in it, to
    which the number of provisions is added; `reporting` are the numbers of those that announce the reporting itself.
    """

    title: str
    publisher: str
    date: datetime.date
    reference: str
    name: str
    introduction: str
    name_es: str = ""
    reporting: tuple[int, ...] = ()


class Provisions(Struct, frozen=True):
    """The provisions in the order of their document."""

    document: Document
    provisions: tuple[Provision, ...]


class Milestone(Struct, frozen=True):
    """Something due: what, by when, what came of it, and the evidence.

    `set_by` says who made it due: the document itself, or an order, a law or an agency, of which the document says nothing.
    """

    id: str
    provision: int
    what: str
    set_by: str
    status: Literal["delivered", "delivered in part", "not delivered", "not known"]
    evidence: str
    source: str
    due: datetime.date | None = None
    delivered: datetime.date | None = None
    public: Literal["yes", "no", "not known"] = "not known"


class Parameter(Struct, frozen=True):
    """A rule in force from a day to a day, with its citation, to which figures of a provision refer."""

    id: str
    provision: int
    name: str
    value: str
    start: datetime.date
    citation: str
    end: datetime.date | None = None
    note: str = ""


class Side(Struct, frozen=True):
    """One publisher's figures of a quantity: a series of a dataset, or cited figures by their ids."""

    label: str
    dataset: str = ""
    where: Mapping[str, str] = {}
    figures: tuple[str, ...] = ()


class Reconciliation(Struct, frozen=True):
    """The same quantity from different publishers, by fiscal year, and why they differ, as far as that is known."""

    id: str
    title: str
    explained: Literal["yes", "partly", "no"]
    explanation: str
    sides: tuple[Side, ...]
    start: str = ""


class Reconciliations(Struct, frozen=True):
    """The reconciliations in the order of their page."""

    reconciliations: tuple[Reconciliation, ...]
