"""Times in a request, by the name of the parameter that has them; Problem for what is none."""

import datetime

from borderstats import periods
from borderstats.periods import Calendar
from borderstats.serve.problem import bad
from borderstats.serve.request import Request

Span = tuple[datetime.date, datetime.date]


def span(calendar: Calendar, written: str, name: str) -> Span:
    """The first and the last day of a period in a request."""
    try:
        return periods.span(calendar, written)
    except ValueError as error:
        raise bad(f"{name}: {error}") from None


def moment(written: str, name: str) -> datetime.date:
    """The day of a date or a date and time."""
    try:
        return periods.moment(written)
    except ValueError as error:
        raise bad(f"{name}: {error}") from None


def since_until(
    request: Request, since: str, until: str
) -> tuple[datetime.date | None, datetime.date | None]:
    """The days of two parameters, after the first and until the second; None for what is not given."""
    written = request.one(since), request.one(until)
    first, last = (
        moment(one, name) if one else None for one, name in zip(written, (since, until), strict=True)
    )
    if first and last and first > last:
        raise bad(f"{since}: it is after {until}; give an earlier day")
    return first, last
