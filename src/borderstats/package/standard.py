"""The standard that a release was made with, as the release publishes it: `standard.json`."""

from collections.abc import Mapping

from borderstats.errors import ReleaseError
from borderstats.package.struct import Struct
from borderstats.periods import Calendar
from borderstats.standard import model
from borderstats.standard.codelists import Code
from borderstats.standard.office import Announcement, Office, Publisher
from borderstats.standard.sources import AnySource
from borderstats.standard.statuses import STATUSES, Status
from borderstats.standard.units import UNITS, Unit


class Standard(Struct, frozen=True):
    """The standard's own values. Provisions and their like are told with their figures in files of their own.

    `codelists` has all but those of the statuses of figures and of the units of count, which say more than other codes.
    """

    hash: str
    calendar: Calendar
    concepts: Mapping[str, model.Concept]
    codelists: Mapping[str, tuple[Code, ...]]
    statuses: tuple[Status, ...]
    units: tuple[Unit, ...]
    datasets: tuple[model.Dataset, ...]
    sources: tuple[AnySource, ...]
    breaks: tuple[model.Break, ...]
    checks: tuple[model.Check, ...]
    cited: tuple[model.CitedMeasure, ...]
    measures: tuple[model.Measure, ...]
    waivers: tuple[model.Waiver, ...]
    home: tuple[model.Headline, ...]
    office: Office
    announcements: tuple[Announcement, ...]
    topics: tuple[model.Topic, ...] = ()

    @property
    def spanish(self) -> bool:
        """Whether labels are in Spanish too."""
        return "es" in self.office.languages

    @property
    def publisher(self) -> Publisher:
        """Who publishes."""
        return self.office.publisher

    @property
    def lists(self) -> Mapping[str, tuple[Code, ...]]:
        """Every code list by its id, those of the statuses and units too."""
        return dict(sorted({**self.codelists, STATUSES: self.statuses, UNITS: self.units}.items()))

    @property
    def status(self) -> Mapping[str, Status]:
        """The statuses of figures by code."""
        return {status.code: status for status in self.statuses}

    @property
    def provisional(self) -> str:
        """The status of a figure that its publisher may still change; ReleaseError if none is said to be it."""
        for status in self.statuses:
            if status.role == "provisional":
                return status.code
        raise ReleaseError("standard.json: no status has the role provisional; build the release again")
