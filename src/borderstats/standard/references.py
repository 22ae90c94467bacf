"""References that lead nowhere: to a thing, a code or a period that is not there; one line each."""

from collections.abc import Collection, Iterator, Mapping

from borderstats import periods
from borderstats.standard.model import Dataset, Standard


def missing(where: str, kind: str, name: str, known: Collection[str]) -> Iterator[str]:
    """A name that is not among the known ones."""
    if name not in known:
        yield f"{where}: no {kind} {name!r}; known are {', '.join(sorted(known)) or 'none'}"


def codes(
    standard: Standard, where: str, dataset: Dataset, wanted: Mapping[str, str | tuple[str, ...]]
) -> Iterator[str]:
    """Dimension names and codes in a filter, a recode or a key of one dataset."""
    return codes_of(standard, where, dataset.id, dataset.concepts, wanted)


def codes_of(
    standard: Standard,
    where: str,
    owner: str,
    concepts: Collection[str],
    wanted: Mapping[str, str | tuple[str, ...]],
) -> Iterator[str]:
    """As `codes`, of the dimensions of an owner, such as a source that feeds several datasets."""
    for concept, codes in wanted.items():
        if concept not in concepts:
            yield from missing(f"{where}.{concept}", f"dimension of {owner}", concept, concepts)
            continue
        known = {code.code for code in standard.codelist_of(concept).codes}
        for code in (codes,) if isinstance(codes, str) else codes:
            if code not in known:
                yield f"{where}.{concept}: no code {code!r} in codelists/{standard.concepts[concept].codelist}.csv"


def period(where: str, text: str) -> Iterator[str]:
    """A text that is not empty and no period."""
    if text:
        try:
            periods.parse(text)
        except ValueError as error:
            yield f"{where}: {error}"
