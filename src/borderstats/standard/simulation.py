"""What the simulator knows (`simulation.toml`): the published figures that synthetic encounters add up to, and what is
invented beside them.

Invented numbers are no estimate of anything. Quantiles are the values of a distribution at the `levels` of the file;
between them values are interpolated. What a value must be that its type alone does not say stands beside the type (`Meta`):
its bounds, the concept of a code, what shares add up to. `simulation_check` reads it there.
"""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from borderstats.standard.struct import Struct

FIELDS: Mapping[str, Mapping[str, str]] = {
    "encounter": {
        "event_key": "", "person_key": "", "encounter_time": "", "component": "component", "region": "region",
        "office": "office", "title": "title", "encounter_type": "encounter_type", "citizenship": "citizenship",
        "demographic": "demographic", "age": "", "entry_time": "", "distance_miles": "",
    },
    "custody": {
        "spell_key": "", "event_key": "", "person_key": "", "holding_agency": "component", "place": "",
        "demographic": "demographic", "book_in": "", "book_out": "", "release_reason": "release_reason",
    },
    "outcome": {
        "outcome_key": "", "event_key": "", "person_key": "", "outcome_time": "", "event_outcome": "event_outcome",
        "repatriation_type": "repatriation_type",
    },
    "screening": {
        "screening_key": "", "event_key": "", "person_key": "", "screening_kind": "screening_kind", "referred": "",
        "decided": "", "fear_result": "fear_result",
    },
    "prosecution": {"referral_key": "", "event_key": "", "person_key": "", "referral_time": "", "statute": "statute"},
}  # fmt: skip
"""The families of the records that are made, in this order, and the fields of each with their concepts."""

FAMILIES = tuple(FIELDS)

CASE_FIELDS = ("component", "region", "title", "demographic", "citizenship")
"""The fields of an encounter on which anything invented can depend: every encounter has them."""

MOST_CODES = 512
"""How many codes a list of the margins' tables can have: the keys of their cells hold no more."""

_LARGEST = 1_000_000

Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=1, le=_LARGEST)]
Span = Annotated[int, Meta(ge=0, le=_LARGEST)]
Levels = Annotated[tuple[Share, ...], Meta(min_length=2)]
Quantiles = Annotated[
    tuple[Annotated[float, Meta(ge=0, le=_LARGEST)], ...], Meta(min_length=2, extra={"quantiles": True})
]

Citizenship = Annotated[str, Meta(extra={"concept": "citizenship"})]
Component = Annotated[str, Meta(extra={"concept": "component"})]
Demographic = Annotated[str, Meta(extra={"concept": "demographic"})]
EncounterType = Annotated[str, Meta(extra={"concept": "encounter_type"})]
FearResult = Annotated[str, Meta(extra={"concept": "fear_result"})]
Outcome = Annotated[str, Meta(extra={"concept": "event_outcome"})]
Region = Annotated[str, Meta(extra={"concept": "region"})]
ReleaseReason = Annotated[str, Meta(extra={"concept": "release_reason"})]
RepatriationType = Annotated[str, Meta(extra={"concept": "repatriation_type"})]
ScreeningKind = Annotated[str, Meta(extra={"concept": "screening_kind"})]
Statute = Annotated[str, Meta(extra={"concept": "statute"})]

_PART = Meta(extra={"shares": "part"})
_WHOLE = Meta(extra={"shares": "whole"})
Outcomes = Annotated[Mapping[Outcome, Share], _PART]
ReleaseReasons = Annotated[Mapping[ReleaseReason, Share], _WHOLE]


class Exact(Struct, frozen=True):
    """A table that has the components of one `region`, by title, demographic and citizenship.

    `others` is the group in which it puts the citizenships that it does not name.
    """

    dataset: str
    region: Region
    others: Citizenship


class Rounded(Struct, frozen=True):
    """A table of the first component's encounters in all regions, rounded, by demographic and by citizenship.

    `others` is the group in which the cells put the citizenships that they do not name. `largest_share` (and 1 less it)
    bounds the share of a citizenship's encounters that is the first component's.
    """

    dataset: str
    others: Citizenship
    largest_share: Annotated[float, Meta(ge=0.5, lt=1)]


class Offices(Struct, frozen=True):
    """A table by office of one component: of one `region`, if it is not by region itself."""

    dataset: str
    component: Component
    region: Region | None = None


class Margins(Struct, frozen=True):
    """The published tables that the encounters add up to.

    `cells` is met to the event by region, title, demographic and citizenship. Each of its cells is shared out between two
    `components`: as `exact` has them in its region, elsewhere as `rounded` has the first. Then each component's cells are
    shared out among the `offices` of the first entry with figures; where there is none, the office is missing. `regions`
    says, by dataset, what the cells' region is called there, if otherwise.
    """

    cells: str
    components: tuple[Component, Component]
    exact: Exact
    rounded: Rounded
    offices: tuple[Offices, ...]
    regions: Mapping[str, Mapping[Region, Region]] = {}

    @property
    def datasets(self) -> tuple[str, ...]:
        """The ids of all tables, each once."""
        named = (self.cells, self.exact.dataset, self.rounded.dataset, *(one.dataset for one in self.offices))
        return tuple(dict.fromkeys(named))


class Case(Struct, frozen=True, kw_only=True):
    """An entry for the encounters whose codes are among those of `when`, field by field; without it, for all.

    Of several entries the first that fits an encounter counts.
    """

    when: Mapping[str, tuple[str, ...]] = {}


_SOME = Meta(extra={"entries for": "some"})
_EVERY = Meta(extra={"entries for": "every"})


class Chance(Case, frozen=True, kw_only=True):
    """The share of some encounters to which something happens."""

    share: Share


class Ages(Case, frozen=True, kw_only=True):
    """Ages in completed years: their quantiles, and from which age to which a person is encountered again as such."""

    years: Quantiles
    youngest: Span
    oldest: Span


class Persons(Struct, frozen=True):
    """Who is encountered, and who returns.

    `missing` is the share of encounters without a person; `returning` the shares of which a person is looked for among
    those who left, with the same citizenship and demographic; `remembered` the share of those who left that is kept for
    it. Nobody returns within `gap_hours` of having left, nor later than `memory_days` after the last encounter.
    """

    missing: Share
    age_missing: Share
    ages: Annotated[tuple[Ages, ...], _EVERY]
    returning: Annotated[tuple[Chance, ...], _SOME]
    remembered: Share
    gap_hours: Span
    memory_days: Span


class Entry(Case, frozen=True, kw_only=True):
    """Hours from entry to encounter, and the share of encounters without; of all others there is no entry."""

    hours: Quantiles
    missing: Share


class Distance(Case, frozen=True, kw_only=True):
    """Miles from the land border, and the share of encounters without; of all others they are `elsewhere`."""

    miles: Quantiles
    missing: Share
    elsewhere: Annotated[float, Meta(ge=0, le=_LARGEST)]


class First(Case, frozen=True, kw_only=True):
    """The shares of first dispositions; what is missing to 1 stays pending."""

    outcomes: Outcomes


class Wait(Case, frozen=True, kw_only=True):
    """Hours from the encounter to the first disposition."""

    hours: Quantiles


class Dispositions(Struct, frozen=True):
    """First dispositions and when they are made."""

    first: Annotated[tuple[First, ...], _SOME]
    waits: Annotated[tuple[Wait, ...], _EVERY]


class Custody(Struct, frozen=True):
    """Custody at the component that encountered: from a share `book_in` of the wait to the first disposition.

    `place` is what a place is called, before the office or component.
    """

    place: str
    book_in: Share
    held: Annotated[tuple[Chance, ...], _SOME]


class Detention(Struct, frozen=True):
    """Custody at another `component`, for the share `after` each first disposition.

    It begins `delay_hours` after the disposition and lasts for `days`, in one of so many `places`, each called `place` with
    a number. `reasons` are the shares of reasons of the book-out by later outcome, `otherwise` those without such an outcome.
    """

    component: Component
    place: str
    places: Count
    after: Mapping[Outcome, Share]
    delay_hours: Span
    days: Quantiles
    reasons: Mapping[Outcome, ReleaseReasons]
    otherwise: ReleaseReasons


class Later(Struct, frozen=True):
    """Later outcomes: their shares by first disposition, and days from it for those who are not detained."""

    outcomes: Mapping[Outcome, Outcomes]
    days: Quantiles


class Repatriation(Struct, frozen=True):
    """With which `outcomes` a person leaves, and the type of it by first disposition, `otherwise` of all others."""

    outcomes: tuple[Outcome, ...]
    types: Mapping[Outcome, RepatriationType]
    otherwise: RepatriationType


class ScreeningAfter(Struct, frozen=True, tag_field="timing", tag="after"):
    """A screening of the share of those with a first `disposition`, to which it refers them.

    `days` are those from referral to decision, `results` the shares of its results.
    """

    kind: ScreeningKind
    disposition: Outcome
    share: Share
    days: Quantiles
    results: Annotated[Mapping[FearResult, Share], _WHOLE]


class ScreeningBefore(Struct, frozen=True, tag_field="timing", tag="before"):
    """A screening of the share of those with a first `disposition` that is decided with it and has no result of its own.

    `referred` is the share of the wait after which it begins.
    """

    kind: ScreeningKind
    disposition: Outcome
    share: Share
    referred: Share


Screening = ScreeningAfter | ScreeningBefore


class Prosecution(Struct, frozen=True):
    """Which encounters are referred for prosecution, and the shares of statutes."""

    referred: Annotated[tuple[Chance, ...], _SOME]
    statutes: Annotated[Mapping[Statute, Share], _WHOLE]


class Mistakes(Struct, frozen=True):
    """What is put into records on purpose.

    A person whose demographic is one of `children` gets the age `age`; an encounter gets the other one of two `types`; a
    spell ends `early_hours` before it begins.
    """

    children: tuple[Demographic, ...]
    age: Span
    types: tuple[EncounterType, EncounterType]
    early_hours: Count


class Simulation(Struct, frozen=True):
    """The file `simulation.toml`.

    `levels` are those of all quantiles. Events later than `cutoff_days` after the last month of encounters are not recorded.
    """

    levels: Levels
    cutoff_days: Span
    margins: Margins
    persons: Persons
    entry: Entry
    distance: Distance
    dispositions: Dispositions
    custody: Custody
    detention: Detention
    later: Later
    repatriation: Repatriation
    screenings: Annotated[tuple[Screening, ...], Meta(min_length=1)]
    prosecution: Prosecution
    mistakes: Mistakes
