"""`borderstats trust`: who may sign what in a public folder, and until when the pointer to its releases is good."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, get_args

import click

from borderstats.commands import keys as edge
from borderstats.errors import ReleaseError
from borderstats.package import keys, pointer
from borderstats.package import trust as trusts
from borderstats.package.trust import DAYS, Kind, RootMetadata, Signers

FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
KIND = click.Choice(get_args(Kind))

_Command = TypeVar("_Command", bound=Callable[..., None])


@click.group()
def trust() -> None:
    """Who may sign what in a public folder (The Update Framework), and until when its pointer is good.

    Three kinds of key: root says who may sign, release signs releases and what the folder holds, online renews the pointer.
    """


def _proposing(command: _Command) -> _Command:
    for option in (
        click.option(
            "--out",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Where the new root metadata goes while signatures are missing.",
        ),
        edge.signing("of the root keys, to sign this"),
    ):
        command = option(command)
    return command


@trust.command()
@click.argument("public", type=FOLDER)
@click.option("--root", "roots", type=FILE, multiple=True, required=True, help="A public root key (PEM).")
@click.option("--threshold", type=click.IntRange(1), default=1, help="So many root keys have to sign.")
@click.option("--release", "releases", type=FILE, multiple=True, required=True, help="A public release key.")
@click.option("--online", type=FILE, multiple=True, required=True, help="A public online key.")
@_proposing
def begin(
    public: Path,
    roots: tuple[Path, ...],
    threshold: int,
    releases: tuple[Path, ...],
    online: tuple[Path, ...],
    private: tuple[Path, ...],
    out: Path | None,
) -> None:
    """Name the keys that sign in PUBLIC: the first root metadata, which readers need by another way than its address."""
    if trusts.root(public):
        raise ReleaseError(
            f"{public}: the keys are named there already; see `borderstats trust show`, change them with `trust change`"
        )
    named: Mapping[Kind, tuple[Path, ...]] = {"root": roots, "release": releases, "online": online}
    kinds = {
        kind: Signers(tuple(map(keys.public_key, paths)), threshold if kind == "root" else 1, DAYS[kind])
        for kind, paths in named.items()
    }
    _accept(public, trusts.proposed(None, kinds, _now()), private, out)


@trust.command()
@click.argument("public", type=FOLDER)
@click.option("--kind", type=KIND, required=True, help="Whose keys change.")
@click.option("--add", type=FILE, multiple=True, help="A public key that signs from now on.")
@click.option("--remove", multiple=True, help="The name of a key that does not sign any more.")
@click.option("--threshold", type=click.IntRange(1), help="So many of them have to sign.")
@click.option("--days", type=click.IntRange(1, 3650), help="For how many days what they sign is good.")
@_proposing
def change(
    public: Path,
    kind: Kind,
    add: tuple[Path, ...],
    remove: tuple[str, ...],
    threshold: int | None,
    days: int | None,
    private: tuple[Path, ...],
    out: Path | None,
) -> None:
    """Change who signs in PUBLIC, or only sign the root metadata anew before it expires.

    The root keys from before and the new ones have to sign. Afterwards sign the pointer anew with `trust renew`.
    """
    before = _root(public)
    kinds = trusts.signers(before)
    old = kinds[kind]
    for name in remove:
        if not [key for key in old.keys if _is(key, name)]:
            known = ", ".join(map(keys.name, old.keys))
            raise ReleaseError(f"--remove {name}: no {kind} key of this folder; its {kind} keys are {known}")
    left = tuple(key for key in old.keys if not any(_is(key, name) for name in remove))
    kinds[kind] = replace(
        old,
        keys=(*left, *map(keys.public_key, add)),
        threshold=threshold or old.threshold,
        days=days or old.days,
    )
    _accept(public, trusts.proposed(before, kinds, _now()), private, out)


@trust.command()
@click.argument("file", type=FILE)
@edge.signing("of the root keys, to sign this")
def sign(file: Path, private: tuple[Path, ...]) -> None:
    """Add a signature to proposed root metadata in FILE, which `begin` and `change` write. Look at it first: `trust show FILE`."""
    metadata = trusts.signed(trusts.read_root(file), edge.read(private))
    file.write_bytes(trusts.encoded(metadata))
    lacking = trusts.missing(None, metadata)
    click.echo(f"{file}: {'; '.join(lacking) or 'signed by enough of the root keys that it names'}")


@trust.command()
@click.argument("public", type=FOLDER)
@click.argument("file", type=FILE)
def accept(public: Path, file: Path) -> None:
    """Put root metadata that enough have signed from FILE into PUBLIC."""
    _told(trusts.accept(public, trusts.read_root(file)))


@trust.command()
@click.argument("public", type=FOLDER)
@edge.signing("of the online keys; of the release keys, too, if they have changed or their signature expires")
@click.option(
    "--above",
    type=click.IntRange(0),
    default=0,
    help="Count on above this number: after a copy of the folder was restored, readers have seen higher ones.",
)
def renew(public: Path, private: tuple[Path, ...], above: int) -> None:
    """Sign the pointer of PUBLIC anew, before it expires."""
    _root(public)
    until = trusts.advance(public, edge.read(private), _now(), above, renewing=True)
    click.echo(f"{public}: the pointer is good until {until:%Y-%m-%d %H:%M} UTC")


@trust.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--root", "pinned", type=FILE, help="Root metadata that you trust: the pointer is held to it.")
def show(path: Path, pinned: Path | None) -> None:
    """Say who may sign in the public folder PATH (or by root metadata in a file), and whether its pointer is to be believed."""
    metadata = _root(path) if path.is_dir() else trusts.read_root(path)
    click.echo(
        f"root metadata number {metadata.signed.version}, good until {metadata.signed.expires:%Y-%m-%d}"
    )
    for kind, one in trusts.signers(metadata).items():
        names = ", ".join(map(keys.name, one.keys))
        click.echo(f"{kind}: {one.threshold} of {len(one.keys)} ({names}), good for {one.days} days")
    if path.is_dir() and not (path / trusts.FOLDER / "timestamp.json").exists():
        click.echo("pointer: nothing is signed yet; `publish` or `trust renew` signs it")
    elif path.is_dir():
        found = pointer.of_folder(path, pinned.read_bytes() if pinned else None)
        assert found is not None
        held = "held to the root metadata that you trust" if pinned else "by whom was not checked; see --root"
        click.echo(
            f"pointer: number {found.number}, newest {found.newest or 'none'}, good until {found.expires:%Y-%m-%d %H:%M} UTC; {held}"
        )


def _accept(public: Path, proposed: RootMetadata, private: tuple[Path, ...], out: Path | None) -> None:
    """Put root metadata into place if enough have signed it, else into a file for those who are missing."""
    metadata = trusts.signed(proposed, edge.read(private))
    lacking = trusts.missing(trusts.root(public), metadata)
    if not lacking:
        _told(trusts.accept(public, metadata))
        return
    if out is None:
        raise ReleaseError(
            "\n".join(
                [
                    *lacking,
                    "give them with --key, or --out FILE to have it signed elsewhere with `trust sign`",
                ]
            )
        )
    out.write_bytes(trusts.encoded(metadata))
    click.echo("\n".join([*lacking, f"proposed: {out}; sign it with `trust sign`, then `trust accept`"]))


def _told(path: Path) -> None:
    click.echo(f"who may sign: {path}")
    if path.name.startswith("1."):
        click.echo(
            "give this file to readers, too, by another way than this folder's address: --root of `fetch`"
        )
    else:
        click.echo(
            "readers find it by themselves; sign the pointer anew with `borderstats trust renew` now: until then, where release or online keys have changed, they are refused"
        )


def _root(public: Path) -> RootMetadata:
    metadata = trusts.root(public)
    if metadata is None:
        raise ReleaseError(
            f"{public}: nobody is named there who may sign; name them with `borderstats trust begin`"
        )
    return metadata


def _is(key: str, name: str) -> bool:
    return len(name) >= 8 and keys.full_name(key).startswith(name)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
