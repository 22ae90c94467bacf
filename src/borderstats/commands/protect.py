"""`borderstats protect CELLS.csv` and `borderstats audit DIR`: a table of counts that nobody can undo, and the attack on it."""

from pathlib import Path

import click
import numpy as np

from borderstats.errors import GateError
from borderstats.protect import attack, folder, read, spec, suppress
from borderstats.protect.cube import Cube

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
    protected = suppress.suppress(cube, wanted.threshold)
    folder.write(protected, out)
    sensitive, secondary = protected.sensitive, protected.withheld & ~protected.sensitive
    click.echo(
        f"{len(cube.values):,} cells, {int((cube.values > 0).sum()):,} of them not zero, add up {cube.counts.sum():,}"
    )
    click.echo(
        f"withheld: {int(sensitive.sum()):,} sensitive (1 to {wanted.threshold - 1}), "
        f"{int(secondary.sum()):,} more to protect them (sum of their counts {cube.values[secondary].sum():,})"
    )
    click.echo(f"certificates: {len(protected.certificates):,}, one or more for every sensitive cell")
    click.echo(f"written to {out}: {folder.PUBLISHED} may go out, {Path(folder.PATTERN).parent} must not")


@click.command()
@click.argument("directory", type=FOLDER)
def audit(directory: Path) -> None:
    """Attack the protected table in DIRECTORY, and say what can be recovered from what is published.

    With DIRECTORY/confidential the sensitive cells are attacked and the certificates recomputed; without it, all withheld cells.
    The last line is the number of disclosed cells; if there are any, the exit code is 1.
    """
    published, secret = folder.read(directory)
    found = attack.audit(published, secret)
    withheld = int(published.withheld.sum())
    click.echo(
        f"{len(published.values):,} cells, {withheld:,} of them withheld, {len(found.attacked):,} attacked"
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
    codes = Cube(
        published.dimensions, np.zeros((0, len(published.dimensions)), np.int64), np.zeros(0, np.int64)
    ).codes
    for cell in found.disclosed[:10]:
        click.echo(f"  disclosed: {', '.join(codes(int(cell)))}")
    click.echo(f"disclosed cells: {len(found.disclosed):,}")
    if len(found.disclosed):
        raise GateError(
            f"{directory}: {len(found.disclosed):,} cells can be recovered; do not publish this table"
        )
