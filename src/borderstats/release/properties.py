"""What an edition is besides its figures: its price bases, how it is rounded, what of it is not over. Found, and held to what is said.

Each is read from the figures of the edition itself, or declared with its file where the figures do not show it.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np

from borderstats import periods
from borderstats.observations import Flags, Ints, KeySpace, Observations, within
from borderstats.package.datasets import Property
from borderstats.release import price_bases
from borderstats.release.evidence import Evidence, Finding, Moment, Result
from borderstats.release.vintages import Vintage
from borderstats.standard.properties import PRICE_BASE
from borderstats.standard.rules import Properties

_UNITS = (1, 5, 10, 50, 100, 500, 1000)
"""What publishers round to."""

_NAMES: Mapping[str, str] = {
    "price_base": "constant prices of",
    "rounding": "multiples of",
    "provisional": "provisional",
    "to_date": "not over",
}

_ENOUGH = 20
"""With so many figures it is no chance that all are multiples."""

WAYS_OUT = "declare it with intake --property, or under properties in the file's metadata"


def of(vintage: Vintage) -> tuple[Property, ...]:
    """The properties of an edition, with how each is known."""
    observations = vintage.observations
    space = observations.space
    found = list(_price_bases(vintage))
    rounding = _unit(observations)
    found.append(
        Property("rounding", _amount(space, rounding), "measured")
        if rounding
        else Property("rounding", _amount(space, space.dataset.rounding), "declared")
    )
    spans: tuple[tuple[Literal["provisional", "to_date"], Flags], ...] = (
        ("provisional", observations.status == space.statuses.provisional),
        ("to_date", not_over(vintage)),
    )
    for name, flags in spans:
        if flags.any():
            found.append(Property(name, _spans(space.period(observations.key[flags])), "measured"))
    return tuple(found)


def line(vintage: Vintage) -> str:
    """What `intake` prints of the properties of a file, as one line for a dataset; nothing of whole figures that are final."""
    said: dict[tuple[str, str, str], list[str]] = {}
    for one in of(vintage):
        if (one.name, one.value) != ("rounding", "1"):
            said.setdefault((one.name, one.value, one.basis), []).extend(one.where.values())
    texts = []
    for (name, value, basis), codes in said.items():
        of_codes = f" ({', '.join(codes)})" if codes else ""
        texts.append(f"{_NAMES[name]} {value or 'not known'}{of_codes}, {basis}")
    return f"{vintage.observations.space.dataset.id}: {'; '.join(texts)}" if texts else ""


def missing(vintage: Vintage) -> list[str]:
    """The parts of an edition whose price base is not known."""
    return [", ".join(one.where.values()) or one.name for one in _price_bases(vintage) if not one.value]


def _price_bases(vintage: Vintage) -> Iterator[Property]:
    bases = vintage.bases
    for n, part in enumerate(bases.part.tolist() if bases else ()):
        assert bases
        period, where = int(bases.period[n]), bases.codes(part)
        value = "" if period == price_bases.NONE else periods.text(period)
        told = [one for one in vintage.declared if one.name == PRICE_BASE and _of_part(one.where, where)]
        if told:
            yield Property("price_base", value, "declared", where, told[-1].basis)
        else:
            yield Property("price_base", value, "measured", where)


def _of_part(said: Mapping[str, str], where: Mapping[str, str]) -> bool:
    return all(where.get(name) == code for name, code in said.items())


def _unit(observations: Observations) -> int:
    """The largest unit of which all figures are multiples; 0 where there are too few to tell."""
    value = observations.value[_figures(observations) & (observations.value != 0)]
    if len(value) < _ENOUGH:
        return 0
    return max(unit for unit in _UNITS if not ((value[:_ENOUGH] % unit).any() or (value % unit).any()))


def _figures(observations: Observations) -> Flags:
    found: Flags = ~np.isin(observations.status, observations.space.statuses.without_figure)
    return found


def _amount(space: KeySpace, unit: int) -> str:
    return f"{unit / 10**space.dataset.decimals:.{space.dataset.decimals}f}"


def not_over(vintage: Vintage) -> Flags:
    """The figures of periods that were not over on the day of the edition; a stock has none."""
    observations = vintage.observations
    space = observations.space
    if space.dataset.measure == "stock":
        return np.zeros(len(observations), bool)
    covered = observations.covered
    late = [int(one) for one in covered if space.calendar.last_day(int(one)) > vintage.as_of]
    return within(space.period(observations.key), np.array(late, np.int64))


def _spans(period: Ints) -> str:
    """Periods as stretches: `FY2014 to FY2016, FY2019`."""
    every = np.unique(period)
    runs = np.split(every, np.flatnonzero(np.diff(every) != 1) + 1)
    ends = [(periods.text(int(run[0])), periods.text(int(run[-1]))) for run in runs]
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in ends)


def properties(evidence: Evidence, dataset: str, _: Properties) -> Result:
    """Each edition is what is said of it.

    The base of its constant prices is known, and the one declared is the one measured; constant figures are the current ones,
    deflated alike; its figures are rounded as the dataset's are, and no more; what was not over on its day is provisional.
    """
    findings: list[Finding] = []
    compared = 0
    finest: dict[str, int] = {}
    for number, vintage in enumerate(evidence.histories[dataset].vintages):
        if not len(vintage.observations):
            continue
        compared += len(vintage.observations)
        at = Moment(vintage.as_of, (vintage.file,), {dataset: number}, vintage.observations.covered)
        found = [*_bases_known(vintage), *_deflated(vintage)]
        findings += [Finding(*one, at) for one in found]
        unit = _unit(vintage.observations)
        eased = [*_rounded(vintage, unit, finest.get(vintage.source, unit)), *_settled(vintage)]
        findings += [Finding(*one, at, reason=vintage.reason) for one in eased]
        if unit:
            finest[vintage.source] = min(unit, finest.get(vintage.source, unit))
    return compared, findings


Found = tuple[int, int, int, str]


def _bases_known(vintage: Vintage) -> Iterator[Found]:
    bases = vintage.bases
    if not bases:
        return
    observations = vintage.observations
    for one in vintage.declared:
        if one.name == PRICE_BASE and not any(
            _of_part(one.where, bases.codes(part)) for part in bases.part.tolist()
        ):
            codes = ", ".join(f"{name}={code}" for name, code in one.where.items())
            yield (
                int(observations.key[0]),
                0,
                0,
                f"the file's metadata declare a price base of {codes}, which it does not have",
            )
    own = price_bases.parts(observations.space, observations.key)
    constant = price_bases.constant(observations.space, observations.key)
    for part, period, measured in zip(
        bases.part.tolist(), bases.period.tolist(), bases.measured.tolist(), strict=True
    ):
        key = int(observations.key[(own == part) & constant][0])
        if period == price_bases.NONE:
            yield key, 0, 0, f"constant and current figures are equal in no period, or in several; {WAYS_OUT}"
        elif measured not in (price_bases.NONE, period):
            said, seen = periods.text(period), periods.text(measured)
            yield (
                key,
                0,
                0,
                f"said to be in prices of {said}, but constant and current figures are equal in {seen}",
            )
        elif measured == price_bases.NONE and not price_bases.equal(observations, part, period):
            yield (
                key,
                0,
                0,
                f"said to be in prices of {periods.text(period)}, but constant and current figures differ in it",
            )


def _deflated(vintage: Vintage) -> Iterator[Found]:
    if vintage.bases:
        seen = vintage.bases.deflated
        for place in price_bases.off(seen).tolist():
            text = "is not the current amount, deflated as all others of its period are"
            yield int(seen.key[place]), 0, int(seen.value[place]), text


def _rounded(vintage: Vintage, unit: int, finest: int) -> Iterator[Found]:
    """Figures that are no multiples of what the dataset says, or all multiples of more than those of any edition before."""
    observations = vintage.observations
    declared = observations.space.dataset.rounding
    if declared > 1:
        for place in np.flatnonzero(_figures(observations) & (observations.value % declared != 0))[
            :1
        ].tolist():
            key, value = int(observations.key[place]), int(observations.value[place])
            yield key, declared, value, f"is no multiple of {declared}, to which figures are rounded"
    if unit > finest:
        said = _amount(observations.space, unit)
        key = int(observations.key[np.argmax(_figures(observations))])
        yield (
            key,
            finest,
            unit,
            f"all figures are multiples of {said}: they are rounded, and those of an edition before were not",
        )


def _settled(vintage: Vintage) -> Iterator[Found]:
    observations = vintage.observations
    space = observations.space
    if space.dataset.measure == "flow":
        wrong = not_over(vintage) & (observations.status == space.statuses.normal)
        for key in observations.key[wrong][:1].tolist():
            period = periods.text(key % periods.SPAN)
            yield key, 0, 0, f"{period} was not over on {vintage.as_of}, and its figures are not provisional"
