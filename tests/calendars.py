"""Calendars of offices, and a slow reference for when fiscal years begin."""

import datetime
from pathlib import Path

import msgspec
from hypothesis import strategies as st

from borderstats.periods import Calendar, FiscalYears

FEDERAL = msgspec.toml.decode(
    (Path(__file__).parents[1] / "standard/calendar.toml").read_bytes(), type=Calendar
)
"""From October since fiscal year 1977, from July before."""

APRIL = Calendar("end", (FiscalYears(4),))
"""Fiscal year 2024 runs from April 2023 to March 2024."""

NONE = Calendar()
"""No fiscal year."""


def any_calendar():
    """Calendars of up to three rules."""
    changes = st.lists(
        st.tuples(st.integers(1905, 2110), st.integers(1, 12)), max_size=2, unique_by=lambda change: change[0]
    )
    return st.builds(
        lambda named_by, first, later: Calendar(
            named_by, (FiscalYears(first), *(FiscalYears(month, since) for since, month in sorted(later)))
        ),
        st.sampled_from(["end", "start"]),
        st.integers(1, 12),
        changes,
    )


class Reference:
    """The fiscal year of a day, by counting years one by one and days within them."""

    def __init__(self, calendar, years=range(1890, 2125)):
        rule = {}
        for year in years:
            rule[year] = [one for one in calendar.rules if one.since <= year][-1]
        begins = {}
        for year in years:
            month = rule[year].month
            early = calendar.named_by == "end" and month > 1
            begins[year] = datetime.date(year - 1 if early else year, month, 1)
        self.days = {}
        for year in years[:-1]:
            natural = begins[year].replace(year=begins[year].year + 1)
            after = min(natural, begins[year + 1])
            self.days[year] = (begins[year], after - datetime.timedelta(days=1))

    def year(self, day):
        """The year of a day, and whether the day lies in it or after it, in none."""
        year = max(one for one, (first, _) in self.days.items() if first <= day)
        return year, day <= self.days[year][1]
