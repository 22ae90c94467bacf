"""The standard that a release was made with, as the release publishes it: `standard.json`."""

from collections.abc import Mapping

from borderstats.package.struct import Struct
from borderstats.periods import Calendar
from borderstats.standard import model
from borderstats.standard.office import Announcement, Office, Publisher
from borderstats.standard.sources import AnySource


class Standard(Struct, frozen=True):
    """The standard's own values. Provisions and their like are told with their figures in files of their own."""

    hash: str
    calendar: Calendar
    concepts: Mapping[str, model.Concept]
    codelists: Mapping[str, tuple[model.Code, ...]]
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

    @property
    def publisher(self) -> Publisher:
        """Who publishes."""
        return self.office.publisher
