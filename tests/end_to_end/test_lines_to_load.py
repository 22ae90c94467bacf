"""The lines on each dataset's page that load it, run where a reader of the site would run them."""

import html
import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from borderstats.intake import archive
from borderstats.standard.load import load

ROOT = Path(__file__).parents[2]
SOURCES = load(ROOT / "standard").sources
NAMES = sorted(
    {
        name
        for snapshot in archive.snapshots(ROOT / "archive")
        if snapshot.source
        for name in SOURCES[snapshot.source].feeds
    }
)


@pytest.mark.parametrize("name", NAMES)
def test_the_lines_for_pandas_and_sql_load_the_dataset(site, name, monkeypatch):
    page = (site / f"datasets/{name}.html").read_text()
    blocks = [
        html.unescape(re.sub("<[^>]+>", "", block))
        for block in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)
    ]
    pandas_lines = next(block for block in blocks if "read_parquet" in block and "pandas" in block)
    sql = next(block for block in blocks if block.lstrip().upper().startswith("SELECT"))
    assert any("arrow::read_parquet" in block for block in blocks)
    monkeypatch.chdir(site)
    names = {}
    exec(pandas_lines, names)
    frame = next(value for value in names.values() if isinstance(value, pd.DataFrame))
    table = pd.read_csv(f"data/{name}/latest.csv")
    assert (len(frame), frame["value"].sum()) == (len(table), pytest.approx(table["value"].sum(), rel=1e-12))
    assert duckdb.connect().sql(sql).fetchall()
