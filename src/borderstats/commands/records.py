"""`borderstats records`: confidential records into a workspace, checked; no value of a record is ever printed."""

import datetime
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from borderstats.errors import GateError, InputError
from borderstats.records import deliver as delivering
from borderstats.records import workspace as workspaces
from borderstats.records.deliver import Delivery
from borderstats.standard.load import load
from borderstats.standard.model import Standard

FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def records() -> None:
    """Confidential records: make a workspace, check a file, put it in."""


@records.command()
@click.argument("workspace", type=FOLDER)
@click.option("--purpose", required=True, help="What the records are kept for; goes into the audit.")
def init(workspace: Path, purpose: str) -> None:
    """Make WORKSPACE, a folder that only you can read, with a key of its own for the numbers of persons."""
    workspaces.create(workspace).audit(_now(), purpose, "init")
    click.echo(f"made {workspace}: only you can read it; keep a copy of its key apart from the records")


@records.command()
@click.argument("file", type=FILE)
@click.option("--workspace", type=FOLDER, help="Also check references against the records in this workspace.")
@click.option("--purpose", default="", help="What for; needed with --workspace, goes into its audit.")
@click.pass_obj
def check(folders: dict[str, Path], file: Path, workspace: Path | None, purpose: str) -> None:
    """Read FILE and report how its records end: read = accepted + quarantined, with the reasons. Nothing is kept."""
    standard = load(folders["standard"])
    if workspace is None:
        with tempfile.TemporaryDirectory(prefix="borderstats-") as scratch:
            found = delivering.check(standard, file, Path(scratch))
    else:
        opened = workspaces.open_(workspace)
        _require_purpose(purpose)
        with opened.scratch() as place:
            found = delivering.check(standard, file, place, opened)
        opened.audit(_now(), purpose, f"check {file.name}", _totals(found))
    for line in _report(standard, file, found):
        click.echo(line)
    if found.implausible:
        raise GateError("\n".join([f"{file.name}: implausible as a delivery", *found.implausible]))


@records.command()
@click.argument("file", type=FILE)
@click.option("--workspace", type=FOLDER, required=True, help="The workspace that the records go into.")
@click.option("--purpose", required=True, help="What for; goes into the audit.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day for which the file speaks."
)
@click.option("--despite", default="", help="Why an implausible delivery is right; goes into the audit.")
@click.pass_obj
def add(
    folders: dict[str, Path],
    file: Path,
    workspace: Path,
    purpose: str,
    as_of: datetime.datetime,
    despite: str,
) -> None:
    """Validate FILE and put its records into the workspace: those accepted, and those quarantined with their reasons.

    A delivery that is implausible as a whole is refused, unless --despite says why it is right.
    """
    standard = load(folders["standard"])
    opened = workspaces.open_(workspace)
    _require_purpose(purpose)
    found = delivering.deliver(
        standard,
        file,
        opened,
        as_of.date(),
        lambda line: click.echo(line, err=True),
        despite=bool(despite.strip()),
    )
    what = f"add {file.name} as of {as_of.date()}"
    if found.implausible:
        what += f" although {'; '.join(found.implausible)}: {despite}"
    opened.audit(_now(), purpose, what, _totals(found))
    for line in _report(standard, file, found):
        click.echo(line)
    for line in found.implausible:
        click.echo(f"  added although {line}")


def _require_purpose(purpose: str) -> None:
    if not purpose.strip():
        raise InputError("--purpose: say what the records are used for; the audit of the workspace keeps it")


def _report(standard: Standard, file: Path, found: Delivery) -> Iterator[str]:
    yield f"{file.name}: {found.staged.layout}, {found.staged.rows:,} rows{', synthetic' if found.staged.synthetic else ''}"
    for name, checked in found.checked.items():
        family = standard.families[name]
        yield (
            f"{name}: {checked.read:,} read = {checked.accepted:,} accepted + {checked.quarantined:,} quarantined"
        )
        sentences = {rule.name: rule.sentence for rule in family.rules}
        for reason, count in sorted(checked.reasons.items(), key=lambda item: (-item[1], item[0])):
            yield f"  {reason}: {count:,}{'. ' + sentences[reason] if reason in sentences else ''}"
        for rule in checked.unjudged:
            yield f"  {rule}: not judged, no records at hand that these refer to"
        if left_out := found.staged.left_out.get(name):
            yield f"  {left_out:,} rows of the file hold no such record"
        if replaced := found.replaced.get(name):
            yield f"  {replaced:,} earlier records are replaced"


def _totals(found: Delivery) -> tuple[int, int, int]:
    ended = found.checked.values()
    return sum(c.read for c in ended), sum(c.accepted for c in ended), sum(c.quarantined for c in ended)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
