"""What a release says of published figures: reproduced by a dataset, contradicted by one, cited, or left over.

It reads the release alone, so that anybody can repeat it on a copy.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from borderstats import periods
from borderstats.errors import InputError
from borderstats.package.model import Dataset
from borderstats.package.standard import Standard
from borderstats.release.answers import Answer, Editions
from borderstats.standard.model import Check
from borderstats.standard.struct import fold

State = Literal["reproduced", "contradicted", "cited", "left over"]
_COLUMNS = ("id", "measure", "component", "geography", "dimension", "period", "value")
"""The columns that a list of further figures must have; it may have others."""

Place = tuple[str, tuple[tuple[str, str], ...]]
"""A dataset and the codes of a cell in it."""


@dataclass(frozen=True)
class Figure:
    """A published figure: the places where datasets hold what it measures, and half the step to which it was printed rounded.

    `reason`: why a dataset has another one. `words`: what it is, for a figure that is carried as a cited one.
    """

    id: str
    period: str
    value: float
    places: tuple[Place, ...] = ()
    tolerance: float = 0
    reason: str = ""
    source: str = ""
    words: str = ""

    def same(self, other: "Figure") -> bool:
        """Whether another one is this one, listed elsewhere."""
        alike = (self.period, self.value) == (other.period, other.value)
        return alike and (not self.places or not set(self.places).isdisjoint(other.places))


@dataclass(frozen=True)
class Outcome:
    """What came of one published figure, and the words for it; `by`: the edition that gives it, or gives it otherwise."""

    figure: Figure
    state: State
    words: str
    by: Answer | None = None

    @property
    def unexplained(self) -> bool:
        """Whether nobody may publish it so: no dataset and no list has it, or it is contradicted without a reason."""
        return self.state == "left over" or (self.state == "contradicted" and not self.figure.reason)


@dataclass(frozen=True)
class Published:
    """The parts of a release that answer for published figures."""

    standard: Standard
    datasets: Mapping[str, Dataset]

    def outcomes(self) -> Iterator[Outcome]:
        """What came of every published figure of the standard."""
        for check in self.standard.checks:
            figure = self._carried[check.id]
            outcome = self._held(figure)
            if outcome is None and check.dataset in self.datasets:
                outcome = Outcome(figure, "left over", f"{check.dataset} has no such figure")
            yield outcome or Outcome(figure, "cited", f"{figure.words}; {figure.source}".strip("; "))

    def further(self, name: str, data: bytes) -> Iterator[Outcome]:
        """What came of the figures in a list of columns id, measure, component, geography, dimension, period, value.

        The standard's measures say which dataset and key a figure means. A figure that no dataset holds is cited if the
        release carries it, and left over otherwise. Raises InputError if the list cannot be read.
        """
        for row in _rows(name, data):
            figure = self._listed(row)
            known = next((one for one in self._carried.values() if figure.same(one)), None)
            if known and figure.places:
                figure = replace(known, id=figure.id)
            if outcome := self._held(figure):
                yield outcome
            elif known:
                yield Outcome(figure, "cited", "the release carries this figure as a cited one")
            else:
                yield Outcome(figure, "left over", "no dataset and no cited figure of this period")

    def _held(self, figure: Figure) -> Outcome | None:
        """What the datasets that hold its measure say of a figure; None if none has one of its period.

        A dataset that is rounded more than the figure gives it only within its rounding, and only if none is finer.
        """
        if not _is_period(figure.period):
            return None
        found = [
            answers
            for dataset, key in figure.places
            if dataset in self.datasets
            and (answers := list(self._editions(dataset).answers(dict(key), figure.period)))
        ]
        fine = [answers for answers in found if answers[0].rounding <= max(1, 2 * figure.tolerance)]
        if outcome := _reproduced(figure, fine):
            return outcome
        finer = any(answer.closed for answers in fine for answer in answers)
        coarse = [answers for answers in found if answers not in fine]
        if not finer and (outcome := _reproduced(figure, coarse)):
            return outcome
        against = [answer for answers in (*fine, *coarse) for answer in answers[:1] if answer.closed]
        if not against:
            return None
        reason = figure.reason or "no reason stands in checks.csv"
        printed = [f"printed in {figure.source}"] if figure.source else []
        return Outcome(
            figure, "contradicted", "; ".join([*printed, *map(_said, against), reason]), against[0]
        )

    @cached_property
    def _carried(self) -> Mapping[str, Figure]:
        """The standard's published figures by id."""
        return {check.id: self._figure(check) for check in self.standard.checks}

    def _figure(self, check: Check) -> Figure:
        own = [_place(check.dataset, check.key)] if check.dataset else []
        words = [_folded((check.measure, check.component, check.geography, check.dimension))]
        words += [words for words, places in self._places.items() if set(own) & set(places)]
        return Figure(
            check.id,
            check.period,
            check.value,
            tuple(dict.fromkeys([*own, *(place for one in words for place in self._places.get(one, ()))])),
            check.tolerance,
            check.reason,
            check.source,
            what(check.measure, check.component, check.geography, check.dimension, check.note),
        )

    def _listed(self, row: Mapping[str, str]) -> Figure:
        words = _folded(row[column] for column in _COLUMNS[1:5])
        return Figure(
            row["id"],
            row["period"],
            float(row["value"]),
            tuple(self._places.get(words, ())),
            max((m.tolerance for m in self.standard.measures if _folded(m.words) == words), default=0),
            source=row.get("source", ""),
        )

    @cached_property
    def _places(self) -> Mapping[tuple[str, ...], Sequence[Place]]:
        """Where datasets hold each measure, by its words."""
        places: dict[tuple[str, ...], list[Place]] = {}
        for measure in self.standard.measures:
            places.setdefault(_folded(measure.words), []).append(_place(measure.dataset, measure.key))
        return places

    def _editions(self, dataset: str) -> Editions:
        if dataset not in self._asked:
            self._asked[dataset] = Editions(self.standard, self.datasets[dataset])
        return self._asked[dataset]

    @cached_property
    def _asked(self) -> dict[str, Editions]:
        return {}


def what(*parts: str) -> str:
    """What a figure is, from its component, geography, dimension and note: empty parts and plain totals left out."""
    return ", ".join(part for part in parts if part and part != "total")


def _reproduced(figure: Figure, found: Iterable[Sequence[Answer]]) -> Outcome | None:
    """The newest edition that gives a figure, of the first dataset of which one does."""
    for answers in found:
        for answer in answers:
            rough = answer.slack > figure.tolerance
            if abs(answer.value - figure.value) <= max(figure.tolerance, answer.slack) + 1e-9:
                words = f"within the rounding of {answer.dataset}" if rough else f"by {answer.dataset}"
                if answer is not answers[0]:
                    words += f" as of {answer.as_of} ({answer.file}); {_said(answers[0])}"
                return Outcome(figure, "reproduced", words, answer)
    return None


def _said(answer: Answer) -> str:
    rounded = f", rounded to {answer.rounding}," if answer.rounding > 1 else ""
    return f"{answer.dataset} has {answer.value:,.12g}{rounded} as of {answer.as_of} ({answer.file})"


def _place(dataset: str, key: Mapping[str, str]) -> Place:
    return dataset, tuple(sorted(key.items()))


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    """Measure, component, geography and dimension, by which a figure is known."""
    return tuple(map(fold, words))


def _is_period(text: str) -> bool:
    try:
        periods.parse(text)
    except ValueError:
        return False
    return True


def _rows(name: str, data: bytes) -> Iterator[Mapping[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        if missing := set(_COLUMNS) - set(reader.fieldnames or ()):
            raise InputError(
                f"{name}: row 1: column {', '.join(sorted(missing))} is missing; a list of figures has {', '.join(_COLUMNS)}"
            )
        for row in reader:
            if None in row.values():
                raise InputError(f"{name}: row {reader.line_num}: too few cells")
            try:
                float(row["value"])
            except ValueError:
                raise InputError(
                    f"{name}: row {reader.line_num}, column 'value': {row['value']!r} is not a number"
                ) from None
            yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{name}: cannot be read as a CSV in UTF-8 ({error})") from None
