"""What contradicts itself in what an office says of itself; each finding is `file: $.path: what is wrong, what to do`."""

import re
from collections.abc import Iterator

from borderstats.standard.office import Office

VERSION = re.compile(r"(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}", re.ASCII)
"""Three numbers with points between them."""

LANGUAGES = ("en", "es")
"""The languages in which a standard can have labels, in their order: without a suffix or `_en`, and `_es`."""


def contradictions(office: Office) -> Iterator[str]:
    """Every contradiction in `office.toml`, one line each."""
    if not VERSION.fullmatch(office.version):
        yield f"office.toml: $.version: {office.version!r} is not three numbers with points between them, such as 1.0.0"
    if office.languages != LANGUAGES[: len(office.languages)] or not office.languages:
        yield f'office.toml: $.languages: must be ["en"] or ["en", "es"], not {list(office.languages)}; a standard has its labels in these languages'
    publisher = office.publisher
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", publisher.id, re.ASCII):
        yield "office.toml: $.publisher.id: an SDMX agency's id begins with a letter and has letters, digits, - and _ only"
    for name, address in (("address", publisher.address), ("licence_address", publisher.licence_address)):
        if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", address):
            yield f"office.toml: $.publisher.{name}: {address!r} is not the address of a page"
    if not publisher.address.endswith("/"):
        yield "office.toml: $.publisher.address: must end with a slash, for paths follow it"
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", publisher.email):
        yield f"office.toml: $.publisher.email: {publisher.email!r} is not the address of a mailbox"
