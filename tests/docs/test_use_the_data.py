"""Every example of the pages on the data, run against the real server: the figures that it says it gives are what it gives."""

import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import duckdb
import pandas as pd
import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "use-the-data.md").read_text()
EXAMPLES = {
    f"{name}-{language}-{number}": (language, code)
    for name in ("use-the-data", "time")
    for number, (language, code) in enumerate(
        re.findall(r"```(\w+)\n(.*?)```", (DOCS / f"{name}.md").read_text(), re.DOTALL)
    )
}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def promised(code):
    """The figures that the comments of an example say it gives, in their order."""
    return [
        int(figure.replace(",", ""))
        for line in re.findall(r"(?:#|--) gives (.*)", code)
        for figure in re.findall(r"\d[\d,]*\d|\d", line)
    ]


def printed(text):
    return [int(figure) for figure in re.findall(r"\d+", text)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example(served, release, name, tmp_path, monkeypatch, capsys):
    language, code = EXAMPLES[name]
    figures = promised(code)
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
        assert printed(capsys.readouterr().out) == figures
    elif language == "sh":
        done = subprocess.run(["sh", "-e", "-c", code], capture_output=True, text=True, check=True)
        if figures:
            assert printed(done.stdout) == figures
        else:
            assert '"TX"' in done.stdout or (tmp_path / "history.parquet").stat().st_size > 10_000
    elif language == "sql":
        if "history.parquet" in code:
            file = release / "data/cbp-encounters-state/history.parquet"
            found = duckdb.sql(code.replace("history.parquet", str(file))).fetchall()
        else:
            found = sqlite3.connect(release / "borderstats.sqlite").execute(code).fetchall()
        assert figures
        assert [row[-1] for row in found] == figures
    else:
        assert language == "r"
        if shutil.which("Rscript") is None:
            pytest.skip("R is not installed; make test installs it")
        (tmp_path / "example.r").write_text(code)
        done = subprocess.run(["Rscript", "example.r"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        if figures:
            assert printed(done.stdout) == figures
            return
        table = pd.read_csv(f"{served.url}/data/cbp-encounters-southwest/latest.csv")
        wanted = table.query("component == 'USBP' and fiscal_year == 2024")["value"].sum()
        assert str(wanted) in done.stdout.replace(",", "") or f"{float(wanted):.6g}" in done.stdout


def test_every_tool_that_is_promised_has_an_example():
    for title in ("curl", "pandas", "DuckDB", "SQLite", "R", "Excel", "SDMX with sdmx1", "SDMX with pysdmx"):
        assert f"## {title}\n" in PAGE
