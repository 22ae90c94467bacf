"""The office that publishes by the standard: the standard's version, its languages, what its pages are called, who publishes."""

import datetime

from borderstats.standard.struct import Struct


class Publisher(Struct, frozen=True):
    """The publisher, as catalogues and services name it."""

    id: str
    """Its id as an SDMX agency."""
    name: str
    """What it is called."""
    address: str
    """The address under which the public files lie, with a slash at its end."""
    contact: str
    """Whom to ask."""
    email: str
    """The address of a mailbox."""
    description: str
    """What it publishes."""
    licence: str
    """The licence of the figures."""
    licence_address: str
    """Where the licence stands."""
    licence_id: str
    """A short name of it, as catalogues of data packages know it."""
    name_es: str = ""
    """The name in Spanish."""
    description_es: str = ""
    """The description in Spanish."""
    keywords: tuple[str, ...] = ()
    """Words by which catalogues find the figures."""
    bureau_codes: tuple[str, ...] = ()
    """The bureau in the federal budget (`024:58`), which catalogues of federal offices must give."""
    program_codes: tuple[str, ...] = ()
    """The program in the federal budget (`024:000`), likewise."""


class Office(Struct, frozen=True):
    """What an office says of itself and of its standard."""

    version: str
    """That of the standard, three numbers (https://semver.org/): the first rises when a code, a dimension or
    a dataset goes or means something else, the second when one is added, the third when only words change.
    """
    languages: tuple[str, ...]
    """The languages of the standard's labels, the main one first: `en`, and `es` if it has Spanish ones."""
    title: str
    """The heading of the home page."""
    subtitle: str
    """What stands below it."""
    subject: str
    """What the statistics are about, as a citation says it."""
    lede: str
    """What follows the heading of the home page."""
    counted: tuple[str, ...]
    """Paragraphs that say what the figures count and what they do not."""
    about: str
    """What stands at the foot of every page."""
    publisher: Publisher
    """Who publishes."""
    title_es: str = ""
    """The title in Spanish."""
    subtitle_es: str = ""
    """The subtitle in Spanish."""


class Announcement(Struct, frozen=True):
    """A release that is announced for a day."""

    date: datetime.date
    """The day."""
    title: str
    """What is announced."""
    title_es: str = ""
    """The title in Spanish."""
