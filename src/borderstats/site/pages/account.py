"""How a release differs from the one before it: what the page of revisions shows above the revisions of publishers."""

from collections.abc import Iterator
from dataclasses import dataclass

from borderstats.package import addresses
from borderstats.package.account import Account, Moved
from borderstats.package.model import Package
from borderstats.words import amounts, labels, messages

_NAMED = 5
"""So many files are named in a line; of the others it is said how many there are."""


@dataclass(frozen=True)
class Step:
    """The figures of a dataset that differ for one cause, as text. A dataset that is gone has no page."""

    title: str
    page: str
    by: str
    of: str
    cells: int
    net: str
    gross: str
    versions: int


@dataclass(frozen=True)
class Since:
    """What differs from the release before: a line for each kind of input, and the figures."""

    previous: str
    reason: str
    inputs: tuple[str, ...]
    steps: tuple[Step, ...]


def since(package: Package) -> Since | None:
    """What differs from the release before; None if the release names none."""
    account = package.account
    if not account:
        return None
    steps = tuple(_step(package, moved) for moved in account.figures)
    return Since(account.previous, account.reason, tuple(_inputs(account)), steps)


def _inputs(account: Account) -> Iterator[str]:
    for change in dict.fromkeys(one.change for one in account.snapshots):
        files = [one.file for one in account.snapshots if one.change == change]
        yield f"{messages.named('account_file', change)}: {_first(files)}"
    for kind in dict.fromkeys(one.change for one in account.standard):
        files = [one.path for one in account.standard if one.change == kind]
        yield f"{messages.named('account_standard', kind)}: {_first(files)}"
    if account.software:
        yield messages.text("account.software", before=account.software.before, after=account.software.after)


def _step(package: Package, moved: Moved) -> Step:
    dataset = package.datasets.get(moved.dataset)
    net, gross = labels.signed(moved.net), labels.number(moved.gross)
    if dataset:
        style = amounts.of(dataset.meta.unit, dataset.meta.decimals)
        net, gross = style.signed(moved.net), style.exact(moved.gross)
    return Step(
        dataset.meta.title.en if dataset else moved.dataset,
        addresses.dataset(moved.dataset) if dataset else "",
        messages.named("account_by", moved.by),
        f"{messages.named('kind', moved.kind)}: {_first(moved.of)}",
        moved.cells,
        net if moved.counted else labels.NONE,
        gross if moved.counted else labels.NONE,
        moved.versions,
    )


def _first(names: list[str] | tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" {messages.text('account.more', more=more)}" if more > 0 else "")
