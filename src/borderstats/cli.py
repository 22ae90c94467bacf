"""The command `borderstats`. Input, output, clock and keys enter here and nowhere below.

Exit codes: 0 done, 1 a gate failed, 2 bad input or usage.
"""

import datetime
import sys
import time
from pathlib import Path
from typing import Any

import click

from borderstats import __version__, pipeline
from borderstats.commands import (
    checks,
    compare,
    diff,
    intake,
    protect,
    protected,
    records,
    simulate,
    standards,
    tabulate,
)
from borderstats.errors import BorderstatsError, ReleaseError
from borderstats.publish import site as publishing
from borderstats.release import sign
from borderstats.release.verify import alterations

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="borderstats")
@click.option(
    "--standard", type=FOLDER, default=Path("standard"), show_default=True, help="The standard's folder."
)
@click.option(
    "--archive", type=FOLDER, default=Path("archive"), show_default=True, help="The archive's folder."
)
@click.pass_context
def cli(context: click.Context, standard: Path, archive: Path) -> None:
    """Border statistics that can be trusted: published files in, checked and versioned releases out."""
    context.obj = {"standard": standard, "archive": archive}


cli.add_command(standards.standard)
cli.add_command(intake.intake)
cli.add_command(diff.diff)
cli.add_command(checks.checks)
cli.add_command(records.records)
cli.add_command(simulate.simulate)
cli.add_command(tabulate.tabulate)
cli.add_command(compare.compare)
cli.add_command(protect.protect)
cli.add_command(protect.audit)
cli.add_command(protect.utility)


@cli.command()
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The release's date; today if not given.")
@click.option(
    "--out", type=FOLDER, default=Path("build/releases"), show_default=True, help="Where releases lie."
)
@click.option("--sign", "key", type=FILE, help="An Ed25519 private key (PEM) to sign the release with.")
@click.option(
    "--workspace",
    type=FOLDER,
    help="Records: their tables are protected, audited and added to the archive first.",
)
@click.option("--purpose", default="", help="What the records are used for; goes into the workspace's audit.")
@click.pass_obj
def build(
    folders: dict[str, Path],
    date: datetime.datetime | None,
    out: Path,
    key: Path | None,
    workspace: Path | None,
    purpose: str,
) -> None:
    """Build a release of everything in the archive, into a folder of OUT named by its id.

    The same archive, standard and date give the same bytes. If a gate fails, nothing is written. With --workspace, the
    tables that protection.toml names are made of its records as of the release's date; only what is protected leaves it.
    """
    if workspace:
        protected.add(folders, workspace, purpose, _day(date), _progress)
    release = _build(folders, date, out, key)
    click.echo(f"{'built' if release.new else 'is there already'}: {release.path}")


def _build(folders: dict[str, Path], date: datetime.datetime | None, out: Path, key: Path | None) -> Any:
    private = sign.private_key(key) if key else None
    return pipeline.build(folders["standard"], folders["archive"], _day(date), out, private, _progress)


def _day(date: datetime.datetime | None) -> datetime.date:
    return date.date() if date else datetime.datetime.now(datetime.UTC).date()


@cli.command()
@click.argument("release", type=FOLDER)
@click.option("--public-key", type=FILE, help="The public key (PEM) that must have signed it.")
@click.option("--rebuild", is_flag=True, help="Also build it anew from archive and standard, and compare.")
@click.pass_obj
def verify(folders: dict[str, Path], release: Path, public_key: Path | None, rebuild: bool) -> None:
    """Recompute every hash of RELEASE and name what was altered."""
    trusted = sign.public_key(public_key) if public_key else None
    found = list(alterations(release, trusted))
    if rebuild:
        found += pipeline.rebuilt_differences(folders["standard"], folders["archive"], release)
    if found:
        raise ReleaseError("\n".join(found))
    signed = ", signature by the key you trust" if trusted else ""
    click.echo(
        f"{release}: whole, every file as it was made{signed}{', and built anew with the same bytes' if rebuild else ''}"
    )


@cli.command()
@click.argument("release", type=FOLDER)
@click.option(
    "--out", type=FOLDER, default=Path("build/site"), show_default=True, help="Where the site goes."
)
def publish(release: Path, out: Path) -> None:
    """Write the static site of RELEASE."""
    written = publishing.write(release, out)
    click.echo(f"{written.pages} pages: {written.path / 'index.html'}")


@cli.command()
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The release's date; today if not given.")
@click.option(
    "--releases", type=FOLDER, default=Path("build/releases"), show_default=True, help="Where releases lie."
)
@click.option(
    "--out", type=FOLDER, default=Path("build/site"), show_default=True, help="Where the site goes."
)
@click.pass_obj
def site(folders: dict[str, Path], date: datetime.datetime | None, releases: Path, out: Path) -> None:
    """Build a release, verify it and write its site: the whole path in one command."""
    started = time.monotonic()
    release = _build(folders, date, releases, None)
    built = time.monotonic()
    if found := list(alterations(release.path)):
        raise ReleaseError("\n".join(found))
    _progress(f"verified {release.path.name}")
    verified = time.monotonic()
    written = publishing.write(release.path, out)
    finished = time.monotonic()
    click.echo(f"release: {release.path}")
    click.echo(
        f"checked: {release.snapshots} snapshots, {release.observations:,} observations, "
        f"{release.vintages} vintages, {release.gates} gates passed"
    )
    click.echo(f"headline: {written.headline}")
    click.echo(
        f"time: {finished - started:.1f} s (release {built - started:.1f} s, verification {verified - built:.1f} s, "
        f"site {finished - verified:.1f} s)"
    )
    click.echo(f"open: {written.path / 'index.html'}")


def _progress(line: str) -> None:
    click.echo(line, err=True)


def main() -> None:
    """Run the command; a user's mistake is one line for each finding on standard error, never a traceback."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except BorderstatsError as error:
        for line in str(error).splitlines():
            click.echo(f"error: {line}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        click.echo(
            f"error: {error.filename or 'file'}: {error.strerror or error}; check that it exists and that you may read and write there",
            err=True,
        )
        sys.exit(2)
