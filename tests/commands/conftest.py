"""Commands run as a person runs them, on the real standard and small archives."""

import pytest
from click.testing import CliRunner

from borderstats.errors import BorderstatsError
from made_archive import copied

SMALL = ("nationwide_total_apprehensions_1925_2019.csv", "southwest_border_deaths_1998_2019.csv")


@pytest.fixture
def archive(archive_folder, tmp_path):
    """A copy of the archive with two small files only."""
    return copied(archive_folder, tmp_path / "archive", end=SMALL)


@pytest.fixture
def run(standard_folder, archive):
    """A function that runs a command on the small archive: output and error text, the latter empty if all is well.

    An exception that is no BorderstatsError would be a traceback for the user, and fails the test.
    """

    def call(command, *arguments, folder=archive):
        result = CliRunner().invoke(
            command,
            [str(argument) for argument in arguments],
            obj={"standard": standard_folder, "archive": folder},
        )
        error = result.exception
        if isinstance(error, SystemExit):
            assert result.exit_code == 2
            return "", result.output
        if error is not None and not isinstance(error, BorderstatsError):
            raise error
        assert error is None or error.exit_code == 2
        return result.output, str(error or "")

    return call
