"""Who publishes the releases, where, and when the next ones are announced for."""

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
    name_es: str
    address: str
    contact: str
    email: str
    description: str
    description_es: str
    licence: str
    licence_address: str
    licence_id: str
    keywords: tuple[str, ...] = ()
    bureau_codes: tuple[str, ...] = ()
    program_codes: tuple[str, ...] = ()


class Announcement(Struct, frozen=True):
    """A release that is announced for a day."""

    date: datetime.date
    title: str
    title_es: str
