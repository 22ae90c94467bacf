"""`borderstats fetch`: a release from a public folder, verified."""

from pathlib import Path

import click

from borderstats.commands.releases import progress
from borderstats.package import fetch as fetching
from borderstats.package import trust

FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("address")
@click.argument("into", type=FOLDER)
@click.option(
    "--root",
    type=FILE,
    help="Who may sign there: the root metadata that the office gives you by another way. Needed the first time.",
)
@click.option("--release", default="", help="The id of a release; the newest if not given.")
def fetch(address: str, into: Path, root: Path | None, release: str) -> None:
    """Fetch a release from ADDRESS, a public folder on any file host or mirror, into the folder INTO.

    Every byte is held to what was signed. INTO remembers what it has seen: a pointer that is forged, older than that, or expired
    is refused, and so is every file that is not as it was signed.
    """
    fetched = fetching.fetch(address, into, _pinned(root), release, progress)
    pointer = fetched.pointer
    click.echo(f"pointer: number {pointer.number}, signed, good until {pointer.expires:%Y-%m-%d %H:%M} UTC")
    if fetched.older:
        click.echo(f"note: {fetched.older}, which is here already, is newer; {address} has gone back")
    for line in fetched.told:
        click.echo(f"note: {line}")
    came = f"{fetched.files:,} files, {fetched.bytes / 1e6:,.1f} MB" if fetched.new else "is here already"
    click.echo(f"release: {fetched.path} ({came})")


def _pinned(root: Path | None) -> bytes | None:
    if root is None:
        return None
    trust.read_root(root)
    return root.read_bytes()
