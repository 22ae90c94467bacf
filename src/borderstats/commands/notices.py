"""`borderstats notice` and `withdraw`: what has become known about a published release, and a release that must go."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from borderstats.commands import keys as edge
from borderstats.errors import InputError
from borderstats.package import addresses, trust
from borderstats.package.notices import Kind, Notice
from borderstats.site import publish

_Command = TypeVar("_Command", bound=Callable[..., None])


def _about_a_release(command: _Command) -> _Command:
    """The argument and the options of what is said about a published release."""
    for parameter in (
        click.option(
            "--static",
            "public",
            type=click.Path(file_okay=False, exists=True, path_type=Path),
            required=True,
            help="The public folder in which the release is published.",
        ),
        edge.signing(
            "that signs the pointer of the public folder: of its release keys and of its online keys"
        ),
        click.option(
            "--sign",
            "key",
            type=edge.FILE,
            help="The private key (PEM) of the release, of the newest one, or a release key of the folder: it signs the notice.",
        ),
        click.option("--replaced-by", default="", help="The id of the release to use instead."),
        click.option("--reason", required=True, help="Why, in plain words; it is published."),
        click.argument("release"),
    ):
        command = parameter(command)
    return command


@click.command()
@_about_a_release
@click.option(
    "--kind",
    type=click.Choice(["corrected", "superseded"]),
    default="corrected",
    show_default=True,
    help="What happened to it.",
)
def notice(release: str, kind: str, public: Path, **given: Any) -> None:
    """Put a signed notice beside the published RELEASE, an id. Nothing in the release itself changes.

    That a newer release is there needs no notice: it is told by itself.
    """
    _note(release, cast("Kind", kind), public, **given)
    click.echo(f"noted: {public / addresses.notices(release)}")


@click.command()
@_about_a_release
def withdraw(release: str, public: Path, **given: Any) -> None:
    """Withdraw the published RELEASE, an id: its bytes go, and a signed tombstone with the reason stays.

    If it is the newest, the newest of the others is so from now on. Copies that others have made are out of reach.
    """
    made = _note(release, "withdrawn", public, **given)
    click.echo(f"withdrawn: {public / 'releases' / release}; the latest release is {made.release}")


def _note(
    release: str,
    kind: Kind,
    public: Path,
    *,
    reason: str,
    replaced_by: str,
    key: Path | None,
    private: tuple[Path, ...],
) -> publish.Public:
    if not reason.strip():
        raise InputError("--reason: say in plain words why; it is published")
    own = edge.read([key] if key else [])
    # Whoever signs the notice can sign the pointer, too.
    signing = [*edge.read(private), *(own if trust.root(public) else ())]
    trust.check(public, signing, ("release", "online"))
    now = datetime.datetime.now(datetime.UTC)
    said = Notice(kind, now.date(), " ".join(reason.split()), replaced_by)
    made = publish.note(public, release, said, own[0] if own else None)
    trust.advance(public, signing, now)
    return made
