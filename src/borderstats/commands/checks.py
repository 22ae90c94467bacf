"""`borderstats checks RELEASE`: what came of every published figure."""

from collections import Counter
from pathlib import Path

import click

from borderstats.errors import GateError
from borderstats.package import read
from borderstats.release.checks import Published


@click.command()
@click.argument("release", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--values",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A CSV of further published figures: id, measure, component, geography, dimension, period, value.",
)
def checks(release: Path, values: Path | None) -> None:
    """List every published figure and whether RELEASE reproduces, contradicts or cites it, or leaves it over.

    The last line counts them. If any is left over, or contradicted without a reason in the standard, the exit code is 1.
    """
    package = read.package(release)
    published = Published(package.standard, package.datasets)
    found = list(published.further(values.name, values.read_bytes()) if values else published.outcomes())
    for outcome in found:
        figure = outcome.figure
        click.echo(f"{figure.id}  {figure.period}  {figure.value:,.12g}  {outcome.state}  {outcome.words}")
    count = Counter(outcome.state for outcome in found)
    bare = sum(outcome.state == "contradicted" and outcome.unexplained for outcome in found)
    reasons = (
        f" ({bare} without a reason)" if bare else ", each with a reason" if count["contradicted"] else ""
    )
    click.echo(
        f"{count['reproduced']} reproduced, {count['contradicted']} contradicted{reasons}, {count['cited']} cited, "
        f"{count['left over']} left over"
    )
    if bare or count["left over"]:
        raise GateError(
            f"{bare} published figures are contradicted without a reason in checks.csv, and {count['left over']} are in no "
            "dataset and no list"
        )
