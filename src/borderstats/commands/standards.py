"""`borderstats standard check | list | show ID | explain SOURCE FILE | schema`."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from borderstats.errors import StandardError
from borderstats.intake import archive
from borderstats.standard import schema, versions_check
from borderstats.standard.load import load
from borderstats.standard.model import Standard


def _span(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """The rows FROM:TO."""
    if value is None:
        return None
    first, colon, last = value.partition(":")
    if not (first.isdecimal() and colon and last.isdecimal()):
        raise click.BadParameter(f"{value!r} is not like 1:50, the numbers of the first and the last row")
    return int(first), int(last)


@click.group()
def standard() -> None:
    """Read and check the standard."""


@standard.command()
@click.pass_obj
def check(folders: dict[str, Path]) -> None:
    """Cross-check every reference in the standard."""
    found = load(folders["standard"])
    versions_check.require(folders["standard"], found)
    kinds = ", ".join(f"{len(things)} {kind}" for kind, things in _parts(found))
    click.echo(f"{folders['standard']}: no contradiction in {kinds}")


@standard.command(name="schema")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder; DIR/schemas of the standard, if not given.",
)
@click.pass_obj
def schema_(folders: dict[str, Path], out: Path | None) -> None:
    """Write a JSON Schema of each kind of TOML file of a standard, for editors."""
    folder = out or folders["standard"] / "schemas"
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in schema.documents().items():
        (folder / name).write_bytes(document)
    click.echo(f"{folder}: {', '.join(schema.documents())}")


@standard.command(name="list")
@click.pass_obj
def list_(folders: dict[str, Path]) -> None:
    """List everything in the standard by kind and id, with the datasets and sources of which the archive has no file yet."""
    found = load(folders["standard"])
    bare = _without_files(found, folders["archive"])
    for kind, things in _parts(found):
        click.echo(f"{kind}:")
        for name, title in things:
            click.echo(f"  {name:<44}{title}{' (no file in the archive yet)' if name in bare else ''}")


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


@standard.command()
@click.argument("source")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--sheet", "sheets", multiple=True, help="Only this sheet, as often as you like.")
@click.option(
    "--rows", callback=_span, metavar="FROM:TO", help="The rows that are drawn; the first 12 otherwise."
)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day for which the publisher states the figures."
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one page of HTML instead of drawing.",
)
@click.pass_obj
def explain(
    folders: dict[str, Path],
    source: str,
    file: Path,
    sheets: tuple[str, ...],
    rows: tuple[int, int] | None,
    as_of: datetime.datetime | None,
    html: Path | None,
) -> None:
    """Show what SOURCE makes of FILE, cell by cell: the code, period or figure that each cell was taken for.

    Cells that are left out or refused are shown with the reason, and so are those that nobody looked at. The counts of
    each sheet add up to its cells. A file that differs from the source is shown as far as it can be read.
    """
    from borderstats.commands import explaining  # noqa: PLC0415 - what reads files takes half a second to load

    standard_ = load(folders["standard"])
    day = as_of.date() if as_of else None
    found, shown = explaining.explanation(standard_, source, file, day, sheets)
    if html:
        html.write_text(explaining.page(file.name, found, shown, rows), "utf-8")
        click.echo(f"{html}: written")
        return
    for line in explaining.lines(file.name, found, shown, rows):
        click.echo(line)


def _without_files(found: Standard, folder: Path) -> set[str]:
    """The ids of the sources of which an archive has no file, and of the datasets that only those feed; none without an archive."""
    if not folder.is_dir():
        return set()
    archived = {snapshot.source for snapshot in archive.snapshots(folder)}
    filled = {name for id_ in archived.intersection(found.sources) for name in found.sources[id_].feeds}
    return (found.sources.keys() - archived) | ({*found.fed} - filled)


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
