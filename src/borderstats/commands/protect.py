"""`borderstats protect CELLS.csv` and `borderstats audit DIR`: a table of counts that nobody can undo, and the attack on it."""

import os
from pathlib import Path

import click
import numpy as np

from borderstats.errors import GateError, InputError
from borderstats.protect import attack, folder, perturb, read, spec, suppress
from borderstats.protect import utility as costs
from borderstats.protect.cube import Cube
from borderstats.protect.problem import Earlier

FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("cells", type=FILE)
@click.option("--spec", "spec_file", type=FILE, required=True, help="What the columns are (TOML).")
@click.option("--out", type=FOLDER, required=True, help="Where the protected table goes.")
def protect(cells: Path, spec_file: Path, out: Path) -> None:
    """Protect a table of counts: CELLS has its inner cells, a row for each.

    OUT/published.csv may be published. OUT/confidential says why each cell is withheld, and proves that it is safe.
    """
    wanted = spec.read(spec_file)
    cube = read.read(cells, wanted)
    click.echo(
        f"{int(cube.shown.sum()):,} cells, {int((cube.values[cube.shown] > 0).sum()):,} of them not zero, "
        f"add up {cube.counts.sum():,}"
    )
    if wanted.method == "suppression":
        _suppress(cube, wanted, spec_file.parent, out)
    else:
        _perturb(cube, wanted, cells, out)
    click.echo(f"written to {out}: {folder.PUBLISHED} may go out, {Path(folder.CELLS).parent} must not")


def _suppress(cube: Cube, wanted: spec.Spec, beside: Path, out: Path) -> None:
    known = read.figures(beside / wanted.known, cube) if wanted.known else None
    before = [_earlier(beside / one, out) for one in wanted.earlier]
    if left_out := folder.unnamed([beside / one for one in wanted.earlier]):
        raise InputError(
            f"{left_out}: an earlier release was held against it, so this one must be too; name it under earlier"
        )
    protected = suppress.suppress(cube, wanted, known, before)
    folder.write(protected, out)
    values = protected.cube.values
    sensitive = protected.withheld & protected.sensitive
    secondary = protected.withheld & ~protected.sensitive
    click.echo(
        f"withheld: {int(sensitive.sum()):,} sensitive, {int(secondary.sum()):,} more to protect them "
        f"(sum of their counts {values[secondary].sum():,})"
    )
    click.echo(f"certificates: {len(protected.certificates):,}, one or more for every sensitive cell")


def _perturb(cube: Cube, wanted: spec.Spec, cells: Path, out: Path) -> None:
    keys = read.record_keys(cells, wanted, cube) if wanted.method == "cell-key" else None
    found = perturb.perturb(cube, wanted, keys)
    folder.write_perturbed(found, out)
    change = np.abs(found.figures - cube.values)[cube.shown & (cube.values > 0)]
    median = int(np.median(change)) if len(change) else 0
    click.echo(
        f"changed by {wanted.method}: {int((change > 0).sum()):,} cells, by {median:,} in the median and "
        f"{int(change.max(initial=0)):,} at most"
    )
    additive = "are the sums of their parts" if found.additive else "are no longer the sums of their parts"
    click.echo(f"sums {additive}")


@click.command()
@click.argument("cells", type=FILE)
@click.option("--spec", "spec_file", type=FILE, required=True, help="What the columns are (TOML).")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The page (HTML)."
)
def utility(cells: Path, spec_file: Path, out: Path) -> None:
    """Say on a page what the protection of CELLS costs: by table, under other priorities, beside other methods.

    The page is confidential. Earlier releases and figures public elsewhere are left out of it.
    """
    wanted = spec.read(spec_file)
    cube = read.read(cells, wanted)
    keys = read.record_keys(cells, wanted, cube) if wanted.key else None
    found = costs.utility(cube, wanted, keys)
    out.parent.mkdir(parents=True, exist_ok=True)
    folder.write_bytes(out, costs.page(found).encode(), 0o600)
    whole = found.priorities[0]
    click.echo(
        f"withheld: {whole.withheld:,} of {whole.cells:,} cells that are not zero, {whole.lost:,} of {whole.counts:,} counts"
    )
    click.echo(f"written to {out}: confidential")


def _earlier(path: Path, out: Path) -> Earlier:
    """An earlier release, by its path as seen from the new one."""
    if path.resolve() == out.resolve():
        raise InputError(
            f"{path}: is an earlier release and the folder to write to; what is out is not written over"
        )
    return folder.earlier(path, os.path.relpath(path, out))


@click.command()
@click.argument("directory", type=FOLDER)
def audit(directory: Path) -> None:
    """Attack the protected table in DIRECTORY, and say what can be recovered from what is published.

    With DIRECTORY/confidential the sensitive cells are attacked and the certificates recomputed, also against the earlier
    releases that it names; without it, all withheld cells.
    The last line is the number of disclosed cells; if there are any, the exit code is 1.
    """
    published, secret = folder.read(directory)
    earlier = [path for path, _ in secret.earlier] if secret else []
    if left_out := folder.unnamed(earlier):
        raise InputError(
            f"{left_out}: an earlier release was held against it, and this one was not; protect it anew"
        )
    before = [folder.read(path) for path in earlier]
    found = attack.audit(published, secret, before)
    withheld = int(published.withheld.sum())
    click.echo(
        f"{int(published.shown.sum()):,} cells, {withheld:,} of them withheld, {len(found.attacked):,} attacked"
    )
    if secret:
        click.echo(f"certificates that hold: {found.certificates:,} of {len(secret.certificates):,}")
        for line in found.wrong[:10]:
            click.echo(f"  {line}")
    if found.programmed:
        click.echo(
            f"attacked by linear and integer programming, for lack of a certificate: {found.programmed:,}"
        )
    if len(found.attacked):
        width = found.high - found.low
        click.echo(
            "known width of the intervals (highest less lowest count in the tables found): "
            f"least {width.min():,}, median {int(np.median(width)):,}, greatest {width.max():,}"
        )
    releases = [published, *(other for other, _ in before)]
    for release, cell, above in found.disclosed[:10].tolist():
        codes = [", ".join(releases[release].codes(n)) for n in (cell, above) if n >= 0]
        where = f" (in earlier release {release})" if release else ""
        click.echo(f"  disclosed{where}: {' holds everyone of '.join(codes)}")
    click.echo(f"disclosed cells: {len(found.disclosed):,}")
    if len(found.disclosed):
        raise GateError(
            f"{directory}: {len(found.disclosed):,} cells can be recovered; do not publish this table"
        )
