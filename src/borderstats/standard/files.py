"""The files of a standard, and what stands in each: a struct, a table of structs by name, or a list of them."""

import functools
from collections.abc import Mapping
from fnmatch import fnmatch
from typing import Any

from borderstats.periods import Calendar
from borderstats.standard.codelists import Code
from borderstats.standard.joined import JoinedSeries
from borderstats.standard.layouts import Layout
from borderstats.standard.model import (
    Break,
    Check,
    CitedMeasure,
    Concept,
    Dataset,
    Headlines,
    Measure,
    Topics,
    Waiver,
)
from borderstats.standard.office import Announcement, Office
from borderstats.standard.protection import Protections
from borderstats.standard.provisions import (
    Milestone,
    Parameter,
    Provisions,
    Reconciliations,
    Searched,
)
from borderstats.standard.records import Family
from borderstats.standard.simulation import Simulation
from borderstats.standard.sources import AnySource
from borderstats.standard.statuses import STATUSES, Status
from borderstats.standard.tables import AnyTableSpec
from borderstats.standard.units import UNITS, Unit
from borderstats.standard.versions import Version

FILES: Mapping[str, Any] = {
    "office.toml": Office,
    "calendar.toml": Calendar,
    "concepts.toml": dict[str, Concept],
    f"codelists/{STATUSES}.csv": Status,
    f"codelists/{UNITS}.csv": Unit,
    "codelists/*.csv": Code,
    "datasets/*.toml": Dataset,
    "sources/*.toml": AnySource,
    "provisions.toml": Provisions,
    "milestones.csv": Milestone,
    "searched.csv": Searched,
    "parameters.csv": Parameter,
    "reconciliations.toml": Reconciliations,
    "joined.toml": JoinedSeries,
    "home.toml": Headlines,
    "topics.toml": Topics,
    "breaks.csv": Break,
    "checks.csv": Check,
    "cited.csv": CitedMeasure,
    "measures.csv": Measure,
    "waivers.csv": Waiver,
    "announcements.csv": Announcement,
    "versions.csv": Version,
    "records/*.toml": Family,
    "layouts/*.toml": Layout,
    "tables/*.toml": AnyTableSpec,
    "protection.toml": Protections,
    "simulation.toml": Simulation,
}
"""What stands in a TOML file, or in a row of a CSV file, by the file's name or the pattern of its name."""

REQUIRED = ("office.toml", "concepts.toml")
"""Those without which nothing can be read. Of the others a standard has those that it needs."""


@functools.cache
def holds(name: str) -> Any:
    """What stands in a file of that name; None if a standard has no such file."""
    return next((kind for pattern, kind in FILES.items() if fnmatch(name, pattern)), None)
