"""`borderstats build`, `verify`, `publish` and `site`: from the archive to a release, and from a release to pages."""

import datetime
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from borderstats import pipeline, rebuild
from borderstats.commands import protected
from borderstats.errors import InputError, ReleaseError
from borderstats.package import sign
from borderstats.package.verify import alterations
from borderstats.serve import exact
from borderstats.site import publish as publication
from borderstats.site import site as publishing

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, exists=True, path_type=Path)

_Command = TypeVar("_Command", bound=Callable[..., None])


def following(command: _Command) -> _Command:
    """The options of a command that builds a release after another one: `previous`, `previous_key` and `reason`."""
    for option in (
        click.option(
            "--reason",
            default="",
            help="Why we have changed what the release before published; it is published.",
        ),
        click.option(
            "--previous-key",
            type=FILE,
            help="The public key (PEM) that must have signed the release before.",
        ),
        click.option(
            "--previous",
            type=FOLDER,
            help="The release before, which this one names, and from which it tells how it differs.",
        ),
    ):
        command = option(command)
    return command


@click.command()
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
@click.option(
    "--synthetic",
    is_flag=True,
    help="The workspace has synthetic records; to try it out, on a copy of the archive.",
)
@click.option(
    "--changed-records",
    default="",
    help="Why tables of records that have changed since tables of them were published are published all the same; it is published.",
)
@following
@click.pass_obj
def build(
    folders: dict[str, Path],
    /,
    date: datetime.datetime | None,
    out: Path,
    key: Path | None,
    workspace: Path | None,
    purpose: str,
    synthetic: bool,
    changed_records: str,
    **before: Any,
) -> None:
    """Build a release of everything in the archive, into a folder of OUT named by its id.

    The same archive, standard and date give the same bytes. If a gate fails, nothing is written. With --workspace, the
    tables that protection.toml names are made of its records as of the release's date; only what is protected leaves it.
    """
    if workspace:
        protected.add(
            folders, workspace, purpose, _day(date), progress, synthetic=synthetic, changed=changed_records
        )
    release = _build(folders, date, out, key, **before)
    click.echo(f"{'built' if release.new else 'is there already'}: {release.path}")


def _build(
    folders: dict[str, Path],
    date: datetime.datetime | None,
    out: Path,
    key: Path | None = None,
    *,
    previous: Path | None,
    previous_key: Path | None,
    reason: str,
) -> pipeline.Release:
    if not previous and (reason or previous_key):
        raise InputError(
            "--reason and --previous-key are about the release before: give that with --previous RELEASE"
        )
    private = sign.private_key(key) if key else None
    return pipeline.build(
        folders["standard"],
        folders["archive"],
        _day(date),
        out,
        private,
        progress,
        previous=previous,
        trusted=sign.public_key(previous_key) if previous_key else None,
        reason=reason,
    )


def _day(date: datetime.datetime | None) -> datetime.date:
    return date.date() if date else datetime.datetime.now(datetime.UTC).date()


@click.command()
@click.argument("release", type=FOLDER)
@click.option("--public-key", type=FILE, help="The public key (PEM) that must have signed it.")
@click.option(
    "--rebuild", "anew", is_flag=True, help="Also build it anew from the inputs that it names, and compare."
)
@click.option(
    "--previous",
    type=FOLDER,
    help="Where the release before lies, to build anew; beside RELEASE if not given.",
)
@click.pass_obj
def verify(
    folders: dict[str, Path], release: Path, public_key: Path | None, anew: bool, previous: Path | None
) -> None:
    """Recompute every hash of RELEASE and name what was altered."""
    trusted = sign.public_key(public_key) if public_key else None
    found = list(alterations(release, trusted))
    if anew:
        found += rebuild.differences(folders["standard"], folders["archive"], release, previous)
    if found:
        raise ReleaseError("\n".join(found))
    signed = ", signature by the key you trust" if trusted else ""
    click.echo(
        f"{release}: whole, every file as it was made{signed}{', and built anew with the same bytes' if anew else ''}"
    )


@click.command()
@click.argument("release", type=FOLDER)
@click.option(
    "--out", type=FOLDER, default=Path("build/site"), show_default=True, help="Where the site goes."
)
@click.option(
    "--static",
    "public",
    type=FOLDER,
    help="Instead: add the release and its pages to this public folder, for a file host or `serve`.",
)
def publish(release: Path, out: Path, public: Path | None) -> None:
    """Write the static site of RELEASE, or add RELEASE to a public folder and make it the newest there."""
    if public:
        added = publication.write(release, public, exact.documents(release))
        click.echo(f"{added.pages} pages: {added.path / 'index.html'}; the latest release is {added.release}")
        return
    written = publishing.write(release, out)
    click.echo(f"{written.pages} pages: {written.path / 'index.html'}")


@click.command()
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The release's date; today if not given.")
@click.option(
    "--releases", type=FOLDER, default=Path("build/releases"), show_default=True, help="Where releases lie."
)
@click.option(
    "--out", type=FOLDER, default=Path("build/site"), show_default=True, help="Where the site goes."
)
@following
@click.pass_obj
def site(
    folders: dict[str, Path], /, date: datetime.datetime | None, releases: Path, out: Path, **before: Any
) -> None:
    """Build a release, verify it and write its site: the whole path in one command."""
    started = time.monotonic()
    release = _build(folders, date, releases, **before)
    built = time.monotonic()
    if found := list(alterations(release.path)):
        raise ReleaseError("\n".join(found))
    progress(f"verified {release.path.name}")
    verified = time.monotonic()
    written = publishing.write(release.path, out)
    finished = time.monotonic()
    counts = release.package.overview.counts
    click.echo(f"release: {release.path}")
    click.echo(
        f"checked: {counts['snapshots']} snapshots, {counts['observations']:,} observations, "
        f"{counts['vintages']} vintages, {counts['gates']} gates passed"
    )
    click.echo(f"headline: {written.headline}")
    click.echo(
        f"time: {finished - started:.1f} s (release {built - started:.1f} s, verification {verified - built:.1f} s, "
        f"site {finished - verified:.1f} s)"
    )
    click.echo(f"open: {written.path / 'index.html'}")


def progress(line: str) -> None:
    click.echo(line, err=True)
