"""`borderstats checks`: a line for each figure, the count at the end, and an exit code that a script can use."""

from click.testing import CliRunner

from borderstats.cli import cli
from borderstats.errors import GateError


def test_the_last_line_counts_and_none_is_left_over(release, standard):
    result = CliRunner().invoke(cli, ["checks", str(release)])
    assert result.exit_code == 0
    *lines, last = result.output.splitlines()
    assert len(lines) == len(standard.checks)
    cited = len((release / "cited.csv").read_text().splitlines()) - 1
    assert last == f"{len(standard.checks) - cited} reproduced, {cited} cited, 0 left over"


def test_a_figure_left_over_is_an_error(release, tmp_path):
    values = tmp_path / "values.csv"
    values.write_text(
        "id,measure,component,geography,dimension,period,value\nx,usbp_encounters,USBP,SW,total,FY2002,1\n"
    )
    result = CliRunner().invoke(cli, ["checks", str(release), "--values", str(values)])
    assert result.output.splitlines()[:2] == [
        "x  FY2002  1  left over  ohss-usbp-encounters has 930,340; usbp-encounters-sector has 929,809",
        "0 reproduced, 0 cited, 1 left over",
    ]
    assert isinstance(result.exception, GateError)
