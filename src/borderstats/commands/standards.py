"""`borderstats standard check | list | show ID`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from borderstats.errors import StandardError
from borderstats.standard.load import load
from borderstats.standard.model import Standard


@click.group()
def standard() -> None:
    """Read and check the standard."""


@standard.command()
@click.pass_obj
def check(folders: dict[str, Path]) -> None:
    """Cross-check every reference in the standard."""
    found = load(folders["standard"])
    kinds = ", ".join(f"{len(things)} {kind}" for kind, things in _parts(found))
    click.echo(f"{folders['standard']}: no contradiction in {kinds}")


@standard.command(name="list")
@click.pass_obj
def list_(folders: dict[str, Path]) -> None:
    """List everything in the standard by kind and id."""
    for kind, things in _parts(load(folders["standard"])):
        click.echo(f"{kind}:")
        for name, title in things:
            click.echo(f"  {name:<44}{title}")


@standard.command()
@click.argument("id_", metavar="ID")
@click.pass_obj
def show(folders: dict[str, Path], id_: str) -> None:
    """Show what the standard says of ID: a concept, code list, dataset, source, break, check or waiver."""
    found = load(folders["standard"])
    things = [thing for _, thing in _named(found, id_)]
    if not things:
        raise StandardError(
            [f"nothing in the standard is called {id_!r}; `borderstats standard list` shows what there is"]
        )
    for kind, thing in _named(found, id_):
        click.echo(f"{kind} {id_}")
        for line in _lines(msgspec.to_builtins(thing), "  "):
            click.echo(line)


def _parts(found: Standard) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        ("concepts", [(name, concept.label) for name, concept in found.concepts.items()]),
        (
            "code lists",
            [(name, f"{len(codelist.codes)} codes") for name, codelist in found.codelists.items()],
        ),
        ("datasets", [(name, dataset.title) for name, dataset in found.datasets.items()]),
        ("sources", [(name, source.title) for name, source in found.sources.items()]),
        ("breaks", [(entry.id, f"{entry.date} {entry.title}") for entry in found.breaks]),
        (
            "check values",
            [(c.id, f"{c.dataset or 'no dataset yet'} {c.period} {c.value:,}") for c in found.checks],
        ),
        ("waivers", [(waiver.id, waiver.gate) for waiver in found.waivers]),
    ]


def _named(found: Standard, id_: str) -> Iterator[tuple[str, Any]]:
    for kind, things in (
        ("concept", found.concepts),
        ("code list", found.codelists),
        ("dataset", found.datasets),
        ("source", found.sources),
    ):
        if id_ in things:
            yield kind, things[id_]
    for kind, entries in (("break", found.breaks), ("check value", found.checks), ("waiver", found.waivers)):
        yield from ((kind, entry) for entry in entries if entry.id == id_)


def _lines(thing: object, indent: str) -> Iterator[str]:
    """A nested value as indented lines; what is empty is left out."""
    items = (
        enumerate(thing, 1)
        if isinstance(thing, list | tuple)
        else thing.items()
        if isinstance(thing, dict)
        else ()
    )
    for name, value in items:
        if isinstance(value, list | tuple | dict):
            if value:
                yield f"{indent}{name}:"
                yield from _lines(value, indent + "  ")
        elif value not in ("", None):
            yield f"{indent}{name}: {value}"
