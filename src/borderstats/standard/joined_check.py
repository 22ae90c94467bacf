"""What does not fit in the joined series of a standard."""

from collections.abc import Iterator
from itertools import pairwise

from borderstats import periods
from borderstats.standard.joined import Joined, Piece
from borderstats.standard.model import Dataset, Standard
from borderstats.standard.references import codes, missing, period
from borderstats.standard.rules import AgreesWith

KINDS: dict[str, periods.Kind] = {
    "months": "month",
    "quarters": "quarter",
    "calendar years": "year",
    "fiscal years": "fiscal_year",
}
"""The kinds of periods by what a joined series goes by."""


def contradictions(standard: Standard) -> Iterator[str]:
    """Each as `file: place: what is wrong; what to do`."""
    for one in standard.joined:
        where = f"joined.toml: {one.id}: $"
        if len(one.pieces) < 2:
            yield f"{where}.pieces: one dataset alone is not joined; give two"
        if bool(one.by) != bool(one.codes):
            yield f"{where}.by, codes: a dimension and its codes go together; give both, or neither"
        for number, piece in enumerate(one.pieces):
            yield from _piece(standard, one, piece, number, f"{where}.pieces[{number}]")
        for number, (before, after) in enumerate(pairwise(one.pieces), 1):
            yield from _seam(standard, before, after, f"{where}.pieces[{number}]")


def _piece(standard: Standard, one: Joined, piece: Piece, number: int, where: str) -> Iterator[str]:
    yield from missing(f"{where}.dataset", "dataset", piece.dataset, standard.datasets)
    if dataset := standard.datasets.get(piece.dataset):
        several = {concept: tuple(found.split("|")) for concept, found in piece.where.items()}
        yield from codes(standard, f"{where}.where", dataset, several)
        if one.by:
            yield from codes(standard, f"{where}: $.codes", dataset, {one.by: one.codes})
    if number == 0 and piece.since:
        yield f"{where}.since: the first piece begins with its dataset; leave it out"
    if number and not piece.since:
        yield f"{where}.since: say from which period on it takes over"
    wrong = list(period(f"{where}.since", piece.since))
    yield from wrong
    if piece.since and not wrong and periods.kind(periods.parse(piece.since)) != KINDS[one.kind]:
        yield f"{where}.since: {piece.since} is none of the {one.kind} by which the series goes"


def _seam(standard: Standard, before: Piece, after: Piece, where: str) -> Iterator[str]:
    """What two pieces that follow one another must have in common."""
    both = standard.datasets.get(before.dataset), standard.datasets.get(after.dataset)
    if before.since and after.since and before.since >= after.since:
        yield f"{where}.since: {after.since} is not after {before.since}, with which the piece before begins"
    if None in both:
        return
    first, second = (one for one in both if one)
    for name in ("unit", "measure", "decimals"):
        if getattr(first, name) != getattr(second, name):
            yield f"{where}: {second.id} differs in its {name} from {first.id}: {getattr(second, name)}, {getattr(first, name)}; such figures are not joined"
    if not any(holding(first, second)):
        yield f"{where}: nothing holds {second.id} to {first.id} where both have figures; give datasets/{second.id}.toml a gate agrees_with"


def holding(one: Dataset, other: Dataset) -> Iterator[tuple[Dataset, AgreesWith]]:
    """The gates that hold two datasets to one another, each with the dataset that has it."""
    for first, second in ((one, other), (other, one)):
        for gate in first.gates:
            if isinstance(gate, AgreesWith) and gate.dataset == second.id:
                yield first, gate
