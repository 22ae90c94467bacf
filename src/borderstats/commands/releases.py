"""`borderstats build`, `verify`, `publish` and `site`: from the archive to a release, and from a release to pages."""

import datetime
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from borderstats import pipeline, rebuild
from borderstats.commands import keys as edge
from borderstats.commands import protected
from borderstats.errors import InputError, ReleaseError
from borderstats.package import admission, keys, public_folder, trust, verify_public
from borderstats.package.verify import alterations, signature
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
            multiple=True,
            help="A public key (PEM); one of those given must have signed the release before.",
        ),
        click.option(
            "--previous",
            type=FOLDER,
            help="The release before, which this one names, and from which it tells how it differs.",
        ),
    ):
        command = option(command)
    return command


def trusting(command: _Command) -> _Command:
    """The option `--public-key`, which may be given several times."""
    return click.option(
        "--public-key",
        type=FILE,
        multiple=True,
        help="A public key (PEM) that you trust; one of those given must have signed the release.",
    )(command)


def _publics(paths: tuple[Path, ...]) -> list[str]:
    return [keys.public_key(path) for path in paths]


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
    previous_key: tuple[Path, ...],
    reason: str,
) -> pipeline.Release:
    if not previous and (reason or previous_key):
        raise InputError(
            "--reason and --previous-key are about the release before: give that with --previous RELEASE"
        )
    private = keys.private_key(key, edge.password) if key else None
    return pipeline.build(
        folders["standard"],
        folders["archive"],
        _day(date),
        out,
        private,
        progress,
        previous=previous,
        trusted=_publics(previous_key),
        reason=reason,
    )


def _day(date: datetime.datetime | None) -> datetime.date:
    return date.date() if date else datetime.datetime.now(datetime.UTC).date()


@click.command()
@click.argument("release", type=FOLDER)
@trusting
@click.option(
    "--rebuild", "anew", is_flag=True, help="Also build it anew from the inputs that it names, and compare."
)
@click.option(
    "--previous",
    type=FOLDER,
    help="Where the release before lies, to build anew; beside RELEASE if not given.",
)
@click.option(
    "--root", type=FILE, help="Of a public folder: the root metadata that you trust, to hold its pointer to."
)
@click.pass_obj
def verify(
    folders: dict[str, Path],
    release: Path,
    public_key: tuple[Path, ...],
    anew: bool,
    previous: Path | None,
    root: Path | None,
) -> None:
    """Recompute every hash of RELEASE, name what was altered, and say who has signed it.

    RELEASE may be a public folder: then of all releases in it, of what stands at its root, and of its signed pointer.
    """
    if (release / public_folder.LATEST).exists():
        if public_key or anew or previous:
            raise InputError(
                f"{release}: a public folder; --public-key, --rebuild and --previous are for a release"
            )
        _verify_public(release, root)
        return
    if root:
        raise InputError(f"{release}: no public folder; --root is for one, --public-key for a release")
    trusted = _publics(public_key)
    found = list(alterations(release, trusted))
    if anew:
        found += rebuild.differences(folders["standard"], folders["archive"], release, previous)
    if found:
        raise ReleaseError("\n".join(found))
    click.echo(
        f"{release}: whole, every file as it was made{', and built anew with the same bytes' if anew else ''}"
    )
    click.echo(signature(release, trusted))


def _verify_public(public: Path, root: Path | None) -> None:
    if root:
        trust.read_root(root)
    pinned = root.read_bytes() if root else None
    if found := list(verify_public.faults(public, pinned)):
        raise ReleaseError("\n".join(found))
    click.echo(f"{public}: whole, every release and page as it was published")
    click.echo(verify_public.said(public, pinned))


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
@trusting
@edge.signing("that signs the pointer of the public folder: of its release keys and of its online keys")
@click.option("--back", is_flag=True, help="Make it the newest though a newer one is there.")
def publish(
    release: Path,
    out: Path,
    public: Path | None,
    public_key: tuple[Path, ...],
    private: tuple[Path, ...],
    back: bool,
) -> None:
    """Write the static site of RELEASE, or add RELEASE to a public folder and make it the newest there.

    What `verify` refuses is not published. Where the folder's keys are named (`trust begin`), the release must be signed by one of
    them, and the pointer to it is signed.
    """
    trusted = _publics(public_key)
    if not public and (private or back):
        raise InputError("--key and --back are about a public folder: give it with --static PUBLIC")
    if public:
        signing = edge.read(private)
        admission.check(release, public, trusted, back=back)
        trust.check(public, signing, ("release", "online"))
        added = publication.write(release, public, exact.documents(release))
        until = trust.advance(public, signing, datetime.datetime.now(datetime.UTC))
        click.echo(f"{added.pages} pages: {added.path / 'index.html'}; the latest release is {added.release}")
        click.echo(
            f"pointer: signed, good until {until:%Y-%m-%d %H:%M} UTC" if until else "pointer: not signed"
        )
        return
    if found := list(alterations(release, trusted)):
        raise ReleaseError("\n".join(found))
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
