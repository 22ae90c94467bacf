"""The words of pages, looked up in one catalogue for each language (gettext).

A message has a key (`home.trust`), and each language its words for it in `locale/<language>.po`, English too: so neither
an edit nor a further language touches a template. Monolingual catalogues are what translators' tools call this.
The messages of templates are HTML, whose values are escaped; those of Python are plain text.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
"""The folder of the catalogues."""

MAIN = "en"

# The language is that of the rendering at hand, as gettext's own is: nearly every function of charts and pages ends in
# words, and would have to hand it on to the next.
_rendering: ContextVar[NullTranslations] = ContextVar("rendering")


@contextmanager
def rendering(catalogue: NullTranslations) -> Iterator[None]:
    """Within it, words are those of the catalogue; outside of any, English."""
    token = _rendering.set(catalogue)
    try:
        yield
    finally:
        _rendering.reset(token)


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages of a language; FileNotFoundError if there is no catalogue of it."""
    with (LOCALE / f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


def message(key: str) -> str:
    """A message as the catalogue has it, with its placeholders."""
    return (_rendering.get(None) or catalogue(MAIN)).gettext(key)


def plural(key: str, amount: int) -> str:
    """A message in the number of an amount, with its placeholders."""
    return (_rendering.get(None) or catalogue(MAIN)).ngettext(key, key, amount)


def text(key: str, **values: object) -> str:
    """A message with its values: `%(year)s` stands for `year`."""
    return message(key) % values


def counted(key: str, amount: int, **values: object) -> str:
    """A message about an amount, of which `%(num)s` stands for the number: `1 cell`, `2,000 cells`."""
    return plural(key, amount) % {"num": f"{amount:,}", **values}


def named(family: str, value: str) -> str:
    """What a value that the release writes as a word is called: `changed` of the family `kind`; itself, if it has no name."""
    key = f"{family}.{value}"
    found = message(key)
    return value if found == key else found
