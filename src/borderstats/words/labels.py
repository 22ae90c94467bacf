"""Numbers, periods and names as a reader sees them. Pure functions from values to text."""

import datetime
import math
import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from borderstats import periods
from borderstats.package.datasets import Metadata
from borderstats.package.struct import AsOf
from borderstats.standard.units import Unit
from borderstats.words import messages
from borderstats.words import periods as names

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"
"""What stands where there is no value: absent is not zero."""

_LEADING_NOUN = re.compile(r"[^:.,;]*?(?=[:.,;]| (?:at|by|of|as|in|that|recorded)\b)")


def number(value: float) -> str:
    """A whole number with commas; an en dash where there is none."""
    if math.isnan(value):
        return NONE
    return f"{MINUS if value < 0 else ''}{abs(round(value)):,}"


def signed(value: float) -> str:
    """A change with its sign."""
    return f"+{value:,.0f}" if value > 0 else number(value)


def percent(new: float, old: float) -> str:
    """The change from old to new in percent, with one digit and its sign; an en dash where it has no meaning."""
    if math.isnan(new) or math.isnan(old) or old <= 0:
        return NONE
    change = 100 * (new - old) / old
    return f"{'+' if change > 0 else MINUS if change < 0 else ''}{abs(change):,.1f}%"


def compared(new: float, old: float) -> str:
    """`9.4% fewer than`, `12.0% more than`, `as many as`."""
    change = 100 * (new - old) / old
    if new == old:
        return messages.text("compared.equal")
    percent = f"{abs(change):,.1f}%"
    return messages.text("compared.more" if change > 0 else "compared.fewer", percent=percent)


def word(amount: int) -> str:
    """A small number as a word: `five`; a larger one in digits."""
    return messages.named("number", f"{amount:,}")


def count(amount: int, noun: str, plural: str = "") -> str:
    """`1 cell`, `2,000 cells`."""
    return f"{amount:,} {noun if amount == 1 else plural or noun + 's'}"


def size(amount: int) -> str:
    """Bytes as `14 KB` or `7.6 MB`, in powers of ten."""
    if amount >= 1_000_000:
        return f"{amount / 1_000_000:.1f} MB"
    return f"{max(1, round(amount / 1000)):,} KB"


def period(written: str) -> str:
    """`2023-10` as `October 2023`, `FY2024` as `fiscal year 2024`; what is no period of ours stays as it is."""
    try:
        return names.long(periods.parse(written))
    except ValueError:
        return written


def date(written: object) -> str:
    """`2023-10-05` as `5 October 2023`."""
    return names.day(datetime.date.fromisoformat(str(written)[:10]))


def noun(meta: Metadata) -> str:
    """What a dataset counts in two or three words (`encounters`), as its definition begins; else its unit."""
    match = _LEADING_NOUN.match(meta.counts)
    words = match[0].split() if match else []
    if not 1 <= len(words) <= 3:
        return lowered(meta.unit)
    # A phrase that goes on in capitals begins with a name, whose capital stays.
    proper = len(words) > 1 and words[1][0].isupper()
    return " ".join(words) if proper else " ".join([words[0].lower(), *words[1:]])


def lowered(unit: Unit) -> str:
    """The name of a unit within a sentence: `events`; one with an abbreviation keeps its capitals: `U.S. dollars`."""
    return unit.label_en if "." in unit.label_en else unit.label_en.lower()


def unit(unit: Unit) -> str:
    """The unit of count as it stands beside every figure: `events, not people`."""
    name = lowered(unit)
    return messages.text("unit.not_people", unit=name) if unit.counts == "events" else name


def noun_and_unit(meta: Metadata) -> str:
    """`encounters (events, not people)`; `tonnes` where the noun is the unit itself."""
    return noun(meta) if noun(meta) == unit(meta.unit) else f"{noun(meta)} ({unit(meta.unit)})"


def without_common_ending(names: Sequence[str]) -> tuple[str, ...]:
    """Names without a last word that all of them share: `Tucson Sector, Yuma Sector` are Tucson and Yuma here.

    Only a word with a capital goes, which classes a name; `land border` says something by itself.
    """
    words = [name.split() for name in names]
    if len(words) > 1 and all(len(w) > 1 and w[-1] == words[0][-1] and w[-1][0].isupper() for w in words):
        return tuple(" ".join(w[:-1]) for w in words)
    return tuple(names)


def address(page: str) -> str:
    """The address of a publisher's page, which the standard has with its scheme or without."""
    return page if page.startswith("https://") else f"https://{page.removeprefix('http://')}"


def coded(text: str) -> Markup:
    """A text of the standard with what stands between backticks as code."""
    parts = [escape(part) for part in text.split("`")]
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(parts)
    )


def stopped(text: str) -> str:
    """A text with one full stop at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def sentence(text: str) -> str:
    """A text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def wrapped(text: str, width: int) -> tuple[str, ...]:
    """Lines of about `width` characters, broken between words."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(lines)


def listed(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = names
    return messages.text("list.and", first=", ".join(first), last=last) if first else last


def as_of(known: AsOf) -> str:
    """`31 October 2023 (date inferred; announced for 30 November 2023)`: the day of a file, when it became known, and the bases."""
    became = messages.text(
        "date.known", basis=messages.named("known", known.known_basis), date=date(known.known)
    )
    return messages.text(f"date.{known.basis}", date=date(known.day), known=became)
