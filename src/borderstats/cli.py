"""The command `borderstats`. Input, output, clock and keys enter here and nowhere below.

Exit codes: 0 done, 1 a gate failed, 2 bad input or usage.
"""

import importlib
import sys
from pathlib import Path

import click

from borderstats import __version__
from borderstats.errors import BorderstatsError

FOLDER = click.Path(file_okay=False, path_type=Path)

MODULES = {
    "standard": "standards",
    "intake": "intake",
    "diff": "diff",
    "build": "releases",
    "checks": "checks",
    "verify": "releases",
    "publish": "releases",
    "site": "releases",
    "notice": "notices",
    "withdraw": "notices",
    "serve": "serve",
    "fetch": "fetch",
    "key": "keys",
    "trust": "trust",
    "records": "records",
    "simulate": "simulate",
    "tabulate": "tabulate",
    "compare": "compare",
    "protect": "protect",
    "audit": "protect",
    "utility": "protect",
}
"""Each command and the module of `borderstats.commands` that has a function of its name."""


class Commands(click.Group):
    """Commands of which only the one that is asked for is loaded: the libraries of all take two seconds."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(MODULES)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in MODULES:
            return None
        module = importlib.import_module(f"borderstats.commands.{MODULES[name]}")
        command: click.Command = getattr(module, name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
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
