"""`borderstats key`, and how commands ask for private keys and their passwords."""

import os
import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats.errors import InputError
from borderstats.package import keys

FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
PASSWORD = "BORDERSTATS_KEY_PASSWORD"  # noqa: S105 - the name of the variable, not its value
_SHORTEST, _LONGEST = 12, 1_000

_Command = TypeVar("_Command", bound=Callable[..., Any])


def signing(purpose: str) -> Callable[[_Command], _Command]:
    """The option `--key`, which may be given several times: private keys that sign for a purpose."""
    return click.option("--key", "private", type=FILE, multiple=True, help=f"A private key (PEM) {purpose}.")


def read(paths: Iterable[Path]) -> list[Ed25519PrivateKey]:
    """Private keys; asks for the password of each that has one. Raises ReleaseError, InputError."""
    return [keys.private_key(path, password) for path in paths]


def password(path: Path) -> str:
    """The password of a key: from the environment, or typed. Raises InputError if nobody can type it."""
    if given := os.environ.get(PASSWORD):
        return _plain(path, given)
    if not sys.stdin.isatty():
        raise InputError(f"{path}: has a password; type it at a terminal, or put it into {PASSWORD}")
    return _plain(path, click.prompt(f"password of {path}", hide_input=True, err=True))


def _plain(path: Path, typed: str) -> str:
    """A password in the one form in which Unicode composes its characters; InputError if it is no text, or too long."""
    chosen = unicodedata.normalize("NFC", typed)
    try:
        length = len(chosen.encode())
    except UnicodeEncodeError:
        raise InputError(f"{path}: the password is no text in UTF-8; take another") from None
    if length > _LONGEST:
        raise InputError(f"{path}: the password is longer than {_LONGEST} bytes; take a shorter one")
    return chosen


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def key(file: Path) -> None:
    """Make an Ed25519 key pair: the private key in FILE, with a password, and the public one beside it as *.pub.pem.

    The password is asked for, or taken from BORDERSTATS_KEY_PASSWORD. Without it the key is lost.
    """
    chosen = os.environ.get(PASSWORD)
    if not chosen:
        if not sys.stdin.isatty():
            raise InputError(
                f"{file}: a key needs a password; type it at a terminal, or put it into {PASSWORD}"
            )
        chosen = click.prompt(f"new password for {file}", hide_input=True, confirmation_prompt=True, err=True)
    chosen = _plain(file, chosen)
    if len(chosen) < _SHORTEST:
        raise InputError(f"{file}: the password is too short; take {_SHORTEST} characters or more")
    public = keys.create(file, chosen)
    click.echo(f"private key: {file} (only you can read it; keep a copy of it and of its password apart)")
    click.echo(f"public key: {public}, {keys.name(keys.public_key(public))}")
