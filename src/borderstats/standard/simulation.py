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
    """A table that has the components of one region, by title, demographic and citizenship."""

    dataset: str
    """The table."""
    region: Region
    """The region."""
    others: Citizenship
    """The group in which it puts the citizenships that it does not name."""


class Rounded(Struct, frozen=True):
    """A table of the first component's encounters in all regions, rounded, by demographic and by citizenship."""

    dataset: str
    """The table."""
    others: Citizenship
    """The group in which the cells put the citizenships that they do not name."""
    largest_share: Annotated[float, Meta(ge=0.5, lt=1)]
    """It, and 1 less it, bounds the share of a citizenship's encounters that is the first component's."""


class Offices(Struct, frozen=True):
    """A table by office of one component."""

    dataset: str
    """The table."""
    component: Component
    """The component."""
    region: Region | None = None
    """The region that it is of, if it is not by region itself."""


class Margins(Struct, frozen=True):
    """The published tables that the encounters add up to.

    `cells` is met to the event by region, title, demographic and citizenship. Each of its cells is shared out between two
    `components`: as `exact` has them in its region, elsewhere as `rounded` has the first. Then each component's cells are
    shared out among the `offices` of the first entry with figures; where there is none, the office is missing. `regions`
    says, by dataset, what the cells' region is called there, if otherwise.
    """

    cells: str
    """The table that is met to the event, by region, title, demographic and citizenship."""
    components: tuple[Component, Component]
    """The two between which its cells are shared out."""
    exact: Exact
    """How they are shared out in one region."""
    rounded: Rounded
    """How they are shared out elsewhere."""
    offices: tuple[Offices, ...]
    """Tables by office, among whose offices the cells of a component are shared out: the first with figures
    counts; without one, the office is missing.
    """
    regions: Mapping[str, Mapping[Region, Region]] = {}
    """What the cells' regions are called in a table, by dataset, if otherwise."""

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
    """The codes of the encounters that it is for, field by field; all, if not given."""


_SOME = Meta(extra={"entries for": "some"})
_EVERY = Meta(extra={"entries for": "every"})


class Chance(Case, frozen=True, kw_only=True):
    """The share of some encounters to which something happens."""

    share: Share
    """The share."""


class Ages(Case, frozen=True, kw_only=True):
    """Ages in completed years."""

    years: Quantiles
    """Their quantiles."""
    youngest: Span
    """The youngest age at which a person is encountered again as such."""
    oldest: Span
    """The oldest one."""


class Persons(Struct, frozen=True):
    """Who is encountered, and who returns."""

    missing: Share
    """The share of encounters without a person."""
    age_missing: Share
    """The share of encounters without an age."""
    ages: Annotated[tuple[Ages, ...], _EVERY]
    """The ages; the last entry has no `when`."""
    returning: Annotated[tuple[Chance, ...], _SOME]
    """The shares of encounters of which a person is looked for among those who left, with the same
    citizenship and demographic.
    """
    remembered: Share
    """The share of those who left that is kept for it."""
    gap_hours: Span
    """Nobody returns sooner after having left."""
    memory_days: Span
    """Nobody returns later after the last encounter."""


class Entry(Case, frozen=True, kw_only=True):
    """The time from entry to encounter; of encounters without an entry here there is none."""

    hours: Quantiles
    """Its quantiles, in hours."""
    missing: Share
    """The share of encounters without."""


class Distance(Case, frozen=True, kw_only=True):
    """The distance from the land border."""

    miles: Quantiles
    """Its quantiles, in miles."""
    missing: Share
    """The share of encounters without."""
    elsewhere: Annotated[float, Meta(ge=0, le=_LARGEST)]
    """The miles of all other encounters."""


class First(Case, frozen=True, kw_only=True):
    """The shares of first dispositions; what is missing to 1 stays pending."""

    outcomes: Outcomes
    """The shares of first dispositions."""


class Wait(Case, frozen=True, kw_only=True):
    """Hours from the encounter to the first disposition."""

    hours: Quantiles
    """Its quantiles, in hours."""


class Dispositions(Struct, frozen=True):
    """First dispositions and when they are made."""

    first: Annotated[tuple[First, ...], _SOME]
    """The shares of first dispositions."""
    waits: Annotated[tuple[Wait, ...], _EVERY]
    """The time from the encounter to them; the last entry has no `when`."""


class Custody(Struct, frozen=True):
    """Custody at the component that encountered."""

    place: str
    """What a place is called, before the office or component."""
    book_in: Share
    """The share of the wait to the first disposition after which it begins."""
    held: Annotated[tuple[Chance, ...], _SOME]
    """The shares of encounters that are held."""


class Detention(Struct, frozen=True):
    """Custody at another component."""

    component: Component
    """The component."""
    place: str
    """What its places are called, before a number."""
    places: Count
    """How many places there are."""
    after: Mapping[Outcome, Share]
    """The share of those with each first disposition that is detained."""
    delay_hours: Span
    """The hours after the disposition when it begins."""
    days: Quantiles
    """How long it lasts: quantiles, in days."""
    reasons: Mapping[Outcome, ReleaseReasons]
    """The shares of reasons of the book-out, by later outcome."""
    otherwise: ReleaseReasons
    """The shares of reasons without such an outcome."""


class Later(Struct, frozen=True):
    """Later outcomes."""

    outcomes: Mapping[Outcome, Outcomes]
    """Their shares, by first disposition."""
    days: Quantiles
    """The time from the first disposition to them of those who are not detained: quantiles, in days."""


class Repatriation(Struct, frozen=True):
    """With which outcomes a person leaves."""

    outcomes: tuple[Outcome, ...]
    """The outcomes."""
    types: Mapping[Outcome, RepatriationType]
    """The type of repatriation, by first disposition."""
    otherwise: RepatriationType
    """The type after all others."""


class ScreeningAfter(Struct, frozen=True, tag_field="timing", tag="after"):
    """A screening to which a first disposition refers."""

    kind: ScreeningKind
    """The kind of screening."""
    disposition: Outcome
    """The first disposition."""
    share: Share
    """The share of those with it."""
    days: Quantiles
    """The time from referral to decision: quantiles, in days."""
    results: Annotated[Mapping[FearResult, Share], _WHOLE]
    """The shares of its results."""


class ScreeningBefore(Struct, frozen=True, tag_field="timing", tag="before"):
    """A screening that is decided with the first disposition and has no result of its own."""

    kind: ScreeningKind
    """The kind of screening."""
    disposition: Outcome
    """The first disposition."""
    share: Share
    """The share of those with it."""
    referred: Share
    """The share of the wait after which it begins."""


Screening = ScreeningAfter | ScreeningBefore


class Prosecution(Struct, frozen=True):
    """Which encounters are referred for prosecution."""

    referred: Annotated[tuple[Chance, ...], _SOME]
    """The shares of encounters."""
    statutes: Annotated[Mapping[Statute, Share], _WHOLE]
    """The shares of statutes."""


class Mistakes(Struct, frozen=True):
    """What is put into records on purpose."""

    children: tuple[Demographic, ...]
    """The demographics of which a person gets the age `age`."""
    age: Span
    """That age."""
    types: tuple[EncounterType, EncounterType]
    """Two types of encounter, of which an encounter gets the other one."""
    early_hours: Count
    """The hours by which a spell ends before it begins."""


class Simulation(Struct, frozen=True):
    """What synthetic records are made of."""

    levels: Levels
    """The shares of records at or below the values of all quantiles, from 0 to 1."""
    cutoff_days: Span
    """Events later than so many days after the last month of encounters are not recorded."""
    margins: Margins
    """The published tables that the encounters add up to."""
    persons: Persons
    """Who is encountered."""
    entry: Entry
    """When they entered."""
    distance: Distance
    """How far from the border."""
    dispositions: Dispositions
    """What is decided first."""
    custody: Custody
    """Where they are held."""
    detention: Detention
    """Where they are detained."""
    later: Later
    """What is decided later."""
    repatriation: Repatriation
    """With which outcomes they leave."""
    screenings: Annotated[tuple[Screening, ...], Meta(min_length=1)]
    """Screenings of fear."""
    prosecution: Prosecution
    """Who is prosecuted."""
    mistakes: Mistakes
    """What `--errors` puts in."""
