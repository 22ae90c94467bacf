"""The option --property of `intake`: what a file is said to be, because its figures do not show it."""

import re
from collections.abc import Iterable, Iterator

from borderstats import periods
from borderstats.errors import InputError
from borderstats.package.snapshots import Declared
from borderstats.release import properties
from borderstats.release.vintages import Vintage
from borderstats.standard.model import Dataset, Standard
from borderstats.standard.properties import PRICE_BASE

_FORM = re.compile(r"(?P<name>\w+)(\[(?P<code>[^\]]+)\])?=(?P<value>[^:]+):(?P<basis>.+)")


def parsed(standard: Standard, datasets: Iterable[str], given: Iterable[str]) -> tuple[Declared, ...]:
    """What was given as `price_base[OBLIGATIONS]=FY2023: the note under the table`. Raises InputError."""
    own = [standard.datasets[name] for name in datasets if standard.datasets[name].price_base]
    return tuple(_parsed(standard, own, one) for one in given)


def _parsed(standard: Standard, own: list[Dataset], given: str) -> Declared:
    found = _FORM.fullmatch(given)
    if not found:
        raise InputError(
            f"--property {given}: write {PRICE_BASE}=FY2023: and behind the colon who says so, or {PRICE_BASE}[CODE]=FY2023: of one code only"
        )
    name, code, value, basis = (
        text and text.strip() for text in found.group("name", "code", "value", "basis")
    )
    if name != PRICE_BASE or not own:
        raise InputError(
            f"--property {given}: no property of this file; known is {PRICE_BASE}, of datasets with constant prices"
        )
    try:
        periods.parse(value)
    except ValueError:
        raise InputError(f"--property {given}: {value!r} is no period such as FY2023 or 2023") from None
    where = {}
    if code:
        among = [
            concept for dataset in own for concept in (dataset.price_base.by if dataset.price_base else ())
        ]
        where = {
            concept: code
            for concept in among
            if any(one.code == code for one in standard.codelist_of(concept).codes)
        }
        if not where:
            raise InputError(
                f"--property {given}: {code!r} is no code of {' or '.join(among) or 'any dimension'}"
            )
    return Declared(name, value, basis, where)


def unknown(name: str, vintages: Iterable[Vintage]) -> Iterator[str]:
    """A line for each dataset of a file whose figures in constant prices do not say of which period these are."""
    for vintage in vintages:
        if lacking := properties.missing(vintage):
            yield (
                f"{name}: {vintage.observations.space.dataset.id}: constant prices of {', '.join(lacking)}: current and constant figures "
                f'are equal in no period, or in several; say with --property "{PRICE_BASE}=FY2023: who says so" of which they are'
            )
