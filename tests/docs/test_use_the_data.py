"""Every example of docs/use-the-data.md, run against the real server."""

import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pandas as pd
import pytest

PAGE = (Path(__file__).parents[2] / "docs/use-the-data.md").read_text()
EXAMPLES = {
    f"{language}-{number}": (language, code)
    for number, (language, code) in enumerate(re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL))
}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example(served, name, tmp_path, monkeypatch):
    language, code = EXAMPLES[name]
    code = code.replace("https://borderstats.example", served.url).replace("RELEASE", served.release)
    monkeypatch.chdir(tmp_path)
    if language == "python":
        names = {}
        exec(code, names)
        made = [
            one
            for one in names.values()
            if isinstance(one, pd.DataFrame | pd.Series | dict) and one is not names
        ]
        assert made
        assert all(len(one) for one in made)
    elif language == "sh":
        done = subprocess.run(["sh", "-e", "-c", code], capture_output=True, text=True, check=True)
        assert '"TX"' in done.stdout or (tmp_path / "history.parquet").stat().st_size > 10_000
    elif language == "sql":
        (tmp_path / "history.parquet").write_bytes(
            served.get("/data/cbp-encounters-state/history.parquet").content
        )
        rows = duckdb.sql(code).fetchall()
        assert len(rows) > 1
    else:
        assert language == "r"
        if shutil.which("Rscript") is None:
            pytest.skip("R is not installed; make test installs it")
        (tmp_path / "example.r").write_text(code)
        done = subprocess.run(["Rscript", "example.r"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        table = pd.read_csv(f"{served.url}/data/cbp-encounters-southwest/latest.csv")
        wanted = table.query("component == 'USBP' and fiscal_year == 2024")["value"].sum()
        assert str(wanted) in done.stdout.replace(",", "") or f"{float(wanted):.6g}" in done.stdout


def test_every_tool_that_is_promised_has_an_example():
    for title in ("curl", "pandas", "DuckDB", "R", "Excel", "SDMX with sdmx1", "SDMX with pysdmx"):
        assert f"## {title}\n" in PAGE
