"""What a release says of itself, of its datasets and of the standard, as frozen values.

The structs name only the fields that a page shows; a release may say more.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from borderstats.errors import ReleaseError


class Struct(msgspec.Struct, frozen=True):
    """A part of what a release says about itself."""


class File(Struct, frozen=True):
    """One file of the release: path inside it, SHA-256, size in bytes."""

    path: str
    sha256: str
    bytes: int


class Manifest(Struct, frozen=True):
    """The release's id, date, the software that made it, and its files."""

    id: str
    date: str
    software: str
    version: str
    standard: str
    files: tuple[File, ...]


class Overview(Struct, frozen=True):
    """The release as a whole: its datasets, and how many snapshots, gates and cells went into it."""

    datasets: tuple[str, ...]
    counts: Mapping[str, int]


class Finding(Struct, frozen=True):
    """One cell that a gate found."""

    cell: str
    text: str
    waiver: str = ""


class Gate(Struct, frozen=True):
    """A gate: what it says, how many cells it compared, which of them were waived."""

    id: str
    dataset: str
    rule: str
    sentence: str
    compared: int
    failed: tuple[Finding, ...]
    waived: tuple[Finding, ...]


class Code(Struct, frozen=True):
    """One category of a code list of the standard."""

    code: str
    label_en: str
    scope: str = ""
    note: str = ""
    label_es: str = ""
    parent: str = ""


class Concept(Struct, frozen=True):
    """What a dimension means."""

    label: str
    definition: str
    codelist: str
    source: str
    label_es: str = ""
    parents: str = ""


class Break(Struct, frozen=True):
    """From when figures before and after do not compare, and why.

    With `concepts` it concerns only figures that are split by one of these dimensions, or are not of its total.
    """

    id: str
    date: str
    title: str
    explanation: str
    source: str
    datasets: tuple[str, ...]
    concepts: tuple[str, ...] = ()


class Check(Struct, frozen=True):
    """A figure that a publisher printed; without a dataset, no dataset holds it."""

    id: str
    dataset: str
    key: Mapping[str, str]
    period: str
    value: float
    source: str


class Waiver(Struct, frozen=True):
    """The cells of a gate that may fail, with the reason."""

    id: str
    gate: str
    reason: str
    evidence: str


class Headline(Struct, frozen=True):
    """A figure of the home page."""

    dataset: str
    title: str
    where: tuple[str, ...]
    who: tuple[str, ...]


class KnownError(Struct, frozen=True):
    """An error of the publisher's own."""

    what: str
    reason: str
    evidence: str


class StandardSource(Struct, frozen=True):
    """One publisher's file format, as the standard has it."""

    id: str
    title: str
    publisher: str
    licence: str
    caveat: str
    page: str
    known_errors: tuple[KnownError, ...]


class DefinedDimension(Struct, frozen=True):
    """A dimension of a dataset in the standard."""

    concept: str
    total: str


class Defined(Struct, frozen=True):
    """A dataset as the standard defines it. `empty` is why no public source fills it, if none does."""

    id: str
    title: str
    counts: str
    unit: str
    provisions: tuple[int, ...] = ()
    dimensions: tuple[DefinedDimension, ...] = ()
    notes: tuple[str, ...] = ()
    trap: str = ""
    empty: str = ""


class Publisher(Struct, frozen=True):
    """Who publishes the release, and the address under which its files lie (with a slash at its end)."""

    id: str = "BORDERSTATS"
    name: str = "borderstats"
    name_es: str = ""
    address: str = "https://borderstats.example/"
    contact: str = "The publishers of borderstats"
    email: str = "statistics@borderstats.example"
    description: str = "Statistics on border security."
    description_es: str = ""
    licence: str = "Public domain"
    licence_address: str = "https://www.usa.gov/government-works"
    licence_id: str = "us-pd"
    keywords: tuple[str, ...] = ("border security",)
    bureau_codes: tuple[str, ...] = ()
    program_codes: tuple[str, ...] = ()


class Announcement(Struct, frozen=True):
    """A release that is announced for a day."""

    date: str
    title: str
    title_es: str = ""


class Standard(Struct, frozen=True):
    """The whole standard, as far as the pages tell it."""

    hash: str
    datasets: tuple[Defined, ...]
    concepts: Mapping[str, Concept]
    codelists: Mapping[str, tuple[Code, ...]]
    sources: tuple[StandardSource, ...]
    breaks: tuple[Break, ...]
    checks: tuple[Check, ...]
    waivers: tuple[Waiver, ...]
    home: tuple[Headline, ...]
    publisher: Publisher = Publisher()
    announcements: tuple[Announcement, ...] = ()


class Text(Struct, frozen=True):
    """A text in English and, where there is one, in Spanish."""

    en: str
    es: str = ""


class DimensionCode(Struct, frozen=True):
    """A code that a dataset uses."""

    code: str
    en: str
    note: str
    es: str = ""


class Dimension(Struct, frozen=True):
    """A dimension of a dataset. `total`: `published` (rows with the code `_T`) or `sum` over the codes."""

    id: str
    label: Text
    definition: str
    source: str
    total: str
    codes: tuple[DimensionCode, ...]


class Source(Struct, frozen=True):
    """A source of a dataset."""

    id: str
    title: str
    publisher: str
    page: str
    licence: str
    caveat: str
    known_errors: tuple[KnownError, ...]


class Snapshot(Struct, frozen=True):
    """One file of a publisher, and the day for which it speaks."""

    file: str
    title: str
    publisher: str
    as_of: str
    as_of_basis: str
    as_of_note: str
    obtained_from: str


class Chart(Struct, frozen=True):
    """A chart that the standard declares for a dataset."""

    title: str
    kind: str
    by: str
    where: Mapping[str, str]
    top: int
    start: str


class ListStep(Struct, frozen=True):
    """From one file of a list to the next: how many entries it has, and how many entered and left it."""

    before: str
    after: str
    entries: int
    added: int
    removed: int


class Metadata(Struct, frozen=True):
    """All that a release says of one dataset in words."""

    id: str
    title: Text
    counts: str
    unit: Code
    measure: Literal["flow", "stock", "average"]
    rounding: int
    first_period: str
    last_period: str
    observations: int
    values_in_history: int
    dimensions: tuple[Dimension, ...]
    sources: tuple[Source, ...]
    snapshots: tuple[Snapshot, ...]
    breaks: tuple[Break, ...]
    notes: tuple[str, ...]
    charts: tuple[Chart, ...]
    provisions: tuple[int, ...] = ()
    entries: tuple[ListStep, ...] = ()
    trap: str = ""
    decimals: int = 0

    def dimension(self, name: str) -> Dimension:
        """The dimension of that id; ReleaseError if the dataset has none."""
        for dimension in self.dimensions:
            if dimension.id == name:
                return dimension
        raise ReleaseError(f"data/{self.id}/metadata.json: no dimension {name!r}; build the release again")
