"""Announced releases, and this one, as an iCalendar file (RFC 5545): a whole day each."""

import datetime
import uuid
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from borderstats.package.model import Package

NAME = "calendar.ics"
"""The name of the file in the release's folder."""


def document(package: Package) -> bytes:
    """The calendar, in UTF-8."""
    publisher = package.standard.publisher
    released = package.manifest.date
    host = urlsplit(publisher.address).hostname
    calendar = Calendar()
    calendar.add("prodid", f"-//{publisher.name}//releases//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{publisher.name}: releases")
    days = [(released, f"{publisher.name}: release")]
    days += [
        (one.date, one.title) for one in package.standard.announcements if one.date != package.manifest.date
    ]
    for day, title in sorted(days):
        event = Event()
        event.add("uid", f"{uuid.uuid5(uuid.NAMESPACE_URL, f'{publisher.address}{day}/{title}')}@{host}")
        # When the calendar was made: a date, for a release knows no clock.
        event.add("dtstamp", datetime.datetime.combine(released, datetime.time(), datetime.UTC))
        event.add("dtstart", day)
        event.add("dtend", day + datetime.timedelta(days=1))
        event.add("summary", title)
        event.add("url", publisher.address)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
