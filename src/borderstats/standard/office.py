"""The office that publishes by the standard: the standard's version, its languages, what its pages are called, who publishes."""

import datetime

from borderstats.standard.struct import Struct


class Publisher(Struct, frozen=True):
    """The publisher, as catalogues and services name it.

    `id` is its id as an SDMX agency; `address` the address under which the public files lie, with a slash at its end;
    `licence_id` a short name of the licence as catalogues of data packages know it. `bureau_codes`
    and `program_codes` are those of the federal budget, which catalogues of federal offices must give (`024:58`, `024:000`).
    """

    id: str
    name: str
    address: str
    contact: str
    email: str
    description: str
    licence: str
    licence_address: str
    licence_id: str
    name_es: str = ""
    description_es: str = ""
    keywords: tuple[str, ...] = ()
    bureau_codes: tuple[str, ...] = ()
    program_codes: tuple[str, ...] = ()


class Office(Struct, frozen=True):
    """What an office says of itself and of its standard.

    `version` is that of the standard, three numbers (https://semver.org/): the first rises when a code, a dimension or a
    dataset goes or means something else, the second when one is added, the third when only words change. `languages`
    are those of the standard's labels, the main one first. `title` and `subtitle` head the home page, `lede` follows
    them; `subject` is what the statistics are about, as a citation says it; `counted` are the paragraphs that say what
    the figures count and what they do not; `about` stands at the foot of every page.
    """

    version: str
    languages: tuple[str, ...]
    title: str
    subtitle: str
    subject: str
    lede: str
    counted: tuple[str, ...]
    about: str
    publisher: Publisher
    title_es: str = ""
    subtitle_es: str = ""


class Announcement(Struct, frozen=True):
    """A release that is announced for a day."""

    date: datetime.date
    title: str
    title_es: str = ""
