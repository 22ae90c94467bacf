"""Each row's code in every dimension, from the labels of a table and from what its source says of all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from borderstats.intake.labels import rows_with
from borderstats.intake.raw import Labels, shown
from borderstats.intake.rows import Refused
from borderstats.observations import Ints, KeySpace
from borderstats.standard.codelists import TOTAL, UNKNOWN
from borderstats.standard.columns import DimensionColumn, FigureColumn
from borderstats.standard.rules import Determined
from borderstats.standard.struct import fold

Places = Mapping[str, Ints | int]
"""By dimension the place of each row's code in its code list, or one place for all rows."""


@dataclass(frozen=True)
class CodeReader:
    """Reads the codes of one table of a source.

    `constants` hold for every row, dimensions that are `determined` follow from others. A total among the labels is taken
    in a list where the column recodes it, in a block where the publisher prints the total of the dimension.
    """

    space: KeySpace
    source: str
    constants: Mapping[str, str]
    block: bool
    determined: Sequence[str] = ()

    def read(self, columns: Sequence[tuple[DimensionColumn, Labels]]) -> tuple[Places, list[Refused]]:
        """The places, and the rows refused for their labels. A dimension that nothing gives is at its total."""
        concepts = self.space.dataset.concepts
        places: dict[str, Ints | int] = {concept: self.space.total(concept) for concept in concepts}
        for concept in concepts:
            if concept in self.constants:
                places[concept] = self.space.number(concept, self.constants[concept])
        refused: list[Refused] = []
        for column, labels in self._in_order(columns):
            found, unknown = self._places(column, labels, places)
            refused += unknown
            places[column.concept] = found
            if column.parent_to in concepts:
                places[column.parent_to] = self._parents(column)[found]
            for label, codes in column.keys.items():
                here = rows_with(labels, label)
                for concept in codes:
                    if concept != column.concept and concept in concepts:
                        place = self.space.number(concept, codes[concept])
                        places[concept] = np.where(here, place, places[concept])
        for gate in self.space.dataset.gates:
            if isinstance(gate, Determined) and gate.dimension in self.determined:
                places[gate.dimension], without = self._following(gate, places)
                refused.append(without)
        return places, refused

    def _following(self, gate: Determined, places: Places) -> tuple[Ints, Refused]:
        """The place of each row's code that follows from others; at its total where one of those is at its own."""
        given = list(dict.fromkeys(c for codes in gate.table for c in codes if c != gate.dimension))
        at = dict(zip(given, np.broadcast_arrays(*(np.atleast_1d(places[c]) for c in given)), strict=True))
        found = np.full(len(at[given[0]]), -1, np.int64)
        for codes in gate.table:
            here = [at[c] == self.space.number(c, codes[c]) for c in given if c in codes]
            found[np.logical_and.reduce(here)] = self.space.number(gate.dimension, codes[gate.dimension])
        at_total = [at[c] == self.space.total(c) for c in given]
        found[np.logical_or.reduce(at_total)] = self.space.total(gate.dimension)
        reasons = {}
        for row in np.flatnonzero(found < 0).tolist():
            said = " ".join(f"{c}={self.space.codelists[c].codes[int(at[c][row])].code}" for c in given)
            reasons[row] = f"no {gate.dimension} follows from {said}; the gate {gate.name} has no such row"
        return np.maximum(found, 0), Refused("", reasons)

    def in_column(self, column: FigureColumn, places: Places) -> Places:
        """The places for the figures of one column of a wide table, which has codes of its own."""
        given, own = {**self.constants, **column.key}, dict(places)
        for concept, code in column.key.items():
            if concept in own:
                scope = given.get(self.space.scopes.get(concept, ""), "")
                place = self.space.codelists[concept].find(code, scope)
                own[concept] = self.space.number(concept, code) if place is None else place
        return own

    def _in_order(
        self, columns: Sequence[tuple[DimensionColumn, Labels]]
    ) -> list[tuple[DimensionColumn, Labels]]:
        """The columns of the dataset's dimensions: that of the scopes before those whose codes have one."""
        own = [pair for pair in columns if pair[0].concept in self.space.dataset.concepts]
        there = {column.concept for column, _ in own}
        return sorted(own, key=lambda pair: self.space.scopes.get(pair[0].concept) in there)

    def _parents(self, column: DimensionColumn) -> Ints:
        """For each code of the column's list the place of its parent; the total where it has none."""
        codes = self.space.codelists[column.concept].codes
        return np.array([self.space.number(column.parent_to, code.parent or TOTAL) for code in codes])

    def _places(self, column: DimensionColumn, labels: Labels, places: Places) -> tuple[Ints, list[Refused]]:
        """The place of each row's code; a label is looked up once, in a list with scopes once for each scope."""
        codelist = self.space.codelists[column.concept]
        by = self.space.scopes.get(column.concept)
        scopes = [code.code for code in self.space.codelists[by].codes] if by else [""]
        scope = np.asarray(places[by] if by else 0)
        recodes = _recodes(column, labels.distinct)
        sought = [fold(code or label) for code, label in zip(recodes, labels.distinct, strict=True)]
        found, refused = np.zeros(len(labels.place), np.int64), []
        for number in np.unique(scope):
            here = np.broadcast_to(scope == number, found.shape)
            codes = [codelist.find_folded(label, scopes[number]) for label in sought]
            reasons = {
                n: reason
                for n, place in enumerate(codes)
                if (reason := self._no_code(column, labels.distinct[n], place, recoded=bool(recodes[n])))
            }
            found = np.where(here, np.array([place or 0 for place in codes], np.int64)[labels.place], found)
            refused.append(Refused(column.name, reasons, labels, here))
        return found, refused

    def _no_code(self, column: DimensionColumn, label: str, place: int | None, *, recoded: bool) -> str:
        """Why a label that was found at a place means no code; empty if it means one."""
        codelist = self.space.codelists[column.concept]
        if place is not None and codelist.codes[place].code == TOTAL:
            if fold(label) in map(fold, column.totals):
                return ""
            printed = self.space.dataset.dimension(column.concept).total == "published"
            if printed if self.block else recoded:
                return ""
            return f"{shown(label)} is a total row among the data; take it out or declare it in sources/{self.source}.toml"
        if place is not None:
            return ""
        if not label.strip():
            return f"{column.concept} is blank; a blank is not {UNKNOWN}, ask the publisher"
        return (
            f"unknown {column.concept} {shown(label)}; if it is right, add it to codelists/{codelist.id}.csv "
            "(never to an other)"
        )


def _recodes(column: DimensionColumn, labels: Sequence[str]) -> list[str]:
    """The code that a column gives each label, empty where it gives none."""
    recodes = {fold(label): code for label, code in column.labels.items()}
    recodes |= {fold(label): codes[column.concept] for label, codes in column.keys.items()}
    recodes |= dict.fromkeys(map(fold, column.totals), TOTAL)
    contained = {fold(text): code for text, code in column.contains.items()}
    return [
        recodes.get(label) or next((code for text, code in contained.items() if text in label), "")
        for label in map(fold, labels)
    ]
