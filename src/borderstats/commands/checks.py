"""`borderstats checks RELEASE`: what came of every published figure."""

from collections import Counter
from pathlib import Path

import click

from borderstats.errors import GateError
from borderstats.release import checks as checking


@click.command()
@click.argument("release", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--values",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A CSV of further published figures: id, measure, component, geography, dimension, period, value.",
)
def checks(release: Path, values: Path | None) -> None:
    """List every published figure and whether RELEASE reproduces it, cites it, or leaves it over.

    The last line counts them. If any is left over, the exit code is 1.
    """
    found = list(
        checking.further(release, values.name, values.read_bytes()) if values else checking.outcomes(release)
    )
    for outcome in found:
        click.echo(f"{outcome.id}  {outcome.period}  {outcome.value:,.12g}  {outcome.state}  {outcome.words}")
    count = Counter(outcome.state for outcome in found)
    click.echo(f"{count['reproduced']} reproduced, {count['cited']} cited, {count['left over']} left over")
    if count["left over"]:
        raise GateError(f"{count['left over']} published figures are neither reproduced nor cited")
